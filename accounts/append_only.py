"""Append-only tables: what is written is never rewritten.

Two walls. The web role loses UPDATE, DELETE and TRUNCATE on the table (`revoke_rewriting`, in a
migration), and triggers refuse them to the owner too (`append_only`, in the model's Meta). The
grant is the real guard: a session may tell django-pgtrigger to ignore its triggers.
"""

import pgtrigger
from django.conf import settings
from django.db.migrations import RunSQL


def append_only(name: str, *, unless: str = "") -> list[pgtrigger.Trigger]:
    """The triggers of an append-only table; `name` is a sentence, e.g. `changes_append_only`.

    `unless` is a condition in SQL on OLD and NEW: the one way in which a row may change.
    """
    refuse = "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;"
    of_a_row = f"IF {unless.strip()} THEN RETURN NEW; END IF; {refuse}" if unless else refuse
    return [
        pgtrigger.Trigger(
            name=name,
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            level=pgtrigger.Row,
            func=of_a_row,
        ),
        pgtrigger.Trigger(
            name=f"{name}_whole",
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            level=pgtrigger.Statement,
            func=refuse,
        ),
    ]


def revoke_rewriting(table: str) -> RunSQL:
    """Migration operation: the web role may insert and read `table`, nothing else."""
    role = settings.WEB_DATABASE_ROLE
    return RunSQL(
        f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM "{role}"',
        f'GRANT UPDATE, DELETE ON "{table}" TO "{role}"',
    )
