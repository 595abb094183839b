"""One score sheet: read, score, hand in, step aside, abstain, print, what it said before."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import SignedInRequest
from accounts.services.papers import typeset
from accounts.templatetags.kit import clock
from ventures.errors.blinding import CopyNotReleased
from ventures.errors.discussions import WordsNameJudge
from ventures.forms.reviews import BudgetLineShown, ReasonForm, RecusalForm, ReviewForm
from ventures.lifecycles.reviews import REVIEW
from ventures.models import Assignment, Panel, Review, ReviewVersion
from ventures.rules.review_rights import Rights, rights_in
from ventures.rules.rubrics import criteria_for, rubric_of
from ventures.selectors.aggregation import total_shown
from ventures.selectors.blinding import (
    files_for_reviewers,
    read_by_reviewers,
    shown_to_reviewer,
    version_for_reviewers,
)
from ventures.selectors.discussions import answer_for, judges_named_on_sheet
from ventures.selectors.review_queues import Narrowing, evening_of
from ventures.selectors.reviewer_looks import besides_the_sheet
from ventures.selectors.reviews import assignments_opened, sheets_shown_to
from ventures.selectors.score_papers import sheet_paper
from ventures.selectors.sheet_gaps import missing_of
from ventures.selectors.version_changes import before, newer_than
from ventures.services import reviews as services
from ventures.services.assignments import declare_recusal, require_commitment
from ventures.services.sheet_contents import stored_content, total_halves_of

STATES = ("", "todo", "done")


def narrowing_of(request: SignedInRequest) -> Narrowing:
    """What of her list she looks at, as the address says; what it does not know is left out."""
    state = request.GET.get("state", "")
    return Narrowing(
        round=request.GET.get("round", ""),
        track=request.GET.get("track", ""),
        state=state if state in STATES else "",
    )


def sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read, score, hand in. A plain form without script; with script it saves itself."""
    assignment = own_assignment(request, pk)
    require_commitment(assignment.member)
    review = Review.objects.filter(assignment=assignment).first()
    form = sheet_form(assignment, review, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        review = services.open_sheet(assignment, acting_user=request.user)
        form.review = review
        is_valid = form.is_valid()
        if _is_overtaken(form, review):
            return _answer_overtaken(request, assignment, review, form)
        is_last = request.POST.get("intent") == "submit"
        # What can be read is kept even when something beside it cannot.
        review = services.save_review(
            review,
            form.content(),
            revision=form.revision_read,
            keeps=not is_last,
            acting_user=request.user,
        )
        form.take_revision(review.revision)
        if is_valid and not is_last:
            messages.success(request, _("已保存。"))
            return redirect(_address(request, pk))
        missing = missing_of(review) if is_valid else []
        is_valid = is_valid and names_no_judge(form, assignment)
        if is_valid and not missing:
            services.submit_review(review, acting_user=request.user)
            return _on_to_next(request, assignment)
        for sentence in missing:
            form.add_error(None, sentence)
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
    assignment = own_assignment(request, pk)
    review = services.open_sheet(assignment, acting_user=request.user)
    form = sheet_form(assignment, review, request.POST)
    form.is_valid()
    review = services.save_review(
        review,
        form.content(),
        revision=form.revision_read,
        keeps=request.POST.get("keeps") == "1",
        acting_user=request.user,
    )
    return JsonResponse(
        {
            "saved_at": clock(review.saved_at),
            "revision": review.revision,
            "total": total_shown(total_halves_of(review)),
            "missing": missing_of(review),
            "errors": {name: list(errors) for name, errors in form.errors.items()},
        }
    )


def recuse(request: SignedInRequest, pk: int) -> HttpResponse:
    """Before the commitment is signed too: she needs no more than the applicant's name."""
    assignment = own_assignment(request, pk)
    shown = shown_to_reviewer(assignment.proposal)
    form = RecusalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        declare_recusal(
            assignment,
            ground=form.cleaned_data["ground"],
            words=form.cleaned_data["words"],
            acting_user=request.user,
        )
        messages.success(request, _("已回避“%(title)s”，不再向您显示。") % {"title": shown.title})
        return redirect("ventures:review-queue")
    return render(
        request,
        "ventures/reviews/recuse.html",
        {"assignment": assignment, "shown": shown, "form": form},
        status=422 if form.is_bound else 200,
    )


def abstain(request: SignedInRequest, pk: int) -> HttpResponse:
    assignment = own_assignment(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        review = services.open_sheet(assignment, acting_user=request.user)
        services.abstain(review, reason=form.cleaned_data["reason"], acting_user=request.user)
        return _on_to_next(request, assignment)
    return render(
        request,
        "ventures/reviews/abstain.html",
        {"assignment": assignment, "shown": shown_to_reviewer(assignment.proposal), "form": form},
        status=422 if form.is_bound else 200,
    )


@require_GET
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    """What her sheet said each time it was kept, the latest first."""
    assignment = own_assignment(request, pk)
    require_commitment(assignment.member)
    versions = ReviewVersion.objects.filter(review__assignment=assignment).order_by("-number")
    return render(
        request,
        "ventures/reviews/history.html",
        {
            "assignment": assignment,
            "shown": shown_to_reviewer(assignment.proposal),
            "versions": [
                (one, Review.Recommendation(one.content["recommendation"]).label)
                if one.content["recommendation"]
                else (one, "")
                for one in versions
            ],
        },
    )


@require_GET
def proposal_file(request: SignedInRequest, pk: int, file: int) -> FileResponse:
    """A file of the proposal, for the one who scores it; downloaded, never shown inline."""
    assignment = own_assignment(request, pk)
    require_commitment(assignment.member)
    review = Review.objects.filter(assignment=assignment).first()
    open_to_her = files_for_reviewers(
        assignment.proposal,
        version_for_reviewers(assignment.proposal, review),
        rights_in(assignment.proposal.round),
    )
    found = next((one for one in open_to_her if one.file.pk == file), None)
    if found is None:
        raise Http404
    return FileResponse(
        found.file.attachment.file.open("rb"), as_attachment=True, filename=found.name
    )


@require_GET
def sheet_pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    """Her own 评分表 on paper, to be signed."""
    assignment = own_assignment(request, pk)
    review = get_object_or_404(Review, assignment=assignment, state=Review.State.SUBMITTED)
    pdf = typeset(
        "ventures/papers/review.typ", sheet_paper(review, shown_to_reviewer(assignment.proposal))
    )
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="review-{assignment.pk}.pdf"'},
    )


def own_assignment(request: SignedInRequest, pk: int) -> Assignment:
    return get_object_or_404(
        assignments_opened().filter(pk__in=Assignment.objects.visible_to(request.user)), pk=pk
    )


def sheet_form(assignment: Assignment, review: Review | None, data: Any) -> ReviewForm:
    """The sheet's form. Lines to be cut are called as the version she reads calls them."""
    version = version_for_reviewers(assignment.proposal, review)
    text = read_by_reviewers(version, rights_in(assignment.proposal.round))
    if data is not None and review is not None and text is None:
        raise CopyNotReleased()
    return ReviewForm(
        data,
        criteria=criteria_for(assignment.proposal),
        rubric=rubric_of(assignment.proposal),
        lines=[
            BudgetLineShown(line["position"], line["purpose"], line["requested_fen"])
            for line in (text or {"budget": []})["budget"]
        ],
        requested_fen=assignment.proposal.requested_fen,
        review=review,
    )


def names_no_judge(form: ReviewForm, assignment: Assignment) -> bool:
    """Said beside the words, which stay: the service would refuse them (`WordsNameJudge`)."""
    content = form.content()
    reasons = [cut.reason for cut in content.cuts]
    if words := judges_named_on_sheet(assignment.proposal, content.comment, reasons):
        form.add_error("comment", str(WordsNameJudge(words=words)))
    return not words


def _is_overtaken(form: ReviewForm, review: Review) -> bool:
    """The page was opened before the latest save, and says something else."""
    is_old = form.revision_read is not None and form.revision_read != review.revision
    is_draft = review.state == Review.State.DRAFT
    return is_old and is_draft and form.content() != stored_content(review)


def _answer_overtaken(
    request: SignedInRequest, assignment: Assignment, review: Review, form: ReviewForm
) -> HttpResponse:
    """Nothing is written: her words stand in the form, what was saved elsewhere beside it. Handing
    the same page in again takes her words."""
    form.take_revision(review.revision)
    page = _page(request, assignment, review, form) | {"other": form.differences()}
    return render(request, "ventures/reviews/sheet.html", page, status=409)


def _page(
    request: SignedInRequest, assignment: Assignment, review: Review | None, form: ReviewForm
) -> dict[str, Any]:
    panel = assignment.member.panel
    rights = rights_in(assignment.proposal.round)
    evening = evening_of(request.user, narrowing_of(request))
    own = next(one for one in evening.queues if one.member.pk == assignment.member_id)
    place = next(i for i, line in enumerate(own.lines) if line.assignment.pk == assignment.pk)
    version = version_for_reviewers(assignment.proposal, review)
    return {
        "version": version,
        "older": None if rights.hides_applicant else before(version),
        "newer": None if rights.hides_applicant else newer_than(version),
        "assignment": assignment,
        "proposal": assignment.proposal,
        "shown": own.lines[place].shown,
        "review": review,
        "form": form,
        **_reading(assignment, review, form, rights),
        "queue": own,
        "evening": evening,
        "place": place + 1,
        "before": evening.before(assignment.pk),
        "after": evening.after(assignment.pk),
        "rights": rights,
        "is_editable": panel.state == Panel.State.OPEN
        and rights.may_score
        and (review is None or review.state == Review.State.DRAFT),
        "steps": REVIEW.open_to(request.user, review) if review else [],
        "total": total_halves_of(review) if review else None,
        # The applicant's words answer the other sheets; they come after one's own, too.
        "answer": answer_for(request.user, assignment.proposal, rights),
        "discussion_link": rights.may_discuss or assignment.proposal.remarks.exists(),
        "has_history": review is not None and review.versions.exists(),
        "others": [
            one
            for one in sheets_shown_to(request.user, assignment.proposal, panel)
            if one.assignment_id != assignment.pk
        ],
    }


def _reading(
    assignment: Assignment, review: Review | None, form: ReviewForm, rights: Rights
) -> dict[str, Any]:
    """What she reads: whole, anonymous, or nothing yet."""
    version = version_for_reviewers(assignment.proposal, review)
    text = read_by_reviewers(version, rights)
    if text is None:
        return {"text": None, "budget": [], "files": [], "besides": None}
    cuts_by_line = {row.line.position: row for row in form.cut_rows()}
    return {
        "text": text,
        "besides": besides_the_sheet(text),
        "budget": [(line, cuts_by_line.get(line["position"])) for line in text["budget"]],
        "files": files_for_reviewers(assignment.proposal, version, rights),
    }


def _address(request: SignedInRequest, pk: int) -> str:
    query = narrowing_of(request).query
    address = reverse("ventures:review-sheet", args=[pk])
    return f"{address}?{query}" if query else address


def _on_to_next(request: SignedInRequest, assignment: Assignment) -> HttpResponse:
    evening = evening_of(request.user, narrowing_of(request))
    following = evening.next_waiting(assignment.pk)
    if following is None:
        messages.success(request, _("全部评完了，谢谢您。可以在这里打印评分表签名。"))
        return redirect("ventures:review-queue")
    title = evening.line_of(assignment.pk).shown.title
    messages.success(request, _("已交表：%(title)s。下一份。") % {"title": title})
    return redirect(_address(request, following.assignment.pk))
