"""What reviewers and those who watch their work are shown: the sheet, the workload.

Others' sheets only pass through `sheets_shown_to`, which asks the rule. A reviewer's list is in
`selectors.review_queues`, scores as an order are in `selectors.rankings`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ventures.models import (
    Assignment,
    BudgetCut,
    Criterion,
    Panel,
    PanelMember,
    Proposal,
    Review,
    Round,
    Score,
)
from ventures.models.ties import kept_from_judging, tied_to
from ventures.rules import recusal as recusal_rules
from ventures.rules import reviews as review_rules
from ventures.rules import rounds as round_rules

type Words = str | Promise

A = Assignment.State


@dataclass(frozen=True)
class SeatWork:
    """How far one reviewer is, without any score."""

    member: PanelMember
    assigned: int
    submitted: int
    abstained: int
    recused: int
    begun: int

    @property
    def left(self) -> int:
        return self.assigned - self.submitted - self.abstained


def assignments_opened() -> QuerySet[Assignment]:
    """Assignments with what the sheet's page shows."""
    return Assignment.objects.select_related(
        "member__reviewer",
        "member__panel__round__region",
        "member__panel__round__rubric",
        "proposal__applicant",
        "proposal__host",
        "proposal__round__rubric",
        "proposal__round__region",
        "proposal__track",
    )


def criteria_of(round: Round) -> list[Criterion]:
    assert round.rubric is not None, "reviewed_round_has_rubric"
    return list(round.rubric.criteria.all())


def sheets_shown_to(user: User, proposal: Proposal, panel: Panel) -> list[Review]:
    """The handed-in sheets of a proposal this person may read: all, her own, or none.

    Somebody with a tie to the applicant reads none, whatever else she is.
    """
    handed_in = (
        Review.objects.handed_in()
        .filter(assignment__proposal=proposal, assignment__member__panel=panel)
        .select_related(
            "assignment__member__reviewer",
            "assignment__paper__entered_by",
            "assignment__paper__checked_by",
        )
        .prefetch_related(
            Prefetch("scores", Score.objects.select_related("criterion")),
            Prefetch("cuts", BudgetCut.objects.all()),
        )
        .order_by("assignment__member__seat")
    )
    if recusal_rules.has_tie(user, proposal):
        return []
    if review_rules.may_see_other_sheets(user, proposal, panel):
        return list(handed_in)
    return list(handed_in.filter(assignment__member__reviewer=user))


def workload_of(panel: Panel) -> list[SeatWork]:
    """Seat by seat how much is assigned, begun, handed in; the slowest are seen at once."""
    work = []
    members = panel.members.select_related("reviewer").prefetch_related(
        Prefetch("assignments", Assignment.objects.select_related("review"))
    )
    for member in members:
        rows = list(member.assignments.all())
        states = [row.review.state for row in rows if row.state == A.ASSIGNED and _has_review(row)]
        work.append(
            SeatWork(
                member=member,
                assigned=sum(row.state == A.ASSIGNED for row in rows),
                submitted=states.count(Review.State.SUBMITTED),
                abstained=states.count(Review.State.ABSTAINED),
                recused=sum(row.state == A.RECUSED for row in rows),
                begun=states.count(Review.State.DRAFT),
            )
        )
    return work


@dataclass(frozen=True)
class ProgressCell:
    """How far one reviewer is with one proposal: a word, and what an officer could do. No score."""

    assignment: Assignment | None
    label: Words
    tone: str
    why: str = ""

    @property
    def may_be_removed(self) -> bool:
        return self.tone in ("waiting", "neutral") and self.assignment is not None

    @property
    def may_be_given_back(self) -> bool:
        return self.tone == "active"


@dataclass(frozen=True)
class ProgressRow:
    """One proposal, and how far each seat is with it."""

    proposal: Proposal
    cells: tuple[ProgressCell, ...]


def progress_of(panel: Panel, work: Sequence[SeatWork], user: User) -> list[ProgressRow]:
    """Proposal by proposal who has handed in, begun, stepped aside and why; for eyes that are not
    tied to it."""
    rows: dict[Proposal, dict[int, Assignment]] = {}
    group = panel.round.proposals.filter(assignments__isnull=False).exclude(tied_to(user))
    for proposal in group.distinct():
        rows[proposal] = {}
    by_pk = {proposal.pk: proposal for proposal in rows}
    for assignment in Assignment.objects.filter(
        member__panel=panel, proposal__in=by_pk
    ).select_related("review", "recusal"):
        rows[by_pk[assignment.proposal_id]][assignment.member_id] = assignment
    return [
        ProgressRow(proposal, tuple(_cell(of_member.get(seat.member.pk)) for seat in work))
        for proposal, of_member in rows.items()
    ]


def _cell(assignment: Assignment | None) -> ProgressCell:
    if assignment is None:
        return ProgressCell(None, _("系统回避"), "")
    if assignment.state == A.RECUSED:
        recusal = assignment.recusal
        why = f"{recusal.get_ground_display()} {recusal.words}".strip()
        return ProgressCell(assignment, _("回避"), "", why)
    if assignment.state == A.REMOVED:
        return ProgressCell(assignment, _("已取消"), "")
    if not _has_review(assignment):
        return ProgressCell(assignment, _("未开始"), "neutral")
    if assignment.review.state == Review.State.SUBMITTED:
        return ProgressCell(assignment, _("已交"), "done")
    if assignment.review.state == Review.State.ABSTAINED:
        return ProgressCell(assignment, _("弃权"), "active", assignment.review.comment)
    return ProgressCell(assignment, _("填写中"), "waiting")


def reviewers_over(round: Round) -> QuerySet[User]:
    """People with a reviewer's role over the round's region, by name."""
    return (
        User.objects.filter(
            is_active=True,
            roles__kind=round_rules.Kind.REVIEWER,
            roles__ended_at__isnull=True,
            roles__region__in=round.region.lineage,
        )
        .distinct()
        .order_by("display_name")
    )


def ties_in(round: Round, users: Sequence[User]) -> dict[int, list[str]]:
    """Which proposals of the round each of these people is tied to, so that an officer sees why
    she is not assigned there."""
    group = round.proposals.filter(state=Proposal.State.UNDER_REVIEW)
    return {
        user.pk: list(
            group.filter(kept_from_judging(user)).values_list("code", flat=True).order_by("code")
        )
        for user in users
    }


def half_points_shown(half_points: int) -> str:
    """Half points as people write points: 35 is 17.5, 36 is 18."""
    whole, half = divmod(half_points, 2)
    return f"{whole}.5" if half else str(whole)


def hundredths_shown(hundredths: int | None) -> str:
    """A mean as it is written on the paper: 8417 is 84.17; none is a dash."""
    return "—" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02d}"


def _has_review(assignment: Assignment) -> bool:
    return hasattr(assignment, "review")
