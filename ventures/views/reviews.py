"""A reviewer's evening: her queue, one sheet after the other, stepping aside, printing."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import SignedInRequest
from accounts.services.papers import typeset
from accounts.templatetags.kit import clock
from ventures.forms.reviews import BudgetLineShown, ReasonForm, RecusalForm, ReviewForm
from ventures.lifecycles.reviews import REVIEW
from ventures.models import (
    Assignment,
    Panel,
    PanelMember,
    ProposalFile,
    ProposalVersion,
    Review,
)
from ventures.rules.rubrics import criteria_for
from ventures.selectors.papers import sheet_paper
from ventures.selectors.reviewer_looks import besides_the_sheet
from ventures.selectors.reviewers import invitations_of
from ventures.selectors.reviews import (
    assignments_opened,
    half_points_shown,
    queue_of,
    queues_of,
    sheets_shown_to,
)
from ventures.selectors.sheet_gaps import missing_of
from ventures.selectors.snapshots import latest_version_of
from ventures.selectors.version_changes import before, newer_than
from ventures.services import reviews as services
from ventures.services.assignments import (
    declare_recusal,
    require_commitment,
    sign_commitment,
)


@require_GET
def queue(request: SignedInRequest) -> HttpResponse:
    return render(
        request,
        "ventures/reviews/queue.html",
        {"queues": queues_of(request.user), "invitations": list(invitations_of(request.user)[:20])},
    )


@require_POST
def commitment(request: SignedInRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(
        PanelMember.objects.select_related("panel"), panel=pk, reviewer=request.user
    )
    sign_commitment(member, acting_user=request.user)
    messages.success(request, _("承诺书已签署。请先确认有没有需要回避的项目，再开始评分。"))
    return redirect("ventures:review-queue")


def sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read, score, hand in. A plain form without script; with script it saves itself."""
    assignment = _own_assignment(request, pk)
    require_commitment(assignment.member)
    review = Review.objects.filter(assignment=assignment).first()
    form = _form(assignment, review, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        review = services.open_sheet(assignment, acting_user=request.user)
        form.review = review
        if form.is_valid():
            review = services.save_review(review, form.content(), acting_user=request.user)
            if request.POST.get("intent") != "submit":
                messages.success(request, _("已保存。"))
                return redirect("ventures:review-sheet", pk=pk)
            missing = missing_of(review)
            if not missing:
                services.submit_review(review, acting_user=request.user)
                return _on_to_next(request, assignment)
            for sentence in missing:
                form.add_error(None, sentence)
        else:
            # What can be read is kept even when something beside it cannot.
            review = services.save_review(review, form.content(), acting_user=request.user)
    status = 422 if form.is_bound else 200
    return render(
        request,
        "ventures/reviews/sheet.html",
        _page(request, assignment, review, form),
        status=status,
    )


@require_POST
def save(request: SignedInRequest, pk: int) -> JsonResponse:
    """Keep what is typed; answer with the total, what is missing, what could not be read."""
    assignment = _own_assignment(request, pk)
    review = services.open_sheet(assignment, acting_user=request.user)
    form = _form(assignment, review, request.POST)
    form.is_valid()
    review = services.save_review(review, form.content(), acting_user=request.user)
    total = sum(score.half_points or 0 for score in review.scores.all())
    return JsonResponse(
        {
            "saved_at": clock(review.saved_at),
            "total": half_points_shown(total),
            "missing": missing_of(review),
            "errors": {name: list(errors) for name, errors in form.errors.items()},
        }
    )


def recuse(request: SignedInRequest, pk: int) -> HttpResponse:
    """Before the commitment is signed too: she needs no more than the applicant's name."""
    assignment = _own_assignment(request, pk)
    form = RecusalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        declare_recusal(
            assignment,
            ground=form.cleaned_data["ground"],
            words=form.cleaned_data["words"],
            acting_user=request.user,
        )
        messages.success(
            request, _("已回避“%(title)s”，不再向您显示。") % {"title": assignment.proposal.title}
        )
        return redirect("ventures:review-queue")
    return render(
        request,
        "ventures/reviews/recuse.html",
        {"assignment": assignment, "form": form},
        status=422 if form.is_bound else 200,
    )


def abstain(request: SignedInRequest, pk: int) -> HttpResponse:
    assignment = _own_assignment(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        review = services.open_sheet(assignment, acting_user=request.user)
        services.abstain(review, reason=form.cleaned_data["reason"], acting_user=request.user)
        return _on_to_next(request, assignment)
    return render(
        request,
        "ventures/reviews/abstain.html",
        {"assignment": assignment, "form": form},
        status=422 if form.is_bound else 200,
    )


@require_GET
def proposal_file(request: SignedInRequest, pk: int, file: int) -> FileResponse:
    """A PDF of the proposal, for the one who scores it; downloaded, never shown inline."""
    assignment = _own_assignment(request, pk)
    require_commitment(assignment.member)
    handed_in = get_object_or_404(
        ProposalFile.objects.select_related("attachment"),
        pk=file,
        proposal=assignment.proposal,
        removed_at__isnull=True,
    )
    return FileResponse(
        handed_in.attachment.file.open("rb"),
        as_attachment=True,
        filename=handed_in.attachment.name,
    )


@require_GET
def sheet_pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    """Her own 评分表 on paper, to be signed."""
    assignment = _own_assignment(request, pk)
    review = get_object_or_404(Review, assignment=assignment, state=Review.State.SUBMITTED)
    pdf = typeset("ventures/papers/review.typ", sheet_paper(review))
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="review-{assignment.proposal.code}.pdf"'
        },
    )


def _own_assignment(request: SignedInRequest, pk: int) -> Assignment:
    return get_object_or_404(
        assignments_opened().filter(pk__in=Assignment.objects.visible_to(request.user)), pk=pk
    )


def _form(assignment: Assignment, review: Review | None, data: Any) -> ReviewForm:
    version = _version_of(assignment, review)
    rubric = assignment.proposal.round.rubric
    assert rubric is not None, "reviewed_round_has_rubric"
    return ReviewForm(
        data,
        criteria=criteria_for(assignment.proposal),
        rubric=rubric,
        lines=[
            BudgetLineShown(line["position"], line["purpose"], line["requested_fen"])
            for line in version.snapshot["budget"]
        ],
        requested_fen=assignment.proposal.requested_fen,
        review=review,
    )


def _version_of(assignment: Assignment, review: Review | None) -> ProposalVersion:
    version = review.version if review else latest_version_of(assignment.proposal)
    assert version is not None, "what is under review was submitted"
    return version


def _page(
    request: SignedInRequest, assignment: Assignment, review: Review | None, form: ReviewForm
) -> dict[str, Any]:
    panel = assignment.member.panel
    is_open = panel.state == Panel.State.OPEN
    own = queue_of(request.user, assignment.member)
    place = next(i for i, line in enumerate(own.lines) if line.assignment.pk == assignment.pk)
    others = [
        sheet
        for sheet in sheets_shown_to(request.user, assignment.proposal, panel)
        if sheet.assignment_id != assignment.pk
    ]
    cuts_by_line = {row.line.position: row for row in form.cut_rows()}
    version = _version_of(assignment, review)
    snapshot = version.snapshot
    return {
        "version": version,
        "older": before(version),
        "newer": newer_than(version),
        "besides": besides_the_sheet(snapshot),
        "assignment": assignment,
        "proposal": assignment.proposal,
        "review": review,
        "form": form,
        "text": snapshot,
        "budget": [(line, cuts_by_line.get(line["position"])) for line in snapshot["budget"]],
        "files": assignment.proposal.files.filter(removed_at__isnull=True).select_related(
            "attachment"
        ),
        "queue": own,
        "place": place + 1,
        "before": own.lines[place - 1] if place else None,
        "after": own.lines[place + 1] if place + 1 < len(own.lines) else None,
        "is_editable": is_open and (review is None or review.state == Review.State.DRAFT),
        "steps": REVIEW.open_to(request.user, review) if review else [],
        "total": sum(s.half_points or 0 for s in review.scores.all()) if review else None,
        "others": others,
    }


def _on_to_next(request: SignedInRequest, assignment: Assignment) -> HttpResponse:
    following = queue_of(request.user, assignment.member).next_line
    if following is None:
        messages.success(request, _("全部评完了，谢谢您。可以在这里打印评分表签名。"))
        return redirect("ventures:review-queue")
    messages.success(
        request, _("已交表：%(title)s。下一份。") % {"title": assignment.proposal.title}
    )
    return redirect("ventures:review-sheet", pk=following.assignment.pk)
