"""我的订单: what one asked for, and an order's own page for everyone who deals with it.

Asking is in `order_asking`, finding a volunteer and serving in `order_serving`, confirming, rating,
disputing and calling off in `order_endings`.
"""

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from accounts.rules import is_coordinator_of
from accounts.views.attachments import attachment_response
from timebank.lifecycles.orders import ORDER
from timebank.models import Listing, PhotoDraft, ServiceOrder
from timebank.rules import orders as rules
from timebank.selectors.board import may_take_by_papers
from timebank.selectors.disputes import deciders_of, further_deciders_of
from timebank.selectors.orders import (
    EXPLAINED,
    changes_of,
    last_word_of,
    orders_of,
    steps_of,
    story_of,
)
from timebank.views.order_endings import ACTS
from timebank.views.order_steps import list_page, seen_by


def order_list(request: SignedInRequest) -> HttpResponse:
    """我的订单: what one asked for, or what was asked for one."""
    return list_page(request, "timebank/orders/list.html", orders_of(request.user))


def order_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """An order's page: where it stands, what comes next, who acts, and every way out."""
    order = seen_by(request, pk)
    user = request.user
    knows = rules.may_know_whereabouts(user, order)
    runs_station = rules.runs_its_station(user, order)
    deciders = deciders_of(order) if order.state == order.State.DISPUTED else []
    changes = changes_of(order)
    story = story_of(order, changes, user)
    too_late = rules.is_too_late_to_cancel(user, order, now=timezone.now())
    arrows = [
        arrow for arrow in ORDER.open_to(user, order) if not (too_late and arrow.verb == "cancel")
    ]
    return render(
        request,
        "timebank/orders/detail.html",
        {
            "order": order,
            "explained": EXPLAINED[order.state],
            "steps": steps_of(order, changes),
            "story": story,
            "verbs": {arrow.verb for arrow in arrows},
            "lacks_paper": not ServiceOrder.objects.filter(
                may_take_by_papers(user), pk=order.pk
            ).exists(),
            "with_reason": [arrow for arrow in arrows if arrow.verb in ACTS],
            "knows": knows,
            "reaches": rules.may_reach(user, order),
            "shows_code": rules.may_know_service_code(user, order)
            and order.state in (order.State.PLACED, order.State.ACCEPTED),
            "cancel_closes": order.state == order.State.ACCEPTED
            and not too_late
            and not runs_station
            and any(arrow.verb == "cancel" for arrow in arrows),
            "too_late_to_cancel": too_late
            and order.state == order.State.ACCEPTED
            and rules.is_asking(user, order),
            "told": last_word_of(story),
            "ask_again_url": _ask_again(order) if rules.is_asking(user, order) else "",
            "deciders": deciders,
            "further_deciders": further_deciders_of(order) if deciders else [],
            "decided_at_station": any(
                is_coordinator_of(decider, order.station) for decider in deciders
            ),
            "photos": list(order.photos.all()) if knows else [],
            "runs_station": runs_station,
            "steps_aside": order.state == order.State.DELIVERED
            and rules.may_judge_service(user, order)
            and rules.is_kin_of_volunteer(user, order),
            "may_rate": order.state == order.State.SETTLED
            and not hasattr(order, "feedback")
            and rules.may_judge_service(user, order),
            "feedback": getattr(order, "feedback", None),
            "is_late": order.state in (order.State.PLACED, order.State.ACCEPTED)
            and order.window_ends_at < timezone.now(),
        },
    )


def _ask_again(order: ServiceOrder) -> str:
    """Where who asked may ask once more, when nothing came of it; "" where that makes no sense."""
    ended_in_vain = order.state in (order.State.CANCELLED, order.State.DECLINED)
    if not ended_in_vain or order.listing.state != Listing.State.PUBLISHED:
        return ""
    return reverse("timebank:order-place", args=[order.listing_id])


def order_slip(request: SignedInRequest, pk: int) -> HttpResponse:
    """打印服务单: one half for the recipient with the code, one for the volunteer without it."""
    order = seen_by(request, pk)
    if not rules.may_know_service_code(request.user, order):
        raise NotAllowed()
    return render(request, "timebank/orders/slip.html", {"order": order})


@require_GET
def order_photo(request: SignedInRequest, pk: int, token: UUID) -> FileResponse:
    """A photo of the service, for those who deal with the order."""
    order = seen_by(request, pk)
    photo = order.photos.filter(token=token).first()
    if photo is None or not rules.may_know_whereabouts(request.user, order):
        raise Http404
    wants_thumbnail = "thumbnail" in request.GET and bool(photo.thumbnail)
    return attachment_response(photo, thumbnail=wants_thumbnail)


@require_GET
def photo_draft(request: SignedInRequest, pk: int) -> FileResponse:
    """A photo one uploaded with a form that is not handed in yet; nobody else's."""
    draft = get_object_or_404(PhotoDraft.objects.of(request.user), pk=pk)
    return attachment_response(draft.attachment, thumbnail=True)
