"""点单、接单、评单: service orders as those who ask, serve and arrange see them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.errors import NotAllowed, OutOfTurn
from accounts.models import Station
from accounts.requests import SignedInRequest, row_number
from accounts.rules import stations_of
from timebank import rules
from timebank.errors import FeedbackGiven
from timebank.forms.order_service import (
    DeliveryForm,
    FeedbackForm,
    OptionalReasonForm,
    ReasonForm,
    UpholdForm,
)
from timebank.forms.orders import AssignForm, OrderForForm, OrderForm
from timebank.lifecycles import ORDER
from timebank.models import Listing, ServiceOrder
from timebank.selectors.board import available_in_pool, available_to, open_orders_near
from timebank.selectors.matching import matches_for
from timebank.selectors.orders import (
    DESK_TABS,
    EXPLAINED,
    changes_of,
    desk_counts,
    desk_orders,
    order_of_request,
    orders_of,
    served_by,
    steps_of,
    story_of,
)
from timebank.selectors.recipients import recipients_at, recipients_named
from timebank.services.feedback import give_feedback
from timebank.services.order_endings import (
    cancel_order,
    confirm_order,
    decline_order,
    dispute_order,
    overturn_order,
)
from timebank.services.orders import (
    accept_order,
    give_back_order,
    reassign_order,
    require_on_menu,
)
from timebank.views.listings import require_station

type Words = str | Promise

PER_PAGE = 20


# Asking -----------------------------------------------------------------------------


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
            context |= {
                "minutes": minutes,
                "remaining": available - minutes,
                "recipient": form.recipient_named(),
                "wish": form.wish(),
            }
            return render(request, "timebank/orders/place_confirm.html", context)
        order = form.hand_in()
        if order is not None:
            messages.success(request, _("已点单，时间已经预留。有人接单会马上告诉您。"))
            return redirect(order)
    return render(request, "timebank/orders/place.html", context, status=422)


def order_list(request: SignedInRequest) -> HttpResponse:
    """我的订单: what one asked for, or what was asked for one."""
    return _list_page(request, "timebank/orders/list.html", orders_of(request.user))


# One order --------------------------------------------------------------------------


def order_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """An order's page: where it stands, what comes next, who acts, and every way out."""
    order = _seen_by(request, pk)
    user = request.user
    changes = changes_of(order)
    arrows = ORDER.open_to(user, order)
    return render(
        request,
        "timebank/orders/detail.html",
        {
            "order": order,
            "explained": EXPLAINED[order.state],
            "steps": steps_of(order, changes),
            "story": story_of(order, changes, user),
            "verbs": {arrow.verb for arrow in arrows},
            "with_reason": [arrow for arrow in arrows if arrow.verb in ACTS],
            "knows": rules.may_know_whereabouts(user, order),
            "reaches": rules.may_reach(user, order),
            "shows_code": rules.may_know_service_code(user, order)
            and order.state in (order.State.PLACED, order.State.ACCEPTED),
            "runs_station": rules.runs_its_station(user, order),
            "may_rate": order.state == order.State.SETTLED
            and not hasattr(order, "feedback")
            and rules.may_judge_service(user, order),
            "feedback": getattr(order, "feedback", None),
            "is_late": order.state in (order.State.PLACED, order.State.ACCEPTED)
            and order.window_ends_at < timezone.now(),
        },
    )


def order_slip(request: SignedInRequest, pk: int) -> HttpResponse:
    """打印服务单: one half for the recipient with the code, one for the volunteer without it."""
    order = _seen_by(request, pk)
    if not rules.may_know_service_code(request.user, order):
        raise NotAllowed()
    return render(request, "timebank/orders/slip.html", {"order": order})


# Serving ----------------------------------------------------------------------------


def board(request: SignedInRequest) -> HttpResponse:
    """接单: the open orders of one's towns, and what one has taken on."""
    return _list_page(
        request,
        "timebank/orders/board.html",
        open_orders_near(request.user),
        taken=list(served_by(request.user).filter(state=ServiceOrder.State.ACCEPTED)),
    )


def serving(request: SignedInRequest) -> HttpResponse:
    """我接的单: what one has taken on, done, and what became of it."""
    orders = served_by(request.user).order_by("-wanted_on", "-pk")
    return _list_page(request, "timebank/orders/serving.html", orders)


@require_POST
def order_accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """抢单."""
    order = accept_order(_seen_by(request, pk), acting_user=request.user)
    messages.success(request, _("接单成功。请按约定时间前往，见面时向服务对象要服务码。"))
    return redirect(order)


def order_deliver(request: SignedInRequest, pk: int) -> HttpResponse:
    """服务已完成: the real times, and the code."""
    order = _allowed(request, pk, "deliver")
    form = DeliveryForm(request.POST or None, order=order)
    if request.method == "POST" and form.is_valid():
        delivered = form.hand_in(acting_user=request.user)
        if delivered is not None:
            messages.success(request, _("已提交。对方确认后，时间就记到您名下。"))
            return redirect(delivered)
    return render(
        request,
        "timebank/orders/deliver.html",
        {"form": form, "order": order},
        status=422 if form.is_bound else 200,
    )


# Judging ----------------------------------------------------------------------------


def order_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """确认并评价: the service happened, and how it was."""
    order = _allowed(request, pk, "confirm")
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        order = confirm_order(order, acting_user=request.user, **form.cleaned_data)
        messages.success(request, _("已确认，时间已记到志愿者名下。谢谢您的评价。"))
        return redirect(order)
    return render(
        request,
        "timebank/orders/confirm.html",
        {"form": form, "order": order, "left": order.minutes - (order.due_minutes or 0)},
        status=422 if form.is_bound else 200,
    )


def order_rate(request: SignedInRequest, pk: int) -> HttpResponse:
    """评价 of an order that was settled by a decision."""
    order = _seen_by(request, pk)
    if not rules.may_judge_service(request.user, order):
        raise NotAllowed()
    if order.state != order.State.SETTLED:
        raise OutOfTurn(state=order.get_state_display(), verb=_("评价"))
    if hasattr(order, "feedback"):
        raise FeedbackGiven(order=order.pk)
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        give_feedback(order, acting_user=request.user, **form.cleaned_data)
        messages.success(request, _("谢谢您的评价。"))
        return redirect(order)
    return render(
        request,
        "confirm.html",
        {
            "title": _("评价这次服务"),
            "consequence": _("每一单只评价一次，志愿者看得到。"),
            "form": form,
            "verb": _("提交评价"),
            "back_url": order.get_absolute_url(),
        },
        status=422 if form.is_bound else 200,
    )


def order_uphold(request: SignedInRequest, pk: int) -> HttpResponse:
    """裁定：服务成立, with the minutes that settle."""
    order = _allowed(request, pk, "uphold")
    form = UpholdForm(request.POST or None, order=order)
    if request.method == "POST" and form.is_valid():
        order = form.hand_in(acting_user=request.user)
        messages.success(request, _("已裁定服务成立，时间已结算，双方都已收到通知。"))
        return redirect(order)
    return _reason_page(
        request,
        order,
        form,
        title=_("裁定：服务成立"),
        consequence=_("填写的分钟数记到志愿者名下，其余退回。裁定后不能再改。"),
    )


# With a reason ------------------------------------------------------------------------


class Act:
    """A verb that asks for a reason first: what it says, what it does, what it answers."""

    def __init__(
        self,
        service: Callable[..., ServiceOrder],
        title: Words,
        consequence: Words,
        said: Words,
        tone: str = "primary",
    ) -> None:
        self.service = service
        self.title = title
        self.consequence = consequence
        self.said = said
        self.tone = tone


ACTS: dict[str, Act] = {
    "cancel": Act(
        cancel_order,
        _("取消订单"),
        _("取消后预留的时间马上全部退回，已接单的志愿者会收到通知。"),
        _("订单已取消，时间已退回。"),
        "danger",
    ),
    "give_back": Act(
        give_back_order,
        _("退回这一单"),
        _("订单会重新开放给别的志愿者，点单人和站点会看到您写的原因。"),
        _("已退回，站点会另行安排。"),
    ),
    "reassign": Act(
        reassign_order,
        _("收回另派"),
        _("订单会重新开放，原来的志愿者会收到通知。"),
        _("已收回，可以另派志愿者。"),
    ),
    "decline": Act(
        decline_order,
        _("未能安排，退回"),
        _("预留的时间马上全部退回，点单人会看到原因。退回后要重新点单。"),
        _("已退回，点单人已收到通知。"),
        "danger",
    ),
    "dispute": Act(
        dispute_order,
        _("提出异议"),
        _("时间继续预留，谁也得不到；站点会联系双方核实后决定。"),
        _("异议已提交。时间继续预留，由站点核实后决定。"),
    ),
    "overturn": Act(
        overturn_order,
        _("裁定：退回时间"),
        _("预留的时间全部退回，志愿者这次没有时间入账。裁定后不能再改。"),
        _("已裁定退回，双方都已收到通知。"),
        "danger",
    ),
}


def order_act(request: SignedInRequest, pk: int, verb: str) -> HttpResponse:
    """Cancel, give back, take back, decline, dispute or overturn: the reason, then the act."""
    if verb not in ACTS:
        raise Http404
    order = _allowed(request, pk, verb)
    act = ACTS[verb]
    needs_none = verb == "cancel" and rules.is_asking(request.user, order)
    form = (OptionalReasonForm if needs_none else ReasonForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act.service(order, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(request, str(act.said))
        if verb == "give_back":
            return redirect("timebank:board")
        return redirect(order)
    return _reason_page(
        request, order, form, title=act.title, consequence=act.consequence, tone=act.tone
    )


# The station's desk -------------------------------------------------------------------


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
    return _list_page(
        request,
        "timebank/orders/desk.html",
        desk_orders(request.user, tab),
        tabs=tabs,
        today=timezone.localdate(),
    )


def order_for(request: SignedInRequest) -> HttpResponse:
    """代下单: find or add the recipient, choose, and the pool pays with time already given."""
    require_station(request.user)
    placed = _placed_before(request)
    if placed is not None:
        return redirect(placed)
    station = _station_in_hand(request)
    words = _looked_for(request)
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


def order_assign(request: SignedInRequest, pk: int) -> HttpResponse:
    """派单: the likeliest volunteers with reasons, or one looked up by name."""
    order = _allowed(request, pk, "assign")
    form = AssignForm(request.POST or None, order=order)
    if request.method == "POST" and form.is_valid():
        assigned = form.hand_in(acting_user=request.user)
        if assigned is not None:
            messages.success(request, _("已派单，志愿者已收到通知。"))
            return redirect(assigned)
    words = _looked_for(request)
    return render(
        request,
        "timebank/orders/assign.html",
        {"form": form, "order": order, "matches": matches_for(order, words=words), "words": words},
        status=422 if form.is_bound else 200,
    )


# Steps ----------------------------------------------------------------------------------


def _seen_by(request: SignedInRequest, pk: int) -> ServiceOrder:
    return get_object_or_404(
        ServiceOrder.objects.visible_to(request.user)
        .with_names()
        .select_related("feedback", "recipient__user")
        .distinct(),
        pk=pk,
    )


def _allowed(request: SignedInRequest, pk: int, verb: str) -> ServiceOrder:
    """The order, if the person may follow this arrow now; else the same refusal the move gives."""
    order = _seen_by(request, pk)
    ORDER.require(order, verb, acting_user=request.user)
    return order


def _station_in_hand(request: SignedInRequest) -> Station:
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


def _looked_for(request: SignedInRequest) -> str:
    """The words typed into a search box; the database takes no NUL."""
    return request.GET.get("q", "").replace("\x00", "").strip()


def _list_page(
    request: SignedInRequest, template: str, orders: QuerySet[ServiceOrder], **context: Any
) -> HttpResponse:
    page = Paginator(orders, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(order, EXPLAINED[order.state]) for order in page.object_list]
    return render(request, template, {"page_obj": page, "rows": rows} | context)


def _reason_page(
    request: SignedInRequest,
    order: ServiceOrder,
    form: Form,
    *,
    title: Words,
    consequence: Words,
    tone: str = "primary",
) -> HttpResponse:
    return render(
        request,
        "confirm.html",
        {
            "title": title,
            "consequence": consequence,
            "form": form,
            "verb": title,
            "tone": tone,
            "back_url": order.get_absolute_url(),
        },
        status=422 if form.is_bound else 200,
    )
