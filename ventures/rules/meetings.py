"""Whether enough people came to a deciding meeting, and whether enough of them agreed.

Integers only: nobody is two thirds of a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ventures.terms.meetings import MeetingTerms


@dataclass(frozen=True, slots=True)
class MeetingCount:
    """到会与表决: who belongs to the meeting, who came, how they voted; with names where asked.

    `names` are pairs of a name and a vote (`MeetingVote.Vote`), in the order of the minutes.
    """

    expected: int
    present: int
    in_favour: int
    against: int = 0
    abstained: int = 0
    names: Sequence[tuple[str, str]] = ()

    @property
    def votes(self) -> int:
        return self.in_favour + self.against + self.abstained


def least_present(expected: int, terms: MeetingTerms) -> int:
    """So many at least: the share of all members, rounded up."""
    return -(-expected * terms.parts // terms.of)


def least_in_favour(expected: int) -> int:
    """More than half of all members, whoever came."""
    return expected // 2 + 1


def adds_up(count: MeetingCount) -> bool:
    """No more came than belong to it, and everybody who came voted once."""
    return count.expected > 0 and count.votes == count.present <= count.expected
