"""Refusals of the ledger.

They are found by the database, under the locks that make them true; each carries the figures that
were true at that moment, and the most that would have worked.
"""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal
from accounts.templatetags.kit import hours, yuan


class LedgerRefusal(Refusal):
    """The ledger says no, and nothing was written."""

    amounts: tuple[str, ...] = ()

    def shown_facts(self) -> dict[str, Any]:
        """The facts, amounts in the words of the book's unit."""
        in_words = {"fen": yuan, "minute": hours}.get(self.facts.get("unit", "minute"), str)
        shown = {name: in_words(self.facts[name]) for name in self.amounts if name in self.facts}
        return self.facts | shown


class NotEnough(LedgerRefusal):
    """Less is available than was asked for. Facts: needed, available, posted, held, account, unit.

    Where some of what is there is set aside, `sentence_with_held` says so.
    """

    sentence_with_held: ClassVar[str | Promise]
    amounts = ("needed", "available", "posted", "held")

    def __str__(self) -> str:
        sentence = self.sentence_with_held if self.facts.get("held") else self.sentence
        return str(sentence) % self.shown_facts()


class NotEnoughHours(NotEnough):
    """The same for a book that counts minutes."""

    code = "not_enough_hours"
    sentence = _("可用时间不够：需要 %(needed)s，现在最多可用 %(available)s。")
    sentence_with_held = _(
        "可用时间不够：需要 %(needed)s。账户里有 %(posted)s，其中 %(held)s 已留给别的服务，"
        "现在最多能用 %(available)s。"
    )


class NotEnoughMoney(NotEnough):
    """The same for a book that counts fen."""

    code = "not_enough_money"
    sentence = _("可用资金不够：需要 %(needed)s，现在最多可用 %(available)s。")
    sentence_with_held = _(
        "可用资金不够：需要 %(needed)s。账户里有 %(posted)s，其中 %(held)s 已留作他用，"
        "现在最多能用 %(available)s。"
    )


class NotEnoughPoints(NotEnough):
    """The same for a book that counts points."""

    code = "not_enough_points"
    sentence = _("积分不够：需要 %(needed)s 分，现在最多可用 %(available)s 分。")
    sentence_with_held = sentence


class OverCeiling(LedgerRefusal):
    """The account would hold more than it may. Facts: room, ceiling, amount, account, unit."""

    code = "over_ceiling"
    sentence = _(
        "账户上限是 %(ceiling)s，现在最多还能存入 %(room)s。请先使用或捐赠一些，再来办理。"
    )
    amounts = ("room", "ceiling", "amount")


class AccountFrozen(LedgerRefusal):
    """An account that is frozen neither gives, gains nor sets aside. Facts: account."""

    code = "account_frozen"
    sentence = _("这个账户已冻结，暂时不能办理。请联系服务站点。")


class AlreadySettled(LedgerRefusal):
    """The hold has ended before. Facts: hold, how (settled, released, expired), ended_at."""

    code = "already_settled"
    sentence = _("这笔预留已经了结，不能再次办理。请刷新页面查看结果。")


class MoreThanHeld(LedgerRefusal):
    """More was to be settled than is set aside. Facts: needed, held, hold, unit."""

    code = "more_than_held"
    sentence = _("结算 %(needed)s 超过了预留的 %(held)s。最多可以结算 %(held)s。")
    amounts = ("needed", "held")


class AlreadyReversed(LedgerRefusal):
    """The transfer was reversed before. Facts: transfer, reversed_by, reversed_at."""

    code = "already_reversed"
    sentence = _("这笔划转已经冲正过，不能重复冲正。")


class ReversalIsFinal(LedgerRefusal):
    """A reversal is not reversed: what was right is posted again. Facts: transfer."""

    code = "reversal_is_final"
    sentence = _("冲正本身不能再冲正。如果原来的划转是对的，请重新入账。")


class KeyUsedForOther(LedgerRefusal):
    """The idempotency key stands for another request. Facts: key, recorded_at."""

    code = "key_used_for_other"
    sentence = _("这个办理编号已经用于另一件事，没有重复入账。请刷新页面后再办理。")


class NothingToMove(LedgerRefusal):
    """An amount of zero, or below. Facts: amount."""

    code = "nothing_to_move"
    sentence = _("数量要大于零。")


class SameAccount(LedgerRefusal):
    """An account cannot give to itself. Facts: account."""

    code = "same_account"
    sentence = _("转出和转入不能是同一个账户。")


class UnknownLedgerAccount(LedgerRefusal):
    """The book has no such account. Facts: account, book."""

    code = "unknown_ledger_account"
    sentence = _("这本账簿里没有这个账户。")


class AccountClosed(LedgerRefusal):
    """Nothing moves on an account that was closed. Facts: account."""

    code = "account_closed"
    sentence = _("这个账户已经销户，不能再办理。如需恢复，请联系服务站点。")


class AccountSuspended(LedgerRefusal):
    """A suspended account gains but gives nothing. Facts: account, unit."""

    code = "account_suspended"
    sentence = _("这个账户已停用，只能存入，暂时不能使用。请联系服务站点。")


class AccountNotEmpty(LedgerRefusal):
    """What is on an account, or set aside for or on it, keeps it open. Facts: posted, holds."""

    code = "account_not_empty"
    sentence = _(
        "账户里还有 %(posted)s，还有 %(holds)s 笔预留没有了结。"
        "请先用完、转出或指定转入的账户，再销户。"
    )
    amounts = ("posted",)


class AccountHasMoved(LedgerRefusal):
    """An opening balance comes before everything else on an account. Facts: account, row."""

    code = "account_has_moved"
    sentence = _("这个账户已经有账目，不能再导入期初结余。请改用调账。")


class OutsideNewLimits(LedgerRefusal):
    """What is on the account lies outside the limits it was to have. Facts: posted, available."""

    code = "outside_new_limits"
    sentence = _("账户现有结余 %(posted)s，可用 %(available)s，不在新的限额之内，限额没有改动。")
    amounts = ("posted", "available")


class OverClearingLimit(LedgerRefusal):
    """One bank would owe another more than they agreed. Facts: room, limit, bank, unit."""

    code = "over_clearing_limit"
    sentence = _("与%(bank)s之间的通兑额度是 %(limit)s，现在最多还能转 %(room)s。")
    amounts = ("room", "limit")


class NoClearingBetween(Refusal):
    """The two banks exchange nothing, or count different things. Facts: bank."""

    code = "no_clearing_between"
    sentence = _("与%(bank)s之间还没有开通时间通兑。")
