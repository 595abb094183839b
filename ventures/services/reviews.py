"""Take in reviews: open a sheet, save it while it is written, hand it in, give it back, close.

Who scores what is decided in `services.assignments`; how scores become an order is read in
`selectors.rankings`. A sheet is bound to the version of the proposal that was read.
"""

from datetime import timedelta

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.reasons import required
from accounts.services.messages import tell
from ventures.errors.discussions import WordsNameJudge
from ventures.errors.reviews import (
    PanelClosed,
    ReviewHandedIn,
    ReviewIncomplete,
    ReviewOvertaken,
    ReviewsMissing,
)
from ventures.lifecycles.reviews import PANEL, REVIEW
from ventures.models import (
    Assignment,
    BudgetCut,
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
from ventures.rules.rubrics import criteria_for
from ventures.selectors.blinding import shown_to_reviewer
from ventures.selectors.discussions import judges_named_on_sheet
from ventures.selectors.sheet_fields import typed_values
from ventures.selectors.sheet_gaps import missing_of
from ventures.services.assignments import require_commitment, require_open
from ventures.services.review_phases import require_scoring_open
from ventures.services.sheet_contents import SheetContent, keep_version, stored_content

KEPT_EVERY = timedelta(minutes=2)


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
    hold_against_close(assignment.member.panel_id)
    assignment.member.panel.refresh_from_db(fields=["state"])
    require_open(assignment.member.panel)
    require_scoring_open(assignment.member.panel)
    version = assignment.proposal.versions.latest("number")
    review, _is_new = Review.objects.get_or_create(
        assignment=assignment, defaults={"version": version}
    )
    return review


@transaction.atomic
def save_review(
    review: Review,
    content: SheetContent,
    *,
    revision: int | None = None,
    keeps: bool = False,
    acting_user: User,
) -> Review:
    """Keep what is filled in so far; nothing has to be complete, but no score is above its maximum.

    `revision` is the save the page was opened after: a save from an older page is refused with what
    stands now (`ReviewOvertaken`), except that the same words twice are one save. `keeps` puts it
    into the sheet's history; what is saved while one types comes there every other minute.
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
    if content == stored_content(review):
        if keeps:
            keep_version(review, ReviewVersion.Kind.SAVED)
        return review
    if revision is not None and revision != review.revision:
        raise ReviewOvertaken(revision=review.revision, fields=typed_values(review))
    write_content(review, content)
    now = database_now()
    last = review.versions.last()
    review.revision += 1
    review.saved_at = now
    review.save(
        update_fields=[
            "comment", "notes", "suggested_fen", "recommendation", "saved_at", "revision"
        ]
    )  # fmt: skip
    if keeps or now - (last.kept_at if last else review.opened_at) >= KEPT_EVERY:
        keep_version(review, ReviewVersion.Kind.SAVED)
    return review


@transaction.atomic
def submit_review(review: Review, *, acting_user: User) -> Review:
    """Hand the sheet in: it locks, and what it said is kept as a version.

    Refused with everything that is missing (`ReviewIncomplete`): an item without a score, a low
    score without a reason, no overall words, no amount or one above what was asked for, no
    recommendation; and with words to the applicant that name a judge (`WordsNameJudge`).
    """
    review = _locked(review)
    require_open(review.assignment.member.panel)
    require_scoring_open(review.assignment.member.panel)
    missing = missing_of(review)
    if missing and review.state == Review.State.DRAFT:
        raise ReviewIncomplete(missing=missing)
    if review.state == Review.State.DRAFT:
        require_no_judge_named(review.assignment.proposal, stored_content(review))
    REVIEW.move(review, "submit", acting_user=acting_user, submitted_at=database_now())
    keep_version(review, ReviewVersion.Kind.SUBMITTED)
    return review


@transaction.atomic
def abstain(review: Review, *, reason: str, acting_user: User) -> Review:
    """Give no score and say why. An abstention is not counted: it is never a zero."""
    reason = required(reason)
    review = _locked(review)
    require_open(review.assignment.member.panel)
    require_scoring_open(review.assignment.member.panel)
    if review.state == Review.State.DRAFT and review.revision:
        keep_version(review, ReviewVersion.Kind.SAVED)
    REVIEW.move(
        review,
        "abstain",
        reason=reason,
        acting_user=acting_user,
        comment=reason,
        submitted_at=database_now(),
    )
    keep_version(review, ReviewVersion.Kind.ABSTAINED)
    return review


@transaction.atomic
def give_back_review(review: Review, *, reason: str, acting_user: User) -> Review:
    """The officer gives a sheet back to be put right, with a reason; the reviewer is told."""
    reason = required(reason)
    review = _locked(review)
    require_open(review.assignment.member.panel)
    require_scoring_open(review.assignment.member.panel)
    change = REVIEW.move(
        review, "give_back", reason=reason, acting_user=acting_user, submitted_at=None
    )
    assignment, reviewer = review.assignment, review.assignment.member.reviewer
    with override(reviewer.language):
        tell(
            reviewer,
            kind="ventures.review_given_back",
            title=_("评分表退回修改：%(title)s")
            % {"title": shown_to_reviewer(assignment.proposal).title},
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
    reason = required(reason)
    round = Round.objects.select_for_update().get(pk=panel.round_id)
    if round.state != Round.State.IN_REVIEW:
        raise PanelClosed()
    PANEL.move(panel, "reopen", reason=reason, acting_user=acting_user, closed_at=None)
    Decision.objects.filter(proposal__round=round, state=Decision.State.PREPARED).delete()
    return panel


def require_no_judge_named(proposal: Proposal, content: SheetContent) -> None:
    """What the applicant reads of a sheet does not say who judges."""
    reasons = [cut.reason for cut in content.cuts]
    if words := judges_named_on_sheet(proposal, content.comment, reasons):
        raise WordsNameJudge(words=words)


def write_content(review: Review, content: SheetContent) -> None:
    """Scores and cuts into their rows, the rest into the sheet, which is not saved here."""
    criteria = {criterion.pk for criterion in criteria_for(review.assignment.proposal)}
    for item in content.items:
        assert item.criterion_id in criteria, "a form offers the proposal's criteria only"
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


def _locked(review: Review) -> Review:
    """The sheet, locked, with assignment and panel as they stand after the wait for the locks.

    The panel is held against its close until the sheet is written: a sheet is counted by the close
    or refused after it, never lost in between. Panel before sheet, like `close_panel`.
    """
    panel_id = PanelMember.objects.values_list("panel", flat=True).get(
        assignments__review=review.pk
    )
    hold_against_close(panel_id)
    locked = (
        Review.objects.select_for_update(of=("self",))
        .select_related(
            "assignment__member__panel__round__region",
            "assignment__member__reviewer",
            "assignment__proposal__round__rubric",
            "assignment__proposal__track",
        )
        .get(pk=review.pk)
    )
    locked.assignment.refresh_from_db(fields=["state"])
    locked.assignment.member.panel.refresh_from_db(fields=["state"])
    return locked


def hold_against_close(panel_id: int) -> None:
    """A shared lock, which Django has no word for: sheets are saved side by side, and the close
    waits for them and they for the close."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM ventures_panel WHERE id = %s FOR SHARE", [panel_id])
