"""When somebody is told that a certificate runs out.

A dated table: whoever changes a figure adds a row with the day it begins.
"""

from dataclasses import dataclass
from datetime import date

from timebank.terms.dated import in_force


@dataclass(frozen=True, slots=True)
class QualificationTerms:
    """The warnings about certificates that run out, from a day on."""

    since: date
    warn_days_before: tuple[int, ...]
    """The holder is told once at each of these, the longest first; staff see it from the first."""


QUALIFICATION_TERMS = (QualificationTerms(since=date(2024, 1, 1), warn_days_before=(30, 7)),)


def qualification_terms(day: date) -> QualificationTerms:
    """The terms in force on a day; before the first ones, the first."""
    return in_force(QUALIFICATION_TERMS, day)
