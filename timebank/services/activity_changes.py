"""Change what an activity says of itself, its positions and its stops, also once people are on the
list: whoever is signed up for what is to come is told what matters, and who may no longer take part
is let go, at no harm.

Drafting and publishing stand in `services.activities`, another time or place of one shift in
`services.shifts`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from timebank.errors.activities import CountsDecided, SeatsInUse
from timebank.models import Activity, Attendance, Position, Qualification, Shift, Signup
from timebank.rules import activities as rules
from timebank.services.activities import (
    ActivityDetails,
    Parts,
    PositionDetails,
    keep_positions,
    keep_stops,
    locked_activity,
)
from timebank.services.insurance import require_insured
from timebank.services.shift_news import Altered, Words, tell_of_activity
from timebank.services.signup_releases import release_who_may_not_join

# What a volunteer has promised themselves to: a change of these is told.
MATTERS = (
    "title",
    "place",
    "led_by",
    "risks",
    "protection",
    "is_dangerous",
    "required_qualification",
    "not_counted",
    "cancel_hours",
)
RUNNING = (Activity.State.OPEN, Activity.State.CLOSED)


@transaction.atomic
def edit_activity(
    activity: Activity, details: ActivityDetails, parts: Parts | None = None, *, acting_user: User
) -> Activity:
    """Change what it says; `parts` with the positions and stops as they shall be from now on.

    A position that somebody has chosen is closed instead of taken away. Everyone signed up for what
    is to come is told what matters; who may not take part any more is released and told why.
    Refused: `NotAllowed`, `NotInsured` (an open one becomes risky without insurance),
    `CountsDecided`, `SeatsInUse`.
    """
    activity = locked_activity(activity)
    if not rules.organises(acting_user, activity):
        raise NotAllowed()
    before = {name: getattr(activity, name) for name in MATTERS}
    _write(activity, details)
    if activity.state in RUNNING:
        require_insured(activity)
    activity.save()
    altered = [
        Altered(activity._meta.get_field(name).verbose_name, _shown(activity, name))  # type: ignore[union-attr]
        for name in MATTERS
        if getattr(activity, name) != before[name]
    ]
    _move_shifts(activity, str(before["place"]))
    if parts is not None:
        altered += _change_parts(activity, parts)
    change = record_change(
        activity,
        "edit",
        acting_user=acting_user,
        facts={"changed": [str(one.label) for one in altered]},
    )
    if activity.state in RUNNING:
        released = release_who_may_not_join(_to_come(activity), acting_user=acting_user)
        staying = _to_come(activity).exclude(pk__in=[signup.pk for signup in released])
        if altered:
            tell_of_activity(activity, [s.volunteer for s in staying], altered, change=change)
    return activity


def _write(activity: Activity, details: ActivityDetails) -> None:
    counted_before = activity.counts
    for field in fields(details):
        setattr(activity, field.name, getattr(details, field.name))
    activity.counts = not details.not_counted
    if activity.counts != counted_before and Attendance.objects.filter(
        shift__activity=activity, arrived_at__isnull=False
    ):
        raise CountsDecided()


def _shown(activity: Activity, name: str) -> Words:
    """The new value as people read it."""
    if name == "led_by":
        return activity.led_by.display_name
    if name == "is_dangerous":
        return _("是，未成年人不能参加") if activity.is_dangerous else _("否")
    if name == "not_counted":
        if activity.counts:
            return _("计入志愿服务时间")
        return Activity.NotCounted(activity.not_counted).label
    if name == "required_qualification":
        if not activity.required_qualification:
            return _("没有要求")
        return Qualification.Kind(activity.required_qualification).label
    return str(getattr(activity, name))


def _move_shifts(activity: Activity, place_before: str) -> None:
    """What is to come at the old place takes place at the new one."""
    if activity.place != place_before:
        activity.shifts.filter(
            starts_at__gt=database_now(),
            place=place_before,
            state__in=[Shift.State.OPEN, Shift.State.CLOSED],
        ).update(place=activity.place)


def _to_come(activity: Activity) -> QuerySet[Signup]:
    return (
        Signup.objects.active()
        .filter(shift__activity=activity, shift__starts_at__gt=database_now())
        .select_related("volunteer")
        .order_by("volunteer", "starts_at")
    )


# Positions and stops ------------------------------------------------------------------


def _change_parts(activity: Activity, parts: Parts) -> list[Altered]:
    altered = _change_positions(activity, parts.positions)
    before = _stops_of(activity)
    activity.stops.all().delete()
    keep_stops(activity, parts.stops)
    if _stops_of(activity) != before:
        altered.append(Altered(_("停靠点"), " → ".join(stop[0] for stop in _stops_of(activity))))
    return altered


def _stops_of(activity: Activity) -> list[tuple[str, int, int, int]]:
    return list(
        activity.stops.order_by("number").values_list(
            "place", "region", "arrives_after_minutes", "stays_minutes"
        )
    )


def _change_positions(activity: Activity, wanted: Sequence[PositionDetails]) -> list[Altered]:
    known = {position.pk: position for position in activity.positions.all()}
    wanted = [_recognised(details, known, wanted) for details in wanted]
    kept = {details.pk for details in wanted if details.pk in known}
    for pk, position in known.items():
        if pk not in kept:
            _leave_out(position, {details.title for details in wanted})
    for pk in kept:  # names may change hands: none is in the way of another
        activity.positions.filter(pk=pk).update(title=f"#{pk}")
    altered = []
    for details in wanted:
        if details.pk in kept:
            position = known[details.pk]
            if _change(position, details) and position.is_open:
                altered.append(Altered(_("岗位"), _position_words(position)))
    keep_positions(activity, [details for details in wanted if details.pk not in kept])
    return altered


def _leave_out(position: Position, titles: set[str]) -> None:
    """Close what somebody has chosen before, under a name that is free; take the rest away."""
    if not position.signups.exists():
        position.delete()
        return
    if position.title in titles:
        position.title = f"{position.title[:20]} #{position.pk}"[:30]
    position.is_open = False
    position.save(update_fields=["is_open", "title"])


def _recognised(
    details: PositionDetails, known: Mapping[int, Position], wanted: Sequence[PositionDetails]
) -> PositionDetails:
    """A new one that has the name of one left out is that one, back again."""
    named = {one.pk for one in wanted}
    for position in known.values():
        is_back = position.title == details.title and position.pk not in named
        if details.pk not in known and is_back:
            return replace(details, pk=position.pk)
    return details


def _change(position: Position, details: PositionDetails) -> bool:
    """Write a position; whether what it asks of people changed."""
    _require_room(position, details.seats)
    before = (position.title, position.duties, position.required_qualification)
    position.title, position.duties = details.title, details.duties
    position.seats = details.seats
    position.required_qualification = details.required_qualification
    position.is_open = details.is_open
    position.save()
    return before != (position.title, position.duties, position.required_qualification)


def _require_room(position: Position, seats: int) -> None:
    coming = Signup.objects.holding_seats().filter(
        position=position, shift__starts_at__gt=database_now()
    )
    for shift in set(coming.values_list("shift", flat=True)):
        taken = coming.filter(shift=shift).count()
        if seats < taken:
            raise SeatsInUse(taken=taken)


def _position_words(position: Position) -> Words:
    words = f"{position.title} · {position.duties}" if position.duties else position.title
    if not position.required_qualification:
        return words
    asked = Qualification.Kind(position.required_qualification).label
    return format_lazy("{words} · {asked}", words=words, asked=asked)
