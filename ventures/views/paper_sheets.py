"""Score sheets written on paper: print them blank, type them in, type them again."""

from fractions import Fraction

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from accounts.services.papers import Volume, typeset
from ventures.errors.paper_sheets import PaperDiffers
from ventures.errors.reviews import PanelClosed, ReviewHandedIn
from ventures.forms.paper_sheets import PaperExtrasForm
from ventures.forms.reviews import ReviewForm
from ventures.models import Assignment, Panel, PaperScoreSheet, Proposal, Review
from ventures.rules import paper_sheets as rules
from ventures.rules import reviews as review_rules
from ventures.rules.rubrics import criteria_for, total_halves
from ventures.selectors.blinding import shown_to_reviewer
from ventures.selectors.paper_sheets import assignments_on_paper, papers_of
from ventures.selectors.score_papers import blank_sheet_paper
from ventures.selectors.sheet_fields import content_values
from ventures.services.paper_sheets import (
    check_paper_sheet,
    content_of,
    differing_figures,
    enter_paper_sheet,
    entry_of,
    missing_on_paper,
)
from ventures.services.sheet_contents import SheetContent
from ventures.views.lookups import find_round
from ventures.views.reviews import names_no_judge, sheet_form

MOST_BLANKS = 60


@require_GET
def papers(request: SignedInRequest, code: str) -> HttpResponse:
    panel = _panel(request, code)
    seats = papers_of(panel, request.user)
    return render(
        request,
        "ventures/papers/list.html",
        {"round": panel.round, "panel": panel, "seats": seats, "is_open": _is_open(panel)},
    )


@require_GET
def blanks(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """The 评分表 of one seat for everything still to be scored, to be filled in by hand."""
    panel = _panel(request, code)
    member = get_object_or_404(panel.members, pk=pk)
    volume = Volume()
    waiting = assignments_on_paper(request.user).filter(member=member).unfinished()
    for assignment in waiting[:MOST_BLANKS]:
        paper = blank_sheet_paper(assignment, shown_to_reviewer(assignment.proposal))
        volume.add(typeset("ventures/papers/review.typ", paper))
    if volume.is_empty:
        raise Http404
    return HttpResponse(
        volume.bound(),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="sheets-{code}-{member.seat}.pdf"'},
    )


@require_http_methods(["GET", "POST"])
def paper_sheet(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """The first person types the sheet; who comes after types its figures, without seeing them."""
    panel = _panel(request, code)
    assignment = _assignment(request, panel, pk)
    if not _is_open(panel):
        raise PanelClosed()
    review = getattr(assignment, "review", None)
    if review is not None and review.state != Review.State.DRAFT:
        raise ReviewHandedIn()
    paper = PaperScoreSheet.objects.waiting().filter(assignment=assignment).first()
    is_second = (
        paper is not None
        and rules.may_check_paper(request.user, paper)
        and "again" not in request.GET
    )
    form = sheet_form(assignment, None, request.POST if request.method == "POST" else None)
    own = paper if paper is not None and paper.entered_by_id == request.user.pk else None
    if own is not None:
        form.initial.update(content_values(own.content))
    extras = PaperExtrasForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        initial={"is_abstention": own is not None and own.is_abstention},
        is_signed=is_second or assignment.member.committed_at is not None,
    )
    if request.method == "POST" and all([form.is_valid(), extras.is_valid()]):
        gaps = _gaps(assignment, paper if is_second else None, form, extras)
        takes_words = not is_second and not extras.cleaned_data["is_abstention"]
        names_nobody = not takes_words or names_no_judge(form, assignment)
        if not gaps and names_nobody:
            _keep(request, assignment, paper if is_second else None, form, extras)
            return _on_to_next(request, assignment)
        for words in gaps:
            form.add_error(None, words)
    return _page(request, assignment, paper, form, extras, is_second=is_second)


def _gaps(
    assignment: Assignment,
    first: PaperScoreSheet | None,
    form: ReviewForm,
    extras: PaperExtrasForm,
) -> list[str]:
    """What the sheet still lacks, or which figures the two of them typed differently."""
    is_abstention = extras.cleaned_data["is_abstention"]
    if first is None:
        return missing_on_paper(assignment, form.content(), is_abstention=is_abstention)
    fields = differing_figures(first, form.content(), is_abstention=is_abstention)
    return [str(PaperDiffers(fields=fields))] if fields else []


def _keep(
    request: SignedInRequest,
    assignment: Assignment,
    first: PaperScoreSheet | None,
    form: ReviewForm,
    extras: PaperExtrasForm,
) -> None:
    title = {"title": assignment.proposal.title}
    is_abstention = extras.cleaned_data["is_abstention"]
    if first is not None:
        check_paper_sheet(
            first,
            form.content(),
            is_abstention=is_abstention,
            acting_user=request.user,
            seen=request.POST.get("entry", ""),
        )
        messages.success(request, _("两次一致，已交表：%(title)s。") % title)
        return
    enter_paper_sheet(
        assignment,
        form.content(),
        is_abstention=is_abstention,
        has_signed=bool(extras.cleaned_data.get("has_signed")),
        scan=extras.cleaned_data["scan"],
        acting_user=request.user,
    )
    messages.success(
        request,
        _("已录入：%(title)s。再由另一个人照着纸录一遍，两次一致才算交表。") % title,
    )


@require_GET
def scan(request: SignedInRequest, code: str, pk: int) -> FileResponse:
    """The photo of the sheet: for who types, and for who may see the panel's scores."""
    round = find_round(request, code)
    panel = get_object_or_404(Panel.objects.select_related("round__region"), round=round)
    may_open = rules.may_enter_papers(request.user, panel) or review_rules.may_see_scores(
        request.user, panel
    )
    if not may_open:
        raise NotAllowed()
    paper = getattr(_assignment(request, panel, pk), "paper", None)
    if paper is None or paper.scan is None:
        raise Http404
    return FileResponse(paper.scan.file.open("rb"), as_attachment=True, filename=paper.scan.name)


def _page(
    request: SignedInRequest,
    assignment: Assignment,
    paper: PaperScoreSheet | None,
    form: ReviewForm,
    extras: PaperExtrasForm,
    *,
    is_second: bool,
) -> HttpResponse:
    # Its words only: the figures of the first are not on the page of the second.
    first = content_of(paper) if paper is not None and is_second else SheetContent()
    names = {criterion.pk: criterion.name for criterion in criteria_for(assignment.proposal)}
    page = {
        "total": _total(assignment.proposal, form),
        "round": assignment.proposal.round,
        "assignment": assignment,
        "paper": paper,
        "form": form,
        "extras": extras,
        "is_second": is_second,
        "entry": entry_of(paper) if paper is not None and is_second else "",
        "differs": is_second and bool(form.non_field_errors()),
        "reasons": [
            (names[item.criterion_id], item.comment) for item in first.items if item.comment
        ]
        if first
        else [],
        "comment": first.comment if first else "",
        "cut_reasons": [(cut.line_name, cut.reason) for cut in first.cuts] if first else [],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "ventures/papers/sheet.html", page, status=status)


def _total(proposal: Proposal, form: ReviewForm) -> Fraction | None:
    """What the figures on the page add up to; None where there is none yet."""
    if form.is_bound:
        form.is_valid()
        typed = {item.criterion_id: item.half_points for item in form.content().items}
    else:
        typed = {one.pk: form.initial.get(f"score_{one.pk}") for one in form.criteria}
    if all(halves is None for halves in typed.values()):
        return None
    return total_halves(proposal, typed)


def _on_to_next(request: SignedInRequest, assignment: Assignment) -> HttpResponse:
    """The next sheet of the same reviewer that this person can type; else the list."""
    code, panel = assignment.proposal.round.code, assignment.member.panel
    seats = [seat for seat in papers_of(panel, request.user) if seat.member == assignment.member]
    for line in (line for seat in seats for line in seat.open_lines):
        if not line.typed_by or line.typed_by != request.user.display_name:
            return redirect("ventures:paper-sheet", code=code, pk=line.assignment.pk)
    return redirect(f"{reverse('ventures:panel-papers', args=[code])}#seat-{assignment.member_id}")


def _panel(request: SignedInRequest, code: str) -> Panel:
    round = find_round(request, code)
    panel = get_object_or_404(Panel.objects.select_related("round__region"), round=round)
    if not rules.may_enter_papers(request.user, panel):
        raise NotAllowed()
    return panel


def _assignment(request: SignedInRequest, panel: Panel, pk: int) -> Assignment:
    return get_object_or_404(assignments_on_paper(request.user), member__panel=panel, pk=pk)


def _is_open(panel: Panel) -> bool:
    return panel.state == Panel.State.OPEN
