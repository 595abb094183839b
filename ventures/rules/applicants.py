"""What is known of an applicant, what is asked, and how an answer looks. No rule stands here."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

# 民非条例 art. 23: the annual check of a year is due by 31 May of the next.
ANNUAL_CHECK_DUE = (5, 31)


class Verdict(Enum):
    FINE = "fine"
    NOT_FINE = "not_fine"
    ASK = "ask"


@dataclass(frozen=True)
class Listed:
    """A stretch of time on one of the lists, or a violation."""

    from_on: date
    until_on: date | None
    source: str


@dataclass(frozen=True)
class OtherProject:
    """What the same applicant has in another round of the programme and the year."""

    code: str
    title: str
    round_name: str
    is_handed_in: bool


@dataclass(frozen=True)
class Standing:
    """What is known of an applicant. A filed group is judged by itself, never by its host."""

    kind: str
    is_verified: bool
    founded_on: date | None = None
    lineage: Sequence[int] = ()
    stated_rating: int = 0
    rating: int | None = None
    rating_until: date | None = None
    annual_checks: Mapping[int, str] = field(default_factory=dict)
    lists: Mapping[str, Sequence[Listed]] = field(default_factory=dict)
    barred_until: date | None = None
    bar_number: str = ""
    is_barred: bool = False
    host_name: str = ""
    is_host_verified: bool = True
    is_host_barred: bool = False
    others: Sequence[OtherProject] = ()


@dataclass(frozen=True)
class Request:
    """What is asked of the round: known in part before the proposal is written."""

    day: date
    region_id: int
    title: str = ""
    requested_fen: int | None = None
    matching_fen: int = 0


@dataclass(frozen=True)
class Asked:
    """A condition in force for a round: the strictest of what the round and those above ask."""

    check: str
    applicant_kind: str = ""
    figure: int = 0
    kinds: tuple[str, ...] = ()
    above_fen: int = 0
    is_hard: bool = True
    origins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One answer: what was looked at, how it stands, the figure, and what to do."""

    label: str
    verdict: Verdict
    words: str
    advice: str = ""
    is_hard: bool = True
    origins: tuple[str, ...] = ()

    @property
    def stops(self) -> bool:
        """Whether a proposal cannot be handed in because of it."""
        return self.is_hard and self.verdict == Verdict.NOT_FINE

    @property
    def tone(self) -> str:
        return {"fine": "done", "not_fine": "danger", "ask": "waiting"}[self.verdict.value]


# Days and words ---------------------------------------------------------------------------


def whole_months(since: date, day: date) -> int:
    """Whole months from one day to another: 15 March to 14 April is none."""
    return (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day)


def years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def last_due_year(day: date) -> int:
    """The last year whose annual check was due by that day."""
    return day.year - 1 if (day.month, day.day) > ANNUAL_CHECK_DUE else day.year - 2


def tidy(title: str) -> str:
    """A title without what makes two spellings of one: width, case, spaces and marks."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(mark for mark in folded if mark.isalnum())
