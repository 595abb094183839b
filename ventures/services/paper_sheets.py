"""Take in what a reviewer wrote on paper: one person types the sheet, another types its figures
again without seeing the first, and what both agree on is handed in for her.

The sheet itself is kept by `services.reviews`; who may type is asked of `rules.paper_sheets`.
"""

from dataclasses import asdict
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed, Overtaken
from accounts.models import User
from accounts.services.changes import record_change
from accounts.services.documents import store_document
from accounts.services.messages import tell
from ventures.errors.paper_sheets import PaperDiffers, SecondPersonNeeded
from ventures.errors.reviews import (
    CommitmentMissing,
    ReviewerRecused,
    ReviewHandedIn,
    ReviewIncomplete,
)
from ventures.lifecycles.reviews import REVIEW
from ventures.models import Assignment, PanelMember, PaperScoreSheet, Review, ReviewVersion
from ventures.rules import paper_sheets as rules
from ventures.rules.reviews import is_assigned_reviewer
from ventures.rules.rubrics import criteria_for
from ventures.selectors.blinding import shown_to_reviewer
from ventures.selectors.sheet_gaps import missing_of
from ventures.services.assignments import require_open
from ventures.services.review_phases import require_scoring_open
from ventures.services.reviews import hold_against_close, require_no_judge_named, write_content
from ventures.services.sheet_contents import CutContent, ItemContent, SheetContent, keep_version


@transaction.atomic
def enter_paper_sheet(
    assignment: Assignment,
    content: SheetContent,
    *,
    is_abstention: bool = False,
    has_signed: bool = False,
    scan: "UploadedFile[Any] | None" = None,
    acting_user: User,
) -> PaperScoreSheet:
    """Type a sheet in from paper. It does not count until another person has typed it too.

    Typed once more before that, by whomever, it takes the place of the first. `is_abstention`: she
    wrote 弃权 and why; of the content only the words are kept. `has_signed` says that she signed
    the commitment on paper, where she has not signed here. Refused: with what is missing on it,
    with words to the applicant that name a judge (`WordsNameJudge`: the name is left out), for who
    sits on the panel, over a sheet that is in, and after the panel closed.
    """
    assignment = _held(assignment, acting_user)
    _require_free(assignment)
    _require_commitment(assignment.member, has_signed, acting_user)
    content = SheetContent(comment=content.comment.strip()) if is_abstention else content
    missing = missing_on_paper(assignment, content, is_abstention=is_abstention)
    if missing:
        raise ReviewIncomplete(missing=missing)
    if not is_abstention:
        require_no_judge_named(assignment.proposal, content)
    stored = store_document(scan, acting_user=acting_user) if scan is not None else None
    before = PaperScoreSheet.objects.select_for_update().filter(assignment=assignment).first()
    paper, _is_new = PaperScoreSheet.objects.update_or_create(
        assignment=assignment,
        defaults={
            "content": asdict(content),
            "is_abstention": is_abstention,
            "scan": stored or (before.scan if before is not None else None),
            "entered_by": acting_user,
            "entered_at": database_now(),
            "checked_by": None,
            "checked_at": None,
        },
    )
    record_change(paper, "enter", acting_user=acting_user)
    return paper


def entry_of(paper: PaperScoreSheet) -> str:
    """Which entry of the first person it is."""
    return paper.entered_at.isoformat()


@transaction.atomic
def check_paper_sheet(
    paper: PaperScoreSheet,
    content: SheetContent,
    *,
    is_abstention: bool = False,
    acting_user: User,
    seen: str | None = None,
) -> Review:
    """Type the figures once more; if they are those of the first, the sheet is handed in. Where
    both read 弃权 it is an abstention: no score, and never a zero.

    Its words are those of the first person, which the second has before her. Refused: for the first
    person herself (`SecondPersonNeeded`), where it was entered anew since the page that was `seen`
    (`Overtaken`), and where a figure differs (`PaperDiffers`).
    """
    assignment = _held(paper.assignment, acting_user)
    paper = PaperScoreSheet.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    paper.assignment = assignment
    _require_free(assignment)
    if not rules.may_check_paper(acting_user, paper):
        raise SecondPersonNeeded()
    if seen is not None and seen != entry_of(paper):
        raise Overtaken()
    if fields := differing_figures(paper, content, is_abstention=is_abstention):
        raise PaperDiffers(fields=fields)
    first = content_of(paper)
    review = _opened(assignment)
    if review.revision:
        keep_version(review, ReviewVersion.Kind.SAVED)
    now = database_now()
    if is_abstention:
        review.comment = first.comment
    else:
        write_content(review, first)
    review.revision, review.saved_at = review.revision + 1, now
    review.save()
    paper.checked_by, paper.checked_at = acting_user, now
    paper.save(update_fields=["checked_by", "checked_at"])
    REVIEW.move(
        review,
        "abstain_paper" if is_abstention else "submit_paper",
        reason=first.comment if is_abstention else "",
        facts={"entered_by": paper.entered_by_id},
        acting_user=acting_user,
        on_behalf_of=assignment.member.reviewer,
        submitted_at=now,
    )
    kind = ReviewVersion.Kind
    keep_version(review, kind.ABSTAINED if is_abstention else kind.SUBMITTED)
    _tell_reviewer(paper)
    return review


def content_of(paper: PaperScoreSheet) -> SheetContent:
    """What the first person typed."""
    kept = paper.content
    return SheetContent(
        **kept
        | {
            "items": tuple(ItemContent(**item) for item in kept["items"]),
            "cuts": tuple(CutContent(**cut) for cut in kept["cuts"]),
        }
    )


def _held(assignment: Assignment, acting_user: User) -> Assignment:
    """As it stands while the panel can neither close nor change its phase."""
    panel_id = PanelMember.objects.values_list("panel", flat=True).get(pk=assignment.member_id)
    hold_against_close(panel_id)
    assignment = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related(
            "member__panel__round__region",
            "member__reviewer",
            "proposal__round__rubric",
            "proposal__track",
        )
        .get(pk=assignment.pk)
    )
    panel = assignment.member.panel
    if not rules.may_enter_papers(acting_user, panel):
        raise NotAllowed()
    require_open(panel)
    require_scoring_open(panel)
    return assignment


def _require_free(assignment: Assignment) -> None:
    """She may score it, and has not handed in."""
    if not is_assigned_reviewer(assignment.member.reviewer, assignment):
        raise ReviewerRecused(
            reviewer=assignment.member.reviewer.display_name, code=assignment.proposal.code
        )
    review = Review.objects.select_for_update().filter(assignment=assignment).first()
    if review is not None and review.state != Review.State.DRAFT:
        raise ReviewHandedIn()


def _require_commitment(member: PanelMember, has_signed: bool, acting_user: User) -> None:
    if member.committed_at is not None:
        return
    if not has_signed:
        raise CommitmentMissing()
    member.committed_at = database_now()
    member.save(update_fields=["committed_at"])
    record_change(
        member,
        "sign_commitment_on_paper",
        acting_user=acting_user,
        on_behalf_of=member.reviewer,
    )


def _opened(assignment: Assignment) -> Review:
    review, _is_new = Review.objects.select_for_update().get_or_create(
        assignment=assignment, defaults={"version": assignment.proposal.versions.latest("number")}
    )
    review.assignment = assignment
    return review


def missing_on_paper(
    assignment: Assignment, content: SheetContent, *, is_abstention: bool = False
) -> list[str]:
    """What her sheet would lack if it said this; nothing stays written."""
    if is_abstention:
        return [] if content.comment.strip() else [_("请照纸上写的录弃权的理由")]
    with transaction.atomic():
        review = _opened(assignment)
        write_content(review, content)
        missing = missing_of(review)
        transaction.set_rollback(True)
    return missing


def differing_figures(
    paper: PaperScoreSheet, second: SheetContent, *, is_abstention: bool = False
) -> list[str]:
    """The names of the figures that were typed differently; of an abstention, that it is one."""
    if paper.is_abstention or is_abstention:
        return [] if paper.is_abstention == is_abstention else [_("弃权")]
    assignment, first = paper.assignment, content_of(paper)
    names = {criterion.pk: criterion.name for criterion in criteria_for(assignment.proposal)}
    given = [{item.criterion_id: item.half_points for item in one.items} for one in (first, second)]
    cuts = [{(cut.line_number, cut.cut_fen) for cut in one.cuts} for one in (first, second)]
    return [
        *(name for pk, name in names.items() if given[0].get(pk) != given[1].get(pk)),
        *([_("预算核减意见")] if cuts[0] != cuts[1] else []),
        *([_("建议资助金额")] if _amount(assignment, first) != _amount(assignment, second) else []),
        *([_("立项建议")] if first.recommendation != second.recommendation else []),
    ]


def _amount(assignment: Assignment, content: SheetContent) -> int | None:
    return content.suggested_fen if assignment.proposal.round.has_money else 0


def _tell_reviewer(paper: PaperScoreSheet) -> None:
    assignment = paper.assignment
    reviewer = assignment.member.reviewer
    assert paper.checked_by is not None, "told of after the check"
    with override(reviewer.language):
        tell(
            reviewer,
            kind="ventures.paper_sheet_taken_in",
            title=_("您的纸质评分表已录入：%(title)s")
            % {"title": shown_to_reviewer(assignment.proposal).title},
            body=_how_taken(paper)
            % {"first": paper.entered_by.display_name, "second": paper.checked_by.display_name},
            link=reverse("ventures:review-sheet", args=[assignment.pk]),
            key=f"ventures.paper_sheet:{paper.pk}:{paper.checked_at:%Y%m%d%H%M%S}",
        )


def _how_taken(paper: PaperScoreSheet) -> str:
    if paper.is_abstention:
        return _(
            "%(first)s录入，%(second)s又录了一遍，都是弃权：不计分，也不算零分。有误请告诉经办人退回。"
        )
    return _("%(first)s录入，%(second)s又录了一遍，两次一致。请看一看；有误请告诉经办人退回。")
