"""Call one function of the ledger: how it is sent, refused, and repeated.

Inside a caller's `atomic()` a verb runs in a savepoint, so that a refusal may be caught and the
caller's transaction goes on; deadlocks then go up to whoever owns the transaction, and `in_one_go`
repeats it whole. Outside, the call is its own transaction. It is repeated after a deadlock or a
serialisation failure, and also when nobody knows how it ended: the connection broke, or the server
says that it committed here but could not reach its standby (WARNING 01000). Each verb has a key or
changes nothing the second time, so asking again gives the first answer.
"""

import json
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db import DatabaseError, connection, models, transaction

from timebank.errors import (
    AccountClosed,
    AccountFrozen,
    AccountHasMoved,
    AccountNotEmpty,
    AccountSuspended,
    AlreadyReversed,
    AlreadySettled,
    KeyUsedForOther,
    LedgerRefusal,
    MoreThanHeld,
    NotEnoughHours,
    NotEnoughMoney,
    NothingToMove,
    OutsideNewLimits,
    OverCeiling,
    ReversalIsFinal,
    SameAccount,
    UnknownLedgerAccount,
)
from timebank.models.ledger import Unit

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
    "QC012": AccountNotEmpty,
    "QC013": AccountClosed,
    "QC014": AccountSuspended,
    "QC015": AccountHasMoved,
    "QC016": OutsideNewLimits,
}


def call_ledger(function: str, *arguments: Argument) -> Row:
    """Call one function of the ledger and return its row; refusals come back as such."""
    places = ", ".join(["%s"] * len(arguments))
    statement = f"SELECT * FROM ledger.{function}({places})"  # noqa: S608 - the name is ours
    if connection.in_atomic_block:
        with transaction.atomic():
            return _call_once(statement, arguments)
    return _repeat(lambda: _call_once(statement, arguments))


def in_one_go[T](work: Callable[[], T]) -> T:
    """Do all of `work` in one transaction, again from its beginning when the database asks for it.

    For services that change a state and post: outside a transaction of their own, `work` is run in
    `atomic()` and repeated whole; inside one it runs as it is, and the owner repeats.
    """
    if connection.in_atomic_block:
        return work()

    def once() -> T:
        with transaction.atomic():
            return work()

    return _repeat(once)


def read_row[M: models.Model](model: type[M], row: Row) -> M:
    """The model that a row of its table, as the ledger's functions return it, stands for."""
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db("default", names, row[: len(names)])


def _repeat[T](work: Callable[[], T]) -> T:
    for tried in range(1, TRIES):
        try:
            return work()
        except DatabaseError as error:
            if _sqlstate_of(error) not in {DEADLOCK, SERIALISATION_FAILURE}:
                raise
            time.sleep(random.uniform(0, 0.005 * 2**tried))  # noqa: S311 - so as not to meet again
    return work()


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
