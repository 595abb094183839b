"""An account's story: entries with running balance, holds, totals.

Reading only, and without asking who reads: a view hands in an account that its user may see.
Every statement names the book, so that a book can one day stand on a server of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncDate, TruncMonth
from django.utils import timezone

from accounts.models.people import User
from timebank.models.ledger import Entry, Hold, LedgerAccount, Transfer, TransferKind

CURVE_ENTRIES = 2_000  # of an account with more, the curve shows the newest
SEARCHED_ENTRIES = 20_000  # words are looked for among so many of the newest
AT_A_TIME = 1_000


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account has now; `available` is what can be used."""

    posted: int
    held: int
    available: int
    debt: int


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which lines are wanted: by cause, day it happened, direction, a word; empty means all."""

    kind: str = ""
    direction: str = ""
    since: date | None = None
    until: date | None = None
    words: str = ""

    def __bool__(self) -> bool:
        return self != Narrowing()

    def of_transfers(self, through: str = "") -> Q:
        """The condition on a transfer, or on what reaches it `through` a relation."""
        wanted = Q()
        if self.kind:
            wanted &= Q(**{f"{through}kind": self.kind})
        if self.since:
            wanted &= Q(**{f"{through}happened_at__gte": _midnight(self.since)})
        if self.until:
            wanted &= Q(**{f"{through}happened_at__lt": _midnight(self.until + timedelta(days=1))})
        if self.words:
            wanted &= Q(**{f"{through}reason__icontains": self.words})
        return wanted

    def of_entries(self) -> Q:
        wanted = self.of_transfers("transfer__")
        if self.direction == "in":
            wanted &= Q(amount__gt=0)
        elif self.direction == "out":
            wanted &= Q(amount__lt=0)
        return wanted


EVERYTHING = Narrowing()
GAINED = Sum("amount", filter=Q(amount__gt=0), default=0)
GIVEN = Sum("amount", filter=Q(amount__lt=0), default=0)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One entry, in plain words. `position` is what `statement_of(before=…)` takes."""

    position: int
    book_id: int
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
    policy_version: str


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
class KindTotal:
    """What came in and went out for one cause (both ≥ 0), in how many lines."""

    kind: str
    label: str
    gained: int
    given: int
    lines: int


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The balance at the end of a day on which something happened."""

    on: date
    balance: int


def balance_of(account: LedgerAccount) -> Balance:
    """What the account has now, read afresh; summed from the entries if it is not counted."""
    now = LedgerAccount.objects.get(book_id=account.book_id, pk=account.pk)
    posted = now.posted
    if now.stripes:
        posted = now.parts.aggregate(total=Sum("posted"))["total"] or 0
    elif not now.is_counted:
        posted = _entries_of(account).aggregate(total=Sum("amount"))["total"] or 0
    return Balance(posted, now.held, posted - now.held, now.debt)


def statement_of(
    account: LedgerAccount,
    *,
    before: int | None = None,
    limit: int = 50,
    narrowing: Narrowing = EVERYTHING,
) -> Statement:
    """The newest entries first, or those before a position; each with the balance it left.

    The balance of a line is the account's, whatever lines a narrowing leaves out.
    """
    numbered = "seq" if account.is_counted else "id"
    entries = _entries_of(account, narrowing).select_related("transfer").order_by(f"-{numbered}")
    if before is not None:
        entries = entries.filter(**{f"{numbered}__lt": before})
    page = list(entries[: limit + 1])
    shown = page[:limit]
    other_sides = _other_sides(account, shown)
    reversed_ids = _reversed_among(account, shown)
    names = _names_of(shown)
    lines = [
        StatementLine(
            position=getattr(entry, numbered),
            book_id=entry.book_id,
            at=entry.transfer.happened_at,
            recorded_at=entry.transfer.recorded_at,
            kind=entry.transfer.kind,
            kind_label=entry.transfer.get_kind_display(),
            amount=entry.amount,
            balance_after=None if account.stripes else entry.balance_after,
            reason=entry.transfer.reason,
            source=entry.transfer.source,
            other_side=other_sides.get(entry.transfer_id, ""),
            transfer_id=entry.transfer_id,
            is_reversed=entry.transfer_id in reversed_ids,
            acting_user_id=entry.transfer.acting_user_id,
            acting_name=names.get(entry.transfer.acting_user_id, ""),
            on_behalf_of_id=entry.transfer.on_behalf_of_id,
            on_behalf_of_name=names.get(entry.transfer.on_behalf_of_id, ""),
            policy_version=entry.transfer.policy_version,
        )
        for entry in shown
    ]
    return Statement(lines, lines[-1].position if len(page) > limit else None)


def all_lines_of(
    account: LedgerAccount, narrowing: Narrowing = EVERYTHING
) -> Iterator[StatementLine]:
    """Every line, newest first, read page by page: for a file, however long."""
    before: int | None = None
    while True:
        page = statement_of(account, before=before, limit=AT_A_TIME, narrowing=narrowing)
        yield from page.lines
        before = page.next_before
        if before is None:
            return


def number_of_lines(account: LedgerAccount, narrowing: Narrowing = EVERYTHING) -> int:
    """How many lines a narrowing leaves; without one the account itself knows, if it counts."""
    if account.is_counted and not narrowing:
        return account.seq
    return _entries_of(account, narrowing).count()


def open_holds_of(account: LedgerAccount) -> list[Hold]:
    """What is set aside on the account now, oldest first; each with its receiver."""
    holds = Hold.objects.filter(book_id=account.book_id, account_id=account.pk, end=None)
    return list(holds.select_related("to_account").order_by("pk"))


def totals_by_month(account: LedgerAccount, narrowing: Narrowing = EVERYTHING) -> list[MonthTotal]:
    """Gained and given per month, oldest first; months without entries are left out."""
    rows = (
        _entries_of(account, narrowing)
        .annotate(month=TruncMonth("transfer__happened_at"))
        .values("month")
        .annotate(gained=GAINED, given=GIVEN)
        .order_by("month")
    )
    return [MonthTotal(row["month"].date(), row["gained"], -row["given"]) for row in rows]


def totals_by_kind(account: LedgerAccount, narrowing: Narrowing = EVERYTHING) -> list[KindTotal]:
    """Gained and given per cause, in the order in which causes are named."""
    rows = {
        row["transfer__kind"]: row
        for row in _entries_of(account, narrowing)
        .values("transfer__kind")
        .annotate(lines=Count("pk"), gained=GAINED, given=GIVEN)
        .order_by()
    }
    labels = {str(kind): str(label) for kind, label in TransferKind.choices}
    in_order = [kind for kind in labels if kind in rows] + [k for k in rows if k not in labels]
    return [
        KindTotal(
            kind,
            labels.get(kind, kind),
            rows[kind]["gained"],
            -rows[kind]["given"],
            rows[kind]["lines"],
        )
        for kind in in_order
    ]


def balance_curve(account: LedgerAccount) -> list[CurvePoint]:
    """How the balance grew and shrank by the day things happened, oldest first.

    Of an account with very many entries the newest are shown, by the day they were recorded, each
    with the balance that stands beside it. Issuance keeps no balance, and so has no curve.
    """
    if not account.is_counted:
        return []
    if account.seq > CURVE_ENTRIES:
        return _curve_of_the_newest(account)
    rows = list(
        _entries_of(account)
        .annotate(on=TruncDate("transfer__happened_at"))
        .values("on")
        .annotate(change=Sum("amount"))
        .order_by("on")
    )
    balances = accumulate(row["change"] for row in rows)
    return [CurvePoint(row["on"], balance) for row, balance in zip(rows, balances, strict=True)]


def _curve_of_the_newest(account: LedgerAccount) -> list[CurvePoint]:
    newest = _entries_of(account).filter(seq__gt=account.seq - CURVE_ENTRIES)
    last_of_days = (
        newest.annotate(on=TruncDate("transfer__recorded_at"))
        .values("on")
        .annotate(last=Max("seq"))
        .order_by("on")
    )
    ends = {row["last"]: row["on"] for row in last_of_days}
    entries = newest.filter(seq__in=list(ends)).order_by("seq")
    return [
        CurvePoint(ends[seq], balance or 0)
        for seq, balance in entries.values_list("seq", "balance_after")
    ]


def _entries_of(account: LedgerAccount, narrowing: Narrowing = EVERYTHING) -> QuerySet[Entry]:
    """The account's entries; `seq` being there or not picks the index they are read by."""
    entries = Entry.objects.filter(
        narrowing.of_entries(), book_id=account.book_id, transfer__book_id=account.book_id
    )
    if account.stripes:
        return entries.filter(account_id__in=account.parts.values("pk"))
    if narrowing.words and account.seq > SEARCHED_ENTRIES:
        entries = entries.filter(seq__gt=account.seq - SEARCHED_ENTRIES)
    return entries.filter(account_id=account.pk, seq__isnull=not account.is_counted)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _other_sides(account: LedgerAccount, entries: list[Entry]) -> dict[int, str]:
    """Who stood on the other side of each entry's transfer."""
    others = Entry.objects.filter(
        book_id=account.book_id,
        transfer_id__in=[entry.transfer_id for entry in entries],
        account__book_id=account.book_id,
    ).exclude(account_id=account.pk)
    labels: dict[int, list[str]] = {}
    for transfer_id, label in others.order_by("account_id").values_list(
        "transfer_id", "account__label"
    ):
        labels.setdefault(transfer_id, []).append(label)
    return {transfer_id: "、".join(names) for transfer_id, names in labels.items()}


def _reversed_among(account: LedgerAccount, entries: list[Entry]) -> set[int]:
    reversals = Transfer.objects.filter(
        book_id=account.book_id, reverses_id__in=[entry.transfer_id for entry in entries]
    )
    return {reverses_id for reverses_id in reversals.values_list("reverses_id", flat=True)}


def _names_of(entries: list[Entry]) -> dict[int | None, str]:
    """The names of those who acted or were acted for, by number."""
    users = {entry.transfer.acting_user_id for entry in entries}
    users |= {
        entry.transfer.on_behalf_of_id
        for entry in entries
        if entry.transfer.on_behalf_of_id is not None
    }
    return dict(User.objects.filter(pk__in=users).values_list("pk", "display_name"))
