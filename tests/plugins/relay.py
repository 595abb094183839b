"""Rows that many tests begin with, made once per run by the services and laid again for each test.

`Relay.of(build)` calls `build` once, keeps what it returned and the rows it wrote, and rolls back.
`relay.lay()` writes the same rows in a few statements and hands out a fresh copy of what was
returned: what no test can tell from calling `build` itself, but for the time it takes. Sequences
never roll back, so that rows made later have higher ids.

`@laid_again` does so for a factory or a fixture of the tests. It is called itself the first time,
and wherever the test has written anything but the cast and what was laid.

Tables that only the owner's functions write, the ledger's, are laid by such a function, which the
test database alone has. No trigger and no foreign key looks at rows that were judged once.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from psycopg import sql

from config.demo.cast import Cast
from tests.plugins.wipe import TABLES, owner

COLUMNS = """
    SELECT array_agg(attname ORDER BY attnum) FROM pg_attribute
     WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""
LAYING = """
    CREATE SCHEMA IF NOT EXISTS laid;
    GRANT USAGE ON SCHEMA laid TO PUBLIC;
    CREATE OR REPLACE FUNCTION laid.lay(target regclass, columns text, lines text[])
        RETURNS void LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp SET session_replication_role = replica AS $$
    BEGIN
        EXECUTE format(
            'INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE'
            ' SELECT %s FROM (SELECT (line::%s).* FROM unnest($1) AS line) AS kept',
            target, columns, columns, target) USING lines;
    END $$;
"""
WRITTEN = """
    SELECT coalesce(sum(n_tup_ins), 0)::int, coalesce(sum(n_tup_upd + n_tup_del), 0)::int
      FROM pg_stat_xact_user_tables
"""


def install() -> None:
    """Give the test database the function that lays rows."""
    with owner() as connected:
        connected.execute(LAYING)


class RowsChanged(Exception):
    """A build that also changed rows which stood before."""


@dataclass(frozen=True)
class Relay[T]:
    """What a build wrote, as lines of each table and its columns, and what it returned."""

    rows: dict[tuple[str, str], list[str]]
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
        if changed:
            raise RowsChanged(f"only new rows can be laid again: {changed}")
        new = {t: [line for line in after[t] if line not in before[t]] for t in tables}
        return cls({t: lines for t, lines in new.items() if lines}, returned)

    def lay(self) -> T:
        """The same rows and values again."""
        with transaction.atomic(), connection.cursor() as cursor:
            for (table, columns), lines in self.rows.items():
                cursor.execute("SELECT laid.lay(%s, %s, %s)", [table, columns, lines])
        return self.values()

    def values(self) -> T:
        value: Any = pickle.loads(self.returned)
        return value  # type: ignore[no-any-return]


class Ground:
    """What a test has written so far, as long as all of it was laid: the cast, then more.

    Counted from where its transaction began: the server adds up what one session's transactions
    wrote, whatever became of them, and forgets it about once a second.
    """

    before: tuple[int, int] = (0, 0)
    cast: tuple[int, int] | None = None  # the cast and nothing else
    now: tuple[int, int] | None = None
    laid: tuple[str, ...] = ()

    @classmethod
    def open(cls) -> None:
        cls.before, cls.now = _written(), None

    @classmethod
    def put(cls) -> tuple[int, int]:
        put_in, changed = _written()
        return put_in - cls.before[0], changed - cls.before[1]

    @classmethod
    def begin(cls) -> None:
        cls.now, cls.laid = cls.cast, ()

    @classmethod
    def is_as_laid(cls) -> bool:
        return connection.in_atomic_block and cls.now is not None and cls.put() == cls.now

    @classmethod
    def went_on(cls, what: str) -> None:
        cls.now, cls.laid = cls.put(), (*cls.laid, what)


def _written() -> tuple[int, int]:
    """Rows that this session put in, and those it changed or took out, and has not reported."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        put_in, changed = cursor.fetchone()
    return put_in, changed


def laid_again[**P, T](make: Callable[P, T]) -> Callable[P, T]:
    """Call it once for the same arguments upon the same ground; after that, lay what it made."""
    made_once: set[tuple[str, ...]] = set()
    kept: dict[tuple[str, ...], Relay[T] | None] = {}

    @wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> T:
        if not Ground.is_as_laid():
            return make(*args, **kwargs)
        named = [_named(each) for each in (*args, *sorted(kwargs.items()))]
        what = f"{make.__module__}.{make.__qualname__} {named} {timezone.localdate()}"
        asked = (*Ground.laid, what)
        if asked not in made_once:
            made_once.add(asked)
            return make(*args, **kwargs)
        if asked not in kept:
            kept[asked] = _relay_of(lambda: make(*args, **kwargs))
            Ground.laid = asked[:-1]
        relay = kept[asked]
        if relay is None:
            return make(*args, **kwargs)
        thing = relay.lay()
        Ground.went_on(what)
        return thing

    return made


def _relay_of[T](build: Callable[[], T]) -> Relay[T] | None:
    try:
        return Relay.of(build)
    except RowsChanged:
        return None


def _named(given: Any) -> Any:
    """What tells one argument from another: a row by its key, the cast by being the cast."""
    if isinstance(given, Model):
        return given._meta.label, given.pk
    if isinstance(given, list | tuple):
        return [_named(each) for each in given]
    return "cast" if isinstance(given, Cast) else given


def _tables() -> list[tuple[str, str]]:
    """Each table that the tests may read, with the columns a row is written with."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        for schema, name in cursor.fetchall():
            table = sql.Identifier(schema, name).as_string()
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table])
            if cursor.fetchone() == (False,):
                continue
            cursor.execute(COLUMNS, [table])
            (columns,) = cursor.fetchone()
            listed = sql.SQL(", ").join(map(sql.Identifier, columns)).as_string()
            found.append((table, listed))
    return found


def _lines(table: tuple[str, str]) -> dict[str, None]:
    """The rows in their order, each found at once."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT row::text FROM {table[0]} AS row")
        return {line: None for (line,) in cursor.fetchall()}
