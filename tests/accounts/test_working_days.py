"""Working days by the State Council's arrangements of 2025 and 2026."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.services.calendar import load_holidays
from accounts.working_days import (
    add_working_days,
    is_calendar_known,
    is_working_day,
    unknown_years,
    working_days_between,
)


@pytest.fixture(autouse=True)
def calendar(db: None) -> None:
    load_holidays()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 20), True),  # an ordinary Friday
        (date(2026, 11, 21), False),  # an ordinary Saturday
        (date(2026, 2, 14), True),  # a Saturday worked for the Spring Festival
        (date(2026, 2, 16), False),  # the eve, a Monday
        (date(2026, 10, 10), True),  # a Saturday worked for the National Day
        (date(2025, 10, 8), False),  # the last day of eight
        (date(2027, 2, 5), False),  # 除夕 2027, statutory
    ],
)
def test_day_follows_the_arrangement(day: date, works: bool) -> None:
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 20), 5, date(2026, 11, 27)),
        # 13 February 2026 is a Friday: the 14th is worked, then nine days off.
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
    ],
)
def test_deadline_in_working_days(start: date, days: int, last: date) -> None:
    assert add_working_days(start, days) == last


def test_years_of_deadlines_agree_with_counting_one_by_one() -> None:
    start = date(2025, 12, 31)
    for days in (1, 20, 60, 250):
        last = add_working_days(start, days)

        assert is_working_day(last)
        assert working_days_between(start, last) == days + is_working_day(start)


def test_span_counts_both_ends() -> None:
    assert working_days_between(date(2026, 11, 16), date(2026, 11, 22)) == 5
    assert working_days_between(date(2026, 11, 21), date(2026, 11, 22)) == 0
    assert working_days_between(date(2026, 11, 22), date(2026, 11, 21)) == 0


def test_a_deadline_is_one_question(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        add_working_days(date(2026, 1, 1), 30)


def test_unloaded_year_is_told_apart() -> None:
    assert is_calendar_known(2026)
    assert not is_calendar_known(2027)  # its statutory days are there, its arrangement is not
    assert unknown_years(date(2026, 12, 1), date(2028, 1, 5)) == [2027, 2028]
