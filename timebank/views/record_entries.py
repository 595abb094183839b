"""替志愿者登记服务, and the recipient's code that takes the place of the second person."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Person, Station, User
from accounts.requests import SignedInRequest, row_number
from accounts.rules import stations_of
from accounts.selectors.people import people_named
from accounts.templatetags.kit import hours
from timebank.forms.record_entries import RecipientCodeForm, RecordEntryForm
from timebank.lifecycles.records import RECORD
from timebank.models.catalogue import ExcludedService
from timebank.selectors.desk import volunteers_known_at
from timebank.selectors.recipients import recipients_at, recipients_named
from timebank.services.recipient_words import ask_recipient, hear_code
from timebank.views.listings import require_station
from timebank.views.order_asking import station_in_hand
from timebank.views.order_steps import looked_for
from timebank.views.records import detail_page, visible_record

SHOWN = 10
FEWEST_LETTERS = 2


def record_entry(request: SignedInRequest) -> HttpResponse:
    """Who served, whom, then what and when: three short steps on one address."""
    require_station(request.user)
    station = station_in_hand(request)
    volunteer = _volunteer(request)
    recipient = _recipient(request, station)
    is_sent = request.method == "POST" and volunteer is not None
    form = None
    if volunteer is not None:
        form = RecordEntryForm(
            request.POST if is_sent else None,
            request.FILES if is_sent else None,
            volunteer=volunteer,
            station=station,
            recipient=recipient,
            person=request.user,
        )
    if form is not None and is_sent and form.is_valid():
        record = form.hand_in(acting_user=request.user)
        if record is not None:
            messages.success(
                request,
                _("已替%(name)s登记 %(minutes)s。")
                % {"name": record.volunteer.display_name, "minutes": hours(record.minutes)},
            )
            return redirect(record)
    if form is not None and is_sent:
        form.keep_photos()
    words = "" if volunteer else looked_for(request)
    asked = looked_for(request, "rq")
    context = {
        "form": form,
        "station": station,
        "stations": Station.objects.filter(pk__in=stations_of(request.user)),
        "volunteer": volunteer,
        "recipient": recipient,
        "words": words,
        "people": _people(request, words),
        "asked": asked,
        "recipients": recipients_named(station, asked) if volunteer and asked else [],
        "without": "without" in request.GET,
        "never_counted": ExcludedService.objects.all(),
        "here": reverse("timebank:record-entry") + f"?station={station.pk}",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "timebank/records/entry.html", context, status=status)


@require_POST
def record_ask(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send the recipient their code."""
    record = visible_record(request, pk)
    word = ask_recipient(record, acting_user=request.user)
    messages.success(
        request,
        _("服务码已发到 %(phone)s。请服务对象看清短信里写的服务，属实就把四位数字告诉您。")
        % {"phone": word.sent_to},
    )
    return redirect(record)


@require_POST
def record_word(request: SignedInRequest, pk: int) -> HttpResponse:
    """The code the recipient told: right, and the record is confirmed."""
    record = visible_record(request, pk)
    RECORD.require(record, "confirm_by_word", acting_user=request.user)
    form = RecipientCodeForm(request.POST)
    if form.is_valid():
        heard = hear_code(record, form.cleaned_data["code"], acting_user=request.user)
        if heard.is_right:
            messages.success(request, _("服务对象核对属实，时间已记入。"))
            return redirect(record)
        form.add_error(
            "code",
            _("服务码不对，还可以试 %(left)d 次。请服务对象再看一下短信。")
            % {"left": heard.tries_left},
        )
        record = visible_record(request, pk)
    return detail_page(request, record, code_form=form, status=422)


def _volunteer(request: SignedInRequest) -> User | None:
    number = row_number(request.GET.get("volunteer", ""))
    if number is None:
        return None
    if number == request.user.pk:
        return request.user
    return get_object_or_404(volunteers_known_at(request.user), pk=number)


def _recipient(request: SignedInRequest, station: Station) -> Person | None:
    number = row_number(request.GET.get("person", ""))
    return get_object_or_404(recipients_at(station), pk=number) if number is not None else None


def _people(request: SignedInRequest, words: str) -> list[User]:
    if len(words) < FEWEST_LETTERS:
        return []
    people = people_named(volunteers_known_at(request.user), words)
    return list(people.select_related("home_region").order_by("pk")[:SHOWN])
