"""Working days: which days count when a deadline is given in working days.

A day counts when the State Council's arrangement (`Holiday` rows) says so, else when it is no
weekend. A year without any row has not been loaded: `is_calendar_known` tells.
"""

from datetime import date, timedelta

from accounts.models.regions import Holiday

ONE_DAY = timedelta(days=1)
SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Whether offices work on this day."""
    return day in _Calendar(day, day)


def add_working_days(start: date, days: int) -> date:
    """The day on which the `days`-th working day after `start` falls; `start` is not counted."""
    assert days >= 0, "a deadline lies ahead"
    calendar = _Calendar(start, start + timedelta(days=days * 2 + 21))
    day = start
    while days:
        day += ONE_DAY
        if day in calendar:
            days -= 1
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days lie in the span, both ends included; none when it runs backwards."""
    calendar = _Calendar(first, last)
    return sum(
        first + timedelta(days=offset) in calendar for offset in range((last - first).days + 1)
    )


def is_calendar_known(year: int) -> bool:
    """Whether anything is loaded for the year; if not, only weekends are known to be off."""
    return Holiday.objects.filter(day__year=year).exists()


class _Calendar:
    """The span's exceptions, read in one question; a day is `in` it when it is worked."""

    def __init__(self, first: date, last: date) -> None:
        rows = Holiday.objects.filter(day__range=(first, last))
        self.exceptions = dict(rows.values_list("day", "is_working"))

    def __contains__(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < SATURDAY)
