"""What the time bank says about presence: how early one may come, which share of a shift counts.

A dated table: whoever changes a figure adds a row with the day it begins. A shift is judged by the
terms of its own day, and each presence keeps the figures it was judged by.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from timebank.terms.dated import in_force


@dataclass(frozen=True, slots=True)
class PresenceTerms:
    """How presence is told and counted, from a day on."""

    since: date
    share_percent: int
    """Less than this share of the shift does not count."""
    arrive_early: timedelta
    """One signs in so long before the beginning; what counts begins with the shift."""
    leave_late: timedelta
    """One signs out so long after the end; later, staff write down when it was."""
    sheets_typed_twice: bool = False
    """Where it says so, the second person types the times of a paper sheet once more."""
    clock_off: timedelta = timedelta(minutes=5)
    """A phone whose clock is off by more is not believed: a person looks at its scans."""
    at_once: timedelta = timedelta(minutes=1)
    """A scan that comes in so soon happened now, by the server's clock."""
    bring_in_within: timedelta = timedelta(days=3)
    """Scans made without a network come in so soon after the shift; later, a person looks."""


PRESENCE_TERMS = (
    PresenceTerms(
        since=date(2024, 1, 1),
        share_percent=60,
        arrive_early=timedelta(hours=1),
        leave_late=timedelta(hours=2),
    ),
)


def presence_terms(day: date) -> PresenceTerms:
    """The terms in force on a day; before the first ones, the first."""
    return in_force(PRESENCE_TERMS, day)
