"""Refusals of wishes to put an award's amount right (更正金额) or to cancel it (取消立项)."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class AwardWishWaiting(Refusal):
    """One already waits for the second person. Facts: code."""

    code = "award_wish_waiting"
    sentence = _("%(code)s 已经有一条提议在等另一人同意，请先收回或由另一人处理。")


class CorrectionWaiting(Refusal):
    """The new notice would tell a sum that may not stay. Facts: code."""

    code = "correction_waiting"
    sentence = _(
        "%(code)s 的金额提议更正，还在等另一人同意。"
        "请先由另一人处理，或由提出的人收回，再重新公示。"
    )


class NobodyAgreesToAwardWish(Refusal):
    """It needs a second person, and there is none without a tie."""

    code = "nobody_agrees_to_award_wish"
    sentence = _(
        "更正金额、取消立项要由另一位与本轮没有关系的经办人同意（本级没有就由上一级），"
        "现在没有这样的人。请系统管理员或上一级经办人再任命一位，可以是分管领导。"
    )


class OwnAwardWishNotAgreed(Refusal):
    """Who proposes it does not agree to it. Facts: who."""

    code = "own_award_wish_not_agreed"
    sentence = _("提出的人不能自己同意，请由%(who)s处理。")
