"""Whether the installed ledger is the one that `timebank/sql/ledger.sql` describes.

The file is compared with the database's own catalogue: the text of each function, the switch of
each trigger, who may execute what. Somebody with a superuser's rights can change a function and
post with it; the figures may then still add up, so this looks at the code itself. `file_hash` is
also kept in `ledger.version` when it is installed, which tells a ledger of an earlier version.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

LEDGER_SQL = Path(__file__).resolve().parent.parent / "sql" / "ledger.sql"
FUNCTION = re.compile(
    r"^CREATE FUNCTION ledger\.(\w+)\(.*?\bAS \$\$(.*?)\$\$;", re.DOTALL | re.MULTILINE
)
TRIGGER = re.compile(r"^CREATE (?:CONSTRAINT )?TRIGGER (\w+)", re.MULTILINE)
GRANTED = re.compile(r"GRANT EXECUTE ON FUNCTION\s+(.*?)\s*TO qicai_web;", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CodeDifference:
    """One thing about the installed ledger that is not as in the file."""

    rule: str
    subject: str
    expected: str
    found: str


def file_hash() -> str:
    """The SHA-256 of `ledger.sql` as it stands in this version of the product."""
    return sha256(LEDGER_SQL.read_bytes()).hexdigest()


def installed_hash(database: BaseDatabaseWrapper | None = None) -> str:
    """The SHA-256 of the file whose functions stand in the database; empty if unknown."""
    with (database or connection).cursor() as cursor:
        cursor.execute("SELECT file_hash FROM ledger.version ORDER BY number DESC LIMIT 1")
        (known,) = cursor.fetchone() or ("",)
    return str(known)


def differences_from_file() -> list[CodeDifference]:
    """Functions, triggers and rights that are not as in the file; an empty list is good."""
    return [*_hash(), *_functions(), *_triggers(), *_rights()]


def _hash() -> Iterator[CodeDifference]:
    installed = installed_hash()
    if installed != file_hash():
        yield CodeDifference("ledger_is_of_this_version", "schema ledger", file_hash(), installed)


def _functions() -> Iterator[CodeDifference]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, p.prosrc, r.rolname FROM pg_proc p"
            " JOIN pg_roles r ON r.oid = p.proowner"
            " WHERE p.pronamespace = 'ledger'::regnamespace"
        )
        found = cursor.fetchall()
    installed = {name: (text, owner) for name, text, owner in found}
    # Of two functions of one name one would hide the other here, and be called instead of it.
    for name in sorted({name for name, *_ in found if sum(name == one for one, *_ in found) > 1}):
        yield CodeDifference("function_is_as_written", f"function {name}", "one", "several")
    written = dict(FUNCTION.findall(LEDGER_SQL.read_text(encoding="utf-8")))
    for name in sorted(written.keys() | installed.keys()):
        text, owner = installed.get(name, ("", ""))
        if text != written.get(name) or owner != "ledger":
            yield CodeDifference(
                "function_is_as_written",
                f"function {name}",
                _short(written.get(name)),
                f"{_short(text)} of {owner}" if text else "none",
            )


def _triggers() -> Iterator[CodeDifference]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, t.tgenabled FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE c.relnamespace = 'ledger'::regnamespace AND NOT t.tgisinternal"
        )
        installed = {
            name: switch.decode() if isinstance(switch, bytes) else switch
            for name, switch in cursor.fetchall()
        }
    written = set(TRIGGER.findall(LEDGER_SQL.read_text(encoding="utf-8")))
    for name in sorted(written | installed.keys()):
        found = {"O": "on", "A": "on"}.get(installed.get(name, ""), "off or none")
        expected = "on" if name in written else "none"
        if found != expected:
            yield CodeDifference("trigger_is_as_written", f"trigger {name}", expected, found)


def _rights() -> Iterator[CodeDifference]:
    listed = GRANTED.search(LEDGER_SQL.read_text(encoding="utf-8"))
    assert listed, "the file grants the verbs to the web role"
    granted = {name.strip().removeprefix("ledger.") for name in listed[1].split(",")}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'ledger'::regnamespace"
            " AND has_function_privilege('qicai_web', p.oid, 'EXECUTE')"
        )
        allowed = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'ledger'::regnamespace"
            " AND c.relkind = 'r' AND has_table_privilege("
            "'qicai_web', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')"
        )
        writable = sorted(name for (name,) in cursor.fetchall())
    for name in sorted(granted ^ allowed):
        yield CodeDifference(
            "rights_are_as_written",
            f"function {name}",
            "may be called" if name in granted else "may not be called",
            "may" if name in allowed else "may not",
        )
    for name in writable:
        yield CodeDifference("rights_are_as_written", f"table {name}", "not writable", "writable")


def _short(text: str | None) -> str:
    return sha256(text.encode()).hexdigest()[:16] if text else "none"
