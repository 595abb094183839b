"""Take in reviews: open a sheet, save it while it is written, hand it in, give it back, close.

Who scores what is decided in `services.assignments`; how scores become an order is read in
`selectors.rankings`. A sheet is bound to the version of the proposal that was read.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.clock import database_now
from accounts.errors import NotAllowed, ReasonMissing
from accounts.models import User
from accounts.services.messages import tell
from accounts.templatetags.kit import yuan
from ventures.errors.reviews import PanelClosed, ReviewHandedIn, ReviewIncomplete, ReviewsMissing
from ventures.lifecycles.reviews import PANEL, REVIEW
from ventures.models import (
    Assignment,
    BudgetCut,
    Criterion,
    Decision,
    Panel,
    PanelMember,
    Proposal,
    Review,
    ReviewVersion,
    Round,
    Score,
)
from ventures.rules import reviews as rules
from ventures.selectors.reviews import half_points_shown, item_needs_reason
from ventures.services.assignments import require_commitment, require_open
from ventures.services.review_phases import require_scoring_open


@dataclass(frozen=True)
class ItemContent:
    """What stands on the sheet for one criterion; None is not scored yet, never a zero."""

    criterion_id: int
    half_points: int | None
    comment: str = ""


@dataclass(frozen=True)
class CutContent:
    """What the reviewer would take off one budget line."""

    line_number: int
    line_name: str
    cut_fen: int
    reason: str


@dataclass(frozen=True)
class SheetContent:
    """A sheet as filled in so far."""

    items: tuple[ItemContent, ...] = ()
    cuts: tuple[CutContent, ...] = ()
    comment: str = ""
    notes: str = ""
    suggested_fen: int | None = None
    recommendation: str = ""


@transaction.atomic
def open_sheet(assignment: Assignment, *, acting_user: User) -> Review:
    """The reviewer's sheet for this proposal, made when she first opens it.

    It is bound to the version she reads. Refused: before the commitment is signed, and after the
    panel closed, or while no phase lets anybody score, if she never began.
    """
    if not rules.is_assigned_reviewer(acting_user, assignment):
        raise NotAllowed()
    require_commitment(assignment.member)
    review = Review.objects.filter(assignment=assignment).first()
    if review is not None:
        return review
    _hold_against_close(assignment.member.panel_id)
    assignment.member.panel.refresh_from_db(fields=["state"])
    require_open(assignment.member.panel)
    require_scoring_open(assignment.member.panel)
    version = assignment.proposal.versions.latest("number")
    review, _is_new = Review.objects.get_or_create(
        assignment=assignment, defaults={"version": version}
    )
    return review


@transaction.atomic
def save_review(review: Review, content: SheetContent, *, acting_user: User) -> Review:
    """Keep what is filled in so far; nothing has to be complete, but no score is above its maximum.

    Refused: another's sheet, one that was handed in, and any after the panel closed or while no
    phase lets anybody score.
    """
    review = _locked(review)
    if not rules.is_own_review(acting_user, review):
        raise NotAllowed()
    require_open(review.assignment.member.panel)
    require_scoring_open(review.assignment.member.panel)
    if review.state != Review.State.DRAFT:
        raise ReviewHandedIn()
    criteria = {criterion.pk for criterion in _criteria_of(review)}
    for item in content.items:
        assert item.criterion_id in criteria, "a form offers the round's criteria only"
        Score.objects.update_or_create(
            review=review,
            criterion_id=item.criterion_id,
            defaults={"half_points": item.half_points, "comment": item.comment},
        )
    review.cuts.all().delete()
    BudgetCut.objects.bulk_create(
        BudgetCut(
            review=review,
            line_number=cut.line_number,
            line_name=cut.line_name,
            cut_fen=cut.cut_fen,
            reason=cut.reason,
        )
        for cut in content.cuts
    )
    review.comment, review.notes = content.comment, content.notes
    has_money = review.assignment.proposal.round.has_money
    review.suggested_fen = content.suggested_fen if has_money else 0
    review.recommendation = content.recommendation
    review.saved_at = database_now()
    review.save(update_fields=["comment", "notes", "suggested_fen", "recommendation", "saved_at"])
    return review


@transaction.atomic
def submit_review(review: Review, *, acting_user: User) -> Review:
    """Hand the sheet in: it locks, and what it said is kept as a version.

    Refused with everything that is missing (`ReviewIncomplete`): an item without a score, a low
    score without a reason, no overall words, no amount or one above what was asked for, no
    recommendation.
    """
    review = _locked(review)
    require_open(review.assignment.member.panel)
    require_scoring_open(review.assignment.member.panel)
    missing = missing_of(review)
    if missing and review.state == Review.State.DRAFT:
        raise ReviewIncomplete(missing=missing)
    REVIEW.move(review, "submit", acting_user=acting_user, submitted_at=database_now())
    scores = list(review.scores.select_related("criterion"))
    ReviewVersion.objects.create(
        review=review,
        number=review.versions.count() + 1,
        content=_content_of(review, scores),
        total_half_points=sum(score.half_points or 0 for score in scores),
    )
    return review


@transaction.atomic
def abstain(review: Review, *, reason: str, acting_user: User) -> Review:
    """Give no score and say why. An abstention is not counted: it is never a zero."""
    if not reason.strip():
        raise ReasonMissing()
    review = _locked(review)
    require_open(review.assignment.member.panel)
    require_scoring_open(review.assignment.member.panel)
    REVIEW.move(
        review,
        "abstain",
        reason=reason,
        acting_user=acting_user,
        comment=reason.strip(),
        submitted_at=database_now(),
    )
    return review


@transaction.atomic
def give_back_review(review: Review, *, reason: str, acting_user: User) -> Review:
    """The officer gives a sheet back to be put right, with a reason; the reviewer is told."""
    if not reason.strip():
        raise ReasonMissing()
    review = _locked(review)
    require_open(review.assignment.member.panel)
    require_scoring_open(review.assignment.member.panel)
    change = REVIEW.move(
        review, "give_back", reason=reason, acting_user=acting_user, submitted_at=None
    )
    assignment = review.assignment
    tell(
        assignment.member.reviewer,
        kind="ventures.review_given_back",
        title=_("评分表退回修改：%(title)s") % {"title": assignment.proposal.title},
        body=_("理由：%(reason)s。改好后请重新交表。") % {"reason": reason},
        link=reverse("ventures:review-sheet", args=[assignment.pk]),
        key=f"ventures.review:{review.pk}:given_back:{change.pk}",
    )
    return review


@transaction.atomic
def close_panel(panel: Panel, *, reason: str = "", acting_user: User) -> Panel:
    """End the reviewing: every sheet is locked, and the ranking stands.

    Refused while sheets are out, unless a reason is given and every proposal has at least one.
    """
    # Waits for sheets that are being written this moment and makes later ones wait.
    panel = Panel.objects.select_for_update().get(pk=panel.pk)
    waiting = Assignment.objects.standing().unfinished().filter(member__panel=panel).count()
    group = Proposal.objects.filter(round=panel.round, state=Proposal.State.UNDER_REVIEW)
    unscored = group.exclude(
        pk__in=Review.objects.handed_in().values("assignment__proposal")
    ).count()
    if unscored or (waiting and not reason.strip()):
        raise ReviewsMissing(waiting=waiting, unscored=unscored)
    PANEL.move(
        panel,
        "close",
        reason=reason,
        facts={"waiting": waiting},
        acting_user=acting_user,
        closed_at=database_now(),
    )
    return panel


@transaction.atomic
def reopen_panel(panel: Panel, *, reason: str, acting_user: User) -> Panel:
    """Take up the reviewing again, before the meeting has decided, with a reason.

    A list prepared from the old ranking is put aside.
    """
    if not reason.strip():
        raise ReasonMissing()
    round = Round.objects.select_for_update().get(pk=panel.round_id)
    if round.state != Round.State.IN_REVIEW:
        raise PanelClosed()
    PANEL.move(panel, "reopen", reason=reason, acting_user=acting_user, closed_at=None)
    Decision.objects.filter(proposal__round=round, state=Decision.State.PREPARED).delete()
    return panel


def missing_of(review: Review) -> list[str]:
    """What a sheet still lacks, as sentences for its reviewer, in the order of the sheet."""
    scores = {score.criterion_id: score for score in review.scores.all()}
    rubric = review.assignment.proposal.round.rubric
    assert rubric is not None, "reviewed_round_has_rubric"
    missing: list[str] = []
    total = 0
    for criterion in _criteria_of(review):
        score = scores.get(criterion.pk)
        if score is None or score.half_points is None:
            missing.append(_("“%(item)s”还没有打分") % {"item": criterion.name})
            continue
        total += score.half_points
        if item_needs_reason(score.half_points, criterion, rubric) and not score.comment.strip():
            missing.append(
                _("“%(item)s”得 %(points)s 分，低于满分的 %(percent)d%%，请写理由")
                % {
                    "item": criterion.name,
                    "points": half_points_shown(score.half_points),
                    "percent": rubric.comment_below_percent,
                }
            )
    if not review.comment.strip():
        if total < rubric.pass_half_points:
            missing.append(
                _("总分低于 %(pass)s 分，请写明不予立项的意见")
                % {"pass": half_points_shown(rubric.pass_half_points)}
            )
        else:
            missing.append(_("请写评审意见"))
    for cut in review.cuts.all():
        if not cut.reason.strip():
            missing.append(_("第 %(line)d 行预算核减请写理由") % {"line": cut.line_number})
    proposal = review.assignment.proposal
    requested = proposal.round.most_for(proposal.requested_fen)
    if review.suggested_fen is None:
        missing.append(_("请填写建议资助金额（可以为 0）"))
    elif review.suggested_fen > requested:
        missing.append(_("建议资助金额不能超过申请的 %(most)s") % {"most": yuan(requested)})
    if not review.recommendation:
        missing.append(_("请选择立项建议：同意、修改后同意或不同意"))
    return missing


def _criteria_of(review: Review) -> Iterable[Criterion]:
    rubric = review.assignment.proposal.round.rubric
    assert rubric is not None, "reviewed_round_has_rubric"
    return rubric.criteria.all()


def _locked(review: Review) -> Review:
    """The sheet, locked, with assignment and panel as they stand after the wait for the locks.

    The panel is held against its close until the sheet is written: a sheet is counted by the close
    or refused after it, never lost in between. Panel before sheet, like `close_panel`.
    """
    panel_id = PanelMember.objects.values_list("panel", flat=True).get(
        assignments__review=review.pk
    )
    _hold_against_close(panel_id)
    locked = (
        Review.objects.select_for_update(of=("self",))
        .select_related(
            "assignment__member__panel__round__region",
            "assignment__member__reviewer",
            "assignment__proposal__round__rubric",
        )
        .get(pk=review.pk)
    )
    locked.assignment.refresh_from_db(fields=["state"])
    locked.assignment.member.panel.refresh_from_db(fields=["state"])
    return locked


def _hold_against_close(panel_id: int) -> None:
    """A shared lock, which Django has no word for: sheets are saved side by side, and the close
    waits for them and they for the close."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM ventures_panel WHERE id = %s FOR SHARE", [panel_id])


def _content_of(review: Review, scores: Iterable[Score]) -> dict[str, object]:
    return {
        "version": review.version_id,
        "items": [
            {
                "criterion": score.criterion.name,
                "half_points": score.half_points,
                "max_half_points": score.criterion.max_half_points,
                "comment": score.comment,
            }
            for score in scores
        ],
        "cuts": [
            {"line": cut.line_number, "name": cut.line_name, "fen": cut.cut_fen, "why": cut.reason}
            for cut in review.cuts.all()
        ],
        "comment": review.comment,
        "suggested_fen": review.suggested_fen,
        "recommendation": review.recommendation,
    }
