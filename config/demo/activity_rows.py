"""The rows activities of the demo are made of: an activity, a shift, its seats, a crowd to take
them. Written in bulk; what the cast does goes through the services, in `activity_stories`.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from accounts.models import Region, User
from config.demo.cast import Cast
from config.demo.timebank import Settled
from timebank.models import Activity, ServiceType, Shift, Signup

INSURANCE = "人保财险 志愿者意外险（演示）PICC-0001"


class Crowd:
    """Grown-up volunteers of each place, drawn again and again with the same seed."""

    def __init__(self, settled: Settled, chance: Random) -> None:
        self.chance = chance
        self.by_place: dict[int, list[User]] = {}
        of_age = set(
            User.objects.filter(
                pk__in=[user.pk for user in settled.volunteers],
                person__born_on__lte=timezone.localdate() - timedelta(days=19 * 366),
            ).values_list("pk", flat=True)
        )
        for user in settled.volunteers:
            if user.pk in of_age and user.home_region_id is not None:
                self.by_place.setdefault(user.home_region_id, []).append(user)

    def some(self, place: int, count: int) -> list[User]:
        people = self.by_place.get(place, [])
        return self.chance.sample(people, min(count, len(people)))


@dataclass(frozen=True)
class Scene:
    cast: Cast
    settled: Settled
    types: dict[str, ServiceType]
    crowd: "Crowd"
    today: date


def at_hour(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def next_weekday(today: date, weekday: int) -> date:
    """The next such day, tomorrow at the earliest."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def activity_row(*, since: datetime, **facts: object) -> Activity:
    return Activity.objects.create(state=Activity.State.OPEN, opened_at=since, **facts)


def one_shift(
    activity: Activity, starts_at: datetime, minutes: int, seats: int, region: Region | None = None
) -> Shift:
    return Shift.objects.create(
        activity=activity,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        region=region or activity.region,
        place=activity.place,
        seats=seats,
        state=Shift.State.HELD
        if starts_at + timedelta(minutes=minutes) <= timezone.now()
        else Shift.State.OPEN,
    )


def take_seats(shift: Shift, people: list[User]) -> None:
    Signup.objects.bulk_create(
        Signup(
            shift=shift,
            volunteer=person,
            state=Signup.State.SEATED,
            seat=number,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            queued_at=shift.starts_at - timedelta(days=4, minutes=7 * number),
            signed_up_by=person,
        )
        for number, person in enumerate(people, start=1)
    )
