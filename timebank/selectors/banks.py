"""Which bank serves a place, and which accounts people and stations have there.

Reading only: an account that was never used does not exist yet, and `services.banks` opens it.
"""

from accounts.models import Region, Station, User
from timebank.models.banks import TimeBank
from timebank.models.ledger import AccountKind, LedgerAccount

CITY = "bank"


def bank_serving(region: Region) -> TimeBank | None:
    """The bank of the place or of the nearest place above it."""
    return TimeBank.objects.select_related("book", "region").serving(region).first()


def banks_of(user: User) -> list[TimeBank]:
    """The banks where the person has an account, or the one of their home; oldest first."""
    books = LedgerAccount.objects.filter(
        book_id__in=TimeBank.objects.values("book_id"),
        kind=AccountKind.PERSON,
        owner_key=person_key(user),
    ).values_list("book_id", flat=True)
    banks = list(
        TimeBank.objects.select_related("book", "region")
        .filter(book__in=list(books))
        .order_by("id")
    )
    if not banks and user.home_region is not None:
        home = bank_serving(user.home_region)
        return [home] if home else []
    return banks


def person_account(user: User, bank: TimeBank) -> LedgerAccount | None:
    """The person's account in this bank, once something has moved on it."""
    return LedgerAccount.objects.filter(
        book_id=bank.book_id, kind=AccountKind.PERSON, owner_key=person_key(user)
    ).first()


def station_pool(station: Station, bank: TimeBank) -> LedgerAccount | None:
    """The station's 爱心时间库, once something has moved on it."""
    return LedgerAccount.objects.filter(
        book_id=bank.book_id, kind=AccountKind.POOL, owner_key=station_key(station)
    ).first()


def person_key(user: User) -> str:
    return f"user:{user.pk}"


def station_key(station: Station) -> str:
    return f"station:{station.pk}"
