"""What happened on an earlier day: services judge by the database's clock, so it is set back.

Only what this connection asks meanwhile is; what is frozen then carries that day and needs no
change afterwards.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Model, signals
from django.db.models.expressions import DatabaseDefault
from django.db.models.functions import Now
from django.utils import timezone

from accounts.working_days import is_working_day

ASKED = ("clock_timestamp()", "STATEMENT_TIMESTAMP()")


@contextmanager
def as_of(day: date) -> Iterator[None]:
    """The same time of the day, that day."""
    back = (timezone.localdate() - day).days

    def set_back(execute: Callable[..., Any], sql: str, params: Any, many: bool, ctx: Any) -> Any:
        for clock in ASKED:
            sql = sql.replace(clock, f"({clock} - interval '{back} days')")
        return execute(sql, params, many, ctx)

    def put_down(sender: type[Model], instance: Model, **_kwargs: Any) -> None:
        """The instant a row takes from its table's default, which asks nobody here."""
        for one in sender._meta.concrete_fields:
            is_unset = isinstance(getattr(instance, one.attname), DatabaseDefault)
            if is_unset and isinstance(one.db_default, Now):
                setattr(instance, one.attname, timezone.now() - timedelta(days=back))

    signals.pre_save.connect(put_down)
    try:
        with connection.execute_wrapper(set_back):
            yield
    finally:
        signals.pre_save.disconnect(put_down)


def before(instant: datetime) -> AbstractContextManager[None]:
    """A day earlier: a call is published before it opens, a proposal filed before the close."""
    return as_of(timezone.localdate(instant) - timedelta(days=1))


def after(instant: datetime) -> AbstractContextManager[None]:
    """A day later."""
    return as_of(timezone.localdate(instant) + timedelta(days=1))


def working_days_before(today: date, count: int) -> date:
    """The day from which `today` is so many working days away."""
    day = today
    while count:
        day -= timedelta(days=1)
        count -= is_working_day(day)
    return day
