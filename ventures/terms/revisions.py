"""Within how many working days a revised budget is handed in, and when one is reminded: a dated
table, where the place has set no limit of its own (`StepLimit`, verb `hand_in_revision`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class RevisionTerms:
    """修改稿期限: working days after the final list; days before the last when one is reminded."""

    since: date
    working_days: int
    reminded_before: int


REVISION_TERMS = (RevisionTerms(since=date(2024, 1, 1), working_days=10, reminded_before=3),)


def revision_terms(day: date, terms: Sequence[RevisionTerms] = REVISION_TERMS) -> RevisionTerms:
    """The last that had begun on that day; before the first ones, the first. Oldest first."""
    begun = [one for one in terms if one.since <= day]
    return begun[-1] if begun else terms[0]
