"""From which figures on a record stands out, and who looks at it then.

A dated table: whoever changes a figure adds a row with the day it begins; each flag keeps the
version it was found by. Our own proposals, no law: a flag never refuses anything.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from timebank.terms.dated import in_force


@dataclass(frozen=True, slots=True)
class ScreeningTerms:
    """The figures of screening, from a day on."""

    since: date
    long_day_minutes: int = 8 * 60
    device_people: int = 3
    """From so many people on one phone, who are not one household."""
    device_within: timedelta = timedelta(days=30)
    burst_people: int = 8
    """One clerk writes down so many people without their presence …"""
    burst_within: timedelta = timedelta(minutes=10)
    """… in so short a time. Until it is over, such an entry cannot be confirmed."""
    ring_times: int = 3
    """Who confirmed each other so often within the days below, directly or through a third."""
    ring_within: timedelta = timedelta(days=90)
    photo_distance: int = 4
    """Pictures that differ in at most so many of 64 places are one picture."""
    photo_within: timedelta = timedelta(days=400)
    season_days: int = 14
    season_minutes: int = 20 * 60
    season_percent: int = 60
    """So much, and so much of a whole year, in the days before a school's deadline."""
    season_under_age: int = 19
    season_deadlines: tuple[tuple[int, int], ...] = ((1, 20), (6, 30), (8, 31))
    looked_at_by_town: frozenset[str] = field(
        default=frozenset({"burst", "device", "ring", "absent", "no_presence"})
    )
    """These the station itself may be part of: somebody over it looks."""

    @property
    def version(self) -> str:
        return f"screening:{self.since.isoformat()}"

    def season_of(self, day: date) -> date | None:
        """The school's deadline that this day lies shortly before, if there is one."""
        for month, last in self.season_deadlines:
            deadline = date(day.year, month, last)
            if timedelta(0) <= deadline - day < timedelta(days=self.season_days):
                return deadline
        return None


SCREENING_TERMS = (ScreeningTerms(since=date(2024, 1, 1)),)


def screening_terms(day: date) -> ScreeningTerms:
    """The terms in force on a day; before the first ones, the first."""
    return in_force(SCREENING_TERMS, day)
