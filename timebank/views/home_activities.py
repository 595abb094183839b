"""What activities put on a role's home page: a volunteer's next shifts, an organiser's seats."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.home import Panel, Waiting
from accounts.models import Role, User
from timebank.models import Activity, Shift, Swap
from timebank.selectors.activities import card_of, cards_of, shifts_to_come
from timebank.selectors.signups import coming_seats, waiting_offers
from timebank.views import home_presence

SHOWN = 3
ORGANISES = {
    Role.Kind.COORDINATOR,
    Role.Kind.COMMUNITY_WORKER,
    Role.Kind.LEAD_WORKER,
    Role.Kind.MEMBER,
    Role.Kind.MANAGER,
}


def waiting_for(user: User, role: Role | None) -> list[Waiting]:
    """Seats that were offered, and exchanges to answer; both run out."""
    if role is None or role.kind != Role.Kind.VOLUNTEER:
        return home_presence.waiting_for(user, role)
    offers = list(waiting_offers(user)[:SHOWN])
    asked = Swap.objects.filter(to_volunteer=user, state=Swap.State.PROPOSED).count()
    return [
        Waiting(
            label=_("有名额了，请确认"),
            count=len(offers),
            url=reverse("timebank:shift-own-list"),
            icon="calendar-check",
            due_at=offers[0].offer_ends_at if offers else None,
        ),
        Waiting(
            label=_("有人想和您换班"),
            count=asked,
            url=reverse("timebank:shift-own-list"),
            icon="arrow-repeat",
        ),
    ]


def panels_for(user: User, role: Role | None) -> list[Panel]:
    if role is None:
        return []
    if role.kind == Role.Kind.VOLUNTEER:
        return [_own_shifts(user)]
    if role.kind in ORGANISES:
        return [_organised(user)]
    return []


def _own_shifts(user: User) -> Panel:
    home = user.home_region
    week = timezone.now() + timedelta(days=7)
    near = list(shifts_to_come(near=home, until=week)[:SHOWN])
    context = {
        "coming": list(coming_seats(user)[:SHOWN]),
        "near": cards_of(near, user, near=home),
    }
    return Panel("timebank/home/_shifts.html", context, order=12)


def _organised(user: User) -> Panel:
    coming = (
        Shift.objects.filter(
            activity__in=Activity.objects.organised_by(user).exclude(state=Activity.State.DRAFT),
            ends_at__gt=timezone.now(),
            state__in=[Shift.State.OPEN, Shift.State.CLOSED],
        )
        .with_activity()
        .with_taken()
        .order_by("starts_at")[:SHOWN]
    )
    return Panel("timebank/home/_organised.html", {"cards": [card_of(s) for s in coming]}, order=25)
