"""期初导入: try a table out, propose it, decide it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from accounts.selectors.changes import trail_of
from accounts.services.tables import Table, csv_of
from timebank.forms.adjustments import DecisionForm, OpeningForm, OpeningProposalForm
from timebank.lifecycles.books import OPENING
from timebank.models.adjustments import CorrectionState, OpeningImport
from timebank.models.banks import TimeBank
from timebank.rules.books import keeps_books_of
from timebank.services.opening_tables import Trial
from timebank.services.openings import (
    approve_openings,
    propose_openings,
    refuse_openings,
    withdraw_openings,
)
from timebank.views.adjustments import TONES, TRAIL

ROWS = 50


@require_GET
def opening_list(request: SignedInRequest) -> HttpResponse:
    """What was brought in, and what waits."""
    openings = OpeningImport.objects.visible_to(request.user).select_related(
        "bank", "proposed_by", "decided_by"
    )
    page = Paginator(openings, ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "timebank/openings/list.html",
        {
            "page_obj": page,
            "rows": [(one, TONES[CorrectionState(one.state)]) for one in page],
            "banks": _banks_kept(request),
        },
    )


@require_GET
def opening_template(request: SignedInRequest) -> HttpResponse:
    """The empty table to fill in."""
    table = Table(
        title="",
        facts=[],
        heads=["姓名", "手机号", "分钟", "原编号", "备注"],  # not shown: a file's own heads
        rows=[],
    )
    words = "".join(csv_of(table)).replace("\ufeff\r\n", "\ufeff")
    return HttpResponse(
        words,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="openings.csv"'},
    )


def opening_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Try a table out: row by row what is wrong; nothing is written."""
    bank = _bank_kept(request, pk)
    form = OpeningForm(request.POST or None, request.FILES or None)
    trial: Trial | None = None
    if request.method == "POST" and form.is_valid():
        trial = form.try_out(bank)
        if trial is not None and trial.is_clean:
            kept = OpeningProposalForm.keep(bank, trial, form)
            return render(
                request,
                "timebank/openings/tried.html",
                {
                    "bank": bank,
                    "trial": trial,
                    "form": OpeningProposalForm(initial={"kept": kept}),
                    "shown": trial.rows[:ROWS],
                },
            )
    return render(
        request,
        "timebank/openings/new.html",
        {"bank": bank, "form": form, "trial": trial},
        status=422 if form.is_bound else 200,
    )


@require_POST
def opening_propose(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hand what was tried out to the second person."""
    bank = _bank_kept(request, pk)
    form = OpeningProposalForm(request.POST)
    trial: Trial | None = None
    if form.is_valid() and form.cleaned_data["kept"]["bank"] == bank.pk:
        trial = form.trial(bank)
        if trial.is_clean:
            opening = propose_openings(bank, trial, **form.facts(), acting_user=request.user)
            messages.success(request, _("已提交，等另一位经办人复核。现在还没有入账。"))
            return redirect(opening)
        return render(
            request,
            "timebank/openings/new.html",
            {"bank": bank, "form": OpeningForm(), "trial": trial},
            status=422,
        )
    return render(
        request,
        "timebank/openings/tried.html",
        {"bank": bank, "trial": None, "form": form, "shown": []},
        status=422,
    )


@require_GET
def opening_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    opening = _seen(request, pk)
    page = Paginator(opening.rows.select_related("person"), ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "timebank/openings/detail.html",
        {
            "opening": opening,
            "tone": TONES[CorrectionState(opening.state)],
            "page_obj": page,
            "verbs": {arrow.verb for arrow in OPENING.open_to(request.user, opening)},
            "form": DecisionForm(),
            "trail": trail_of(opening, TRAIL),
        },
    )


@require_POST
def opening_decide(request: SignedInRequest, pk: int, verb: str) -> HttpResponse:
    opening = _seen(request, pk)
    form = DecisionForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    if verb == "approve":
        approve_openings(opening, reason=reason, acting_user=request.user)
        messages.success(request, _("已复核通过，%(count)d 人的期初时间已全部入账。")
                         % {"count": opening.row_count})  # fmt: skip
    elif verb == "refuse":
        refuse_openings(opening, reason=reason, acting_user=request.user)
        messages.success(request, _("已退回，提出人会收到消息。"))
    elif verb == "withdraw":
        withdraw_openings(opening, acting_user=request.user)
        messages.success(request, _("已撤回，没有入账。"))
    else:
        raise Http404
    return redirect(opening)


def _seen(request: SignedInRequest, pk: int) -> OpeningImport:
    return get_object_or_404(
        OpeningImport.objects.visible_to(request.user).select_related(
            "bank__region", "bank__book", "proposed_by", "decided_by"
        ),
        pk=pk,
    )


def _banks_kept(request: SignedInRequest) -> list[TimeBank]:
    banks = TimeBank.objects.select_related("region")
    return [bank for bank in banks if keeps_books_of(request.user, bank)]


def _bank_kept(request: SignedInRequest, pk: int) -> TimeBank:
    bank = get_object_or_404(TimeBank.objects.select_related("region", "book"), pk=pk)
    if not keeps_books_of(request.user, bank):
        raise NotAllowed()
    return bank
