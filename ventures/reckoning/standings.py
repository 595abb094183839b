"""Order of some proposals from the sheets handed in, with the working shown. Knows no table.

* From `drop_from` reviews on, one highest and one lowest total are left out
  (去掉一个最高分和一个最低分); below that all count.
* The score is the mean of what counts, or the median of all, rounded half up to hundredths.
* Order: higher score first. Equal to the hundredth: the higher mean on the first criterion that
  counts for all, then on the second, over all submitted reviews. Still equal: the rank is shared
  (并列) and the meeting decides; within a shared rank the proposals stand by their number.
* An abstention is no score and never a zero. A proposal without a review has no rank.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from ventures.reckoning.scores import Way, score_hundredths


class Mark(Enum):
    """What stands in one reviewer's column for one proposal."""

    COUNTED = "counted"
    HIGHEST = "highest"
    LOWEST = "lowest"
    ABSTAINED = "abstained"
    RECUSED = "recused"
    MISSING = "missing"
    NOT_ASSIGNED = "not_assigned"


@dataclass(frozen=True)
class Sheet:
    """One submitted review: the seat it comes from, its scores in the rubric's order."""

    seat: int
    item_halves: tuple[int, ...]
    suggested_fen: int = 0
    # As the rubric counts it, where that is not the plain sum.
    counted_halves: Fraction | None = None

    @property
    def total_halves(self) -> int | Fraction:
        return sum(self.item_halves) if self.counted_halves is None else self.counted_halves


@dataclass(frozen=True)
class Candidate:
    """A proposal as the ranking reads it. `waits_for` are the seats still to score it."""

    number: str
    sheets: tuple[Sheet, ...] = ()
    waits_for: tuple[int, ...] = ()
    requested_fen: int = 0


@dataclass(frozen=True)
class Standing:
    """Where a proposal stands, and how that came about."""

    candidate: Candidate
    rank: int | None
    shares_rank: bool
    score_hundredths: int | None
    highest_seat: int | None
    lowest_seat: int | None
    spread_halves: int | Fraction
    is_wide: bool
    suggested_fen: int | None
    item_means: tuple[Fraction, ...]
    tie_means: tuple[Fraction, ...]
    # The score of the sheets alone, where another one decides (综合得分).
    paper_hundredths: int | None = None

    @property
    def is_incomplete(self) -> bool:
        return bool(self.candidate.waits_for) or not self.candidate.sheets

    def mark_of(self, seat: int) -> Mark:
        """How the sheet of this seat was used."""
        if seat == self.highest_seat:
            return Mark.HIGHEST
        if seat == self.lowest_seat:
            return Mark.LOWEST
        return Mark.COUNTED


def standings(
    candidates: Iterable[Candidate],
    *,
    drop_from: int,
    wide_halves: int,
    way: Way = Way.MEAN,
    counted: Sequence[int] | None = None,
) -> list[Standing]:
    """The candidates in order, each with its working; those without a review last, unranked."""
    worked = sorted(
        (_worked(candidate, drop_from, wide_halves, way, counted) for candidate in candidates),
        key=_place,
    )
    return _ranked(worked)


def placed_by(found: Iterable[Standing], scores: Mapping[str, int | None]) -> list[Standing]:
    """The same proposals in the order that other scores give, ties as before; who has none last."""
    scored = (
        replace(
            standing,
            rank=None,
            shares_rank=False,
            paper_hundredths=standing.score_hundredths,
            score_hundredths=scores[standing.candidate.number],
        )
        for standing in found
    )
    return _ranked(sorted(scored, key=_place))


def _ranked(worked: Sequence[Standing]) -> list[Standing]:
    """Ranks down the order; equal merit shares one."""
    ranked: list[Standing] = []
    for position, standing in enumerate(worked, start=1):
        if standing.score_hundredths is None:
            ranked.append(standing)
            continue
        before = ranked[-1] if ranked else None
        is_equal = before is not None and _merit(before) == _merit(standing)
        after = worked[position] if position < len(worked) else None
        shares = is_equal or (after is not None and _merit(after) == _merit(standing))
        rank = before.rank if is_equal and before is not None else position
        ranked.append(replace(standing, rank=rank, shares_rank=shares))
    return ranked


def mean_hundredths(halves: Sequence[int]) -> int:
    """The mean of totals given in half points, in hundredths of a point, rounded half up."""
    return score_hundredths(halves)


def _worked(
    candidate: Candidate,
    drop_from: int,
    wide_halves: int,
    way: Way,
    counted_items: Sequence[int] | None,
) -> Standing:
    sheets = sorted(candidate.sheets, key=lambda sheet: sheet.seat)
    highest = lowest = None
    if len(sheets) >= max(drop_from, 3):
        by_total = sorted(sheets, key=lambda sheet: (sheet.total_halves, -sheet.seat))
        lowest, highest = by_total[0].seat, by_total[-1].seat
    counted = [sheet for sheet in sheets if sheet.seat not in (highest, lowest)]
    totals = [sheet.total_halves for sheet in sheets]
    spread = max(totals) - min(totals) if totals else 0
    means = tuple(
        Fraction(sum(halves), len(sheets))
        for halves in zip(*(sheet.item_halves for sheet in sheets), strict=True)
    )
    return Standing(
        candidate=candidate,
        rank=None,
        shares_rank=False,
        score_hundredths=score_hundredths([s.total_halves for s in counted], way)
        if counted
        else None,
        highest_seat=highest,
        lowest_seat=lowest,
        spread_halves=spread,
        is_wide=len(totals) > 1 and spread >= wide_halves,
        suggested_fen=_mean_suggestion(counted, candidate.requested_fen),
        item_means=means,
        tie_means=means
        if counted_items is None
        else tuple(means[place] for place in counted_items if place < len(means)),
    )


def _mean_suggestion(counted: Sequence[Sheet], requested_fen: int) -> int | None:
    """The mean suggested amount in whole yuan, rounded down: never more than was asked for."""
    if not counted:
        return None
    whole_yuan = sum(sheet.suggested_fen for sheet in counted) // len(counted) // 100
    return min(whole_yuan * 100, requested_fen)


def _merit(standing: Standing) -> tuple[int | None, tuple[Fraction, ...]]:
    """All that decides a rank. Two proposals of equal merit share one."""
    return standing.score_hundredths, standing.tie_means


def _place(standing: Standing) -> tuple[bool, int, tuple[Fraction, ...], str]:
    return (
        standing.score_hundredths is None,
        -(standing.score_hundredths or 0),
        tuple(-mean for mean in standing.tie_means),
        standing.candidate.number,
    )
