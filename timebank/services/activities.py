"""Draft an activity, publish it, stop sign-ups, call all of it off, copy it for the next time.

Changing one afterwards stands in `services.activity_changes`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date

from django.db import transaction
from django.db.models import Max

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Organisation, Region, Station, User
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.services.system_user import the_product
from timebank.errors.activities import NoShiftYet
from timebank.lifecycles.activities import ACTIVITY
from timebank.models import Activity, Position, ServiceType, Shift, Stop
from timebank.rules import activities as rules
from timebank.services.insurance import require_insured
from timebank.services.shifts import cancel_shift, move_shift

type Owner = Station | Organisation | Region


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityDetails:
    """What an activity says of itself; shifts, positions and stops come beside it."""

    title: str
    service_type: ServiceType
    station: Station
    region: Region
    place: str
    description: str
    led_by: User
    risks: str
    protection: str
    kind: str = Activity.Kind.ONE_OFF
    rrule: str = ""
    lead_worker: User | None = None
    audience: str = Activity.Audience.EVERYONE
    welcomes_children: bool = False
    not_counted: str = ""
    is_dangerous: bool = False
    insurance: str = ""
    insured_until: date | None = None
    required_qualification: str = ""
    cancel_hours: int = 12
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionDetails:
    title: str
    seats: int
    duties: str = ""
    required_qualification: str = ""
    is_open: bool = True
    pk: int | None = None
    """The position it changes; None for a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopDetails:
    place: str
    region: Region
    arrives_after_minutes: int
    stays_minutes: int


@dataclass(frozen=True, slots=True)
class Parts:
    """The positions and stops of an activity."""

    positions: Sequence[PositionDetails] = field(default_factory=tuple)
    stops: Sequence[StopDetails] = field(default_factory=tuple)


# Drafting ---------------------------------------------------------------------


@transaction.atomic
def draft_activity(
    owner: Owner, details: ActivityDetails, parts: Parts = Parts(), *, acting_user: User
) -> Activity:
    """Write an activity down; nobody else sees it until it is published. Refused: `NotAllowed`."""
    if not (rules.is_system(acting_user) or rules.may_organise_for(acting_user, owner)):
        raise NotAllowed()
    activity = Activity(created_by=acting_user, **_owner_fields(owner), **_fields_of(details))
    activity.save()
    keep_positions(activity, parts.positions)
    keep_stops(activity, parts.stops)
    record_change(activity, "draft", after=activity.state, acting_user=acting_user)
    return activity


@transaction.atomic
def copy_activity(activity: Activity, *, acting_user: User) -> Activity:
    """A draft like it, with its positions and stops but without shifts (照上次再办一次)."""
    if not rules.organises(acting_user, activity):
        raise NotAllowed()
    kept = {name.name: getattr(activity, name.name) for name in fields(ActivityDetails)}
    kept |= {"source": "", "rrule": ""}
    if kept["kind"] == Activity.Kind.RECURRING:
        kept["kind"] = Activity.Kind.ONE_OFF
    owner = activity.organisation or activity.community or activity.station
    copy = Activity(
        created_by=acting_user, **_owner_fields(owner), **_fields_of(ActivityDetails(**kept))
    )
    copy.save()
    for position in activity.positions.taking_people():
        position.pk, position.activity, position._state.adding = None, copy, True
        position.save()
    for stop in activity.stops.all():
        stop.pk, stop.activity, stop._state.adding = None, copy, True
        stop.save()
    record_change(
        copy,
        "copy",
        after=copy.state,
        acting_user=acting_user,
        facts={"from": activity.pk},
    )
    return copy


def _owner_fields(owner: Owner) -> dict[str, object]:
    if isinstance(owner, Organisation):
        return {"owner": Activity.Owner.ORGANISATION, "organisation": owner}
    if isinstance(owner, Region):
        return {"owner": Activity.Owner.COMMUNITY, "community": owner}
    return {"owner": Activity.Owner.STATION}


def _fields_of(details: ActivityDetails) -> dict[str, object]:
    values = {each.name: getattr(details, each.name) for each in fields(details)}
    return values | {"counts": not details.not_counted}


def keep_positions(activity: Activity, positions: Sequence[PositionDetails]) -> None:
    """Part of a verb: write new positions."""
    for position in positions:
        Position.objects.create(
            activity=activity,
            title=position.title,
            duties=position.duties,
            seats=position.seats,
            required_qualification=position.required_qualification,
        )


def keep_stops(activity: Activity, stops: Sequence[StopDetails]) -> None:
    """Part of a verb: write stops, numbered in their order."""
    for number, stop in enumerate(stops, start=1):
        Stop.objects.create(
            activity=activity,
            number=number,
            place=stop.place,
            region=stop.region,
            arrives_after_minutes=stop.arrives_after_minutes,
            stays_minutes=stop.stays_minutes,
        )


# Publishing and ending ----------------------------------------------------------


@transaction.atomic
def open_activity(activity: Activity, *, acting_user: User) -> Activity:
    """Publish: everyone sees it and may sign up.

    Refused: `NoShiftYet`, `NotInsured` (a risky one without insurance up to its last shift),
    `OutOfTurn`, `NotAllowed`.
    """
    activity = locked_activity(activity)
    ACTIVITY.require(activity, "open", acting_user=acting_user)
    now = database_now()
    if not activity.shifts.filter(starts_at__gt=now, state=Shift.State.OPEN).exists():
        raise NoShiftYet()
    require_insured(activity)
    ACTIVITY.move(activity, "open", acting_user=acting_user, opened_at=now)
    return activity


@transaction.atomic
def move_activity(activity: Activity, verb: str, *, acting_user: User) -> Activity:
    """Stop or resume sign-ups of all shifts; say that it is over. Refused as the lifecycle says."""
    assert verb in ("close", "reopen", "finish"), verb
    activity = locked_activity(activity)
    ACTIVITY.move(activity, verb, acting_user=acting_user)
    return activity


@transaction.atomic
def cancel_activity(activity: Activity, *, reason: str, acting_user: User) -> Activity:
    """Call everything that is still to come off, in one act; everyone is told.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`.
    """
    reason = required(reason)
    activity = locked_activity(activity)
    ACTIVITY.require(activity, "cancel", acting_user=acting_user)
    to_come = activity.shifts.filter(
        ends_at__gt=database_now(), state__in=[Shift.State.OPEN, Shift.State.CLOSED]
    )
    for shift in to_come.order_by("pk"):
        cancel_shift(shift, reason=reason, acting_user=acting_user)
    ACTIVITY.move(
        activity, "cancel", acting_user=acting_user, reason=reason, cancelled_for=reason[:120]
    )
    return activity


def finish_past() -> int:
    """Shifts whose end has passed are over, and activities with nothing to come; how many shifts.

    Run by a sweeper, in the name of the product: nothing is decided here, the clock says it.
    """
    now, system = database_now(), the_product()
    ended = Shift.objects.filter(ends_at__lte=now, state__in=[Shift.State.OPEN, Shift.State.CLOSED])
    finished = [move_shift(shift, "finish", acting_user=system) for shift in ended]
    over = (
        Activity.objects.filter(state__in=[Activity.State.OPEN, Activity.State.CLOSED])
        .annotate(last=Max("shifts__ends_at"))
        .filter(last__lte=now)
    )
    for activity in over:
        move_activity(activity, "finish", acting_user=system)
    return len(finished)


def locked_activity(activity: Activity) -> Activity:
    """The activity as it is now, its row locked until the transaction ends."""
    Activity.objects.select_for_update().only("pk").get(pk=activity.pk)
    return Activity.objects.with_owner().get(pk=activity.pk)
