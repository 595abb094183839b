"""Working days: which days count when a deadline is given in working days.

A day counts when the State Council's arrangement (`Holiday` rows) says so, else when it is no
weekend. A year is known once its arrangement has been entered with its document (`CalendarYear`);
of any other only weekends and the statutory days are off, and whoever shows a count says so
(`unknown_years`, and `{% calendar_warning first last %}` in templates).
"""

from datetime import date, timedelta

from accounts.models.regions import CalendarYear, Holiday

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


def last_day_overdue(today: date, days: int) -> date:
    """The latest day after which `days` working days have gone by whole before `today`.

    What was due `days` working days after that day, or after an earlier one, is overdue today.
    """
    assert days > 0, "something has a term"
    calendar = _Calendar(today - timedelta(days=days * 2 + 21), today)
    day = today
    while days:
        day -= ONE_DAY
        if day in calendar:
            days -= 1
    return day - ONE_DAY


def working_days_between(first: date, last: date) -> int:
    """How many working days lie in the span, both ends included; none when it runs backwards."""
    calendar = _Calendar(first, last)
    return sum(
        first + timedelta(days=offset) in calendar for offset in range((last - first).days + 1)
    )


def is_calendar_known(year: int) -> bool:
    """Whether the year's official arrangement is entered; if not, bridging days are missing."""
    return CalendarYear.objects.filter(year=year).exists()


def unknown_years(first: date, last: date) -> list[int]:
    """The years of a span whose arrangement is not entered, in order."""
    years = range(first.year, last.year + 1)
    known = set(CalendarYear.objects.filter(year__in=years).values_list("year", flat=True))
    return [year for year in years if year not in known]


class _Calendar:
    """The span's exceptions, read in one question; a day is `in` it when it is worked."""

    def __init__(self, first: date, last: date) -> None:
        rows = Holiday.objects.filter(day__range=(first, last))
        self.exceptions = dict(rows.values_list("day", "is_working"))

    def __contains__(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < SATURDAY)
