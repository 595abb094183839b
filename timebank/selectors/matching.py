"""Who could serve this request, best first, and why (供需对接)."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, Role, User
from timebank.models import Qualification, ServiceOrder

type Words = str | Promise

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Match:
    """A volunteer who could take the order, and the reasons in words."""

    volunteer: User
    reasons: tuple[Words, ...]
    is_busy: bool


def volunteers_for(order: ServiceOrder) -> QuerySet[User]:
    """Everyone who may take this order: volunteers of the town, not those who asked, with the
    paper the service asks for.
    """
    region = order.station.region
    town = region.parent_id if region.level == Region.Level.COMMUNITY else region.pk
    serving = Role.objects.active().filter(user=OuterRef("pk"), kind=Role.Kind.VOLUNTEER)
    asked = order.listing.service_type.qualification
    able = User.objects.filter(is_active=True, kind=User.Kind.PERSON)
    if asked:
        papers = Qualification.objects.filter(volunteer=OuterRef("pk"), kind=asked)
        able = able.filter(Exists(papers.valid_on(order.wanted_on)))
    return able.filter(
        Exists(serving.filter(region__lineage__contains=[town]))
        | Exists(serving.filter(region__in=region.lineage))
    ).exclude(pk__in=[pk for pk in (order.requested_by_id, order.recipient.user_id) if pk])


def matches_for(order: ServiceOrder, *, words: str = "") -> list[Match]:
    """The likeliest volunteers, best first: free, knows the recipient, has done it, lives near.

    With `words`, those whose name or phone number matches.
    """
    busy = ServiceOrder.objects.filter(
        volunteer=OuterRef("pk"),
        state=ServiceOrder.State.ACCEPTED,
        wanted_on=order.wanted_on,
        wanted_from__lt=order.wanted_to,
        wanted_to__gt=order.wanted_from,
    )
    local = Role.objects.active().filter(
        user=OuterRef("pk"), kind=Role.Kind.VOLUNTEER, region=order.station.region
    )
    settled = Q(orders_taken__state=ServiceOrder.State.SETTLED)
    found = volunteers_for(order).annotate(
        busy=Exists(busy),
        local=Exists(local),
        done=Count(
            "orders_taken",
            filter=settled & Q(orders_taken__listing__service_type=order.listing.service_type_id),
            distinct=True,
        ),
        known=Count(
            "orders_taken",
            filter=settled & Q(orders_taken__recipient=order.recipient_id),
            distinct=True,
        ),
    )
    words = words.strip()
    if words:
        found = found.filter(Q(display_name__contains=words) | Q(phone__endswith=words))
    found = found.order_by("busy", "-known", "-done", "-local", "pk")
    return [Match(user, _reasons_for(user), user.busy) for user in found[:SHOWN]]


def _reasons_for(user: User) -> tuple[Words, ...]:
    """Why this volunteer, from the annotations of `matches_for`."""
    reasons: list[Words] = []
    if user.known:  # type: ignore[attr-defined]
        reasons.append(_("为这位服务对象服务过"))
    if user.done:  # type: ignore[attr-defined]
        reasons.append(_("做过 %(times)s 次这项服务") % {"times": user.done})  # type: ignore[attr-defined]
    if user.local:  # type: ignore[attr-defined]
        reasons.append(_("在本社区服务"))
    if user.busy:  # type: ignore[attr-defined]
        reasons.append(_("这段时间已接另一单"))
    return tuple(reasons) or (_("在本镇（街道）服务"),)
