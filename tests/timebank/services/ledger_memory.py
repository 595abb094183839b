"""The small ledger in memory that the real one is set against: what it remembers of each thing."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.errors import Refusal
from timebank.errors.ledger import (
    AccountClosed,
    AccountFrozen,
    AccountSuspended,
    NotEnoughHours,
    OverCeiling,
)
from timebank.models.ledger import AccountState, Hold, Transfer


@dataclass
class Remembered:
    """An account as the small ledger remembers it."""

    floor: int | None
    ceiling: int | None
    posted: int = 0
    held: int = 0
    debt: int = 0
    seq: int = 0
    state: AccountState = AccountState.OPEN
    is_counted: bool = True
    in_stripes: int = 0

    @property
    def available(self) -> int:
        return self.posted - self.held

    def refusal_of(
        self, amount: int, *, finishing: bool = False, may_owe: bool = False
    ) -> type[Refusal] | None:
        if self.state == AccountState.CLOSED:
            return AccountClosed
        if self.state == AccountState.FROZEN and not finishing:
            return AccountFrozen
        if self.state == AccountState.SUSPENDED and amount < 0 and not finishing:
            return AccountSuspended
        if not self.is_counted:
            return None
        floor = None if may_owe else self.floor
        if amount < 0 and floor is not None and self.available + amount < floor:
            return NotEnoughHours
        if amount > 0 and self.ceiling is not None and self.posted + amount > self.ceiling:
            return OverCeiling
        return None

    def move(self, amount: int, *, unheld: int = 0, may_owe: bool = False) -> None:
        self.held -= unheld
        if self.is_counted:
            self.posted += amount
            self.seq += 1 if amount else 0
        else:
            self.in_stripes += amount
        missing = 0 if self.floor is None else max(0, self.floor - self.available)
        self.debt = missing if may_owe else min(self.debt, missing)


@dataclass
class Posted:
    transfer: Transfer
    legs: dict[int, int]
    is_reversed: bool = False
    is_reversal: bool = False


@dataclass
class Kept:
    hold: Hold
    payer: int
    payee: int
    amount: int
    is_due: bool
    is_open: bool = True


@dataclass
class Request:
    """What was carried out: asked again it answers the same, asked otherwise it is refused."""

    again: Callable[[], object]
    otherwise: Callable[[], object]
    answer: object
