"""Rows that many tests begin with, made once per run by the services and laid again for each test.

`Relay.of(build)` calls `build` once, keeps what it returned and the rows it wrote (as PostgreSQL's
own COPY text), and rolls back. `relay.lay()` writes the same rows in a few statements and hands out
a fresh copy of what was returned: what no test can tell from calling `build` itself, but for the
time it takes. Sequences never roll back, so that rows made later have higher ids.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from tests.plugins.wipe import TABLES

COLUMNS = """
    SELECT array_agg(attname ORDER BY attnum) FROM pg_attribute
     WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""


@dataclass(frozen=True)
class Relay[T]:
    """What a build wrote and returned."""

    rows: dict[str, bytes]
    returned: bytes

    @classmethod
    def of(cls, build: Callable[[], T]) -> "Relay[T]":
        """Build on a database that holds what `build` needs, keep it, and undo it."""
        with transaction.atomic():
            tables = _tables()
            before = {table: _lines(table) for table in tables}
            returned = pickle.dumps(build())
            after = {table: _lines(table) for table in tables}
            transaction.set_rollback(True)
        changed = [table for table in tables if not before[table].keys() <= after[table].keys()]
        assert not changed, f"only new rows can be laid again: {changed}"
        new = {t: [line for line in after[t] if line not in before[t]] for t in tables}
        return cls({t: b"".join(lines) for t, lines in new.items() if lines}, returned)

    def lay(self) -> T:
        """The same rows and values again. Foreign keys are checked when the transaction ends."""
        with transaction.atomic(), connection.cursor() as cursor:
            for table, text in self.rows.items():
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(text)
        return self.values()

    def values(self) -> T:
        value: Any = pickle.loads(self.returned)
        return value  # type: ignore[no-any-return]


def _tables() -> list[str]:
    """Each table that the tests may read, with the columns a row is written with."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        for schema, name in cursor.fetchall():
            table = sql.Identifier(schema, name)
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table.as_string()])
            if cursor.fetchone() == (False,):
                continue
            cursor.execute(COLUMNS, [table.as_string()])
            (columns,) = cursor.fetchone()
            listed = sql.SQL(", ").join(map(sql.Identifier, columns))
            found.append(f"{table.as_string()} ({listed.as_string()})")
    return found


def _lines(table: str) -> dict[bytes, None]:
    """The rows in their order, each found at once."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} TO STDOUT") as copy,
    ):
        return dict.fromkeys(b"".join(bytes(part) for part in copy).splitlines(keepends=True))
