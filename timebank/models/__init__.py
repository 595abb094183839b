"""The public models of the time bank."""

from timebank.models.adjustments import Adjustment, OpeningImport, OpeningRow
from timebank.models.banks import TimeBank
from timebank.models.books import BookExport
from timebank.models.catalogue import ExcludedService, ServiceType
from timebank.models.drafts import PhotoDraft
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
from timebank.models.listings import Listing
from timebank.models.orders import Feedback, ServiceOrder
from timebank.models.records import ServiceRecord

__all__ = [
    "AccountKind",
    "Adjustment",
    "Book",
    "BookExport",
    "Entry",
    "ExcludedService",
    "Feedback",
    "Hold",
    "HoldEnd",
    "HoldResolution",
    "LedgerAccount",
    "Leg",
    "Listing",
    "OpeningImport",
    "OpeningRow",
    "PhotoDraft",
    "ServiceOrder",
    "ServiceRecord",
    "ServiceType",
    "TimeBank",
    "Transfer",
    "TransferKind",
    "Unit",
]
