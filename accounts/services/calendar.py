"""The calendar of working days: load it from files, enter a year's arrangement, mend a day."""

import csv
from datetime import date
from pathlib import Path

from django.db import transaction

from accounts import rules
from accounts.errors import NotAllowed
from accounts.models.people import User
from accounts.models.regions import CalendarYear, Holiday
from accounts.services.changes import record_change

DATA = Path(__file__).resolve().parent.parent / "data"
HOLIDAYS = DATA / "holidays.csv"
CALENDAR_YEARS = DATA / "calendar_years.csv"


@transaction.atomic
def load_holidays(path: Path | str = HOLIDAYS) -> int:
    """Bring the calendar in line with a file, day by day; returns how many days it names.

    The years whose arrangement the file holds are entered with their documents, from the file
    beside it.
    """
    with open(path, encoding="utf-8", newline="") as file:
        days = [
            Holiday(
                day=date.fromisoformat(row["day"]),
                name=row["name"],
                is_working=row["is_working"] == "yes",
            )
            for row in csv.DictReader(file)
        ]
    Holiday.objects.bulk_create(
        days, update_conflicts=True, unique_fields=["day"], update_fields=["name", "is_working"]
    )
    if Path(path) == HOLIDAYS:
        _load_years(CALENDAR_YEARS)
    return len(days)


def _load_years(path: Path) -> None:
    with open(path, encoding="utf-8", newline="") as file:
        years = [
            CalendarYear(
                year=int(row["year"]),
                document_number=row["document_number"],
                published_on=date.fromisoformat(row["published_on"]),
            )
            for row in csv.DictReader(file)
        ]
    CalendarYear.objects.bulk_create(years, ignore_conflicts=True)


@transaction.atomic
def enter_arrangement(
    year: int, *, document_number: str, published_on: date | None, acting_user: User
) -> CalendarYear:
    """Say that the year's days agree with the State Council's document: the year is known now."""
    if not rules.keeps_basic_data(acting_user):
        raise NotAllowed()
    entered, _is_new = CalendarYear.objects.update_or_create(
        year=year, defaults={"document_number": document_number, "published_on": published_on}
    )
    record_change(entered, "set_calendar_year", after=document_number[:40], acting_user=acting_user)
    return entered


@transaction.atomic
def set_holiday(day: date, *, name: str, is_working: bool, acting_user: User) -> Holiday:
    """Say whether a day is off or worked, against its weekday."""
    if not rules.keeps_basic_data(acting_user):
        raise NotAllowed()
    holiday, _is_new = Holiday.objects.update_or_create(
        day=day, defaults={"name": name, "is_working": is_working}
    )
    record_change(
        holiday,
        "set_holiday",
        after="working" if is_working else "off",
        acting_user=acting_user,
        facts={"day": day.isoformat()},
    )
    return holiday


@transaction.atomic
def clear_holiday(holiday: Holiday, *, acting_user: User) -> None:
    """Let a day follow its weekday again."""
    if not rules.keeps_basic_data(acting_user):
        raise NotAllowed()
    record_change(
        holiday, "clear_holiday", acting_user=acting_user, facts={"day": holiday.day.isoformat()}
    )
    holiday.delete()
