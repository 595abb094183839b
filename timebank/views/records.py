"""服务记录: a volunteer's own, and each record's page with what can be done with it."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import NotAllowed, OutOfTurn
from accounts.models import Attachment
from accounts.requests import SignedInRequest
from accounts.rules import is_coordinator_of
from accounts.templatetags.kit import hours
from accounts.views.attachments import attachment_response
from timebank.forms.record_entries import RecipientCodeForm
from timebank.forms.records import ConfirmForm, ReturnForm, ServiceForm
from timebank.lifecycles.records import RECORD
from timebank.models import InspectionItem
from timebank.models.catalogue import ExcludedService
from timebank.models.record_queries import RecordQuery
from timebank.models.records import ServiceRecord
from timebank.rules import books as book_rules
from timebank.rules import checks as check_rules
from timebank.rules import records as record_rules
from timebank.rules.presence import may_make_card
from timebank.rules.stations import stands_over
from timebank.selectors.bars import BY_ONESELF
from timebank.selectors.corrections import accounts_of_transfer
from timebank.selectors.desk import cases_of
from timebank.selectors.disputes import confirmers_of
from timebank.selectors.evidence import asks_for_word, evidence_words
from timebank.selectors.origins import origin_of
from timebank.selectors.overflow import overflow_of
from timebank.selectors.records import TONES, own_records, own_totals, trail_of
from timebank.selectors.screening import reasons_of
from timebank.services.bars import FALSE
from timebank.services.recipient_words import obstacle_to_asking
from timebank.services.record_decisions import confirm_record, return_record
from timebank.services.record_looks import require_may_confirm
from timebank.services.record_queries import ENDED
from timebank.services.records import withdraw_record
from timebank.services.screening.blocks import blocked_minutes

State = ServiceRecord.State
ROWS_PER_PAGE = 20


@require_GET
def record_list(request: SignedInRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in State.values else ""
    totals = own_totals(request.user)
    page = Paginator(own_records(request.user, state=state), ROWS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "timebank/records/list.html",
        {
            "page_obj": page,
            "rows": [(record, TONES[State(record.state)]) for record in page],
            "totals": totals,
            "state": state,
            "tabs": _tabs(state, totals.waiting, totals.returned),
        },
    )


def _tabs(state: str, waiting: int, returned: int) -> list[dict[str, object]]:
    tabs = (
        ("", _("全部"), ""),
        (State.SUBMITTED, _("待确认"), waiting),
        (State.RETURNED, _("被退回"), returned),
        (State.CONFIRMED, _("已确认"), ""),
    )
    return [
        {"label": label, "url": f"?state={value}", "is_current": state == value, "count": count}
        for value, label, count in tabs
    ]


def record_new(request: SignedInRequest) -> HttpResponse:
    return _service_form(request, None)


def record_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    record = visible_record(request, pk)
    if not record_rules.is_served_by(request.user, record):
        raise NotAllowed()
    if not RECORD.allows("resubmit", request.user, record):
        raise OutOfTurn(state=record.get_state_display(), verb=_("修改"))
    return _service_form(request, record)


def _service_form(request: SignedInRequest, record: ServiceRecord | None) -> HttpResponse:
    posted = request.method == "POST"
    form = ServiceForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        volunteer=request.user,
        record=record,
    )
    if posted and form.is_valid():
        handed_in = form.hand_in(acting_user=request.user)
        if handed_in is not None:
            messages.success(
                request,
                _("已提交：%(minutes)s，等%(station)s确认。")
                % {"minutes": hours(handed_in.minutes), "station": handed_in.station.name},
            )
            return redirect(handed_in)
    if posted:
        form.keep_photos()
    return render(
        request,
        "timebank/records/form.html",
        {"form": form, "record": record, "never_counted": ExcludedService.objects.all()},
        status=422 if posted else 200,
    )


@require_GET
def record_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return detail_page(request, visible_record(request, pk))


def detail_page(
    request: SignedInRequest,
    record: ServiceRecord,
    *,
    return_form: ReturnForm | None = None,
    confirm_form: ConfirmForm | None = None,
    code_form: RecipientCodeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    verbs = {arrow.verb for arrow in RECORD.open_to(request.user, record)}
    decides = record_rules.may_decide_record(request.user, record)
    (case,) = cases_of([record])
    return render(
        request,
        "timebank/records/detail.html",
        {
            "record": record,
            "overflow": overflow_of(record.credit),
            "tone": TONES[State(record.state)],
            "verbs": verbs,
            "is_mine": record_rules.is_served_by(request.user, record),
            "photos": case.photos,
            "hints": case.hints if decides else [],
            "trail": trail_of(record),
            "return_form": return_form or ReturnForm(),
            "lack": case.lack,
            "confirm_form": confirm_form or ConfirmForm(lacks=case.lack is not None),
            "evidence": evidence_words(record),
            "origin": origin_of(record, request.user),
            "reversal": _reversal(request, record) if "reverse" in verbs else "",
            "runs_station": is_coordinator_of(request.user, record.station),
            "waits": record.state == State.SUBMITTED,
            "confirmers": confirmers_of(record) if record.state == State.SUBMITTED else [],
            "word": getattr(record, "recipient_word", None),
            "code_form": code_form or RecipientCodeForm(),
            "cannot_ask": obstacle_to_asking(record, request.user)
            if "confirm_by_word" in verbs
            else None,
            "may_make_card": _may_make_card(request, record),
            "wrote_it_down": record_rules.handed_in_by(request.user, record),
            "held": _held(request, record),
            "blocked": blocked_minutes(record),
            "may_query": record_rules.is_served_by(request.user, record) and record.state in ENDED,
            "queries": list(record.queries.visible_to(request.user)),
            "corrects": RecordQuery.objects.filter(corrected=record).first(),
            "may_bar": _may_bar(request, record),
            "bar": record.bars.visible_to(request.user).first(),
        },
        status=status,
    )


def _held(request: SignedInRequest, record: ServiceRecord) -> list[str] | None:
    """Why a person looks at it before it is confirmed; nothing where nobody has to."""
    if not record_rules.is_held(record):
        return None
    is_mine = record_rules.is_served_by(request.user, record)
    return reasons_of(record.screening, for_volunteer=is_mine)


def _may_make_card(request: SignedInRequest, record: ServiceRecord) -> bool:
    """Who stands over the station makes the card that speaks for its recipient."""
    return (
        record.state == State.SUBMITTED
        and record.recipient is not None
        and stands_over(request.user, record.station)
        and may_make_card(request.user, record.recipient)
    )


def _may_bar(request: SignedInRequest, record: ServiceRecord) -> bool:
    return (
        record.state in FALSE
        and record.provenance in BY_ONESELF
        and check_rules.may_bar(request.user, record)
        and not record.bars.standing().exists()
    )


def _reversal(request: SignedInRequest, record: ServiceRecord) -> str:
    """Where a reversal of its credit is proposed; empty for who does not keep the books.

    One officer proposes with evidence, another decides: nobody takes hours back alone.
    """
    if record.credit_id is None:  # it brought nothing; an import is undone as a whole
        return ""
    accounts = accounts_of_transfer(record.credit_id, record.bank.book_id)
    if not book_rules.may_propose_on(
        request.user, record.bank.book, [one.owner_key for one in accounts]
    ):
        return ""
    return reverse("timebank:reversal-new", args=[record.credit_id])


@require_POST
def record_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    record = visible_record(request, pk)
    require_may_confirm(record, acting_user=request.user)
    form = ConfirmForm(request.POST, lacks=asks_for_word(record))
    if not form.is_valid():
        return detail_page(request, record, confirm_form=form, status=422)
    word = form.cleaned_data.get("word", "")
    record = confirm_record(record, word=word, acting_user=request.user)
    messages.success(
        request,
        _("已确认，%(minutes)s记入%(name)s的时间。")
        % {"minutes": hours(record.credit_minutes), "name": record.volunteer.display_name},
    )
    return redirect(back_to(request, record.get_absolute_url()))


@require_POST
def record_return(request: SignedInRequest, pk: int) -> HttpResponse:
    record = visible_record(request, pk)
    if not record_rules.may_decide_record(request.user, record):
        raise NotAllowed()
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return detail_page(request, record, return_form=form, status=422)
    return_record(record, reason=form.cleaned_data["sentence"], acting_user=request.user)
    messages.success(
        request, _("已退回，%(name)s会收到理由。") % {"name": record.volunteer.display_name}
    )
    return redirect(back_to(request, record.get_absolute_url()))


@require_POST
def record_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    withdraw_record(visible_record(request, pk), acting_user=request.user)
    messages.success(request, _("已撤回，这段时间可以重新登记。"))
    return redirect("timebank:record-list")


@require_GET
def record_photo(request: SignedInRequest, pk: int, token: UUID) -> FileResponse:
    """For who sees the record, and for who was drawn to inspect it."""
    shown = ServiceRecord.objects.visible_to(request.user).filter(pk=pk)
    inspected = InspectionItem.objects.filter(record=pk, inspector=request.user)
    photo = Attachment.objects.filter(service_records=pk, token=token).first()
    if photo is None or not (shown.exists() or inspected.exists()):
        raise Http404
    wants_thumbnail = "thumbnail" in request.GET and bool(photo.thumbnail)
    return attachment_response(photo, thumbnail=wants_thumbnail)


def visible_record(request: SignedInRequest, pk: int) -> ServiceRecord:
    return get_object_or_404(
        ServiceRecord.objects.visible_to(request.user)
        .with_parties()
        .select_related("region", "bank", "recorded_by", "recipient__user", "recipient_word__card")
        .prefetch_related("photos"),
        pk=pk,
    )


def back_to(request: HttpRequest, otherwise: str) -> str:
    """The page of ours that the form was sent from, if it says so."""
    there = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(there, allowed_hosts=None)
    return there if allowed else reverse(otherwise) if ":" in otherwise else otherwise
