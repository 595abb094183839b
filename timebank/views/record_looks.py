"""On a record: a person looks at what stood out; the volunteer asks; an officer bars."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import NotAllowed, OutOfTurn
from accounts.requests import SignedInRequest
from timebank.forms.checks import QueryForm, WordsForm
from timebank.lifecycles.records import SCREENING
from timebank.models import Screening, SelfReportBar, ServiceRecord
from timebank.rules import checks as rules
from timebank.rules import records as record_rules
from timebank.selectors.desk import cases_of
from timebank.selectors.evidence import evidence_words
from timebank.selectors.origins import origin_of
from timebank.selectors.screening import reasons_of
from timebank.services.bars import FALSE, impose_bar
from timebank.services.record_looks import clear_screening, find_false
from timebank.services.record_queries import ENDED, raise_query
from timebank.terms.provenance import PROVENANCE_TERMS

LOOKED = _("核查了什么、问了谁")


@require_http_methods(["GET", "POST"])
def record_look(request: SignedInRequest, pk: int) -> HttpResponse:
    """What stood out with its facts, the evidence beside it, and the two ways it ends."""
    record = _seen(request, pk)
    screening = get_object_or_404(Screening.objects.prefetch_related("flags").filter(record=record))
    screening.record = record
    if not record_rules.may_decide_record(request.user, record):
        raise NotAllowed()
    form = WordsForm(request.POST or None, label=LOOKED)
    if request.method == "POST":
        verb = request.POST.get("verb", "")
        if verb not in ("clear", "find_false"):
            raise Http404
        SCREENING.require(screening, verb, acting_user=request.user)
        if form.is_valid():
            words = form.cleaned_data["words"]
            act = clear_screening if verb == "clear" else find_false
            act(screening, finding=words, acting_user=request.user)
            messages.success(request, _("已记下核查情况。"))
            return redirect(record)
    (case,) = cases_of([record])
    context = {
        "record": record,
        "screening": screening,
        "reasons": reasons_of(screening),
        "photos": case.photos,
        "evidence": evidence_words(record),
        "origin": origin_of(record, request.user),
        "hints": case.hints,
        "form": form,
        "verbs": {arrow.verb for arrow in SCREENING.open_to(request.user, screening)},
    }
    failed = request.method == "POST"
    return render(request, "timebank/screening/look.html", context, status=422 if failed else 200)


@require_http_methods(["GET", "POST"])
def query_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """The volunteer says what is wrong with a record that is settled."""
    record = _seen(request, pk)
    if not record_rules.is_served_by(request.user, record):
        raise NotAllowed()
    if record.state not in ENDED:
        raise OutOfTurn(state=record.get_state_display(), verb=_("提出异议"))
    form = QueryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        query = raise_query(record, **form.cleaned_data, acting_user=request.user)
        messages.success(request, _("已提出，站点会在几个工作日内答复。"))
        return redirect(query)
    failed = request.method == "POST"
    context = {"record": record, "form": form}
    return render(request, "timebank/queries/new.html", context, status=422 if failed else 200)


@require_http_methods(["GET", "POST"])
def bar_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """After a false self-report: no more of them for a while."""
    record = _seen(request, pk)
    if not rules.may_bar(request.user, record):
        raise NotAllowed()
    if record.state not in FALSE:
        raise OutOfTurn(state=record.get_state_display(), verb=_("限制自报"))
    form = WordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        bar = impose_bar(record, reason=form.cleaned_data["words"], acting_user=request.user)
        messages.success(request, _("已作出限制，本人会收到理由和申诉办法。"))
        return redirect(bar)
    failed = request.method == "POST"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(
        request, "timebank/bars/new.html", {"record": record, "form": form}, status=status
    )


@require_GET
def provenance(request: SignedInRequest) -> HttpResponse:
    """Which sources of records there are, what each rests on, when its hours can be used."""
    names = dict(ServiceRecord.Provenance.choices)
    terms = PROVENANCE_TERMS[-1]
    rows = [(names[row.provenance], row) for row in terms.rows if row.provenance in names]
    return render(request, "timebank/records/provenance.html", {"rows": rows, "terms": terms})


def standing_bar_of(record: ServiceRecord) -> SelfReportBar | None:
    return SelfReportBar.objects.standing().filter(cause=record).first()


def _seen(request: SignedInRequest, pk: int) -> ServiceRecord:
    return get_object_or_404(
        ServiceRecord.objects.visible_to(request.user)
        .with_parties()
        .select_related("region", "station__region", "bank__region", "recorded_by")
        .prefetch_related("photos"),
        pk=pk,
    )
