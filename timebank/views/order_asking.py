"""点单、代下单: ask for a service, for oneself or at the station's desk for somebody else."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.models import Station
from accounts.requests import SignedInRequest, row_number
from accounts.rules import stations_of
from timebank.forms.orders import OrderForForm, OrderForm
from timebank.models import Listing, ServiceOrder
from timebank.selectors.board import available_in_pool, available_to
from timebank.selectors.catalogue import set_aside_for
from timebank.selectors.orders import order_of_request
from timebank.selectors.recipients import recipients_at, recipients_named
from timebank.services.orders import require_on_menu
from timebank.views.listings import require_station
from timebank.views.order_steps import looked_for


def order_place(request: SignedInRequest, pk: int) -> HttpResponse:
    """点单 in two steps: what is wanted, then what it sets aside.

    Clicked again, the order that was placed is shown, even if the item has left the menu since.
    """
    placed = _placed_before(request)
    if placed is not None:
        return redirect(placed)
    listing = get_object_or_404(
        Listing.objects.visible_to(request.user).select_related(
            "service_type", "station__region__parent"
        ),
        pk=pk,
    )
    require_on_menu(listing)
    form = OrderForm(request.POST or None, listing=listing, user=request.user)
    available = available_to(request.user, listing.station)
    context: dict[str, Any] = {"form": form, "listing": listing, "available": available}
    if request.method != "POST" or "edit" in request.POST:
        return render(request, "timebank/orders/place.html", context)
    if form.is_valid():
        minutes: int = form.cleaned_data["minutes"]
        if "confirmed" not in request.POST:
            needed = set_aside_for(listing, minutes, form.cleaned_data["wanted_on"])
            context |= {
                "minutes": needed,
                "served": minutes,
                "remaining": available - needed,
                "recipient": form.recipient_named(),
                "wish": form.wish(),
            }
            return render(request, "timebank/orders/place_confirm.html", context)
        order = form.hand_in()
        if order is not None:
            messages.success(request, _("已点单，时间已经预留。有人接单会马上告诉您。"))
            return redirect(order)
    return render(request, "timebank/orders/place.html", context, status=422)


def order_for(request: SignedInRequest) -> HttpResponse:
    """代下单: find or add the recipient, choose, and the pool pays with time already given."""
    require_station(request.user)
    placed = _placed_before(request)
    if placed is not None:
        return redirect(placed)
    station = station_in_hand(request)
    words = looked_for(request)
    people = recipients_named(station, words) if words else []
    person = row_number(request.GET.get("person", ""))
    found = get_object_or_404(recipients_at(station), pk=person) if person is not None else None
    form = OrderForForm(request.POST or None, station=station, user=request.user, found=found)
    if request.method == "POST" and form.is_valid():
        order = form.hand_in()
        if order is not None:
            messages.success(request, _("已代为点单。可以打印服务单交给服务对象。"))
            return redirect(order)
    return render(
        request,
        "timebank/orders/order_for.html",
        {
            "form": form,
            "station": station,
            "stations": Station.objects.filter(pk__in=stations_of(request.user)),
            "found": found,
            "people": people,
            "words": words,
            "available": available_in_pool(station),
        },
        status=422 if form.is_bound else 200,
    )


def station_in_hand(request: SignedInRequest) -> Station:
    """The station of the role one acts in, or the one chosen in the address."""
    stations = stations_of(request.user)
    chosen = row_number(request.GET.get("station", ""))
    role = request.current_role
    if chosen in stations:
        return Station.objects.select_related("region__parent").get(pk=chosen)
    own = role.station_id if role is not None and role.station_id in stations else stations[0]
    return Station.objects.select_related("region__parent").get(pk=own)


def _placed_before(request: SignedInRequest) -> ServiceOrder | None:
    return order_of_request(request.user, request.POST.get("request_key", ""))
