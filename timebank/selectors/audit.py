"""Recount a book from its entries, and say where it differs from what it claims.

The counting is `ledger.differences` and `ledger.seal_differences` in `timebank/sql/ledger.sql`,
each one statement that sees one moment, so a book may be recounted while others post to it. Four
things are looked at from here, because they are no business of the schema: who acted, what is on
its way between banks, whether the money of a fund's sources is still theirs, and whether the
ledger's own functions are those of the file. Nothing is put right.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Sum

from accounts.models.people import User
from timebank.models.clearing import Crossing
from timebank.models.ledger import AccountKind, Book, Entry, LedgerAccount, Transfer
from timebank.models.sealing import Block, Head
from timebank.selectors.clearing import HUB
from timebank.selectors.ledger_code import CodeDifference, differences_from_file

RECOUNT = "SELECT rule, subject, expected, found FROM ledger.differences(%s)"
RECOUNT_OF_SEAL = "SELECT rule, subject, expected, found FROM ledger.seal_differences(%s)"

OF_A_FUND = (AccountKind.SOURCE, AccountKind.FUND, AccountKind.COMMITMENT)


@dataclass(frozen=True, slots=True)
class Difference:
    """One claim of the ledger that its entries do not bear out."""

    rule: str
    subject: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class PublishedBlock:
    """What was published about a block, outside the database."""

    book_id: int
    number: int
    hash: str


def differences_in(book: Book) -> list[Difference]:
    """All differences of a book, its seal included; an empty list is the good answer."""
    return [
        *_counted(RECOUNT, book),
        *_counted(RECOUNT_OF_SEAL, book),
        *_acts_of_nobody(book),
        *_clearing(book),
        *_sources(book),
    ]


def differences_in_code() -> list[Difference]:
    """Where the installed ledger is not what `timebank/sql/ledger.sql` says."""
    return [_of_code(one) for one in differences_from_file()]


def differences_from_published(blocks: list[PublishedBlock]) -> list[Difference]:
    """Which published heads this database no longer leads to."""
    found = []
    for block in blocks:
        stored = Block.objects.filter(book_id=block.book_id, number=block.number).first()
        now = bytes(stored.hash).hex() if stored else "no such block"
        if now != block.hash:
            found.append(
                Difference(
                    "published_head_stands",
                    f"book {block.book_id} block {block.number}",
                    block.hash,
                    now,
                )
            )
    return found


def unsealed_in(book: Book) -> int:
    """How many transfers no block holds yet: the tail that only the database vouches for."""
    head = Head.objects.filter(book_id=book.pk).first()
    sealed = head.transfers if head else 0
    return Transfer.objects.filter(book_id=book.pk).count() - sealed


def _counted(statement: str, book: Book) -> list[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [book.pk])
        return [Difference(*row) for row in cursor.fetchall()]


def _acts_of_nobody(book: Book) -> list[Difference]:
    """Transfers whose acting user no longer exists: the ledger keeps numbers, not foreign keys."""
    known = User.objects.filter(pk=OuterRef("acting_user_id"))
    orphans = Transfer.objects.filter(book_id=book.pk).exclude(Exists(known)).order_by("pk")
    return [
        Difference("somebody_acted", f"transfer {pk}", "a user", f"no user {user_id}")
        for pk, user_id in orphans.values_list("pk", "acting_user_id")
    ]


def _clearing(book: Book) -> list[Difference]:
    """The clearing account is what the crossings say, step by step."""
    found = []
    account = LedgerAccount.objects.filter(
        book_id=book.pk, kind=AccountKind.CLEARING, owner_key=HUB
    ).first()
    if account is not None:
        said = _minutes(from_bank__book=book.pk)
        said -= _minutes(from_bank__book=book.pk, state=Crossing.State.RETURNED)
        said -= _minutes(to_bank__book=book.pk, state=Crossing.State.CREDITED)
        moved = Entry.objects.filter(book_id=book.pk, account_id=account.pk).aggregate(
            total=Sum("amount", default=0)
        )["total"]
        if moved != said:
            found.append(
                Difference(
                    "clearing_is_what_crossed", f"account {account.pk}", str(said), str(moved)
                )
            )
    for crossing in Crossing.objects.filter(from_bank__book=book.pk).exclude(
        Exists(
            Entry.objects.filter(
                book_id=book.pk,
                transfer_id=OuterRef("outward_id"),
                account_id=OuterRef("from_account_id"),
                amount=-1 * OuterRef("minutes"),
            )
        )
    ):
        found.append(
            Difference(
                "crossing_left_its_giver",
                f"crossing {crossing.pk}",
                f"transfer {crossing.outward_id} takes {crossing.minutes}",
                "no such entry",
            )
        )
    return found


def _sources(book: Book) -> list[Difference]:
    """What each source of a fund brought is free or taken, none of it another source's."""
    found = LedgerAccount.objects.filter(book_id=book.pk).values_list("kind", "owner_key", "posted")
    accounts = list(found)
    kinds = {kind for kind, _key, _posted in accounts}
    sources = {key for kind, key, _posted in accounts if kind == AccountKind.SOURCE}
    with_own = {key for kind, key, _posted in accounts if kind == AccountKind.COMMITMENT}
    if AccountKind.PAYEE in kinds or not sources <= with_own:
        return []  # paid out; or opened before each source had accounts of its own
    sums = {
        key: sum(posted for kind, its, posted in accounts if its == key and kind in OF_A_FUND)
        for key in sorted(sources)
    }
    return [
        Difference("source_keeps_its_money", f"source {key}", "0", str(total))
        for key, total in sums.items()
        if total
    ]


def _minutes(**which: object) -> int:
    return int(Crossing.objects.filter(**which).aggregate(total=Sum("minutes", default=0))["total"])


def _of_code(one: CodeDifference) -> Difference:
    return Difference(one.rule, one.subject, one.expected, one.found)
