"""Refusals of objections, their answers, and revised budgets."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Kind, Refusal
from accounts.templatetags.kit import day, moment, yuan


class ObjectionTooLate(Refusal):
    """Objections are taken until the notice's last day is over. Facts: closes_at."""

    code = "objection_too_late"
    sentence = _("异议受理已于 %(closes)s 截止。仍有意见的，请拨打公示上的监督电话。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"closes": moment(self.facts["closes_at"])}


class ObjectionTooEarly(Refusal):
    """The notice has not begun. Facts: starts_on."""

    code = "objection_too_early"
    sentence = _("公示从 %(starts)s 开始，到时再提。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"starts": day(self.facts["starts_on"])}


class ObjectionAnonymous(Refusal):
    """Neither verified nor of an organisation: an objection carries a name or a stamp."""

    code = "objection_anonymous"
    kind = Kind.NOT_ALLOWED
    sentence = _(
        "异议要署真实姓名或加盖公章。请先在“我的”里完成实名核验，"
        "或由单位成员以单位名义提出；也可以带材料到受理部门当面办理。"
    )


class ObjectionUnstamped(Refusal):
    """An organisation objects with its stamped paper."""

    code = "objection_unstamped"
    sentence = _("以单位名义提出的，要附上盖章的扫描件；备案社区社会组织盖社区公章。")


class ObjectionStanding(Refusal):
    """The same person's objection to the same item waits for its answer."""

    code = "objection_standing"
    sentence = _("您对这一项的异议正在复核，请等书面答复。要补充，可以先撤回再提。")


class ObjectionsWaiting(Refusal):
    """Nothing can be announced, or given on, while this is under recheck. Facts: waiting."""

    code = "objections_waiting"
    sentence = _("还有 %(waiting)d 件异议在复核，答复以后才能公告。")


class WholeNoticeObjected(Refusal):
    """An objection to the whole notice holds up all of it. Facts: waiting."""

    code = "whole_notice_objected"
    sentence = _("有 %(waiting)d 件异议针对整份公示，正在复核。先书面答复，再公告。")


class NothingToAnnounce(Refusal):
    """Everything of this notice was announced already."""

    code = "nothing_to_announce"
    sentence = _("这份公示里的项目都已经公告，没有要补充的。")


class RevisionAboveApproved(Refusal):
    """A revised budget stays within what was approved. Facts: total_fen, approved_fen."""

    code = "revision_above_approved"
    sentence = _("修改后合计 %(total)s，超过核定的 %(approved)s，请调减。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {
            "total": yuan(self.facts["total_fen"]),
            "approved": yuan(self.facts["approved_fen"]),
        }


class RevisionNotAsked(Refusal):
    """Only an award that is final, and given after revision, is revised."""

    code = "revision_not_asked"
    sentence = _("只有公告立项、并写明“修改后立项”的项目才要交修改稿。")


class RevisionStanding(Refusal):
    """One revised budget waits or is confirmed already."""

    code = "revision_standing"
    sentence = _("已有一份修改稿在等确认或已确认，不能再交。要改，请经办人先退回。")


class RevisionDayNotLater(Refusal):
    """More time is more: after today, and after the day that holds. Facts: least."""

    code = "revision_day_not_later"
    sentence = _("新的期限要晚于 %(day)s。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"day": day(self.facts["least"])}
