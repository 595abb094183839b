"""Refusals of rounds."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Kind, Refusal
from accounts.templatetags.kit import moment, yuan


class RoundIncomplete(Refusal):
    """The call lacks something an applicant must know. Facts: missing (words)."""

    code = "round_incomplete"
    sentence = _("征集公告还不能发布，请先补上：%(missing)s。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"missing": _("、").join(str(word) for word in self.facts["missing"])}


class NobodyToPublish(Refusal):
    """There is no second officer, here or above."""

    code = "nobody_to_publish"
    sentence = _(
        "征集公告要由另一个人审核发布：本级的另一位经办人（例如分管领导），没有就由上一级经办人。"
        "现在两级都没有，请系统管理员在“岗位任免”里任命一位，再提请发布。"
    )


class OwnCallNotPublished(Refusal):
    """Who wrote or proposed the call does not publish it. Facts: who."""

    code = "own_call_not_published"
    kind = Kind.NOT_ALLOWED
    sentence = _("自己拟的公告不能由自己发布。可以审核发布的是：%(who)s。")


class AboveLevelBudget(Refusal):
    """The place's budget of the year does not bear this fund. Facts: needed_fen, free_fen, year."""

    code = "above_level_budget"
    sentence = _(
        "%(year)d 年度预算还可安排 %(free)s，本轮要 %(needed)s。"
        "请减少资金总额，或先到“本级规则与预算”调整年度预算。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {
            "free": yuan(self.facts["free_fen"]),
            "needed": yuan(self.facts["needed_fen"]),
        }


class BudgetBelowTaken(Refusal):
    """Published rounds have taken more than the new budget. Facts: amount_fen, taken_fen."""

    code = "budget_below_taken"
    sentence = _("已发布的轮次已经安排了 %(taken)s，年度预算不能少于它。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"taken": yuan(self.facts["taken_fen"])}


class CapAboveLevel(Refusal):
    """A project may get more here than its level allows. Facts: cap_fen, most_fen."""

    code = "cap_above_level"
    sentence = _("本轮单个项目最多 %(cap)s，高于年度预算规定的 %(most)s。请改低再发布。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {
            "cap": yuan(self.facts["cap_fen"]),
            "most": yuan(self.facts["most_fen"]),
        }


class RoundNotOpen(Refusal):
    """The round takes no proposals yet. Facts: opens_at."""

    code = "round_not_open"
    sentence = _("本轮 %(opens)s 开始受理申报，现在还不能提交。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"opens": moment(self.facts["opens_at"])}


class RoundClosed(Refusal):
    """The closing instant has passed by the database's clock. Facts: closed_at."""

    code = "round_closed"
    sentence = _(
        "本轮申报已于 %(closed)s 截止，不再接收填写、提交或撤回。有疑问请联系征集公告上的联系人。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"closed": moment(self.facts["closed_at"])}


class RoundStillOpen(Refusal):
    """Review cannot begin while proposals may still come in. Facts: closes_at."""

    code = "round_still_open"
    sentence = _("本轮要到 %(closes)s 才截止，截止后才能开始评审。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"closes": moment(self.facts["closes_at"])}


class ScreeningUnfinished(Refusal):
    """Some proposals still wait for an answer. Facts: waiting."""

    code = "screening_unfinished"
    sentence = _("还有 %(waiting)s 份申报书没有完成形式审查，完成后才能开始评审。")


class SelectionUntold(Refusal):
    """Concepts came in, and nobody was told yet which go on."""

    code = "selection_untold"
    sentence = _("本轮先交概要：先完成遴选、公布入围，等完整申报书交齐以后，才能开始评审。")


class NothingToReview(Refusal):
    """No proposal passed the screening."""

    code = "nothing_to_review"
    sentence = _("没有通过形式审查的申报书，不能开始评审。")


class PurchaseTakenDown(Refusal):
    """The entry was taken down."""

    code = "purchase_taken_down"
    sentence = _("这条信息已经撤下，不能再改。要重新公布，请另登记一条。")
