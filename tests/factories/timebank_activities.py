"""The dullest valid activity, shift and crowd of volunteers. What matters a test writes."""

from datetime import date, datetime, timedelta
from itertools import count

from django.utils import timezone

from accounts.models import Person, Region, Role, Station, User
from config.demo.cast import system_user
from tests.factories.timebank import make_service_type
from timebank.models import Activity, Shift
from timebank.services.activities import (
    ActivityDetails,
    Owner,
    Parts,
    draft_activity,
    open_activity,
)
from timebank.services.shifts import ShiftDetails, add_shift

NUMBERS = count(1)
NO_PARTS = Parts()


def in_days(days: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant so many days from now, by the clock on the wall."""
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute))


def make_details(station: Station, **facts: object) -> ActivityDetails:
    if "service_type" not in facts:
        facts["service_type"] = make_service_type("S11", name="站点活动与公益活动", max_minutes=480)
    details: dict[str, object] = {
        "title": "南关厢老街清洁日",
        "station": station,
        "region": station.region,
        "place": "老街牌坊",
        "description": "沿老街捡拾垃圾，清洗栏杆。",
        "led_by": facts.pop("led_by", None) or system_user(),
        "risks": "路面湿滑",
        "protection": "发手套，走人行道",
    }
    return ActivityDetails(**(details | facts))  # type: ignore[arg-type]


def make_draft(
    station: Station, *, owner: Owner | None = None, parts: Parts = NO_PARTS, **facts: object
) -> Activity:
    details = make_details(station, **facts)
    return draft_activity(owner or station, details, parts, acting_user=system_user())


def make_shift(
    activity: Activity,
    *,
    starts_at: datetime | None = None,
    minutes: int = 120,
    seats: int = 10,
    region: Region | None = None,
) -> Shift:
    start = starts_at or in_days(3)
    details = ShiftDetails(
        starts_at=start,
        ends_at=start + timedelta(minutes=minutes),
        seats=seats,
        place=activity.place,
        region=region or activity.region,
    )
    return add_shift(activity, details, acting_user=system_user())


def make_open_shift(
    station: Station,
    *,
    starts_at: datetime | None = None,
    minutes: int = 120,
    seats: int = 10,
    owner: Owner | None = None,
    parts: Parts = NO_PARTS,
    **facts: object,
) -> Shift:
    """A shift of a published activity, in three days at nine."""
    activity = make_draft(station, owner=owner, parts=parts, **facts)
    shift = make_shift(activity, starts_at=starts_at, minutes=minutes, seats=seats)
    open_activity(activity, acting_user=system_user())
    return Shift.objects.with_activity().get(pk=shift.pk)


def move_in_time(shift: Shift, starts_at: datetime, minutes: int = 120) -> Shift:
    """Let time have passed: nobody may plan a shift in the past, so the row is set."""
    ends_at = starts_at + timedelta(minutes=minutes)
    Shift.objects.filter(pk=shift.pk).update(starts_at=starts_at, ends_at=ends_at)
    shift.signups.update(starts_at=starts_at, ends_at=ends_at)
    return Shift.objects.with_activity().get(pk=shift.pk)


def make_volunteer(
    region: Region, *, name: str = "", born_on: date | None = date(1990, 5, 1)
) -> User:
    """A grown-up volunteer of the place; her date of birth is known."""
    number = next(NUMBERS)
    name = name or f"志愿者{number}"
    user = User.objects.create_user(
        display_name=name,
        phone=f"+86100{70_000_000 + number:08d}",
        phone_verified=True,
        email=f"helper{number}@example.com",
        email_verified=True,
        home_region=region,
    )
    Person.objects.create(user=user, real_name=name, born_on=born_on, region=region)
    Role.objects.create(user=user, kind=Role.Kind.VOLUNTEER, region=region)
    return user
