"""拟资助名单的走法: down the published order, as far as the fund reaches.

The walk is deterministic: the same entries and terms give the same list, in the same order, byte
for byte, in whatever order the entries were handed in.

* Order: higher score first; equal scores by `tie_break`, smaller first; then by number.
* An entry is funded with what it asks where the fund, its reserve and every ceiling it falls under
  have that much left. Where the terms allow partial awards, with what is left, if that is at least
  the stated share of what it asks.
* What does not fit is passed over (`SKIP`), or ends the walk for its purse (`STOP`).
* A reserve (专项份额, such as 治理型 ≥ 40 %) keeps its share of the fund for the entries of its
  group. What they leave may be released to the others in a second walk down (`SKIP` only).
  Partial awards are made on the last walk only, so that nobody loses a whole one to a part.
* An entry without a score is never funded; abstention is not zero.

Everything but an entry's own place is fixed while it is walked, and whatever limits it only ever
shrinks on the way down. That makes two counterfactuals exact and cheap: the most it could have
asked for at its place, and the lowest score that would have carried it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

OPEN_FUND = ""


class Misfit(Enum):
    """What happens when an entry does not fit."""

    SKIP = "skip"
    STOP = "stop"


class Reason(Enum):
    """Why an entry stands where it stands; every entry has one."""

    FUNDED = "funded"
    FUNDED_IN_PART = "funded_in_part"
    NO_SCORE = "no_score"
    BELOW_THRESHOLD = "below_threshold"
    CEILING = "ceiling"
    RESERVED_FOR_OTHERS = "reserved_for_others"
    FUND_SPENT = "fund_spent"
    WALK_ENDED = "walk_ended"


@dataclass(frozen=True)
class Entry:
    """One proposal as the walk reads it. `groups` name the ceilings and reserves it falls under."""

    number: str
    score_hundredths: int | None
    asked_fen: int
    tie_break: tuple[int, ...] = ()
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ceiling:
    """The most one group may have, in fen, in projects, or both."""

    fen: int | None = None
    projects: int | None = None


@dataclass(frozen=True)
class Terms:
    """The round's rules of award, published before scores exist."""

    fund_fen: int
    threshold_hundredths: int | None = None
    misfit: Misfit = Misfit.SKIP
    partial_percent: int | None = None
    ceilings: Mapping[str, Ceiling] = field(default_factory=dict)
    reserves_fen: Mapping[str, int] = field(default_factory=dict)
    releases_reserves: bool = False

    def __post_init__(self) -> None:
        if sum(self.reserves_fen.values()) > self.fund_fen:
            raise ValueError("the reserves are more than the fund")
        if self.releases_reserves and self.misfit is Misfit.STOP:
            raise ValueError("a walk that ends releases nothing")


@dataclass(frozen=True)
class Result:
    """What the walk says of one entry.

    `most_fen`: it would have been funded whole had it asked for this or less, at its own place.
    `least_score_hundredths`: with this score or more it would have been funded whole.
    Both are told only of entries not funded whole; `None` where no amount or score would do.
    """

    entry: Entry
    place: int | None
    reason: Reason
    awarded_fen: int = 0
    limited_by: str = ""
    most_fen: int | None = None
    least_score_hundredths: int | None = None

    @property
    def is_funded(self) -> bool:
        return self.awarded_fen > 0


@dataclass(frozen=True)
class Walk:
    """The list, from the top; and what is left of the fund."""

    terms: Terms
    results: tuple[Result, ...]

    @property
    def awarded_fen(self) -> int:
        return sum(result.awarded_fen for result in self.results)

    @property
    def left_fen(self) -> int:
        return self.terms.fund_fen - self.awarded_fen


def walk_of(entries: Iterable[Entry], terms: Terms) -> Walk:
    """Walk down the order. Raises ValueError where an entry falls under two reserves."""
    ordered = in_order(entries)
    eligible = [entry for entry in ordered if _is_eligible(entry, terms)]
    passes = [_Pass(terms, eligible, _Purse(terms), is_last=not terms.releases_reserves)]
    if terms.releases_reserves:
        left = [entry for entry in eligible if entry.number not in passes[0].awards]
        passes.append(_Pass(terms, left, passes[0].purse.released(), is_last=True))
    places = {entry.number: place for place, entry in enumerate(eligible, start=1)}
    return Walk(
        terms, tuple(_result_of(entry, places.get(entry.number), passes) for entry in ordered)
    )


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """The order in which they are walked."""
    return sorted(entries, key=_order)


def _order(entry: Entry) -> tuple[int, int, tuple[int, ...], str]:
    score = entry.score_hundredths
    return (score is None, -(score or 0), entry.tie_break, entry.number)


def _is_eligible(entry: Entry, terms: Terms) -> bool:
    score = entry.score_hundredths
    return score is not None and score >= (terms.threshold_hundredths or 0)


class _Purse:
    """What is left while walking. What anybody may have of it only ever shrinks."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.left_fen = terms.fund_fen
        self.unfilled = dict(terms.reserves_fen)
        self.uses = {group: _Use(ceiling) for group, ceiling in terms.ceilings.items()}
        self.ended: set[str] = set()

    def released(self) -> "_Purse":
        """What is left of it, with its reserves open to all."""
        purse = _Purse(self.terms)
        purse.left_fen, purse.unfilled = self.left_fen, {}
        purse.uses = {group: use.carried_on() for group, use in self.uses.items()}
        return purse

    def share_of(self, entry: Entry) -> str:
        """The reserve an entry is paid from first, or the open fund."""
        found = sorted(entry.groups & self.terms.reserves_fen.keys())
        if len(found) > 1:
            raise ValueError(f"{entry.number} falls under two reserves")
        return found[0] if found else OPEN_FUND

    def room(self, share: str) -> int:
        """How much of the fund is left for entries of this share."""
        if share in self.ended:
            return 0
        return self.left_fen - sum(fen for group, fen in self.unfilled.items() if group != share)

    def take(self, entry: Entry, share: str, fen: int, place: int) -> None:
        self.left_fen -= fen
        if share in self.unfilled:
            self.unfilled[share] -= min(fen, self.unfilled[share])
        for group in entry.groups & self.uses.keys():
            self.uses[group].take(fen, place)


class _Use:
    """What one group has had, and at which places it had it."""

    def __init__(self, ceiling: Ceiling, fen: int = 0, projects: int = 0) -> None:
        self.ceiling = ceiling
        self.places: list[int] = []
        self.fen_then = [fen]
        self.projects_before = projects

    def carried_on(self) -> "_Use":
        return _Use(self.ceiling, self.fen_then[-1], self.projects_before + len(self.places))

    def take(self, fen: int, place: int) -> None:
        self.places.append(place)
        self.fen_then.append(self.fen_then[-1] + fen)

    @property
    def left_fen(self) -> int | None:
        """None: as much as there is."""
        most = self.ceiling.projects
        if most is not None and self.projects_before + len(self.places) >= most:
            return 0
        return None if self.ceiling.fen is None else max(0, self.ceiling.fen - self.fen_then[-1])

    def last_place_for(self, fen: int, end: int) -> int:
        """The last place this group would still have had so much; -1 where never."""
        times = len(self.places)
        if self.ceiling.projects is not None:
            times = min(times, self.ceiling.projects - self.projects_before - 1)
        if self.ceiling.fen is not None:
            times = min(times, bisect_right(self.fen_then, self.ceiling.fen - fen) - 1)
        if times < 0:
            return -1
        return self.places[times] if times < len(self.places) else end


class _Pass:
    """One walk down, remembering how much was left for each share before each place."""

    def __init__(
        self, terms: Terms, entries: Sequence[Entry], purse: _Purse, *, is_last: bool
    ) -> None:
        self.entries = entries
        self.purse = purse
        self.partial_percent = terms.partial_percent if is_last else None
        self.awards: dict[str, int] = {}
        self.limits: dict[str, tuple[int, Reason, str]] = {}
        self.spent_room: dict[str, list[int]] = {
            share: [] for share in (OPEN_FUND, *terms.reserves_fen)
        }
        for place, entry in enumerate(entries):
            self._remember()
            self._step(place, entry, ends=terms.misfit is Misfit.STOP)
        self._remember()

    def _remember(self) -> None:
        """Negated, so that it grows and can be searched."""
        for share, rooms in self.spent_room.items():
            rooms.append(-self.purse.room(share))

    def _step(self, place: int, entry: Entry, *, ends: bool) -> None:
        share = self.purse.share_of(entry)
        most, reason, group = self._most_for(entry, share)
        fen = self._award(entry, most)
        self.limits[entry.number] = (most, reason, group)
        if fen:
            self.awards[entry.number] = fen
            self.purse.take(entry, share, fen, place)
        elif ends and reason is not Reason.CEILING:
            self.purse.ended.add(share)

    def _most_for(self, entry: Entry, share: str) -> tuple[int, Reason, str]:
        """How much it may have at its place, and what limits it first."""
        most, reason, group = self.purse.room(share), Reason.FUND_SPENT, ""
        if share in self.purse.ended:
            reason = Reason.WALK_ENDED
        elif self.purse.left_fen >= entry.asked_fen > most:
            reason = Reason.RESERVED_FOR_OTHERS
        for name in sorted(entry.groups & self.purse.uses.keys()):
            left = self.purse.uses[name].left_fen
            if left is not None and left < most:
                most, reason, group = left, Reason.CEILING, name
        return most, reason, group

    def _award(self, entry: Entry, most: int) -> int:
        if most >= entry.asked_fen:
            return entry.asked_fen
        if self.partial_percent is None or most * 100 < entry.asked_fen * self.partial_percent:
            return 0
        return most

    def least_score_for(self, entry: Entry) -> int | None:
        """The lowest score that would have carried the entry whole on this walk."""
        place = self._last_place_for(entry)
        if place < 0:
            return None
        if place >= len(self.entries):
            return 0
        there = self.entries[place]
        assert there.score_hundredths is not None, "without a score nobody is walked past"
        is_before = (entry.tie_break, entry.number) < (there.tie_break, there.number)
        return there.score_hundredths + (0 if is_before else 1)

    def _last_place_for(self, entry: Entry) -> int:
        end = len(self.entries)
        rooms = self.spent_room[self.purse.share_of(entry)]
        place = bisect_right(rooms, -entry.asked_fen) - 1
        for group in entry.groups & self.purse.uses.keys():
            place = min(place, self.purse.uses[group].last_place_for(entry.asked_fen, end))
        return place


def _result_of(entry: Entry, place: int | None, passes: Sequence[_Pass]) -> Result:
    terms = passes[0].purse.terms
    awarded = max(walk.awards.get(entry.number, 0) for walk in passes)
    if awarded == entry.asked_fen:
        return Result(entry, place, Reason.FUNDED, awarded)
    met = [walk.limits[entry.number] for walk in passes if entry.number in walk.limits]
    _most, reason, group = met[-1] if met else (0, _unfit(entry), "")
    scores = [walk.least_score_for(entry) for walk in passes]
    carried = [score for score in scores if score is not None]
    return Result(
        entry,
        place,
        Reason.FUNDED_IN_PART if awarded else reason,
        awarded,
        limited_by=group,
        most_fen=max((each[0] for each in met), default=0) or None,
        least_score_hundredths=max(min(carried), terms.threshold_hundredths or 0)
        if carried
        else None,
    )


def _unfit(entry: Entry) -> Reason:
    return Reason.NO_SCORE if entry.score_hundredths is None else Reason.BELOW_THRESHOLD
