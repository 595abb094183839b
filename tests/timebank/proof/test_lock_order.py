"""Two postings never wait for each other in a ring: accounts are locked by their numbers, whatever
way to them the planner thinks short."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from tests.factories.timebank_ledger import make_account, make_book, make_user
from timebank.errors.ledger import NotEnoughHours
from timebank.models.ledger import Book, LedgerAccount, TransferKind
from timebank.selectors.audit import differences_in
from timebank.services.ledger import post_transfer

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

BOOKS = 1_000
# In each book the account that comes first by its number comes last by its owner's name.
MANY_BOOKS = """
INSERT INTO ledger.book (owner_key, name, unit, opened_by_id)
SELECT 'many:' || n, 'many', 'minute', %(user)s FROM generate_series(1, %(books)s) AS n;
INSERT INTO ledger.account (book_id, kind, owner_key, label)
SELECT b.id, 'person', key, key FROM ledger.book AS b CROSS JOIN (VALUES ('z'), ('a')) AS one (key)
 ORDER BY b.id, key DESC;
ANALYZE ledger.book, ledger.account;
"""


def of_owner(statement: str, **facts: object) -> list[tuple[object, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, facts)
        return cursor.fetchall() if cursor.description else []


LOCK = "SELECT posted FROM ledger.account WHERE book_id = %(book)s AND id = %(id)s {}"


def test_what_is_refused_waits_for_nobody_while_it_holds_another():
    """Who has nothing is told so at once, though somebody else is busy with that account."""
    chen = make_user()
    book = make_book(chen)
    giver, taker = make_account(book, "安安"), make_account(book, "白奶奶")

    def post() -> None:
        try:
            post_transfer(
                book=book, from_account=giver, to_account=taker, amount=5,
                kind=TransferKind.GIFT, reason="", source="proof:order", key="order",
                acting_user=chen,
            )  # fmt: skip
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other, transaction.atomic(using="owner"):
        of_owner(LOCK.format("FOR NO KEY UPDATE"), book=book.pk, id=giver.pk)
        refused = other.submit(post).exception(timeout=20)

    assert isinstance(refused, NotEnoughHours)
    assert refused.facts["available"] == 0


def test_accounts_are_locked_by_number_also_among_many_small_books():
    chen = make_user()
    of_owner(MANY_BOOKS % {"user": chen.pk, "books": BOOKS})
    book = Book.objects.get(owner_key=f"many:{BOOKS // 2}")
    first, second = LedgerAccount.objects.filter(book_id=book.pk).order_by("pk")
    assert first.owner_key > second.owner_key

    def post() -> None:
        post_transfer(
            book=book, from_account=first, to_account=second, amount=5, kind=TransferKind.GIFT,
            reason="", source="proof:order", key="order", acting_user=chen,
        )  # fmt: skip
        connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic(using="owner"):
            of_owner(LOCK.format("FOR NO KEY UPDATE"), book=book.pk, id=first.pk)
            posting = other.submit(post)
            while not of_owner("SELECT 1 FROM pg_locks WHERE NOT granted"):
                assert not posting.done(), posting.exception()
                time.sleep(0.02)
            # It waits for the first, and has not taken the second.
            of_owner(LOCK.format("FOR NO KEY UPDATE NOWAIT"), book=book.pk, id=second.pk)
        posting.result()

    second.refresh_from_db()
    assert second.posted == 5
    assert differences_in(book) == []
