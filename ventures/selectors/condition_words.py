"""Conditions as sentences that an applicant reads on the call, before any organisation is named."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.templatetags.kit import yuan
from ventures.models import ApplicantKind, Condition
from ventures.rules.applicants import Asked

Check = Condition.Check

WORDS: dict[str, Callable[[Asked], str]] = {
    Check.KINDS: lambda one: (
        _("只受理：%(kinds)s")
        % {"kinds": "、".join(str(ApplicantKind(kind).label) for kind in one.kinds)}
    ),
    Check.AGE: lambda one: _("登记或备案满 %(n)d 个月") % {"n": one.figure},
    Check.RATING: lambda one: _("社会组织评估等级 %(n)dA 以上") % {"n": one.figure},
    Check.ANNUAL_CHECK: lambda one: _("最近一次年检（年报）合格，备案组织不用"),
    Check.ABNORMAL: lambda one: _("近 %(n)d 年未列入活动异常名录") % {"n": one.figure},
    Check.DISHONEST: lambda one: _("近 %(n)d 年未列入严重违法失信名单") % {"n": one.figure},
    Check.VIOLATION: lambda one: _("近 %(n)d 年没有重大违法违规") % {"n": one.figure},
    Check.CAP: lambda one: _("最多申请 %(most)s") % {"most": yuan(one.figure)},
    Check.OWN_SHARE: lambda one: (
        _("申请超过 %(above)s 的，自筹（配套）要占总预算 %(n)d%% 以上")
        % {"above": yuan(one.above_fen), "n": one.figure}
        if one.above_fen
        else _("自筹（配套）要占总预算 %(n)d%% 以上") % {"n": one.figure}
    ),
    Check.REGION: lambda one: _("在本地登记或备案"),
    Check.ONE_PROJECT: lambda one: (
        _("同一年度市、镇（街道）、村（社区）合计最多 %(n)d 个项目，备案组织按自己算")
        % {"n": one.figure}
    ),
    Check.NO_DOUBLE: lambda one: _("同一项目不能在两级拿两份钱"),
}


@dataclass(frozen=True)
class ConditionWords:
    """One condition: whom it is for, what it says, who asks it, and whether it stops."""

    whom: str
    words: str
    origins: str
    is_hard: bool


def conditions_in_words(asked: Iterable[Asked]) -> list[ConditionWords]:
    return [
        ConditionWords(
            whom=str(ApplicantKind(one.applicant_kind).label) if one.applicant_kind else "",
            words=WORDS[one.check](one),
            origins="、".join(one.origins),
            is_hard=one.is_hard,
        )
        for one in asked
    ]
