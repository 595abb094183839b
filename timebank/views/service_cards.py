"""服务卡: the card a recipient keeps at home, and what a volunteer's phone opens from it."""

import segno
from django.conf import settings
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import NotAllowed
from accounts.models import Person, Region, Station, User
from accounts.requests import SignedInRequest, row_number
from accounts.rules import roles_of_kind, stations_of
from accounts.services.papers import typeset
from timebank.models import ServiceRecord
from timebank.rules import presence as rules
from timebank.rules.stations import TOWN_WORKERS
from timebank.selectors.recipients import recipients_at, records_at_card
from timebank.services.numbers import check_number, is_proved, own_number, told_of
from timebank.services.recipient_words import hear_card, is_witness
from timebank.services.service_cards import (
    card_in_use,
    card_of_token,
    make_card,
    order_at_card,
    show_card,
    token_of_card,
)

PAPER = "timebank/papers/service_card.typ"


def card_make(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make the card, or a new one where the old one was lost; then it can be printed."""
    person = _served(request, pk)
    if request.method == "POST":
        make_card(person, acting_user=request.user)
        messages.success(request, _("服务卡已制作，请打印后交给本人。"))
        return redirect("timebank:card-make", pk)
    card, told = card_in_use(person), told_of(person)
    context = {
        "person": person,
        "card": card,
        "is_maker": card is not None and card.made_by_id == request.user.pk,
        "number": own_number(person),
        "is_proved": is_proved(person),
        "told": told,
        "has_told": any(one.told_by_id == request.user.pk for one in told),
    }
    return render(request, "timebank/presence/card.html", context)


@require_POST
def number_check(request: SignedInRequest, pk: int) -> HttpResponse:
    """Somebody of the staff called the number, and it was the recipient who answered."""
    person = _served(request, pk)
    check_number(person, phone=request.POST.get("phone", ""), acting_user=request.user)
    messages.success(request, _("已记下：这是本人的号码。"))
    return redirect("timebank:card-make", pk)


@require_GET
def card_paper(request: SignedInRequest, pk: int) -> HttpResponse:
    """The card to print and cut out."""
    person = _served(request, pk)
    card = card_in_use(person)
    if card is None:
        raise Http404
    if card.made_by_id != request.user.pk:  # what stands in it is known to who made it, nobody else
        raise NotAllowed()
    link = settings.PUBLIC_ADDRESS + reverse("timebank:card-scanned", args=[token_of_card(card)])
    station = _stations(request.user).first()
    data = {
        "title": _("服务卡"),
        "name": person.real_name,
        "qr": segno.make(link, error="m").svg_inline(scale=4, border=1),
        "steps": [
            _("放在家里显眼的地方。"),
            _("志愿者上门，请他用手机扫这张卡，就知道他来过。"),
            _("不用出示身份证，不用交钱；志愿者不收任何费用。"),
            _("卡丢了请告诉站点，旧卡马上停用。"),
        ],
        "station": " ".join(part for part in (station.name, station.address, station.phone) if part)
        if station
        else "",
    }
    answer = HttpResponse(typeset(PAPER, data), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="card-{person.pk}.pdf"'
    return answer


def card_scanned(request: SignedInRequest, token: str) -> HttpResponse:
    """The volunteer scanned a card: noted on the order they have taken for this person."""
    card = card_of_token(token)
    if card is None:
        raise Http404
    records = records_at_card(card, request.user)
    if request.method == "POST":
        number = row_number(request.POST.get("record", ""))
        if number is not None:
            record = get_object_or_404(ServiceRecord.objects.visible_to(request.user), pk=number)
            hear_card(record, token, acting_user=request.user)
            messages.success(request, _("已核对服务卡，时间已记入。"))
            return redirect(record)
        order = show_card(token, acting_user=request.user)
        messages.success(request, _("已核对服务卡，和服务码一样有效。服务完成后请填写时间。"))
        return redirect(order)
    context = {
        "order": order_at_card(card, request.user),
        "token": token,
        "records": [record for record in records if is_witness(card, record, request.user)],
        "no_witness": any(not is_witness(card, record, request.user) for record in records),
    }
    return render(request, "timebank/presence/card_scanned.html", context)


def _stations(user: User) -> QuerySet[Station]:
    """Those one runs, and for a social worker of a town those of the town."""
    own = Q(pk__in=stations_of(user))
    towns = [
        role.region_id
        for role in roles_of_kind(user, *TOWN_WORKERS)
        if role.region is not None and role.region.level != Region.Level.COMMUNITY
    ]
    return Station.objects.filter(own | Q(region__lineage__overlap=towns)).order_by("pk")


def _served(request: SignedInRequest, pk: int) -> Person:
    """Somebody a station of this person may order for."""
    found = Person.objects.none()
    for station in _stations(request.user).select_related("region"):
        found = found | recipients_at(station).order_by()
    person = get_object_or_404(found.distinct(), pk=pk)
    if not rules.may_make_card(request.user, person):
        raise NotAllowed()
    return person
