"""What did not fit on a full account, and where it went instead.

The ledger shares a credit out in one transfer: what fits to the account, the rest to a 爱心时间库.
That a pool gains by somebody's service is the sign of it; here it is found and put into words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.templatetags.kit import hours
from timebank.models.banks import TimeBank
from timebank.models.ledger import AccountKind, Entry, Transfer, TransferKind
from timebank.models.ledger_limits import LimitPolicy
from timebank.models.records import ServiceRecord

CREDITS = (TransferKind.REWARD, TransferKind.USE, TransferKind.GRANT)
LINES = 10


@dataclass(frozen=True, slots=True)
class Overflow:
    """One credit's part that went to a pool; `reason` is the transfer's own word for it."""

    transfer_id: int
    amount: int
    pool: str
    at: datetime
    reason: str

    @property
    def words(self) -> str:
        return _("账户已到上限，其中 %(minutes)s 转入%(pool)s") % {
            "minutes": hours(self.amount),
            "pool": self.pool,
        }


def overflow_of(transfer: Transfer | None) -> Overflow | None:
    """What of a credit went to a pool, if anything did; that was by a policy, which it names."""
    if transfer is None or not transfer.policy_version:
        return None
    return overflows_among(transfer.book_id, [transfer.pk]).get(transfer.pk)


def overflows_among(book_id: int, transfers: Iterable[int]) -> dict[int, Overflow]:
    """Those of so many transfers of a book that overflowed, by their numbers."""
    sides = Entry.objects.filter(
        book_id=book_id,
        transfer_id__in=list(transfers),
        transfer__book_id=book_id,
        transfer__kind__in=CREDITS,
        account__book_id=book_id,
        account__kind=AccountKind.POOL,
        amount__gt=0,
    ).select_related("account", "transfer")
    return {side.transfer_id: _overflow(side) for side in sides}


def overflows_of(owner_key: str, bank: TimeBank) -> list[Overflow]:
    """The latest services of a person that overflowed, newest first: also what left no line."""
    number = owner_key.removeprefix("user:")
    if not number.isdigit():
        return []
    credits = (
        ServiceRecord.objects.filter(volunteer_id=int(number), bank=bank, credit__isnull=False)
        .order_by("-confirmed_at")
        .values_list("credit_id", flat=True)[:200]
    )
    found = overflows_among(bank.book_id, list(credits))
    return sorted(found.values(), key=lambda one: -one.transfer_id)[:LINES]


def limit_in_force(book_id: int, kind: str = AccountKind.PERSON) -> LimitPolicy | None:
    """The policy that limits accounts of a kind now, if there is one."""
    return limits_of(book_id, kind).filter(since__lte=Now()).first()


def limits_of(book_id: int, kind: str = AccountKind.PERSON) -> QuerySet[LimitPolicy]:
    """All policies of a book for a kind, the latest to begin first."""
    return LimitPolicy.objects.filter(book_id=book_id, kind=kind).order_by("-since", "-pk")


def _overflow(side: Entry) -> Overflow:
    return Overflow(
        side.transfer_id,
        side.amount,
        side.account.label,
        side.transfer.happened_at,
        side.transfer.reason,
    )
