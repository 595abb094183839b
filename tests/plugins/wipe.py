"""Empty the test database after a transactional test, append-only tables included.

The owner sets `session_replication_role = replica`, under which no trigger and no foreign key
fires, deletes what the test committed, and puts back the rows the migrations had made. Outside the
embedded cluster the owner needs for that, from a superuser:
`GRANT SET ON PARAMETER session_replication_role TO <owner>`.
"""

from dataclasses import dataclass

import psycopg
from django.db import connections
from psycopg import sql

TABLES = """
    SELECT n.nspname, c.relname
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r'
       AND n.nspname NOT IN ('pg_catalog', 'information_schema')
       AND n.nspname NOT LIKE 'pg_%' AND c.relname <> 'django_migrations'
       AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
     ORDER BY 1, 2
"""


@dataclass
class OwnerWipe:
    """Knows every table, and the rows each held when the migrations were done."""

    tables: list[sql.Identifier]
    seeds: dict[int, bytes]

    @classmethod
    def after_migrations(cls) -> "OwnerWipe":
        with owner() as connection:
            tables = [sql.Identifier(*row) for row in connection.execute(TABLES)]
            wipe = cls(tables, {})
            for number in wipe._filled(connection):
                with connection.cursor().copy(
                    sql.SQL("COPY {} TO STDOUT").format(tables[number])
                ) as rows:
                    wipe.seeds[number] = b"".join(bytes(part) for part in rows)
        return wipe

    def __call__(self) -> None:
        with owner() as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("SET lock_timeout = '20s'")
            filled = self._filled(connection)
            # A table the migrations filled is put back whole, the others are emptied.
            with connection.transaction():
                for number in filled:
                    connection.execute(sql.SQL("DELETE FROM {}").format(self.tables[number]))
                for number, rows in self.seeds.items():
                    with connection.cursor().copy(
                        sql.SQL("COPY {} FROM STDIN").format(self.tables[number])
                    ) as copy:
                        copy.write(rows)

    def _filled(self, connection: psycopg.Connection) -> list[int]:
        question = sql.SQL(" UNION ALL ").join(
            sql.SQL("(SELECT {} WHERE EXISTS (SELECT FROM {}))").format(sql.Literal(number), table)
            for number, table in enumerate(self.tables)
        )
        return [row[0] for row in connection.execute(question)] if self.tables else []


def owner() -> psycopg.Connection:
    """A connection of its own: the aliases' connections may be in use or broken by the test."""
    parameters = connections["owner"].get_connection_params()
    for name in ("cursor_factory", "context", "server_side_binding"):
        parameters.pop(name, None)
    return psycopg.connect(**parameters, autocommit=True)
