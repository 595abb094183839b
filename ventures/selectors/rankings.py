"""Scores and order of a round's proposals, with the working shown.

The arithmetic is exact (`reckoning.scores`):

* A reviewer's total is the sum of her scores, in half points; weighted where the rubric gives
  weights, without the criteria that stand outside the total.
* From the rubric's `drop_from` reviews on, where it asks for the trimmed mean, one highest and
  one lowest total are left out (去掉一个最高分和一个最低分); below that all count.
* The score is the mean of what counts, or the median of all, rounded half up to hundredths.
* Order: higher score first. Equal to the hundredth: the higher mean on the rubric's first
  criterion that counts, then on the second, over all submitted reviews. Still equal: the rank is
  shared (并列) and the meeting decides; within a shared rank the proposals stand by their number.
* An abstention is no score and never a zero. A proposal without a review has no rank.

What may be shown to whom is decided in `rules` and `selectors.reviews`; nothing here writes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from django.db.models import prefetch_related_objects

from ventures.models import (
    Assignment,
    Criterion,
    Panel,
    PanelMember,
    Proposal,
    Review,
    Round,
    Rubric,
)
from ventures.reckoning.scores import HALVES_PER_POINT, Item, Way, score_hundredths, total_of

NEVER = 10_000

Pr = Proposal.State
RANKED_STATES = (Pr.UNDER_REVIEW, Pr.AWARDED, Pr.RESERVED, Pr.DECLINED)


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


@dataclass(frozen=True)
class Cell:
    """One reviewer's column in one proposal's row of the 评分汇总表."""

    seat: int
    mark: Mark
    total_half_points: int | Fraction | None = None

    @property
    def is_dropped(self) -> bool:
        return self.mark in (Mark.HIGHEST, Mark.LOWEST)


@dataclass(frozen=True)
class Row:
    """One proposal in the ranking: where it stands and every column of its working."""

    proposal: Proposal
    standing: Standing
    cells: tuple[Cell, ...]
    recommendations: tuple[tuple[str, int], ...]

    @property
    def waiting(self) -> int:
        return len(self.standing.candidate.waits_for)


@dataclass(frozen=True)
class Ranking:
    """A round's proposals in order, with the columns of the table."""

    round: Round
    panel: Panel | None
    members: tuple[PanelMember, ...]
    rows: tuple[Row, ...]

    @property
    def standings(self) -> list[Standing]:
        return [row.standing for row in self.rows]

    @property
    def waiting(self) -> int:
        """Sheets still out."""
        return sum(row.waiting for row in self.rows)

    @property
    def wide(self) -> list[Row]:
        """Rows whose spread asks the officer to look (极差)."""
        return [row for row in self.rows if row.standing.is_wide]


def ranking_of(round: Round) -> Ranking:
    """The ranking as the sheets handed in make it. Who may see it: `rules.may_see_scores`."""
    if round.rubric is not None:
        prefetch_related_objects([round.rubric], "criteria")
    panel = Panel.objects.filter(round=round).first()
    members = tuple(panel.members.select_related("reviewer").order_by("seat")) if panel else ()
    proposals = {
        proposal.pk: proposal
        for proposal in round.proposals.filter(state__in=RANKED_STATES)
        .select_related("applicant", "host", "track", "decision")
        .prefetch_related("communities")
    }
    for proposal in proposals.values():
        proposal.round = round
    assignments = _assignments_of(panel)
    sheets = _sheets_of(panel, round.rubric)
    candidates = {
        proposal.pk: _candidate(proposal, assignments.get(proposal.pk, []), sheets)
        for proposal in proposals.values()
    }
    rubric = round.rubric
    ordered = standings(
        candidates.values(),
        drop_from=drop_from_of(rubric),
        wide_halves=(panel.wide_points if panel else 20) * HALVES_PER_POINT,
        way=way_of(rubric),
        counted=counted_of(rubric),
    )
    by_code = {proposal.code: proposal for proposal in proposals.values()}
    rows = tuple(
        _row(by_code[standing.candidate.number], standing, members, assignments)
        for standing in ordered
    )
    return Ranking(round=round, panel=panel, members=members, rows=rows)


def drop_from_of(rubric: Rubric | None) -> int:
    """From how many sheets on one highest and one lowest are left out."""
    is_trimmed = rubric is not None and rubric.aggregate == Rubric.Aggregate.TRIMMED_MEAN
    return rubric.drop_from if rubric is not None and is_trimmed else NEVER


def way_of(rubric: Rubric | None) -> Way:
    is_median = rubric is not None and rubric.aggregate == Rubric.Aggregate.MEDIAN
    return Way.MEDIAN if is_median else Way.MEAN


def items_of(rubric: Rubric) -> tuple[Item, ...]:
    """The rubric's criteria as they count."""
    return tuple(
        Item(criterion.max_half_points, criterion.weight_percent, criterion.is_outside_total)
        for criterion in rubric.criteria.all()
    )


def counted_of(rubric: Rubric | None) -> tuple[int, ...] | None:
    """Which criteria, by their place, decide between equal scores; None: all of them."""
    items = items_of(rubric) if rubric is not None else ()
    if not any(item.is_outside_total for item in items):
        return None
    return tuple(place for place, item in enumerate(items) if not item.is_outside_total)


def _assignments_of(panel: Panel | None) -> dict[int, list[Assignment]]:
    by_proposal: dict[int, list[Assignment]] = {}
    if panel is not None:
        rows = Assignment.objects.filter(member__panel=panel).select_related("member", "review")
        for assignment in rows:
            by_proposal.setdefault(assignment.proposal_id, []).append(assignment)
    return by_proposal


def _sheets_of(panel: Panel | None, rubric: Rubric | None) -> dict[int, Sheet]:
    """The sheets handed in, by assignment."""
    if panel is None or rubric is None:
        return {}
    criteria: list[Criterion] = list(rubric.criteria.all())
    items = items_of(rubric)
    is_plain = all(i.weight_percent is None and not i.is_outside_total for i in items)
    reviews = (
        Review.objects.handed_in()
        .filter(assignment__member__panel=panel)
        .select_related("assignment__member")
        .prefetch_related("scores")
    )
    sheets = {}
    for review in reviews:
        scores = {score.criterion_id: score.half_points or 0 for score in review.scores.all()}
        halves = tuple(scores.get(criterion.pk, 0) for criterion in criteria)
        sheets[review.assignment_id] = Sheet(
            seat=review.assignment.member.seat,
            item_halves=halves,
            suggested_fen=review.suggested_fen or 0,
            counted_halves=None if is_plain else total_of(halves, items),
        )
    return sheets


def _candidate(
    proposal: Proposal, assignments: Sequence[Assignment], sheets: dict[int, Sheet]
) -> Candidate:
    standing = [a for a in assignments if a.state == Assignment.State.ASSIGNED]
    return Candidate(
        number=proposal.code,
        sheets=tuple(sheets[a.pk] for a in standing if a.pk in sheets),
        waits_for=tuple(
            a.member.seat
            for a in standing
            if not hasattr(a, "review") or a.review.state == Review.State.DRAFT
        ),
        requested_fen=proposal.requested_fen,
    )


def _row(
    proposal: Proposal,
    standing: Standing,
    members: Sequence[PanelMember],
    assignments: dict[int, list[Assignment]],
) -> Row:
    of_member = {a.member_id: a for a in assignments.get(proposal.pk, [])}
    totals = {sheet.seat: sheet.total_halves for sheet in standing.candidate.sheets}
    counts: dict[str, int] = {}
    for assignment in of_member.values():
        if assignment.member.seat in totals:
            word = assignment.review.recommendation
            counts[word] = counts.get(word, 0) + 1
    return Row(
        proposal=proposal,
        standing=standing,
        cells=tuple(
            Cell(m.seat, _mark(m, of_member.get(m.pk), standing, totals), totals.get(m.seat))
            for m in members
        ),
        recommendations=tuple(
            (str(word.label), counts[word]) for word in Review.Recommendation if word in counts
        ),
    )


def _mark(
    member: PanelMember,
    assignment: Assignment | None,
    standing: Standing,
    totals: dict[int, int | Fraction],
) -> Mark:
    if assignment is None or assignment.state == Assignment.State.REMOVED:
        return Mark.NOT_ASSIGNED
    if assignment.state == Assignment.State.RECUSED:
        return Mark.RECUSED
    if member.seat in totals:
        return standing.mark_of(member.seat)
    if hasattr(assignment, "review") and assignment.review.state == Review.State.ABSTAINED:
        return Mark.ABSTAINED
    return Mark.MISSING


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
