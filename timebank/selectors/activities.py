"""What volunteers are invited to: shifts to come near a place, a month's calendar, an activity.

Counts of seats come with the rows, in one question however many there are.
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Region, Role, Station, User
from accounts.rules import organisations_of, regions_of, stations_of
from timebank.models import Activity, Shift, Signup
from timebank.selectors.nearness import circle_of, minutes_away

type Words = str | Promise

TONES = {"draft": "neutral", "open": "active", "closed": "waiting", "cancelled": "danger"}
TONES |= {"held": "done"}


@dataclass(frozen=True, slots=True)
class ShiftCard:
    """A shift as lists show it: how many seats are left, how near, what keeps one from joining."""

    shift: Shift
    left: int
    standing: Words
    tone: str
    circle: Words
    own: str
    """The state of one's own sign-up, in words; empty without one."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    day: date
    is_of_month: bool
    is_today: bool
    shifts: list[Shift]


def shifts_to_come(
    *,
    near: Region | None = None,
    place: Region | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    group: str = "",
    audience: str = "",
    within: int | None = None,
) -> QuerySet[Shift]:
    """Published shifts that have not begun, the nearest first where `near` is known."""
    shifts = (
        Shift.objects.exclude(activity__state=Activity.State.DRAFT)
        .filter(starts_at__gt=since or timezone.now())
        .with_activity()
        .with_taken()
        .annotate(away=minutes_away(near))
    )
    if until is not None:
        shifts = shifts.filter(starts_at__lt=until)
    if place is not None:
        shifts = shifts.filter(region__lineage__contains=[place.pk])
    if group:
        shifts = shifts.filter(activity__service_type__group=group)
    if audience:
        shifts = shifts.filter(activity__audience=audience)
    if within is not None and near is not None:
        shifts = shifts.filter(away__lte=within)
    return (
        shifts.order_by("away", "starts_at", "pk") if near else shifts.order_by("starts_at", "pk")
    )


def cards_of(
    shifts: list[Shift], user: User | AnonymousUser, *, near: Region | None = None
) -> list[ShiftCard]:
    """What a list shows of each; one more question for one's own sign-ups."""
    own = {}
    if user.is_authenticated:
        mine = Signup.objects.of_volunteer(user).active().filter(shift__in=shifts)
        own = {signup.shift_id: signup.get_state_display() for signup in mine}
    return [card_of(shift, own.get(shift.pk, ""), near=near) for shift in shifts]


def card_of(shift: Shift, own: str = "", *, near: Region | None = None) -> ShiftCard:
    taken: int = shift.taken  # type: ignore[attr-defined]
    left = max(shift.seats - taken, 0)
    standing, tone = standing_of(shift, left)
    circle = circle_of(shift.away) if near is not None else ""  # type: ignore[attr-defined]
    return ShiftCard(shift, left, standing, tone, circle, own)


def standing_of(shift: Shift, left: int) -> tuple[Words, str]:
    """How a shift stands, in words and a tone."""
    if shift.state == Shift.State.CANCELLED:
        return _("已取消"), "danger"
    if shift.state == Shift.State.HELD or shift.ends_at <= timezone.now():
        return _("已结束"), "neutral"
    if shift.activity.state != Activity.State.OPEN or shift.state == Shift.State.CLOSED:
        return _("停止报名"), "waiting"
    if left == 0:
        return _("已满，可候补"), "waiting"
    words = ngettext("还有 %(left)d 个名额", "还有 %(left)d 个名额", left) % {"left": left}
    return words, "active" if shift.postponed_from is not None else "done"


def month_of(shifts: QuerySet[Shift], first: date) -> list[list[CalendarDay]]:
    """The weeks of a month, each day with its shifts, earliest first."""
    weeks = calendar.Calendar(firstweekday=0).monthdatescalendar(first.year, first.month)
    start = timezone.make_aware(datetime.combine(weeks[0][0], datetime.min.time()))
    end = timezone.make_aware(
        datetime.combine(weeks[-1][-1] + timedelta(days=1), datetime.min.time())
    )
    by_day: dict[date, list[Shift]] = {}
    for shift in shifts.filter(starts_at__gte=start, starts_at__lt=end).order_by("starts_at"):
        by_day.setdefault(timezone.localdate(shift.starts_at), []).append(shift)
    today = timezone.localdate()
    return [
        [
            CalendarDay(day, day.month == first.month, day == today, by_day.get(day, []))
            for day in week
        ]
        for week in weeks
    ]


def shifts_of(activity: Activity) -> list[Shift]:
    """All shifts of an activity, in order, with their seats."""
    shifts = list(activity.shifts.with_taken().select_related("region").order_by("starts_at"))
    for shift in shifts:
        shift.activity = activity
    return shifts


# For those who organise -----------------------------------------------------------------


def activities_of(user: User) -> QuerySet[Activity]:
    """What the person answers for: drafts first, then what comes next, then what is over."""
    now = timezone.now()
    return (
        Activity.objects.organised_by(user)
        .with_owner()
        .annotate(
            next_at=Min("shifts__starts_at", filter=Q(shifts__starts_at__gt=now)),
            last_at=Max("shifts__starts_at"),
            shift_count=Count("shifts", distinct=True),
        )
        .order_by(
            Case(When(state=Activity.State.DRAFT, then=0), default=1),
            F("next_at").asc(nulls_last=True),
            F("last_at").desc(nulls_last=True),
            "-pk",
        )
    )


def usual_place(user: User) -> dict[str, object]:
    """Where the person's first station lies, so that nobody types it each time."""
    station = Station.objects.filter(pk__in=stations_of(user)).select_related("region").first()
    if station is not None:
        return {"region": station.region_id, "place": station.address}
    role = user.roles.active().filter(organisation__isnull=False).first()
    if role is not None and role.organisation is not None:
        return {"region": role.organisation.region_id}
    return {}


def owners_of(user: User) -> list[tuple[str, str]]:
    """For whom the person may invite: (`kind:id`, name)."""
    stations = Station.objects.filter(pk__in=stations_of(user))
    owners = [(f"station:{station.pk}", station.name) for station in stations]
    bodies = [role.organisation for role in user.roles.active().select_related("organisation")]
    own = set(organisations_of(user))
    owners += [
        (f"organisation:{body.pk}", body.name)
        for body in bodies
        if body is not None and body.pk in own
    ]
    places = Region.objects.filter(
        pk__in=regions_of(user, Role.Kind.COMMUNITY_WORKER, Role.Kind.LEAD_WORKER)
    )
    owners += [(f"community:{place.pk}", place.name) for place in places]
    return list(dict.fromkeys(owners))
