"""Books and accounts as seen by somebody, and what a book comes to at any instant.

Who keeps or audits the place of a bank reads its whole book. Everybody else reads accounts: one's
own, those of one's stations and organisations, and of the people one looks after.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from accounts.models import Role, User
from accounts.rules import organisations_of, regions_of, roles_of_kind
from accounts.selectors.people import people_looked_after_by
from timebank.models.adjustments import KEEPERS, READERS_OF_BOOKS
from timebank.models.banks import TimeBank
from timebank.models.ledger import (
    AccountKind,
    Book,
    Entry,
    Hold,
    LedgerAccount,
    Transfer,
    Unit,
)
from timebank.rules.books import units_kept, units_read
from timebank.selectors.banks import person_key, station_key
from timebank.selectors.desk import stations_seen_by
from timebank.selectors.statements import EVERYTHING, Narrowing

OF_STATIONS = (AccountKind.POOL, AccountKind.STATION)


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One account, or all of one kind: above zero stands on one side, below on the other."""

    label: str
    kind: str
    accounts: int
    above: int
    below: int
    held: int


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """What a book came to at an instant. Both sides are the same if the book is right."""

    at: datetime
    rows: list[BalanceRow]
    above: int
    below: int
    held: int

    @property
    def is_even(self) -> bool:
        return self.above == self.below


# As seen by somebody ------------------------------------------------------------------------


def books_seen_by(user: User) -> QuerySet[Book]:
    """The books of the banks one answers for; those of rounds' money for a county's officers."""
    return _books_over(regions_of(user, *READERS_OF_BOOKS), units_read(user))


def books_kept_by(user: User) -> QuerySet[Book]:
    """Those in which one may propose and decide corrections."""
    return _books_over(regions_of(user, *KEEPERS), units_kept(user))


def _books_over(regions: list[int], units: set[Unit]) -> QuerySet[Book]:
    banks = TimeBank.objects.filter(region__lineage__overlap=regions)
    return Book.objects.filter(Q(pk__in=banks.values("book")) | Q(unit__in=units))


def accounts_seen_by(user: User) -> QuerySet[LedgerAccount]:
    """One's own, one's stations' and organisations', one's people's, and one's books' whole."""
    mine = Q(kind=AccountKind.PERSON, owner_key=person_key(user))
    organisations = [f"organisation:{pk}" for pk in organisations_of(user)]
    if organisations:
        mine |= Q(kind=AccountKind.ORGANISATION, owner_key__in=organisations)
    if roles_of_kind(user, Role.Kind.COORDINATOR, *READERS_OF_BOOKS, Role.Kind.COMMUNITY_WORKER):
        stations = [station_key(station) for station in stations_seen_by(user).order_by()]
        mine |= Q(kind__in=OF_STATIONS, owner_key__in=stations)
        looked_after = (
            people_looked_after_by(user)
            .order_by()
            .values(key=Concat(Value("user:"), Cast("pk", TextField()), output_field=TextField()))
        )
        mine |= Q(kind=AccountKind.PERSON, owner_key__in=looked_after)
    mine |= Q(book__in=books_seen_by(user).values("pk"))
    return LedgerAccount.objects.filter(mine)


def reads_whole_book(user: User, book: Book) -> bool:
    return books_seen_by(user).filter(pk=book.pk).exists()


def transfers_seen_by(user: User) -> QuerySet[Transfer]:
    """Those of one's books, and those that touched an account one may see."""
    touched = Entry.objects.filter(account__in=accounts_seen_by(user)).values("transfer")
    return Transfer.objects.filter(Q(book__in=books_seen_by(user).values("pk")) | Q(pk__in=touched))


# Accounts and movements of a book -------------------------------------------------------------


def accounts_found(
    accounts: QuerySet[LedgerAccount], *, words: str = "", kind: str = "", state: str = ""
) -> QuerySet[LedgerAccount]:
    """Narrowed by whose, of what kind, in what state; a striped account once, as a whole."""
    accounts = accounts.filter(whole=None)
    if words:
        accounts = accounts.filter(label__icontains=words)
    if kind:
        accounts = accounts.filter(kind=kind)
    if state:
        accounts = accounts.filter(state=state)
    return accounts


def movements_of(
    book: Book, *, before: int | None = None, limit: int = 50, narrowing: Narrowing = EVERYTHING
) -> tuple[list[Transfer], int | None]:
    """The newest transfers of a book first, each with its entries; where the next page begins."""
    transfers = Transfer.objects.filter(narrowing.of_transfers(), book_id=book.pk)
    if before is not None:
        transfers = transfers.filter(pk__lt=before)
    # Who acted is asked for by itself: joined, the planner expects few rows and sorts all.
    page = list(transfers.prefetch_related("acting_user").order_by("-pk")[: limit + 1])
    shown = page[:limit]
    with_entries(shown)
    return shown, shown[-1].pk if len(page) > limit else None


def number_of_sides(book: Book, narrowing: Narrowing = EVERYTHING) -> int:
    """How many lines the movements of a book make, one for each side of each."""
    sides = Entry.objects.filter(book_id=book.pk)
    if narrowing:
        sides = sides.filter(narrowing.of_transfers("transfer__"), transfer__book_id=book.pk)
    return sides.count()


def more_movements_than(book: Book, most: int) -> bool:
    """Whether the book has more than so many; no more of them are looked at."""
    return Transfer.objects.filter(book_id=book.pk).order_by("-pk")[: most + 1].count() > most


def with_entries(transfers: list[Transfer]) -> None:
    """Put each transfer's entries on it as `sides`, takers first."""
    sides: dict[int, list[Entry]] = {transfer.pk: [] for transfer in transfers}
    books = {transfer.book_id for transfer in transfers}
    entries = Entry.objects.filter(book_id__in=books, transfer_id__in=list(sides))
    for entry in entries.select_related("account").order_by("-amount", "pk"):
        sides[entry.transfer_id].append(entry)
    for transfer in transfers:
        transfer.sides = sides[transfer.pk]  # type: ignore[attr-defined]


# What a book comes to ---------------------------------------------------------------------------


def trial_balance(book: Book, *, at: datetime) -> TrialBalance:
    """What every kind of account had at an instant of recording; a book always sums to zero."""
    labels = dict(AccountKind.choices)
    kinds: dict[str, list[BalanceRow]] = {}
    for row in accounts_at(book, at=at):
        kinds.setdefault(row.kind, []).append(row)
    order = [str(kind) for kind in AccountKind.values]
    rows = [
        BalanceRow(
            str(labels.get(kind, kind)),
            kind,
            len(found),
            sum(row.above for row in found),
            sum(row.below for row in found),
            sum(row.held for row in found),
        )
        for kind, found in sorted(
            kinds.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else 99
        )
    ]
    return TrialBalance(
        at,
        rows,
        sum(row.above for row in rows),
        sum(row.below for row in rows),
        sum(row.held for row in rows),
    )


def accounts_at(book: Book, *, at: datetime) -> list[BalanceRow]:
    """Every account with what it had at an instant, by kind and number."""
    posted = (
        Entry.objects.filter(
            book_id=book.pk,
            account_id=OuterRef("pk"),
            transfer__book_id=book.pk,
            transfer__recorded_at__lte=at,
        )
        .order_by()
        .values("account_id")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    held = _held_at(book, at)
    accounts = (
        LedgerAccount.objects.filter(book_id=book.pk, opened_at__lte=at)
        .annotate(then=Coalesce(Subquery(posted), Value(0)))
        .order_by("kind", "pk")
    )
    return [
        BalanceRow(
            account.label,
            account.kind,
            1,
            max(0, account.then),
            max(0, -account.then),
            held.get(account.pk, 0),
        )
        for account in accounts
    ]


def _held_at(book: Book, at: datetime) -> dict[int, int]:
    holds = (
        Hold.objects.filter(Q(end=None) | Q(end__recorded_at__gt=at), recorded_at__lte=at)
        .filter(book_id=book.pk)
        .order_by()
        .values("account_id")
        .annotate(total=Sum("amount"))
    )
    return {row["account_id"]: row["total"] for row in holds}


def accounts_by_book(books: list[Book]) -> dict[int, int]:
    """How many accounts each book has."""
    rows = (
        LedgerAccount.objects.filter(book_id__in=[book.pk for book in books])
        .order_by()
        .values(number=F("book_id"))
        .annotate(count=Count("pk"))
    )
    return {row["number"]: row["count"] for row in rows}
