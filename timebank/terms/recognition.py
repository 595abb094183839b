"""What the time bank says about the honour board: how much of a day counts.

A dated table: whoever changes a figure adds a row with the day it begins. Each day counts by the
terms of that day.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class HonourTerms:
    """The rules of the board, from a day on."""

    since: date
    cap_minutes_a_day: int
    """What goes beyond it adds nothing, however many records it is split into."""


HONOUR_TERMS = (HonourTerms(since=date(2024, 1, 1), cap_minutes_a_day=480),)


def honour_terms(day: date) -> HonourTerms:
    """The terms in force on a day; before the first ones, the first."""
    in_force = [terms for terms in HONOUR_TERMS if terms.since <= day]
    return in_force[-1] if in_force else HONOUR_TERMS[0]
