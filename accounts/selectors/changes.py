"""Read the trail of a thing."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models.changes import Change

type Words = str | Promise

VERBS: dict[str, Words] = {
    "join": _("加入"),
    "rename": _("修改称呼"),
    "move_home": _("修改所在社区"),
    "confirm_phone": _("验证手机号"),
    "check_identity": _("实名核验"),
    "register": _("登记"),
    "update_contact": _("修改联系人"),
    "verify": _("核验通过"),
    "return_": _("退回补正"),
    "submit": _("重新提交"),
    "reopen": _("重新核验"),
    "grant": _("授予身份"),
    "end": _("结束身份"),
    "list_operator": _("列为承办单位"),
    "unlist_operator": _("不再列为承办单位"),
    "set_term": _("调整任期"),
    "invite": _("发出邀请"),
    "resend": _("重新发送"),
    "accept": _("接受"),
    "decline": _("谢绝"),
    "expire": _("过期未答复"),
    "ask_host": _("请代管单位同意"),
    "agree_to_host": _("代管单位同意"),
    "refuse_to_host": _("代管单位不同意"),
    "give_notice": _("代管单位通知结束代管"),
    "lose_host": _("代管结束"),
    "set_word": _("登记用词"),
    "remove_word": _("删除用词"),
    "set_calendar_year": _("登记年度放假安排"),
    "give": _("给出授权"),
    "withdraw": _("撤回授权"),
    "set_holiday": _("设定节假日安排"),
    "clear_holiday": _("取消节假日安排"),
    "open_station": _("开设站点"),
    "edit_station": _("修改站点信息"),
    "start": _("开始服务"),
}


@dataclass(frozen=True)
class TrailEntry:
    """One line of a timeline: what, who, when, why."""

    what: Words
    who: str
    when: datetime
    why: str
    tone: str = ""


def trail_of(subject: models.Model, words: dict[str, Words] | None = None) -> list[TrailEntry]:
    """Everything that happened to a thing, newest first, in the given words for its verbs."""
    known = VERBS | (words or {})
    changes = Change.objects.filter(
        content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk
    ).select_related("acting_user")
    return [
        TrailEntry(
            what=known.get(change.verb, change.verb),
            who=change.acting_user.display_name,
            when=change.at,
            why=change.reason,
            tone="done" if change.verb == "verify" else "",
        )
        for change in changes.order_by("-id")
    ]
