"""Bring the ledger of a database that is already in use to what `timebank/sql/ledger.sql` says now.

The file is the whole ledger and makes a new one from top to bottom (migration 0001). Here its
functions, triggers and grants, sections 2 to 8, are put in the place of the installed ones, all at
once: whoever calls the ledger meanwhile waits, then meets the new ones. Tables are never touched
here. A change of a table is written twice, in the file for new databases and in a migration for
those in use; that both came to the same is looked at before anything is put in place, by making the
file's tables beside the installed ones and comparing what the catalogue says of them.

Who changed a function by hand is not helped by it: with the file as it was installed nothing is
done, and `verify_ledger` names the function, until somebody asks for it `again`.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from timebank.selectors.ledger_code import LEDGER_SQL, file_hash, installed_hash

BESIDE = "ledger_as_written"
CODE_BEGINS = re.compile(r"^-- 2\. ", re.MULTILINE)

# Everything in a schema that a migration could have left otherwise, one line a fact.
FACTS = r"""
WITH relation AS (
    SELECT c.* FROM pg_class AS c
     WHERE c.relnamespace = to_regnamespace(%(schema)s) AND c.relkind IN ('r', 'p', 'v')
)
SELECT format('table %%s %%s', c.relname, coalesce(array_to_string(c.reloptions, ','), ''))
  FROM relation AS c
UNION ALL
SELECT format('column %%s.%%s %%s%%s%%s %%s %%s', c.relname, a.attname,
              format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' not null' END,
              CASE WHEN a.attidentity <> '' THEN ' identity ' || a.attidentity::text END,
              a.attstorage,
              pg_get_expr(d.adbin, d.adrelid))
  FROM relation AS c
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
UNION ALL
SELECT format('constraint %%s.%%s %%s', coalesce(c.relname, t.typname), o.conname,
              pg_get_constraintdef(o.oid))
  FROM pg_constraint AS o
  LEFT JOIN pg_class AS c ON c.oid = o.conrelid
  LEFT JOIN pg_type AS t ON t.oid = o.contypid
 WHERE o.connamespace = to_regnamespace(%(schema)s) AND o.contype <> 't'
UNION ALL
SELECT format('index %%s.%%s %%s', c.relname, i.indexrelid::regclass::name,
              pg_get_indexdef(i.indexrelid))
  FROM relation AS c JOIN pg_index AS i ON i.indrelid = c.oid
UNION ALL
SELECT format('type %%s %%s %%s', t.typname, format_type(nullif(t.typbasetype, 0), t.typtypmod),
              (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
                 FROM pg_enum AS e WHERE e.enumtypid = t.oid))
  FROM pg_type AS t
 WHERE t.typnamespace = to_regnamespace(%(schema)s) AND t.typtype IN ('d', 'e')
"""
DROP_CODE = """
DO $$
DECLARE
    v_one text;
BEGIN
    FOR v_one IN
        SELECT format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass)
          FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
         WHERE c.relnamespace = 'ledger'::regnamespace AND NOT t.tgisinternal
        UNION ALL
        SELECT format('DROP ROUTINE %s', p.oid::regprocedure)
          FROM pg_proc AS p WHERE p.pronamespace = 'ledger'::regnamespace
    LOOP
        EXECUTE v_one;
    END LOOP;
END
$$
"""


class LedgerTablesDiffer(Exception):
    """The tables in use are not those of the file: a migration is missing. Each with its sign,
    `-` for what stands only in the file, `+` for what stands only in the database.
    """

    def __init__(self, differences: list[str]) -> None:
        super().__init__("\n".join(differences))
        self.differences = differences


@dataclass(frozen=True, slots=True)
class Installation:
    """Whether anything was put in place, and the hashes of the file before and now."""

    is_new: bool
    before: str
    now: str


def install_ledger(database: BaseDatabaseWrapper, *, again: bool = False) -> Installation:
    """Put the file's functions, triggers and grants in place, where another file's are installed.

    With `again` also where it is the same file's. All or nothing, one at a time.
    Raises `LedgerTablesDiffer`; then nothing has changed.
    """
    with transaction.atomic(using=database.alias), database.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '30s'")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('qicai:install_ledger'))")
        before, now = installed_hash(database), file_hash()
        if before == now and not again:
            return Installation(False, before, now)
        _require_tables(database)
        cursor.execute(DROP_CODE)
        cursor.execute("SET LOCAL ROLE ledger")
        cursor.execute(_parts()[1])  # it ends with RESET ROLE
        cursor.execute("INSERT INTO ledger.version (file_hash) VALUES (%s)", [now])
    return Installation(True, before, now)


def _parts() -> tuple[str, str]:
    """The file's tables; and its functions, triggers and grants."""
    text = LEDGER_SQL.read_text(encoding="utf-8")
    begins = CODE_BEGINS.search(text)
    assert begins, "section 2 begins with a line of its own"
    return text[: begins.start()], text[begins.start() :]


def _require_tables(database: BaseDatabaseWrapper) -> None:
    """Make the file's tables beside the installed ones, compare, and throw them away."""
    beside = re.sub(r"\bledger\.", f"{BESIDE}.", _parts()[0]).replace(
        "CREATE SCHEMA ledger ", f"CREATE SCHEMA {BESIDE} "
    )
    with database.cursor() as cursor:
        save = transaction.savepoint_create(using=database.alias)
        cursor.execute(beside)
        cursor.execute("RESET ROLE; SET LOCAL search_path = pg_catalog")
        written, installed = (
            {fact.replace(f"{BESIDE}.", "ledger.") for fact in _facts(cursor, schema)}
            for schema in (BESIDE, "ledger")
        )
        transaction.savepoint_rollback(save, using=database.alias)
    if written != installed:
        raise LedgerTablesDiffer(
            [f"- {fact}" for fact in sorted(written - installed)]
            + [f"+ {fact}" for fact in sorted(installed - written)]
        )


def _facts(cursor: Any, schema: str) -> set[str]:
    cursor.execute(FACTS, {"schema": schema})
    return {fact for (fact,) in cursor.fetchall()}
