"""What a volunteer has promised at a time: seats in shifts, service orders taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Region, User
from timebank.models import ServiceOrder, Shift, Signup
from timebank.selectors.nearness import minutes_between


@dataclass(frozen=True, slots=True)
class Engagement:
    """One promise: what, when, where."""

    what: str
    starts_at: datetime
    ends_at: datetime
    region: Region
    url: str


@dataclass(frozen=True, slots=True)
class TightJourney:
    """Two promises with less time between them than the way takes."""

    other: Engagement
    gap_minutes: int
    travel_minutes: int


def engagements_between(
    volunteer: User, start: datetime, end: datetime, *, besides: tuple[int, ...] = ()
) -> list[Engagement]:
    """What the volunteer has promised that meets this time; sign-ups `besides` are left out."""
    found = [*_seats(volunteer, start, end, besides), *_orders(volunteer, start, end)]
    return sorted(found, key=lambda engagement: engagement.starts_at)


def seat_between(volunteer: User, start: datetime, end: datetime) -> Engagement | None:
    """A seat in a shift at this time: asked before a service order is taken."""
    return next(_seats(volunteer, start, end, ()), None)


def tight_journeys(
    volunteer: User, shift: Shift, *, besides: tuple[int, ...] = ()
) -> list[TightJourney]:
    """Promises just before or after this shift that leave too little time for the way."""
    margin = timedelta(hours=1)
    tight = []
    for other in engagements_between(
        volunteer, shift.starts_at - margin, shift.ends_at + margin, besides=besides
    ):
        is_before = other.ends_at <= shift.starts_at
        is_after = other.starts_at >= shift.ends_at
        if not (is_before or is_after):
            continue
        gap = (
            shift.starts_at - other.ends_at if is_before else other.starts_at - shift.ends_at
        ).total_seconds() // 60
        travel = minutes_between(other.region, shift.region)
        if gap < travel:
            tight.append(TightJourney(other, int(gap), travel))
    return tight


def _seats(
    volunteer: User, start: datetime, end: datetime, besides: tuple[int, ...]
) -> Iterator[Engagement]:
    held = (
        Signup.objects.of_volunteer(volunteer)
        .holding_seats()
        .filter(starts_at__lt=end, ends_at__gt=start)
        .exclude(pk__in=besides)
        .select_related("shift__activity", "shift__region__parent")
    )
    for signup in held:
        shift = signup.shift
        yield Engagement(
            shift.activity.title,
            signup.starts_at,
            signup.ends_at,
            shift.region,
            shift.get_absolute_url(),
        )


def _orders(volunteer: User, start: datetime, end: datetime) -> Iterator[Engagement]:
    taken = ServiceOrder.objects.filter(
        volunteer=volunteer,
        state=ServiceOrder.State.ACCEPTED,
        wanted_on__gte=timezone.localdate(start),
        wanted_on__lte=timezone.localdate(end),
    ).select_related("listing", "station__region__parent")
    for order in taken:
        if order.window_starts_at < end and order.window_ends_at > start:
            yield Engagement(
                order.listing.title,
                order.window_starts_at,
                order.window_ends_at,
                order.station.region,
                order.get_absolute_url(),
            )
