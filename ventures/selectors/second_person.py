"""Who may be the second person, in words: by name and place, and who else when nobody answers."""

from django.utils.translation import gettext as _

from accounts.templatetags.kit import day
from ventures.models import Round
from ventures.rules.second_person import Seconds
from ventures.selectors.recusals import named_officers


def when_away(seconds: Seconds, round: Round) -> str:
    """What to do when those who were asked do not answer: wait for those above, or appoint one."""
    if not seconds.near:
        return ""
    if not seconds.above:
        return _("不在岗的，请系统管理员在“岗位任免”里再任命一位，可以是分管领导。")
    who = named_officers(seconds.above, round)
    if seconds.until is None:
        return _("提请以后，到下一个工作日结束还没有人处理的，%(who)s也可以处理。") % {"who": who}
    if seconds.is_overdue:
        return _("%(near)s到 %(day)s 没有处理，所以%(who)s也可以处理。") % {
            "near": named_officers(seconds.near, round),
            "day": day(seconds.until),
            "who": who,
        }
    return _("到 %(day)s 还没有人处理的，从第二天起%(who)s也可以处理。") % {
        "day": day(seconds.until),
        "who": who,
    }
