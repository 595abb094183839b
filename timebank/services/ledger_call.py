"""Call one function of the ledger: how it is sent, refused, and repeated.

Inside a caller's `atomic()` a verb runs in a savepoint, so that a refusal may be caught and the
caller's transaction goes on; deadlocks then go up to whoever owns the transaction, and `in_one_go`
repeats it whole. Outside, the call is its own transaction. It is repeated after a deadlock or a
serialisation failure, and also when nobody knows how it ended: the connection broke, or the server
says that it committed here but could not reach its standby (`services.certainty`). Each verb has a
key or changes nothing the second time, so asking again gives the first answer.

The statements are few and always the same, so the server prepares each once per connection.
"""

import json
import random
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import psycopg
from django.db import DatabaseError, connection, models, transaction
from psycopg.types.numeric import Int8

from timebank.errors.ledger import (
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
    NotEnoughPoints,
    NothingToMove,
    OutsideNewLimits,
    OverCeiling,
    ReversalIsFinal,
    SameAccount,
    UnknownLedgerAccount,
)
from timebank.models.ledger import Unit
from timebank.services.certainty import CommitInDoubt, doubts, listen_for_doubts, reach_standby

type Row = tuple[Any, ...]
type Argument = Any  # what psycopg takes: a number, text, instant, list of numbers, or None

TRIES = 8
TRIES_WHEN_LOST = 7  # about six seconds: a database that restarts is there again
DEADLOCK, SERIALISATION_FAILURE = "40P01", "40001"
LOST = ("08", "57P")  # the connection is gone, or the server is going or coming
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

NOT_ENOUGH: dict[str, type[LedgerRefusal]] = {
    Unit.FEN: NotEnoughMoney,
    Unit.POINT: NotEnoughPoints,
}


class PreparedCursor(psycopg.Cursor[Any]):
    """A cursor whose statements the server parses and plans once per connection."""

    def execute(
        self, query: Any, params: Any = None, *, prepare: bool | None = True, **how: Any
    ) -> "PreparedCursor":
        return super().execute(query, params, prepare=prepare, **how)


def call_ledger(function: str, *arguments: Argument) -> Row:
    """Call one function of the ledger and return its row; refusals come back as such."""
    statement = _statement(function, len(arguments))
    bound = [_bound(argument) for argument in arguments]
    if connection.in_atomic_block:
        with transaction.atomic():
            return _call_once(statement, bound)
    return _repeat(lambda: _call_once(statement, bound))


def in_one_go[T](work: Callable[[], T]) -> T:
    """Do all of `work` in one transaction, again from its beginning when the database asks for it.

    For services that change a state and post: outside a transaction of their own, `work` is run in
    `atomic()` and repeated whole; inside one it runs as it is, and the owner repeats. It may have
    happened already when it is repeated, so it must find that out (a key, a state).
    """
    if connection.in_atomic_block:
        return work()

    def once() -> T:
        listen_for_doubts()
        before = doubts()
        with transaction.atomic():
            result = work()
        if doubts() > before:
            raise CommitInDoubt
        return result

    return _repeat(once)


def read_row[M: models.Model](model: type[M], row: Row) -> M:
    """The model that a row of its table, as the ledger's functions return it, stands for."""
    names = _names_of(model)
    return model.from_db("default", names, row[: len(names)])


def refusal_for(code: str, facts: dict[str, Any]) -> LedgerRefusal:
    """What the ledger says no with, in the words of what the book counts."""
    refusal = REFUSALS[code]
    if refusal is NotEnoughHours:
        refusal = NOT_ENOUGH.get(facts.get("unit", ""), NotEnoughHours)
    return refusal(**facts)


@cache
def _names_of(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


@cache
def _statement(function: str, count: int) -> str:
    places = ", ".join(["%s"] * count)
    return f"SELECT * FROM ledger.{function}({places})"  # noqa: S608 - the name is ours


def _repeat[T](work: Callable[[], T]) -> T:
    tried = lost = 0
    in_doubt = False
    while True:
        try:
            if in_doubt:
                reach_standby()
            return work()
        except CommitInDoubt:
            in_doubt = True
            lost += 1
            if lost == TRIES_WHEN_LOST:
                raise
        except DatabaseError as error:
            if _is_lost(error):
                connection.close()
                lost += 1
            elif _sqlstate_of(error) in {DEADLOCK, SERIALISATION_FAILURE}:
                tried += 1
            else:
                raise
            if tried == TRIES or lost == TRIES_WHEN_LOST:
                raise
        # By chance, so as not to meet again.
        time.sleep(random.uniform(0, 0.005 * 2**tried) + (0.05 * 2**lost if lost else 0))  # noqa: S311


def _call_once(statement: str, arguments: Sequence[Argument]) -> Row:
    try:
        listen_for_doubts()
        before = doubts()
        with _cursor() as cursor:
            cursor.execute(statement, arguments)
            row: Row | None = cursor.fetchone()
    except DatabaseError as error:
        refusal = _refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error
    assert row is not None, "a function of the ledger answers with a row or refuses"
    if doubts() > before and not connection.in_atomic_block:
        raise CommitInDoubt
    return row


def _cursor() -> Any:
    """Django's own wrapper, so that what watches its statements sees these, over our cursor."""
    cursor: Any = PreparedCursor(connection.connection)
    if connection.queries_logged:
        return connection.make_debug_cursor(cursor)
    return connection.make_cursor(cursor)


def _bound(argument: Argument) -> Argument:
    """Numbers always as bigint: of one kind, a statement is prepared once and not once per size."""
    kind = type(argument)
    if kind is int:
        return Int8(argument)
    if kind is list:
        return [_bound(one) for one in argument]
    return argument


def _is_lost(error: DatabaseError) -> bool:
    """Whether nobody knows how it ended, because the connection broke or the server went."""
    raw = connection.connection
    return raw is None or raw.closed or raw.broken or _sqlstate_of(error).startswith(LOST)


def _refusal_of(error: DatabaseError) -> LedgerRefusal | None:
    code = _sqlstate_of(error)
    if code not in REFUSALS:
        return None
    detail = error.__cause__.diag.message_detail  # type: ignore[union-attr]
    return refusal_for(code, json.loads(detail))


def _sqlstate_of(error: DatabaseError) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""
