"""Know when a commit may yet be lost, and ask until it may not.

With a synchronous standby a COMMIT waits for it. Where that wait is cut short (somebody cancels it,
the server is told to stop), COMMIT succeeds all the same, with a warning (01000): here the change
stands, on the standby perhaps not. So the warning is listened for. What came with one is unknown,
until a later commit has reached the standby: what was written before it is there then, too.
"""

import threading
from contextlib import suppress
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection

STANDBY_NOT_REACHED = "01000"
TRIES = 3
ASK = "SELECT pg_catalog.pg_logical_emit_message(true, 'qicai', '')"

_heard = threading.local()


class CommitInDoubt(Exception):
    """The server committed, and says that its standby may not have it."""


def doubts() -> int:
    """How many commits of this thread came with the warning so far."""
    return getattr(_heard, "count", 0)


def listen_for_doubts() -> None:
    """Hear what this thread's connection is warned of; asked again, nothing changes."""
    connection.ensure_connection()
    _listen(connection.connection)


def listen_to_new(connection: Any, **_signal: Any) -> None:
    """Hear what a connection is warned of from its beginning (`connection_created`)."""
    if connection.alias == DEFAULT_DB_ALIAS:
        _listen(connection.connection)


def reach_standby() -> None:
    """Commit something small, and wait for the standby with it: all before it is there, too.

    Raises `CommitInDoubt` where that wait is cut short again.
    """
    listen_for_doubts()
    before = doubts()
    with connection.cursor() as cursor:
        cursor.execute(ASK)
    if doubts() > before:
        raise CommitInDoubt


def is_certain(before: int) -> bool:
    """Whether all that this thread committed since it had heard `before` doubts will last.

    Where something is in doubt, the standby is waited for; an operator who keeps cutting that
    short gets no for an answer.
    """
    for _try in range(TRIES):
        if doubts() == before:
            return True
        before = doubts()
        with suppress(CommitInDoubt):
            reach_standby()
    return doubts() == before


def _listen(raw: Any) -> None:
    if not getattr(raw, "is_listened_to", False):
        raw.is_listened_to = True
        raw.add_notice_handler(_hear)


def _hear(notice: Any) -> None:
    if notice.severity_nonlocalized == "WARNING" and notice.sqlstate == STANDBY_NOT_REACHED:
        _heard.count = doubts() + 1
