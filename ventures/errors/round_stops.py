"""Refusals about ending a round without awards (流标, 终止征集)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Kind, Refusal
from accounts.templatetags.kit import moment


class AwardsStand(Refusal):
    """The meeting has decided: money is set aside, people are named. Facts: state."""

    code = "awards_stand"
    sentence = _(
        "会议已经作出决定，资金已安排，现在是“%(state)s”，不能再终止征集。"
        "对结果有异议的，按公示写明的办法提出；个别项目要撤销的，在异议答复里办。"
    )


class StopStanding(Refusal):
    """Somebody has asked for it already. Facts: who."""

    code = "stop_standing"
    sentence = _("%(who)s 已经提请终止这一轮，请先审核，或由提请的人收回。")


class NobodyToAgreeToStop(Refusal):
    """Ending a round needs a second person, and there is none without a tie."""

    code = "nobody_to_agree_to_stop"
    sentence = _(
        "终止征集要由另一位与本轮没有关系的经办人审核，本级和上级现在都没有这样的人。"
        "请先在“岗位任免”里任命一位，再提请终止。"
    )


class OwnStopNotAgreed(Refusal):
    """Who asks for it does not agree to it. Facts: who."""

    code = "own_stop_not_agreed"
    kind = Kind.NOT_ALLOWED
    sentence = _("自己提请的终止不能由自己审核，请由%(who)s处理。")


class FailedTooEarly(Refusal):
    """Before the last close nobody knows how many come. Facts: closes_at."""

    code = "failed_too_early"
    sentence = _(
        "要到 %(closes)s 才截止，现在还不能说没人申报或申报太少。"
        "非停不可的，请选“其他原因终止”并写明原因。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"closes": moment(self.facts["closes_at"])}


class SomebodyFiled(Refusal):
    """It was said that nobody filed. Facts: filed."""

    code = "somebody_filed"
    sentence = _("本轮收到过 %(filed)d 份申报，不是没有人申报。请选“有效申报太少”或“其他原因”。")
