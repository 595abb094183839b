"""Recount a book from its entries, and say where it differs from what it claims.

The counting is `ledger.differences` in `timebank/sql/ledger.sql`, one statement that sees one
moment, so a book may be recounted while others post to it. Nothing here puts anything right.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef

from accounts.models.people import User
from timebank.models.ledger import Book, Transfer


@dataclass(frozen=True, slots=True)
class Difference:
    """One claim of the ledger that its entries do not bear out."""

    rule: str
    subject: str
    expected: str
    found: str


def differences_in(book: Book) -> list[Difference]:
    """All differences of a book; an empty list is the good answer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rule, subject, expected, found FROM ledger.differences(%s)", [book.pk]
        )
        counted = [Difference(*row) for row in cursor.fetchall()]
    return counted + _acts_of_nobody(book)


def _acts_of_nobody(book: Book) -> list[Difference]:
    """Transfers whose acting user no longer exists: the ledger keeps numbers, not foreign keys."""
    known = User.objects.filter(pk=OuterRef("acting_user_id"))
    orphans = Transfer.objects.filter(book_id=book.pk).exclude(Exists(known)).order_by("pk")
    return [
        Difference("somebody_acted", f"transfer {pk}", "a user", f"no user {user_id}")
        for pk, user_id in orphans.values_list("pk", "acting_user_id")
    ]
