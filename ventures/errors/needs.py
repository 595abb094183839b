"""Refusals about needs of a community."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Kind, Refusal


class OneVoiceOnly(Refusal):
    """This person supports the need already. Facts: number."""

    code = "one_voice_only"
    sentence = _("您已经支持过需求 %(number)s。一人一票，想改主意可以随时收回。")


class VoiceNeedsPhone(Refusal):
    """Only somebody with a confirmed telephone number has a voice."""

    kind = Kind.NOT_ALLOWED
    code = "voice_needs_phone"
    sentence = _("支持需求一人一票，要先验证手机号。请到“我的”里验证，或请社区工作人员帮忙。")


class NotSupportable(Refusal):
    """The need has its answer, or is not in the list. Facts: number."""

    code = "not_supportable"
    sentence = _("需求 %(number)s 现在不收集支持：它已经有了去向，或者还没有列入清单。")


class NoMergeWithItself(Refusal):
    """A need cannot be a duplicate of itself, nor of one that is merged or taken back."""

    code = "no_merge_with_that"
    sentence = _(
        "不能并入需求 %(number)s：请选同一镇（街道）里另一条还没有合并、也没有撤回的公开需求。"
    )


class HoldsMerged(Refusal):
    """Others were merged into this one. Facts: number, count."""

    code = "holds_merged"
    sentence = _(
        "已有 %(count)s 条需求并入 %(number)s，它不能再并到别处或撤回。"
        "请先撤销那几条的合并，或反过来合并。"
    )


class FateIncomplete(Refusal):
    """A published fate says what follows. Facts: missing (words)."""

    code = "fate_incomplete"
    sentence = _("答复还缺：%(missing)s。补上以后再公布去向。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"missing": str(self.facts["missing"])}


class NotForThisRound(Refusal):
    """The need lies outside the round's place, group or kinds, or the round is over."""

    code = "not_for_this_round"
    sentence = _(
        "需求 %(number)s 不能列入这一轮：地点要在“%(place)s”范围内，"
        "服务人群和项目类型要在征集范围内，而且这一轮还没有截止。"
    )


class NeedAnswered(Refusal):
    """Its evidence is closed with its answer. Facts: number."""

    code = "need_answered"
    sentence = _("需求 %(number)s 已经答复或结束，材料不能再增减。")


class TooManyFiles(Refusal):
    """Facts: most."""

    code = "too_many_need_files"
    sentence = _("一条需求最多附 %(most)s 个文件。请先移除用不着的。")


class VisitTold(Refusal):
    """The visit has become a need already, or says nothing that could be one. Facts: why."""

    code = "visit_no_need"
    sentence = _("%(why)s")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"why": str(self.facts["why"])}
