"""Which of some dated terms are in force on a day."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol


class Dated(Protocol):
    """What holds from a day on, until the next begins."""

    @property
    def since(self) -> date: ...


def in_force[T: Dated](terms: Sequence[T], day: date) -> T:
    """The last that had begun on that day; before the first ones, the first. Oldest first."""
    begun = [one for one in terms if one.since <= day]
    return begun[-1] if begun else terms[0]
