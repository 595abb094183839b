"""Refusals of the time bank.

The ledger's refusals are found by the database, under the locks that make them true; each carries
the figures that were true at that moment, and the most that would have worked.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Kind, Refusal
from accounts.templatetags.kit import day, hours, moment, period, yuan

# The ledger -----------------------------------------------------------------


class LedgerRefusal(Refusal):
    """The ledger says no, and nothing was written."""

    amounts: tuple[str, ...] = ()

    def shown_facts(self) -> dict[str, Any]:
        """The facts, amounts in the words of the book's unit."""
        in_words = {"fen": yuan, "minute": hours}.get(self.facts.get("unit", "minute"), str)
        shown = {name: in_words(self.facts[name]) for name in self.amounts if name in self.facts}
        return self.facts | shown


class NotEnoughHours(LedgerRefusal):
    """Less is available than was asked for. Facts: needed, available, account, unit."""

    code = "not_enough_hours"
    sentence = _("可用时间不够：需要 %(needed)s，现在最多可用 %(available)s。")
    amounts = ("needed", "available")


class NotEnoughMoney(LedgerRefusal):
    """The same for a book that counts fen. Facts: needed, available, account, unit."""

    code = "not_enough_money"
    sentence = _("可用资金不够：需要 %(needed)s，现在最多可用 %(available)s。")
    amounts = ("needed", "available")


class OverCeiling(LedgerRefusal):
    """The account would hold more than it may. Facts: room, ceiling, amount, account, unit."""

    code = "over_ceiling"
    sentence = _("超过账户上限 %(ceiling)s：现在最多还能转入 %(room)s。")
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


# Time banks and service records ---------------------------------------------


class NoBankHere(Refusal):
    """The place has no time bank yet. Facts: place."""

    code = "no_bank_here"
    sentence = _("%(place)s还没有开办时间银行。请选择已开通的站点。")


class StationNotOpen(Refusal):
    """The station does not take service now. Facts: station."""

    code = "station_not_open"
    sentence = _("“%(station)s”目前没有开放服务，不能登记。请选择其他站点。")


class EndsBeforeStart(Refusal):
    """No time passed, or less than none. Facts: started_at, ended_at."""

    code = "ends_before_start"
    sentence = _("结束时间要晚于开始时间。请核对几点开始、几点结束。")


class LongerThanADay(Refusal):
    """One record covers at most 24 hours. Facts: minutes."""

    code = "longer_than_a_day"
    sentence = _("一条记录最长 24 小时，这里填了 %(minutes)s。请按天分开登记。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"minutes": hours(self.facts["minutes"])}


class MinutesBeyondSpan(Refusal):
    """More minutes were claimed than lie between start and end. Facts: minutes, span."""

    code = "minutes_beyond_span"
    sentence = _("服务时长 %(minutes)s 不对：要大于零，且不超过起止时间之间的 %(span)s。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {
            "minutes": hours(self.facts["minutes"]),
            "span": hours(self.facts["span"]),
        }


class NotYetServed(Refusal):
    """The service ends after the database's present moment. Facts: ended_at, now."""

    code = "not_yet_served"
    sentence = _("结束时间 %(ended_at)s 还没有到，服务结束后才能登记。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"ended_at": moment(self.facts["ended_at"])}


class RecordsOverlap(Refusal):
    """The volunteer was somewhere else at that time. Facts: record, started_at, ended_at, place."""

    code = "records_overlap"
    sentence = _("与 %(when)s 在%(place)s的记录重叠。同一时间只能登记一次服务，请修改时间。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"when": period(self.facts["started_at"], self.facts["ended_at"])}


class OwnConfirmation(Refusal):
    """Nobody confirms their own service. Facts: none."""

    code = "own_confirmation"
    kind = Kind.NOT_ALLOWED
    sentence = _("自己的服务不能自己确认。请由本站其他站长或上级经办人确认。")


class OwnEntry(Refusal):
    """Nobody confirms a record that they themselves handed in for somebody. Facts: none."""

    code = "own_entry"
    kind = Kind.NOT_ALLOWED
    sentence = _("您代为登记的记录不能由您自己确认。请由本站其他站长或上级经办人确认。")


class RecordedBefore(Refusal):
    """The same cause was recorded for this volunteer before. Facts: source."""

    code = "recorded_before"
    sentence = _("这次服务已经登记过，不会重复登记。")


class LateWithoutReason(Refusal):
    """More than the days the law allows have passed. Facts: days, last_day."""

    code = "late_without_reason"
    sentence = _("服务结束已超过 %(days)s 个工作日（最迟 %(last_day)s 登记）。请写明晚报的原因。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"last_day": day(self.facts["last_day"])}


# The money of rounds --------------------------------------------------------


class FundExceeded(Refusal):
    """A fund has less left than was to be committed. Facts: needed_fen, available_fen."""

    code = "fund_exceeded"
    sentence = _("资金不够：需要 %(needed_fen)s，本批资金还可安排 %(available_fen)s。")

    def shown_facts(self) -> dict[str, Any]:
        return {name: yuan(fen) for name, fen in self.facts.items()}


# The menu and service orders -------------------------------------------------


class NotEnoughHoursForOrder(NotEnoughHours):
    """Somebody's own minutes do not cover the order. Facts: needed, available, listing, unit."""

    sentence = _(
        "可用时间不够：这项服务需要 %(needed)s，您现在最多可用 %(available)s。"
        "可以换一项用时更短的服务，或者先参加服务积累时间；急需帮助请联系站点，由爱心时间库支持。"
    )


class PoolTooLow(NotEnoughHours):
    """The station's pool does not cover the order. Facts: needed, available, unit."""

    sentence = _(
        "爱心时间库的时间不够：这项服务需要 %(needed)s，库里现在最多可用 %(available)s。"
        "可以换一项用时更短的服务，或者请志愿者向爱心时间库捐赠时间。"
    )


class NotOnMenu(Refusal):
    """The menu item is paused or closed, or its station is. Facts: listing, title."""

    code = "not_on_menu"
    sentence = _("“%(title)s”现在不能点单，可能刚刚暂停或下架。请回到菜单另选一项。")


class NotForThisRecipient(Refusal):
    """The menu item is meant for others than this recipient. Facts: listing, audience."""

    code = "not_for_this_recipient"
    sentence = _("这项服务的对象是：%(audience)s。需要帮助请联系站点，由站点安排。")


class WindowPassed(Refusal):
    """The time the recipient asked for has passed. Facts: ended_at."""

    code = "window_passed"
    sentence = _("希望的服务时间已经过去。请与点单人另约时间，重新点单。")


class ServiceBegun(Refusal):
    """The agreed time of a taken order has begun. Facts: order, began_at, station, phone."""

    code = "service_begun"
    sentence = _(
        "约定的时间 %(began_at)s 已经开始，志愿者可能已经到门口，不能自己取消。"
        "请打电话给%(station)s（%(phone)s）核实后取消，或请志愿者退回这一单。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"began_at": moment(self.facts["began_at"])}


class AlreadyPromised(Refusal):
    """The volunteer has taken another order for the same time. Facts: order, other."""

    code = "already_promised"
    sentence = _("这段时间已经接了另一单“%(other)s”，不能同时去两处。可以先把那一单退回。")


class ServiceCodeLocked(Refusal):
    """The service code was typed wrongly five times. Facts: order."""

    code = "service_code_locked"
    kind = Kind.TOO_MANY
    sentence = _("服务码已输错 5 次，不能再试。请不填服务码提交，由站点电话回访后确认。")


class ServedBeforeAsked(Refusal):
    """The service is said to lie long before the order. Facts: served_from, earliest."""

    code = "served_before_asked"
    sentence = _("服务时间早于点单：这一单最早可以填 %(earliest)s。请核对日期。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"earliest": moment(self.facts["earliest"])}


class FeedbackGiven(Refusal):
    """The recipient's word on this order is already there. Facts: order."""

    code = "feedback_given"
    sentence = _("这一单已经评价过了，每一单只评价一次。")


class NotUsualForThis(Refusal):
    """The minutes lie outside what this kind of service takes. Facts: service_type, least, most."""

    code = "not_usual_for_this"
    sentence = _("“%(service_type)s”每次用时应在 %(least)s 到 %(most)s 之间。")

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {
            "least": hours(self.facts["least"]),
            "most": hours(self.facts["most"]),
        }


class NotSuitable(Refusal):
    """The volunteer is not of this place, or is the one who asked. Facts: volunteer, order."""

    code = "not_suitable"
    sentence = _("这位志愿者不能接这一单：不在本镇（街道）服务，或者就是点单人、服务对象本人。")


class GiftTooLarge(NotEnoughHours):
    """More is to be given than the person has. Facts: needed, available, unit."""

    sentence = _("可用时间不够：想捐 %(needed)s，您现在最多可捐 %(available)s。")


# Corrections and opening balances ---------------------------------------------


class NotOfThisBank(Refusal):
    """The transfer or account stands in a book that no time bank keeps. Facts: book."""

    code = "not_of_this_bank"
    sentence = _("“%(book)s”不是时间银行的账簿，不在这里更正。")


class ReversalAskedFor(Refusal):
    """Somebody has asked to reverse the transfer already. Facts: correction."""

    code = "reversal_asked_for"
    sentence = _("这笔划转已经有一张冲正单（第 %(correction)s 号），不用再提。")


class RecordReversesItself(Refusal):
    """A record stands behind the transfer, and this person may not reverse it. Facts: record."""

    code = "record_reverses_itself"
    kind = Kind.NOT_ALLOWED
    sentence = _(
        "这笔时间来自一条服务记录，冲正要由当地经办人复核，而且不能是服务的人或确认它的人。"
    )


class OpeningBroughtBefore(Refusal):
    """Some of its rows were posted meanwhile. Facts: count, first."""

    code = "opening_brought_before"
    sentence = _(
        "其中 %(count)d 行已经导入过（如第 %(first)d 行），整批没有入账。请撤回，去掉这些行再导入。"
    )


class FileTakenIn(Refusal):
    """The same file waits or was posted. Facts: opening."""

    code = "file_taken_in"
    sentence = _("这个文件已经导入过（第 %(opening)s 批），不会重复导入。")
