"""接单、派单、服务: who finds a volunteer, takes an order, and reports that it is done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from timebank.forms.order_service import DeliveryForm
from timebank.forms.orders import AssignForm
from timebank.models import ServiceOrder
from timebank.selectors.board import open_orders_near
from timebank.selectors.matching import matches_for
from timebank.selectors.orders import DESK_TABS, desk_counts, desk_orders, served_by
from timebank.services.orders import accept_order
from timebank.views.listings import require_station
from timebank.views.order_steps import allowed, list_page, looked_for, seen_by


def board(request: SignedInRequest) -> HttpResponse:
    """接单: the open orders of one's towns, and what one has taken on."""
    return list_page(
        request,
        "timebank/orders/board.html",
        open_orders_near(request.user),
        taken=list(served_by(request.user).filter(state=ServiceOrder.State.ACCEPTED)),
    )


def serving(request: SignedInRequest) -> HttpResponse:
    """我接的单: what one has taken on, done, and what became of it."""
    orders = served_by(request.user).order_by("-wanted_on", "-pk")
    return list_page(request, "timebank/orders/serving.html", orders)


@require_POST
def order_accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """抢单."""
    order = accept_order(seen_by(request, pk), acting_user=request.user)
    messages.success(request, _("接单成功。请按约定时间前往，见面时向服务对象要服务码。"))
    return redirect(order)


def order_deliver(request: SignedInRequest, pk: int) -> HttpResponse:
    """服务已完成: the real times, and the code."""
    order = allowed(request, pk, "deliver")
    posted = request.method == "POST"
    form = DeliveryForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        order=order,
        person=request.user,
    )
    if posted and form.is_valid():
        delivered = form.hand_in(acting_user=request.user)
        if delivered is not None:
            messages.success(request, _("已提交。对方确认后，时间就记到您名下。"))
            return redirect(delivered)
    if posted:
        form.keep_photos()
    return render(
        request,
        "timebank/orders/deliver.html",
        {"form": form, "order": order},
        status=422 if form.is_bound else 200,
    )


def desk(request: SignedInRequest) -> HttpResponse:
    """订单台: the orders of one's stations by what they wait for."""
    require_station(request.user)
    tab = request.GET.get("tab", "placed")
    counts = desk_counts(request.user)
    tabs = [
        {
            "label": label,
            "url": f"?tab={key}",
            "count": counts[key] if key != "ended" else None,
            "is_current": key == tab,
        }
        for key, label, _states in DESK_TABS
    ]
    return list_page(
        request,
        "timebank/orders/desk.html",
        desk_orders(request.user, tab),
        tabs=tabs,
        today=timezone.localdate(),
    )


def order_assign(request: SignedInRequest, pk: int) -> HttpResponse:
    """派单: the likeliest volunteers with reasons, or one looked up by name."""
    order = allowed(request, pk, "assign")
    form = AssignForm(request.POST or None, order=order)
    if request.method == "POST" and form.is_valid():
        assigned = form.hand_in(acting_user=request.user)
        if assigned is not None:
            messages.success(request, _("已派单，志愿者已收到通知。"))
            return redirect(assigned)
    words = looked_for(request)
    return render(
        request,
        "timebank/orders/assign.html",
        {
            "form": form,
            "order": order,
            "matches": matches_for(order, words=words),
            "words": words,
            "asked": order.listing.service_type.get_qualification_display(),
        },
        status=422 if form.is_bound else 200,
    )
