"""服务卡: the card a recipient keeps at home, and what a volunteer's phone opens from it."""

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.errors import NotAllowed
from accounts.models import Person, Station
from accounts.requests import SignedInRequest
from accounts.rules import stations_of
from accounts.services.papers import typeset
from timebank.rules import presence as rules
from timebank.selectors.recipients import recipients_at
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
    return render(
        request, "timebank/presence/card.html", {"person": person, "card": card_in_use(person)}
    )


@require_GET
def card_paper(request: SignedInRequest, pk: int) -> HttpResponse:
    """The card to print and cut out."""
    person = _served(request, pk)
    card = card_in_use(person)
    if card is None:
        raise Http404
    link = settings.PUBLIC_ADDRESS + reverse("timebank:card-scanned", args=[token_of_card(card)])
    station = Station.objects.filter(pk__in=stations_of(request.user)).first()
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
    if request.method == "POST":
        order = show_card(token, acting_user=request.user)
        messages.success(request, _("已核对服务卡，和服务码一样有效。服务完成后请填写时间。"))
        return redirect(order)
    order_here = order_at_card(card, request.user)
    return render(
        request, "timebank/presence/card_scanned.html", {"order": order_here, "token": token}
    )


def _served(request: SignedInRequest, pk: int) -> Person:
    """Somebody a station of this person may order for."""
    stations = list(
        Station.objects.filter(pk__in=stations_of(request.user)).select_related("region")
    )
    found = Person.objects.none()
    for station in stations:
        found = found | recipients_at(station).order_by()
    person = get_object_or_404(found.distinct(), pk=pk)
    if not rules.may_make_card(request.user, person):
        raise NotAllowed()
    return person
