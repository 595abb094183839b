"""我的订单: what one asked for, and an order's own page for everyone who deals with it.

Asking is in `order_asking`, finding a volunteer and serving in `order_serving`, confirming, rating,
disputing and calling off in `order_endings`.
"""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from timebank import rules
from timebank.lifecycles import ORDER
from timebank.selectors.orders import EXPLAINED, changes_of, orders_of, steps_of, story_of
from timebank.views.order_endings import ACTS
from timebank.views.order_steps import list_page, seen_by


def order_list(request: SignedInRequest) -> HttpResponse:
    """我的订单: what one asked for, or what was asked for one."""
    return list_page(request, "timebank/orders/list.html", orders_of(request.user))


def order_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """An order's page: where it stands, what comes next, who acts, and every way out."""
    order = seen_by(request, pk)
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
    order = seen_by(request, pk)
    if not rules.may_know_service_code(request.user, order):
        raise NotAllowed()
    return render(request, "timebank/orders/slip.html", {"order": order})
