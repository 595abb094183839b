"""When reviewers are reminded before their sheets are due: a dated table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ReminderTerms:
    """交表前提醒: how many hours before the close, the earliest first."""

    since: date
    hours_before: tuple[int, ...]


REMINDER_TERMS = (ReminderTerms(since=date(2024, 1, 1), hours_before=(72, 24)),)


def reminder_terms(day: date, terms: Sequence[ReminderTerms] = REMINDER_TERMS) -> ReminderTerms:
    """The last that had begun on that day; before the first ones, the first. Oldest first."""
    begun = [one for one in terms if one.since <= day]
    return begun[-1] if begun else terms[0]
