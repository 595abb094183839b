"""The public models of the time bank."""

from timebank.models.activities import Activity, Position, Stop
from timebank.models.adjustments import Adjustment, OpeningImport, OpeningRow
from timebank.models.banks import TimeBank
from timebank.models.bars import SelfReportBar
from timebank.models.books import BookExport
from timebank.models.catalogue import ExcludedService, ServiceCoefficient, ServiceType
from timebank.models.certificates import (
    Certificate,
    CertificateBatch,
    CertificateLine,
    CertificatePolicy,
    CertificateRevocation,
)
from timebank.models.check_ins import OfflineScan
from timebank.models.clearing import ClearingAgreement, Crossing
from timebank.models.dossier import DossierEntry
from timebank.models.drafts import PhotoDraft
from timebank.models.exchange import Exchange, ExchangeLine
from timebank.models.history import HistoryImport, HistoryMapping, HistoryRow
from timebank.models.honour import HonourStanding
from timebank.models.inspections import Inspection, InspectionItem
from timebank.models.ledger import (
    AccountKind,
    AccountState,
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
from timebank.models.ledger_limits import AccountChange, LimitPolicy
from timebank.models.listings import Listing
from timebank.models.orders import Feedback, ServiceOrder
from timebank.models.points import PointGrant, PointGrantRow
from timebank.models.presence import Attendance, CodeTries, MeetingPoint
from timebank.models.qualifications import GuardianConsent, Qualification
from timebank.models.recipient_words import RecipientNumber, RecipientWord
from timebank.models.record_queries import RecordQuery
from timebank.models.records import ServiceRecord
from timebank.models.relations import Relation
from timebank.models.screening import Flag, PhotoPrint, Screening
from timebank.models.sealing import Block, Erasure, Head
from timebank.models.service_cards import Badge, ServiceCard
from timebank.models.sheets import PaperSheet
from timebank.models.shifts import Shift
from timebank.models.signups import CalendarFeed, Signup, Swap
from timebank.models.stars import StarGrant, StarThreshold

__all__ = [
    "AccountChange",
    "AccountKind",
    "AccountState",
    "Activity",
    "Adjustment",
    "Attendance",
    "Badge",
    "Block",
    "Book",
    "BookExport",
    "CalendarFeed",
    "Certificate",
    "CertificateBatch",
    "CertificateLine",
    "CertificatePolicy",
    "CertificateRevocation",
    "ClearingAgreement",
    "CodeTries",
    "Crossing",
    "DossierEntry",
    "Entry",
    "Erasure",
    "Exchange",
    "ExchangeLine",
    "ExcludedService",
    "Feedback",
    "Flag",
    "GuardianConsent",
    "Head",
    "HistoryImport",
    "HistoryMapping",
    "HistoryRow",
    "Hold",
    "HoldEnd",
    "HoldResolution",
    "HonourStanding",
    "Inspection",
    "InspectionItem",
    "LedgerAccount",
    "Leg",
    "LimitPolicy",
    "Listing",
    "MeetingPoint",
    "OfflineScan",
    "OpeningImport",
    "OpeningRow",
    "PaperSheet",
    "PhotoDraft",
    "PhotoPrint",
    "PointGrant",
    "PointGrantRow",
    "Position",
    "Qualification",
    "RecipientNumber",
    "RecipientWord",
    "RecordQuery",
    "Relation",
    "Screening",
    "SelfReportBar",
    "ServiceCard",
    "ServiceCoefficient",
    "ServiceOrder",
    "ServiceRecord",
    "ServiceType",
    "Shift",
    "Signup",
    "StarGrant",
    "StarThreshold",
    "Stop",
    "Swap",
    "TimeBank",
    "Transfer",
    "TransferKind",
    "Unit",
]
