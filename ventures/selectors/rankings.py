"""Scores and order of a round's proposals, read from the sheets handed in.

A reviewer's total is the sum of her scores, in half points; weighted where the rubric gives
weights, without the criteria that stand outside the total or are not asked of the proposal's group.
How totals become a score and an order is `reckoning.standings`. What may be shown to whom is
decided in `rules` and `selectors.reviews`; nothing here writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
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
from ventures.reckoning.scores import HALVES_PER_POINT, Way, total_of
from ventures.reckoning.standings import (
    Candidate,
    Mark,
    Sheet,
    Standing,
    placed_by,
    standings,
)
from ventures.rules.rubrics import items_of, track_code_of
from ventures.selectors.composites import Working, working_of

NEVER = 10_000

Pr = Proposal.State
RANKED_STATES = (
    Pr.UNDER_REVIEW, Pr.AWARDED, Pr.RESERVED, Pr.DECLINED, Pr.GIVEN_UP, Pr.CANCELLED,
)  # fmt: skip


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
    # What else counts, where the round switched it on; it decides the order once it is complete.
    composite: Working | None = None

    @property
    def standings(self) -> list[Standing]:
        return [row.standing for row in self.rows]

    @property
    def waiting(self) -> int:
        """Sheets still out."""
        return sum(row.waiting for row in self.rows)

    @property
    def abstained(self) -> int:
        """Sheets on which nothing was scored: no score, and never a zero."""
        return sum(cell.mark is Mark.ABSTAINED for row in self.rows for cell in row.cells)

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
    working = working_of(round, {one.candidate.number: one for one in ordered})
    if working is not None and working.is_complete:
        ordered = placed_by(ordered, working.scores)
    by_code = {proposal.code: proposal for proposal in proposals.values()}
    rows = tuple(
        _row(by_code[standing.candidate.number], standing, members, assignments)
        for standing in ordered
    )
    return Ranking(round=round, panel=panel, members=members, rows=rows, composite=working)


def drop_from_of(rubric: Rubric | None) -> int:
    """From how many sheets on one highest and one lowest are left out."""
    is_trimmed = rubric is not None and rubric.aggregate == Rubric.Aggregate.TRIMMED_MEAN
    return rubric.drop_from if rubric is not None and is_trimmed else NEVER


def way_of(rubric: Rubric | None) -> Way:
    is_median = rubric is not None and rubric.aggregate == Rubric.Aggregate.MEDIAN
    return Way.MEDIAN if is_median else Way.MEAN


def counted_of(rubric: Rubric | None) -> tuple[int, ...] | None:
    """Which criteria, by their place, decide between equal scores; None: all of them. What is
    asked of some groups only decides nothing between two groups."""
    criteria = list(rubric.criteria.all()) if rubric is not None else []
    counted = [not one.is_outside_total and not one.only_tracks for one in criteria]
    if all(counted):
        return None
    return tuple(place for place, counts in enumerate(counted) if counts)


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
    is_plain = all(
        one.weight_percent is None and not one.is_outside_total and not one.only_tracks
        for one in criteria
    )
    reviews = (
        Review.objects.handed_in()
        .filter(assignment__member__panel=panel)
        .select_related("assignment__member", "assignment__proposal__track")
        .prefetch_related("scores")
    )
    sheets = {}
    for review in reviews:
        scores = {score.criterion_id: score.half_points or 0 for score in review.scores.all()}
        halves = tuple(scores.get(criterion.pk, 0) for criterion in criteria)
        items = items_of(rubric, track_code_of(review.assignment.proposal))
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
