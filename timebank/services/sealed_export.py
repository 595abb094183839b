"""Write a book down so that anybody can check it: rows for `standalone/verify_book.py`.

No names and, unless asked for, no words: accounts and people are numbers, a reason is its salted
hash, which is what the seal covers. One snapshot, read in order, so a long book needs no memory.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from accounts.clock import database_now
from timebank.models.ledger import Book

FORMAT = "qicai:book:1"
AT_ONCE = 2000
LOWEST = -(2**63)

BLOCKS = """
    SELECT number, sealed_at, previous_hash, hash, leaves, transfers
      FROM ledger.block WHERE book_id = %s AND number > %s ORDER BY number LIMIT 20
"""
HEAD = "SELECT number, hash, epoch, xid::text, transfer_id FROM ledger.head WHERE book_id = %s"
ACCOUNTS = """
    SELECT id, kind, is_counted, posted, held, debt, floor, ceiling, seq
      FROM ledger.account WHERE book_id = %s ORDER BY id
"""
HOLDS = """
    SELECT h.id, h.account_id, h.amount, r.hold_id IS NULL
      FROM ledger.hold AS h
      LEFT JOIN ledger.hold_resolution AS r ON r.book_id = h.book_id AND r.hold_id = h.id
     WHERE h.book_id = %s ORDER BY h.id
"""
TRANSFERS = """
    SELECT id, epoch, xid::text, kind, source, policy_version, happened_at, recorded_at,
           acting_user_id, on_behalf_of_id, reverses_id, hold_id, reason, reason_salt, reason_hash
      FROM ledger.transfer WHERE book_id = %s AND id > %s ORDER BY id LIMIT %s
"""
ENTRIES = """
    SELECT transfer_id, id, account_id, amount, seq, balance_after
      FROM ledger.entry WHERE book_id = %s AND transfer_id BETWEEN %s AND %s
     ORDER BY transfer_id, account_id
"""

Row = dict[str, Any]


def rows_of_book(book: Book, *, with_reasons: bool = False) -> Iterator[Row]:
    """Everything a verifier needs, one row after the other, as of one moment."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            _ask("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield {
            "type": "book",
            "format": FORMAT,
            "id": book.pk,
            "unit": book.unit,
            "owner_key": book.owner_key,
            "name": book.name,
            "exported_at": _iso(database_now()),
        }
        yield from _head(book)
        yield from _blocks(book)
        transfers = 0
        for row in _transfers(book, with_reasons=with_reasons):
            transfers += 1
            yield row
        yield from _accounts(book)
        yield {"type": "end", "transfers": transfers}


def _head(book: Book) -> Iterator[Row]:
    for number, hash_, epoch, xid, transfer in _ask(HEAD, book.pk):
        yield {
            "type": "head",
            "number": number,
            "hash": bytes(hash_).hex(),
            "epoch": epoch,
            "xid": int(xid),
            "transfer": transfer,
        }


def _blocks(book: Book) -> Iterator[Row]:
    last = LOWEST
    while rows := _ask(BLOCKS, book.pk, last):
        for number, sealed_at, previous, hash_, leaves, transfers in rows:
            together = bytes(leaves).hex()
            yield {
                "type": "block",
                "number": number,
                "sealed_at": _iso(sealed_at),
                "previous": bytes(previous).hex(),
                "hash": bytes(hash_).hex(),
                "transfers": list(transfers),
                "leaves": [together[at : at + 64] for at in range(0, len(together), 64)],
            }
            last = number


def _transfers(book: Book, *, with_reasons: bool) -> Iterator[Row]:
    last = LOWEST  # nobody hides a row under a number that is never given
    while rows := _ask(TRANSFERS, book.pk, last, AT_ONCE):
        entries: dict[int, list[list[int | None]]] = {row[0]: [] for row in rows}
        for transfer, *figures in _ask(ENTRIES, book.pk, rows[0][0], rows[-1][0]):
            if transfer in entries:
                entries[transfer].append(figures)
        for row in rows:
            last, epoch, xid, kind, source, policy, happened_at, recorded_at, *others = row
            acting_user, on_behalf_of, reverses, hold, reason, salt, reason_hash = others
            written: Row = {
                "type": "transfer",
                "id": last,
                "epoch": epoch,
                "xid": int(xid),
                "kind": kind,
                "source": source,
                "policy_version": policy,
                "happened_at": _iso(happened_at),
                "recorded_at": _iso(recorded_at),
                "acting_user": acting_user,
                "on_behalf_of": on_behalf_of,
                "reverses": reverses,
                "hold": hold,
                "reason_hash": _hash_of_reason(reason, salt, reason_hash),
                "has_words_again": reason_hash is not None and reason != "",
                "entries": entries[last],
            }
            if with_reasons and salt is not None:
                written |= {"reason": reason, "salt": bytes(salt).hex()}
            yield written


def _accounts(book: Book) -> Iterator[Row]:
    for number, kind, is_counted, posted, held, debt, floor, ceiling, seq in _ask(
        ACCOUNTS, book.pk
    ):
        yield {
            "type": "account",
            "id": number,
            "kind": kind,
            "is_counted": is_counted,
            "posted": posted,
            "held": held,
            "debt": debt,
            "floor": floor,
            "ceiling": ceiling,
            "seq": seq,
        }
    for number, account, amount, is_open in _ask(HOLDS, book.pk):
        yield {
            "type": "hold",
            "id": number,
            "account": account,
            "amount": amount,
            "is_open": is_open,
        }


def _hash_of_reason(reason: str, salt: Any, reason_hash: Any) -> str:
    if reason_hash is not None:
        return bytes(reason_hash).hex()
    return sha256(bytes(salt) + reason.encode()).hexdigest()


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def _ask(statement: str, *arguments: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.fetchall() if cursor.description else []
