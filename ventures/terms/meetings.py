"""What a meeting must have for its vote to count, where a round asks for the count: a dated table.

The model is that of 《社会组织评估管理办法》 (民政部令第 39 号) for boards of assessors: two thirds
come, the vote is by name, and more than half of all members, not of those present, agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class MeetingTerms:
    """到会与表决: at least `parts` of `of` come; whole numbers, so that a third is one."""

    since: date
    parts: int
    of: int


MEETING_TERMS = (MeetingTerms(since=date(2011, 3, 1), parts=2, of=3),)


def meeting_terms(day: date, terms: Sequence[MeetingTerms] = MEETING_TERMS) -> MeetingTerms:
    """The last that had begun on that day; before the first ones, the first. Oldest first."""
    begun = [one for one in terms if one.since <= day]
    return begun[-1] if begun else terms[0]
