"""What the time bank says about history brought from other systems: who looks at it, what is no
service. Whether its hours can be used stands with all sources in `terms.provenance`.

A dated table: whoever changes a figure adds a row with the day it begins. A file is judged by the
terms of the day it is brought, and keeps what they said.
"""

from dataclasses import dataclass
from datetime import date

from timebank.terms.dated import in_force


@dataclass(frozen=True, slots=True)
class HistoryTerms:
    """The rules for imported records, from a day on."""

    since: date
    needs_second_person: bool
    """Whether another person than who brought the file takes it in."""
    not_service: tuple[str, ...]
    """Kinds of entry other systems count and decree 67 (art. 8, art. 19) does not."""


HISTORY_TERMS = (
    HistoryTerms(
        since=date(2024, 1, 1),
        needs_second_person=True,
        not_service=("培训", "会议", "例会", "学习"),  # not shown: what other systems' files say
    ),
)


def history_terms(day: date) -> HistoryTerms:
    """The terms in force on a day; before the first ones, the first."""
    return in_force(HISTORY_TERMS, day)
