"""我的志愿服务档案: the five blocks of one's record; training and awards entered and checked."""

from http import HTTPStatus

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import NotAllowed
from accounts.models import Consent
from accounts.requests import SignedInRequest
from accounts.selectors.people import has_consented, people_looked_after_by
from accounts.views.attachments import attachment_response
from timebank.forms.dossier import EntryForm, EntryForManyForm, EntryReasonForm
from timebank.lifecycles.dossier import DOSSIER
from timebank.models.dossier import DossierEntry
from timebank.rules.dossier import enters_for_others
from timebank.selectors.dossier import dossier_of, entries_to_check
from timebank.services.dossier import decide_entry

SHOWN = 50
TONES = {"entered": "waiting", "confirmed": "done", "refused": "danger", "withdrawn": "neutral"}


@require_GET
def dossier(request: SignedInRequest) -> HttpResponse:
    """One's own record, whole."""
    return _blocks(request, request.user.pk)


@require_GET
def person_dossier(request: SignedInRequest, pk: int) -> HttpResponse:
    """The record of somebody one looks after."""
    get_object_or_404(people_looked_after_by(request.user), pk=pk)
    if not enters_for_others(request.user):
        raise NotAllowed()
    return _blocks(request, pk)


def entry_new(request: SignedInRequest, kind: str) -> HttpResponse:
    """One's own training or award, with its paper; the station looks at it."""
    _require_kind(kind)
    is_sent = request.method == "POST"
    form = EntryForm(
        request.POST if is_sent else None, request.FILES if is_sent else None, kind=kind
    )
    if is_sent and form.is_valid():
        entry = form.hand_in(request.user)
        if entry is not None:
            messages.success(request, _("已登记，站点核对后记入档案。"))
            return redirect(entry)
    return _form(request, form, kind, "timebank/dossier/new.html")


def entry_for_many(request: SignedInRequest, kind: str) -> HttpResponse:
    """The same for everybody who took part; each of them looks at their own."""
    _require_kind(kind)
    if not enters_for_others(request.user):
        raise NotAllowed()
    is_sent = request.method == "POST"
    form = EntryForManyForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        kind=kind,
        user=request.user,
    )
    if is_sent and form.is_valid():
        entries = form.hand_in_all()
        if entries is not None:
            messages.success(
                request, _("已为 %(count)d 人登记，等本人核对。") % {"count": len(entries)}
            )
            return redirect("timebank:dossier-desk")
    return _form(request, form, kind, "timebank/dossier/many.html")


@require_GET
def dossier_desk(request: SignedInRequest) -> HttpResponse:
    """What waits to be checked, and what one entered oneself."""
    entered = DossierEntry.objects.filter(entered_by=request.user).exclude(volunteer=request.user)
    context = {
        "waiting": list(entries_to_check(request.user)[:SHOWN]),
        "entered": [
            (entry, TONES[entry.state])
            for entry in entered.select_related("volunteer").order_by("-pk")[:SHOWN]
        ],
        "enters": enters_for_others(request.user),
    }
    return render(request, "timebank/dossier/desk.html", context)


@require_GET
def entry_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _seen(request, pk))


@require_GET
def entry_evidence(request: SignedInRequest, pk: int) -> FileResponse:
    entry = _seen(request, pk)
    if entry.evidence is None:
        raise Http404
    return attachment_response(entry.evidence)


@require_POST
def entry_decide(request: SignedInRequest, pk: int, verb: str) -> HttpResponse:
    entry = _seen(request, pk)
    if verb not in DOSSIER.verbs():
        raise Http404
    DOSSIER.require(entry, verb, acting_user=request.user)
    form = EntryReasonForm(request.POST)
    if verb == "refuse" and not form.is_valid():
        return _page(request, entry, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    decide_entry(entry, verb, reason=reason, acting_user=request.user)
    messages.success(request, _("已办理。"))
    return redirect(entry)


# Steps ----------------------------------------------------------------------------------------


def _blocks(request: SignedInRequest, pk: int) -> HttpResponse:
    volunteer = request.user
    if pk != request.user.pk:
        volunteer = people_looked_after_by(request.user).select_related("home_region").get(pk=pk)
    context = {
        "dossier": dossier_of(volunteer, timezone.localdate()),
        "is_mine": volunteer.pk == request.user.pk,
        "allows_exchange": has_consented(volunteer, Consent.Purpose.EXCHANGE),
    }
    return render(request, "timebank/dossier/dossier.html", context)


def _form(request: SignedInRequest, form: EntryForm, kind: str, template: str) -> HttpResponse:
    context = {"form": form, "kind": kind, "label": DossierEntry.Kind(kind).label}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, template, context, status=status)


def _page(
    request: SignedInRequest,
    entry: DossierEntry,
    form: EntryReasonForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "entry": entry,
        "tone": TONES[entry.state],
        "is_mine": entry.volunteer_id == request.user.pk,
        "verbs": {arrow.verb for arrow in DOSSIER.open_to(request.user, entry)},
        "form": form or EntryReasonForm(),
    }
    return render(request, "timebank/dossier/entry.html", context, status=status)


def _require_kind(kind: str) -> None:
    if kind not in DossierEntry.Kind.values:
        raise Http404


def _seen(request: SignedInRequest, pk: int) -> DossierEntry:
    entries = DossierEntry.objects.visible_to(request.user).distinct()
    return get_object_or_404(
        entries.select_related("volunteer__home_region", "entered_by", "decided_by", "evidence"),
        pk=pk,
    )
