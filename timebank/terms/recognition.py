"""What the time bank says about the honour board: how much of a day counts.

A dated table: whoever changes a figure adds a row with the day it begins. Each day counts by the
terms of that day.
"""

from dataclasses import dataclass
from datetime import date

from timebank.terms.dated import in_force


@dataclass(frozen=True, slots=True)
class HonourTerms:
    """The rules of the board, from a day on."""

    since: date
    cap_minutes_a_day: int
    """What goes beyond it adds nothing, however many records it is split into."""


HONOUR_TERMS = (HonourTerms(since=date(2024, 1, 1), cap_minutes_a_day=480),)


def honour_terms(day: date) -> HonourTerms:
    """The terms in force on a day; before the first ones, the first."""
    return in_force(HONOUR_TERMS, day)
