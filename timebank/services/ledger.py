"""Post transfers. The only module that writes balances, transfers and entries.

Every verb here is one call of a function of `timebank/sql/ledger.sql`, which keeps all the rules:
legs sum to zero, nobody below the floor or above the ceiling, one answer per key. This module
turns Python into that call, the database's refusals into `timebank.errors`, and tries again when
the database asks for it. Setting aside and settling is in `services.holds`; who may do what is
decided by the services that call this one; reading is in `selectors.statements`.

Inside a caller's `atomic()` a verb runs in a savepoint, so that a refusal may be caught and the
caller's transaction goes on; deadlocks then go up to whoever owns the transaction. Outside, the
call is its own transaction and is repeated after a deadlock or a serialisation failure.
"""

import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, models, transaction

from accounts.models.people import User
from timebank.errors import (
    AccountFrozen,
    AlreadyReversed,
    AlreadySettled,
    KeyUsedForOther,
    LedgerRefusal,
    MoreThanHeld,
    NotEnoughHours,
    NotEnoughMoney,
    NothingToMove,
    OverCeiling,
    ReversalIsFinal,
    SameAccount,
    UnknownLedgerAccount,
)
from timebank.models.ledger import AccountKind, Book, LedgerAccount, Leg, Transfer, Unit

type Row = tuple[Any, ...]
type Argument = Any  # what psycopg takes: a number, text, instant, list of numbers, or None

TRIES = 8
DEADLOCK, SERIALISATION_FAILURE = "40P01", "40001"
REFUSALS: dict[str, type[LedgerRefusal]] = {
    "QC001": NotEnoughHours,
    "QC002": OverCeiling,
    "QC003": AccountFrozen,
    "QC004": AlreadySettled,
    "QC005": AlreadyReversed,
    "QC006": KeyUsedForOther,
    "QC007": NothingToMove,
    "QC008": UnknownLedgerAccount,
    "QC009": MoreThanHeld,
    "QC010": ReversalIsFinal,
    "QC011": SameAccount,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One transfer of a batch: the same facts that `post_transfer` takes."""

    legs: Sequence[Leg]
    kind: str
    reason: str
    source: str
    key: str
    happened_at: datetime | None = None
    on_behalf_of: User | None = None
    policy_version: str = ""


def open_book(*, name: str, unit: Unit, owner_key: str, acting_user: User) -> Book:
    """Open a book, or return the one this owner has.

    Refused: `KeyUsedForOther` if the owner's book counts another unit.
    """
    row = call_ledger("open_book", owner_key, name, str(unit), acting_user.pk)
    return read_row(Book, row)


def open_account(
    book: Book,
    *,
    kind: AccountKind,
    owner_key: str,
    label: str,
    floor: int | None = 0,
    ceiling: int | None = None,
    is_counted: bool = True,
) -> LedgerAccount:
    """Open an account, or return the one this owner has of that kind in the book, as it is.

    `floor=None` means no lower limit. An account that is not counted (issuance) keeps no balance
    and has no limits: many can post against it at once without waiting for each other.
    """
    row = call_ledger(
        "open_account", book.pk, str(kind), owner_key, label, floor, ceiling, is_counted
    )
    return read_row(LedgerAccount, row)


def post_transfer(
    *,
    book: Book,
    legs: Sequence[Leg] | None = None,
    from_account: LedgerAccount | None = None,
    to_account: LedgerAccount | None = None,
    amount: int | None = None,
    kind: str,
    reason: str,
    source: str,
    key: str,
    happened_at: datetime | None = None,
    acting_user: User,
    on_behalf_of: User | None = None,
    policy_version: str = "",
) -> Transfer:
    """Make a movement final: either `legs`, or `amount` from one account to another.

    The same key with the same facts gives the first transfer again and moves nothing; who acts is
    not one of the facts, so that a sweeper may repeat what a person began.
    Refused: `NotEnoughHours` / `NotEnoughMoney`, `OverCeiling`, `AccountFrozen`, `NothingToMove`,
    `SameAccount`, `UnknownLedgerAccount` (also: of another book), `KeyUsedForOther`.
    """
    if legs is None:
        assert from_account is not None, "a transfer has legs, or goes from one account"
        assert to_account is not None, "a transfer has legs, or goes to another account"
        assert amount is not None, "a transfer has legs, or an amount"
        if amount <= 0:
            raise NothingToMove(amount=amount, unit=book.unit)
        legs = Leg.pair(from_account=from_account, to_account=to_account, amount=amount)
    row = call_ledger(
        "post",
        book.pk,
        key,
        [leg.account.pk for leg in legs],
        [leg.amount for leg in legs],
        str(kind),
        reason,
        source,
        policy_version,
        happened_at,
        acting_user.pk,
        on_behalf_of.pk if on_behalf_of else None,
    )
    return read_row(Transfer, row)


def post_batch(book: Book, postings: Sequence[Posting], *, acting_user: User) -> list[int]:
    """Post many transfers in one call, all or nothing; the answer is their ids, in order.

    Limits hold as if the postings came one after the other, and a posting whose key is known is
    answered with its first transfer. A refusal carries `row`, the place of the posting it is
    about (from 0), besides the facts of `post_transfer`'s refusals.
    """
    if not postings:
        return []
    rows = [
        {
            "key": posting.key,
            "accounts": [leg.account.pk for leg in posting.legs],
            "amounts": [leg.amount for leg in posting.legs],
            "kind": str(posting.kind),
            "reason": posting.reason,
            "source": posting.source,
            "policy_version": posting.policy_version,
            "happened_at": posting.happened_at.isoformat() if posting.happened_at else None,
            "on_behalf_of": posting.on_behalf_of.pk if posting.on_behalf_of else None,
        }
        for posting in postings
    ]
    (ids,) = call_ledger("post_batch", book.pk, json.dumps(rows), acting_user.pk)
    return list(ids)


def reverse_transfer(
    transfer: Transfer,
    *,
    reason: str,
    key: str,
    acting_user: User,
    allow_debt: bool = False,
) -> Transfer:
    """Undo a transfer by its opposite (冲正), once; the amounts are read from the original.

    With `allow_debt` whoever must give back what is no longer there ends below the floor, and the
    account shows it as `debt`, which what comes in next pays off first. A frozen account does not
    stand in the way.
    Refused: `AlreadyReversed`, `ReversalIsFinal`, `NotEnoughHours` (without `allow_debt`),
    `OverCeiling`, `KeyUsedForOther`.
    """
    row = call_ledger(
        "reverse", transfer.book_id, transfer.pk, key, reason, acting_user.pk, allow_debt
    )
    return read_row(Transfer, row)


def freeze_account(account: LedgerAccount, *, reason: str, acting_user: User) -> LedgerAccount:
    """Stop an account: nothing is posted to or from it, nothing set aside.

    Holds it already has can still be settled or released, and its transfers reversed.
    Freezing what is frozen changes nothing.
    """
    row = call_ledger("freeze", account.book_id, account.pk, True, reason, acting_user.pk)
    return read_row(LedgerAccount, row)


def unfreeze_account(account: LedgerAccount, *, reason: str, acting_user: User) -> LedgerAccount:
    """Let a frozen account move again."""
    row = call_ledger("freeze", account.book_id, account.pk, False, reason, acting_user.pk)
    return read_row(LedgerAccount, row)


def call_ledger(function: str, *arguments: Argument) -> Row:
    """Call one function of the ledger and return its row; refusals come back as such."""
    places = ", ".join(["%s"] * len(arguments))
    statement = f"SELECT * FROM ledger.{function}({places})"  # noqa: S608 - the name is ours
    if connection.in_atomic_block:
        with transaction.atomic():
            return _call_once(statement, arguments)
    for tried in range(1, TRIES):
        try:
            return _call_once(statement, arguments)
        except DatabaseError as error:
            if _sqlstate_of(error) not in {DEADLOCK, SERIALISATION_FAILURE}:
                raise
            time.sleep(random.uniform(0, 0.005 * 2**tried))  # noqa: S311 - so as not to meet again
    return _call_once(statement, arguments)


def read_row[M: models.Model](model: type[M], row: Row) -> M:
    """The model that a row of its table, as the ledger's functions return it, stands for."""
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db("default", names, row[: len(names)])


def _call_once(statement: str, arguments: Sequence[Argument]) -> Row:
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, arguments)
            row: Row | None = cursor.fetchone()
    except DatabaseError as error:
        refusal = _refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error
    assert row is not None, "a function of the ledger answers with a row or refuses"
    return row


def _refusal_of(error: DatabaseError) -> LedgerRefusal | None:
    refusal = REFUSALS.get(_sqlstate_of(error))
    if refusal is None:
        return None
    detail = error.__cause__.diag.message_detail  # type: ignore[union-attr]
    facts = json.loads(detail)
    if refusal is NotEnoughHours and facts.get("unit") == Unit.FEN:
        refusal = NotEnoughMoney
    return refusal(**facts)


def _sqlstate_of(error: DatabaseError) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""
