"""Refusals of the rules of award and of the list they give."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class NotWalked(Refusal):
    """The round has no rules of its own; the meeting decides by the ranking."""

    code = "not_walked"
    sentence = _("本轮没有设“按规则排出建议名单”，由会议按名次决定，请直接拟定名单。")


class NotAsListed(Refusal):
    """The prepared list is another than the rules give, and nobody agreed to it. Facts: codes."""

    code = "not_as_listed"
    sentence = _(
        "下列项目和按规则排出的建议名单不一致：%(which)s。"
        "要改，请先在建议名单里提出并由另一人同意。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"which": _("、").join(self.facts["codes"])}


class OverrideStanding(Refusal):
    """Somebody proposed another outcome for it already. Facts: code."""

    code = "override_standing"
    sentence = _("%(code)s 已经有人提出不按建议名单，请先收回或由另一人处理。")


class OverrideChangesNothing(Refusal):
    """What is proposed is what the list says already. Facts: code."""

    code = "override_changes_nothing"
    sentence = _("%(code)s 在建议名单里本来就是这样，不用另提。")


class NobodyToAgree(Refusal):
    """A departure needs a second person, and there is none without a tie. Facts: none."""

    code = "nobody_to_agree"
    sentence = _(
        "不按建议名单要由另一位与本轮没有关系的经办人同意（本级没有就由上一级），现在没有这样的人。"
        "请系统管理员或上一级经办人再任命一位，可以是分管领导；在那以前，会议可以按建议名单决定。"
    )


class OwnOverrideNotAgreed(Refusal):
    """Who proposes a departure does not agree to it. Facts: who."""

    code = "own_override_not_agreed"
    sentence = _("提出的人不能自己同意，请由%(who)s处理。")


class OverridesWaiting(Refusal):
    """A departure waits for a second person. Facts: codes."""

    code = "overrides_waiting"
    sentence = _("还有不按建议名单的提议等另一人处理：%(which)s。处理完再拟定名单。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"which": _("、").join(self.facts["codes"])}


class RulesFixed(Refusal):
    """The call is published: how scores and awards are made can no longer change."""

    code = "rules_fixed"
    sentence = _("征集公告已经提请或发布，评分和立项规则不能再改。要改，请先收回公告。")
