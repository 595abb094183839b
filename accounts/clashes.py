"""Which rule of the database refused a write. What to say about it is the service's own."""

import psycopg
from django.db import IntegrityError


def constraint_of(clash: IntegrityError) -> str:
    """The name of the constraint that was broken; empty where the database names none."""
    cause = clash.__cause__
    assert isinstance(cause, psycopg.Error), "every write goes through psycopg"
    return cause.diag.constraint_name or ""
