"""记录异议: the volunteer's questions, the station's answers, the officer's correction."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import SignedInRequest
from timebank.errors.checks import PaidByOrder
from timebank.forms.checks import CorrectionForm, WordsForm
from timebank.lifecycles.checks import QUERY
from timebank.models import RecordQuery
from timebank.services.record_queries import (
    approve_correction_of,
    escalate_query,
    keep_record,
    propose_correction,
    send_back_correction,
    withdraw_query,
)

ROWS_PER_PAGE = 50
TONES = {
    "open": "waiting",
    "proposed": "waiting",
    "kept": "neutral",
    "escalated": "waiting",
    "corrected": "done",
    "withdrawn": "neutral",
}
WORDS = {
    "keep": gettext_lazy("为什么维持原记录"),
    "send_back": gettext_lazy("哪里还要核对"),
    "escalate": gettext_lazy("为什么不同意"),
}


@require_GET
def query_list(request: SignedInRequest) -> HttpResponse:
    """One's own, and those of one's stations and places; what waits comes first."""
    queries = RecordQuery.objects.visible_to(request.user).with_record()
    waiting = queries.unanswered().order_by("answer_by", "pk")
    ended = queries.exclude(pk__in=waiting.values("pk"))
    page = Paginator(ended, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "waiting": [(one, TONES[one.state]) for one in waiting[:ROWS_PER_PAGE]],
        "rows": [(one, TONES[one.state]) for one in page],
        "page_obj": page,
    }
    return render(request, "timebank/queries/list.html", context)


@require_GET
def query_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _seen(request, pk))


@require_POST
def query_step(request: SignedInRequest, pk: int, verb: str) -> HttpResponse:
    query = _seen(request, pk)
    if verb not in QUERY.verbs():
        raise Http404
    QUERY.require(query, verb, acting_user=request.user)
    if verb == "propose":
        return _proposed(request, query)
    form = WordsForm(request.POST, label=WORDS.get(verb, ""), most=400)
    if verb in WORDS and not form.is_valid():
        return _page(request, query, {verb: form}, 422)
    words = form.cleaned_data.get("words", "") if form.is_valid() else ""
    if verb == "keep":
        keep_record(query, answer=words, acting_user=request.user)
    elif verb == "send_back":
        send_back_correction(query, reason=words, acting_user=request.user)
    elif verb == "escalate":
        escalate_query(query, reason=words, acting_user=request.user)
    elif verb == "withdraw":
        withdraw_query(query, acting_user=request.user)
    else:
        approve_correction_of(query, acting_user=request.user)
    messages.success(request, _("已办理。"))
    return redirect(query)


def _proposed(request: SignedInRequest, query: RecordQuery) -> HttpResponse:
    form = CorrectionForm(request.POST, record=query.record)
    if not form.is_valid():
        return _page(request, query, {"propose": form}, 422)
    propose_correction(
        query, form.right(), answer=form.cleaned_data["words"], acting_user=request.user
    )
    messages.success(request, _("已提出更正，等另一位经办人复核。"))
    return redirect(query)


def _page(
    request: SignedInRequest,
    query: RecordQuery,
    forms: dict[str, WordsForm | CorrectionForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    verbs = {arrow.verb for arrow in QUERY.open_to(request.user, query)}
    is_paid_by_order = "propose" in verbs and query.record.is_paid_by_order
    if is_paid_by_order:
        verbs.remove("propose")
    shown = {
        verb: WordsForm(label=label, auto_id=f"{verb}_%s") for verb, label in WORDS.items()
    } | {"propose": CorrectionForm(record=query.record)}
    context = {
        "query": query,
        "not_here": PaidByOrder().sentence if is_paid_by_order else "",
        "tone": TONES[query.state],
        "verbs": verbs,
        "forms": shown | (forms or {}),
    }
    return render(request, "timebank/queries/detail.html", context, status=status)


def _seen(request: SignedInRequest, pk: int) -> RecordQuery:
    return get_object_or_404(
        RecordQuery.objects.visible_to(request.user).with_record().distinct(), pk=pk
    )
