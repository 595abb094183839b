"""An account's story: entries with running balance, holds, totals.

Reading only, and without asking who reads: a view hands in an account that its user may see.
Every statement names the book, so that a book can one day stand on a server of its own.
"""

from dataclasses import dataclass
from datetime import date, datetime

from timebank.models.ledger import Hold, LedgerAccount


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account has now; `available` is what can be used."""

    posted: int
    held: int
    available: int
    debt: int


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One entry, in plain words. `position` is what `statement_of(before=…)` takes."""

    position: int
    at: datetime
    recorded_at: datetime
    kind: str
    kind_label: str
    amount: int
    balance_after: int | None
    reason: str
    source: str
    other_side: str
    transfer_id: int
    is_reversed: bool
    acting_user_id: int
    acting_name: str
    on_behalf_of_id: int | None
    on_behalf_of_name: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A page of an account's entries, newest first; `next_before` opens the next page."""

    lines: list[StatementLine]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """What came in and went out in a month (both ≥ 0), by when it happened."""

    month: date
    gained: int
    given: int


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The balance at the end of a day on which something happened."""

    on: date
    balance: int


def balance_of(account: LedgerAccount) -> Balance:
    """What the account has now, read afresh."""
    raise NotImplementedError


def statement_of(
    account: LedgerAccount, *, before: int | None = None, limit: int = 50
) -> Statement:
    """The newest entries first, or those before a position; each with the balance it left."""
    raise NotImplementedError


def open_holds_of(account: LedgerAccount) -> list[Hold]:
    """What is set aside on the account now, oldest first; each with its receiver."""
    raise NotImplementedError


def totals_by_month(account: LedgerAccount) -> list[MonthTotal]:
    """Gained and given per month, oldest first; months without entries are left out."""
    raise NotImplementedError


def balance_curve(account: LedgerAccount) -> list[CurvePoint]:
    """How the balance grew and shrank by the day things happened, oldest first."""
    raise NotImplementedError
