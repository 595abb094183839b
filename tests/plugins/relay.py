"""Rows that many tests begin with, made once per run by the services and laid again for each test.

`Relay.of(build)` calls `build` once, keeps what it returned and the rows it wrote, and rolls back.
`relay.lay()` writes the same rows in a few statements and hands out a fresh copy of what was
returned: what no test can tell from calling `build` itself, but for the time it takes. Sequences
never roll back, so that rows made later have higher ids.

`@laid_again` does so for a factory or a fixture of the tests, unless the test has written anything
but the cast and what was laid.

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

READABLE = """
    SELECT format('%%I.%%I', n.nspname, c.relname),
           string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.oid = ANY (%s::oid[]) AND has_table_privilege(c.oid, 'SELECT')
       AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     GROUP BY n.nspname, c.relname
"""
# A row is read whole, not once for each of its columns; what was written is asked of the tables'
# own counters, without the views that look for every index and toast table.
HELPERS = """
    CREATE SCHEMA IF NOT EXISTS laid;
    GRANT USAGE ON SCHEMA laid TO PUBLIC;
    CREATE OR REPLACE FUNCTION laid.lay(targets text[], columns text[], counts int[], lines text[])
        RETURNS void LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp SET session_replication_role = replica AS $$
    DECLARE
        done int := 0;
    BEGIN
        FOR each IN 1 .. cardinality(targets) LOOP
            EXECUTE format(
                'INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE'
                ' SELECT %2$s FROM unnest($1::%1$s[]) AS kept',
                targets[each], columns[each]) USING lines[done + 1 : done + counts[each]];
            done := done + counts[each];
        END LOOP;
    END $$;
    CREATE OR REPLACE FUNCTION laid.written(OUT of oid, OUT put_in bigint, OUT changed bigint)
        RETURNS SETOF record LANGUAGE sql STABLE AS $$
        SELECT of, pg_stat_get_xact_tuples_inserted(of),
               pg_stat_get_xact_tuples_updated(of) + pg_stat_get_xact_tuples_deleted(of)
          FROM unnest({tables}) AS of $$;
"""
WRITTEN = "SELECT sum(put_in)::int, sum(changed)::int FROM laid.written()"
WRITTEN_INTO = "SELECT of, put_in, changed FROM laid.written() WHERE put_in + changed > 0"


def install() -> None:
    """Give the test database the functions that lay rows and count what was written."""
    with owner() as connected:
        named = [sql.Identifier(*name).as_string() for name in connected.execute(TABLES)]
        tables = sql.SQL("ARRAY[{}]::regclass[]::oid[]").format(
            sql.SQL(", ").join(map(sql.Literal, named))
        )
        connected.execute(sql.SQL(HELPERS).format(tables=tables))


type Table = tuple[str, str]  # its name, and the columns a row is written with


class RowsChanged(Exception):
    """A build that also changed rows which stood before: whoever holds those would not know."""


@dataclass(frozen=True)
class Relay[T]:
    """What a build wrote, as lines of each table and its columns, and what it returned."""

    tables: list[Table]
    rows: list[list[str]]
    returned: bytes

    @classmethod
    def of(cls, build: Callable[[], T]) -> "Relay[T]":
        """Build on a database that holds what `build` needs, keep it, and undo it."""
        with transaction.atomic():
            before = _written_into()
            returned = pickle.dumps(build())
            written = _written_into()
            tables = _readable([of for of in written if written[of] != before.get(of)])
            after = [_lines(table) for table in tables]
            transaction.set_rollback(True)
        rows = []
        for table, new in zip(tables, after, strict=True):
            old = _lines(table)
            if not old.keys() <= new.keys():
                raise RowsChanged(f"only new rows can be laid again: {table[0]}")
            rows.append([line for line in new if line not in old])
        return cls(tables, rows, returned)

    def __len__(self) -> int:
        return sum(map(len, self.rows))

    def lay(self) -> T:
        """The same rows and values again."""
        names, columns = [name for name, _ in self.tables], [listed for _, listed in self.tables]
        lines = [line for rows in self.rows for line in rows]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT laid.lay(%s, %s, %s, %s)",
                [names, columns, [len(rows) for rows in self.rows], lines],
            )
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
    def went_on(cls, what: str, rows: int) -> None:
        assert cls.now is not None, "only what was as laid goes on"
        cls.now, cls.laid = (cls.now[0] + rows, cls.now[1]), (*cls.laid, what)


def _written() -> tuple[int, int]:
    """Rows that this session put in, and those it changed or took out, and has not reported."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        put_in, changed = cursor.fetchone()
    return put_in, changed


def _written_into() -> dict[int, tuple[int, int]]:
    """The same for each table that was written."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN_INTO)
        return {of: (put_in, changed) for of, put_in, changed in cursor.fetchall()}


def laid_again[**P, T](make: Callable[P, T]) -> Callable[P, T]:
    """Call it once for the same arguments upon the same ground, and lay what it made."""
    kept: dict[tuple[str, ...], Relay[T] | None] = {}

    @wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> T:
        if not Ground.is_as_laid():
            return make(*args, **kwargs)
        named = [_named(each) for each in (*args, *sorted(kwargs.items()))]
        what = f"{make.__module__}.{make.__qualname__} {named} {timezone.localdate()}"
        asked = (*Ground.laid, what)
        if asked not in kept:
            kept[asked] = _relay_of(lambda: make(*args, **kwargs))
            Ground.now, Ground.laid = Ground.put(), asked[:-1]  # what was undone is counted too
        relay = kept[asked]
        if relay is None:
            return make(*args, **kwargs)
        thing = relay.lay()
        Ground.went_on(what, len(relay))
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


def _readable(tables: list[int]) -> list[Table]:
    """Those that the tests may read."""
    with connection.cursor() as cursor:
        cursor.execute(READABLE, [tables])
        return [(name, columns) for name, columns in cursor.fetchall()]


def _lines(table: Table) -> dict[str, None]:
    """The rows in their order, each found at once."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT row::text FROM {table[0]} AS row")
        return {line: None for (line,) in cursor.fetchall()}
