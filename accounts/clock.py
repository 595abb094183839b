"""The database's clock, by which every deadline is judged.

Read it after the row lock: the transaction's own timestamp can predate a wait for the lock.
"""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The instant the database sees now (`clock_timestamp()`), time-zone aware."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    assert row is not None, "clock_timestamp() always answers"
    now: datetime = row[0]
    return now
