"""Whose sheets are on paper: seat by seat what is typed in, what waits for a second person.

What is typed stays out of it: the second person must not see the first one's figures.
"""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ventures.models import Assignment, Panel, PanelMember, PaperScoreSheet, Review, Round
from ventures.models.reviews import AssignmentQuerySet
from ventures.models.ties import tied_to

type Words = str | Promise


@dataclass(frozen=True)
class PaperLine:
    """One proposal for one seat: how far its sheet is, and what this person may do with it."""

    assignment: Assignment
    label: Words
    tone: str
    typed_by: str = ""
    verb: Words = ""


@dataclass(frozen=True)
class PaperSeat:
    """A reviewer with her sheets."""

    member: PanelMember
    lines: tuple[PaperLine, ...]

    @property
    def open_lines(self) -> list[PaperLine]:
        return [line for line in self.lines if line.verb]


def papers_of(panel: Panel, user: User) -> list[PaperSeat]:
    """Every standing assignment of proposals this person is not tied to, by seat."""
    rows: dict[int, list[PaperLine]] = {}
    members = {member.pk: member for member in panel.members.select_related("reviewer")}
    for assignment in assignments_on_paper(user).filter(member__panel=panel):
        rows.setdefault(assignment.member_id, []).append(_line(assignment, user))
    return [PaperSeat(members[pk], tuple(lines)) for pk, lines in rows.items()]


def assignments_on_paper(user: User) -> AssignmentQuerySet:
    """What could be typed in, with what its pages show."""
    return (
        Assignment.objects.standing()
        .exclude(tied_to(user, "proposal__"))
        .select_related(
            "member__reviewer",
            "member__panel__round__region",
            "proposal__applicant",
            "proposal__host",
            "proposal__round__rubric",
            "proposal__track",
            "review",
            "paper__entered_by",
            "paper__checked_by",
        )
        .order_by("member__seat", "proposal__code")
    )


def papers_to_check(user: User, rounds: QuerySet[Round]) -> QuerySet[PaperScoreSheet]:
    """Sheets of these rounds that somebody else typed first and nobody has typed again."""
    return (
        PaperScoreSheet.objects.waiting()
        .filter(
            assignment__member__panel__round__in=rounds,
            assignment__member__panel__state=Panel.State.OPEN,
        )
        .exclude(entered_by=user)
        .exclude(assignment__review__state__in=[Review.State.SUBMITTED, Review.State.ABSTAINED])
        .exclude(tied_to(user, "assignment__proposal__"))
        .select_related("assignment__member__panel__round")
        .order_by("entered_at")
    )


def _line(assignment: Assignment, user: User) -> PaperLine:
    review = getattr(assignment, "review", None)
    paper = getattr(assignment, "paper", None)
    if review is not None and review.state == Review.State.SUBMITTED:
        if paper is not None and paper.checked_by is not None:
            return PaperLine(assignment, _("纸质，已录入"), "done")
        return PaperLine(assignment, _("网上已交"), "done")
    if review is not None and review.state == Review.State.ABSTAINED:
        is_paper = paper is not None and paper.checked_by is not None and paper.is_abstention
        return PaperLine(assignment, _("纸质，弃权") if is_paper else _("弃权"), "active")
    if paper is None or paper.checked_at is not None:
        return PaperLine(assignment, _("没有录"), "neutral", verb=_("录入"))
    typed_by = paper.entered_by.display_name
    if paper.entered_by_id == user.pk:
        return PaperLine(
            assignment, _("等另一个人再录一遍"), "waiting", typed_by, verb=_("改我录的")
        )
    return PaperLine(assignment, _("等另一个人再录一遍"), "waiting", typed_by, verb=_("录第二遍"))
