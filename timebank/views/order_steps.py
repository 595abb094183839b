"""What the pages of service orders share: look one up as seen, ask before showing, list, reason."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise

from accounts.requests import SignedInRequest
from timebank.lifecycles.orders import ORDER
from timebank.models import ServiceOrder
from timebank.selectors.orders import EXPLAINED

type Words = str | Promise

PER_PAGE = 20


def seen_by(request: SignedInRequest, pk: int) -> ServiceOrder:
    """The order, if the person may see it at all; else the same answer as for none."""
    return get_object_or_404(
        ServiceOrder.objects.visible_to(request.user)
        .with_names()
        .select_related("feedback", "recipient__user")
        .distinct(),
        pk=pk,
    )


def allowed(request: SignedInRequest, pk: int, verb: str) -> ServiceOrder:
    """The order, if the person may follow this arrow now; else the same refusal the move gives."""
    order = seen_by(request, pk)
    ORDER.require(order, verb, acting_user=request.user)
    return order


def looked_for(request: SignedInRequest, name: str = "q") -> str:
    """The words typed into a search box."""
    return request.GET.get(name, "").strip()


def list_page(
    request: SignedInRequest, template: str, orders: QuerySet[ServiceOrder], **context: Any
) -> HttpResponse:
    page = Paginator(orders, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(order, EXPLAINED[order.state]) for order in page.object_list]
    return render(request, template, {"page_obj": page, "rows": rows} | context)


def reason_page(
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
            "about": order.listing.title,
        },
        status=422 if form.is_bound else 200,
    )
