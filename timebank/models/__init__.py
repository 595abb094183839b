"""The public models of the time bank."""

from timebank.models.ledger import (
    AccountKind,
    Book,
    Entry,
    Hold,
    HoldEnd,
    HoldResolution,
    LedgerAccount,
    Leg,
    Transfer,
    TransferKind,
    Unit,
)

__all__ = [
    "AccountKind",
    "Book",
    "Entry",
    "Hold",
    "HoldEnd",
    "HoldResolution",
    "LedgerAccount",
    "Leg",
    "Transfer",
    "TransferKind",
    "Unit",
]
