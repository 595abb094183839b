"""What service orders put on a role's home page: what waits, and what is near."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.home import Panel, Waiting
from accounts.models import Role, User
from timebank.models import ServiceOrder
from timebank.selectors.board import open_orders_near
from timebank.selectors.disputes import disputes_for
from timebank.selectors.orders import (
    EXPLAINED,
    desk_counts,
    orders_of,
    running_orders_of,
    served_by,
)

State = ServiceOrder.State

SHOWN = 3
DECIDES = {Role.Kind.LEAD_WORKER, Role.Kind.COMMUNITY_WORKER, Role.Kind.OFFICER}
ASKS = {Role.Kind.VOLUNTEER, Role.Kind.RECIPIENT, Role.Kind.PROXY}


def waiting_for(user: User, role: Role | None) -> list[Waiting]:
    """Services to confirm and orders to serve; for a station what its desk has open."""
    if role is None:
        return []
    if role.kind == Role.Kind.COORDINATOR:
        return _at_the_desk(user)
    if role.kind in DECIDES:
        return [_disputes(user)]
    waiting = []
    if role.kind in ASKS:
        waiting.append(
            Waiting(
                label=_("服务等您确认评价"),
                count=orders_of(user).filter(state=State.DELIVERED).count(),
                url=reverse("timebank:order-list"),
                icon="star",
            )
        )
    if role.kind == Role.Kind.VOLUNTEER:
        taken = list(served_by(user).filter(state=State.ACCEPTED))
        waiting.append(
            Waiting(
                label=_("接下的单等您去服务"),
                count=len(taken),
                url=taken[0].get_absolute_url() if len(taken) == 1 else reverse("timebank:board"),
                icon="calendar-check",
                due_at=taken[0].window_starts_at if taken else None,
            )
        )
    return waiting


def panels_for(user: User, role: Role | None) -> list[Panel]:
    """A volunteer's neighbours who wait for somebody, one's own orders, a station's quick ways."""
    if role is not None and role.kind == Role.Kind.COORDINATOR:
        return [Panel("timebank/home/_ways.html", order=5)]
    if role is None or role.kind not in ASKS:
        return []
    panels = []
    own = list(running_orders_of(user)[:SHOWN])
    if own or role.kind != Role.Kind.VOLUNTEER:
        rows = [(order, EXPLAINED[order.state]) for order in own]
        panels.append(Panel("timebank/home/_orders.html", {"rows": rows}, order=15))
    if role.kind == Role.Kind.VOLUNTEER:
        near = list(open_orders_near(user)[:SHOWN])
        panels.append(Panel("timebank/home/_board.html", {"orders": near}, order=20))
    return panels


def _at_the_desk(user: User) -> list[Waiting]:
    counts = desk_counts(user)
    desk = reverse("timebank:desk-orders")
    return [
        _disputes(user),
        Waiting(
            label=_("订单等人接，可以派单"),
            count=counts["placed"],
            url=f"{desk}?tab=placed",
            icon="person-plus",
        ),
        Waiting(
            label=_("服务等您代为确认"),
            count=counts["delivered"],
            url=f"{desk}?tab=delivered",
            icon="check-circle",
        ),
    ]


def _disputes(user: User) -> Waiting:
    return Waiting(
        label=_("争议等您裁定"),
        count=len(disputes_for(user)),
        url=reverse("timebank:dispute-list"),
        icon="exclamation-circle",
    )
