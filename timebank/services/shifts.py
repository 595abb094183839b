"""Set shifts up, change them, call them off or move them to another time.

To cancel or postpone is one act: everyone on the list is told by message, mail and short message,
nobody counts as absent, and their time is free again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dateutil.rrule import rrulestr
from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Region, User
from accounts.reasons import required
from accounts.services.changes import record_change
from timebank.errors.activities import RuleUnreadable, SeatsInUse, ShiftInPast, TooLong
from timebank.lifecycles.activities import SHIFT, SIGNUP
from timebank.models import Activity, Shift, Signup
from timebank.rules import activities as rules
from timebank.selectors.engagements import engagements_between
from timebank.services.insurance import require_shift_insured
from timebank.services.shift_news import tell_of_shift
from timebank.services.signups import (
    locked_shift,
    offer_free_seats,
    require_not_begun,
    withdraw_swaps_of,
)

MOST_AT_ONCE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftDetails:
    """When, where, for how many."""

    starts_at: datetime
    ends_at: datetime
    seats: int
    place: str
    region: Region


# Setting up -------------------------------------------------------------------


@transaction.atomic
def add_shift(activity: Activity, details: ShiftDetails, *, acting_user: User) -> Shift:
    """One more shift. Refused: `ShiftInPast`, `TooLong`, `NotInsured` (a risky one that is
    announced, beyond its insurance), `NotAllowed`.
    """
    _require_organiser(activity, acting_user)
    _require_sound(details)
    require_shift_insured(activity, localdate(details.ends_at))
    return _add(activity, details, acting_user)


@transaction.atomic
def add_recurring_shifts(
    activity: Activity, details: ShiftDetails, rule: str, *, acting_user: User
) -> list[Shift]:
    """Every shift that the rule (RFC 5545) gives from the first one on, which is `details`.

    The rule ends by COUNT or UNTIL. A date that has its shift already gets no second one, so the
    same rule twice adds nothing. Refused: `RuleUnreadable`, `ShiftInPast`, `TooLong`, `NotInsured`,
    `NotAllowed`.
    """
    _require_organiser(activity, acting_user)
    _require_sound(details)
    instants = instants_of(rule, details.starts_at)
    length = details.ends_at - details.starts_at
    require_shift_insured(activity, localdate(max(instants) + length))
    there = set(activity.shifts.filter(recurs_at__in=instants).values_list("recurs_at", flat=True))
    return [
        _add(
            activity,
            ShiftDetails(
                starts_at=instant,
                ends_at=instant + length,
                seats=details.seats,
                place=details.place,
                region=details.region,
            ),
            acting_user,
            recurs_at=instant,
        )
        for instant in instants
        if instant not in there
    ]


def instants_of(rule: str, first: datetime) -> list[datetime]:
    """When a rule says so, at the same hour of the wall clock; `RuleUnreadable` otherwise."""
    wall = timezone.localtime(first).replace(tzinfo=None)
    try:
        found = rrulestr(rule, dtstart=wall, ignoretz=True)
        walls = []
        for wall_instant in found:
            walls.append(wall_instant)
            if len(walls) > MOST_AT_ONCE:
                break
    except (ValueError, TypeError, OverflowError) as wrong:
        raise RuleUnreadable(most=MOST_AT_ONCE) from wrong
    if not 1 <= len(walls) <= MOST_AT_ONCE:
        raise RuleUnreadable(most=MOST_AT_ONCE)
    return [timezone.make_aware(instant) for instant in walls]


def _add(
    activity: Activity,
    details: ShiftDetails,
    acting_user: User,
    *,
    recurs_at: datetime | None = None,
) -> Shift:
    shift = Shift.objects.create(
        activity=activity,
        starts_at=details.starts_at,
        ends_at=details.ends_at,
        seats=details.seats,
        place=details.place,
        region=details.region,
        recurs_at=recurs_at,
    )
    record_change(shift, "add", after=shift.state, acting_user=acting_user)
    return shift


# Changing ---------------------------------------------------------------------


@transaction.atomic
def edit_shift(shift: Shift, *, seats: int, place: str, acting_user: User) -> Shift:
    """Another place, which everyone on the list is told; another number of seats, of which new
    ones go to those who wait.

    The time is moved by `postpone_shift`, which tells people. Refused: `SeatsInUse`, `NotAllowed`.
    """
    shift = locked_shift(shift)
    _require_organiser(shift.activity, acting_user)
    highest = (
        Signup.objects.filter(shift=shift)
        .holding_seats()
        .order_by("-seat")
        .values_list("seat", flat=True)
        .first()
    ) or 0
    taken = Signup.objects.filter(shift=shift).holding_seats().count()
    if seats < taken:
        raise SeatsInUse(taken=taken)
    if seats < highest:
        _close_ranks(shift)
    before = f"{shift.seats} · {shift.place}"[:40]
    is_elsewhere = place != shift.place
    shift.seats, shift.place = seats, place
    shift.save(update_fields=["seats", "place"])
    change = record_change(
        shift, "edit", before=before, after=f"{seats} · {place}"[:40], acting_user=acting_user
    )
    if is_elsewhere and shift.ends_at > database_now():
        people = Signup.objects.filter(shift=shift).active().select_related("volunteer")
        tell_of_shift(shift, "edit", [one.volunteer for one in people], reason="", change=change)
    offer_free_seats(shift)
    return shift


def _close_ranks(shift: Shift) -> None:
    """Number the seats held from one on, without gaps; two steps, as numbers are unique."""
    held = list(Signup.objects.filter(shift=shift).holding_seats().order_by("seat"))
    for signup in held:
        assert signup.seat is not None, "seated_signup_has_its_seat"
        Signup.objects.filter(pk=signup.pk).update(seat=signup.seat + 10_000)
    for number, signup in enumerate(held, start=1):
        Signup.objects.filter(pk=signup.pk).update(seat=number)


@transaction.atomic
def edit_following(
    shift: Shift, *, seats: int, place: str, shift_by: timedelta, reason: str, acting_user: User
) -> list[Shift]:
    """The same change to this shift and all that follow it in its series; one act.

    A change of time postpones each and tells everyone. Refused as the single acts are.
    """
    following = list(
        shift.activity.shifts.filter(
            recurs_at__gte=shift.recurs_at, state__in=[Shift.State.OPEN, Shift.State.CLOSED]
        ).order_by("starts_at")
    )
    # Later ones move first when all go forward, so that no two of them meet on the way.
    changed = []
    for each in reversed(following) if shift_by > timedelta(0) else following:
        each = edit_shift(each, seats=seats, place=place, acting_user=acting_user)
        if shift_by:
            each = postpone_shift(
                each,
                starts_at=each.starts_at + shift_by,
                ends_at=each.ends_at + shift_by,
                reason=reason,
                acting_user=acting_user,
            )
        changed.append(each)
    return sorted(changed, key=lambda one: one.starts_at)


@transaction.atomic
def move_shift(shift: Shift, verb: str, *, acting_user: User) -> Shift:
    """Stop or resume sign-ups; say that it is over. Refused: `OutOfTurn`, `NotAllowed`."""
    assert verb in ("close", "reopen", "finish"), verb
    shift = locked_shift(shift)
    SHIFT.move(shift, verb, acting_user=acting_user)
    return shift


# Calling off and postponing -----------------------------------------------------


@transaction.atomic
def cancel_shift(shift: Shift, *, reason: str, acting_user: User) -> Shift:
    """Call a shift off: everyone seated, offered or waiting is released and told, nobody absent.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`.
    """
    reason = required(reason)
    shift = locked_shift(shift)
    change = SHIFT.move(
        shift, "cancel", acting_user=acting_user, reason=reason, notice=reason[:120]
    )
    signups = list(Signup.objects.filter(shift=shift).active().select_related("volunteer"))
    _release(signups, shift, reason, acting_user)
    people = [signup.volunteer for signup in signups]
    tell_of_shift(shift, "cancel", people, reason=reason, change=change)
    return shift


def _release(signups: list[Signup], shift: Shift, reason: str, acting_user: User) -> None:
    now = database_now()
    for signup in signups:
        signup.shift = shift
        SIGNUP.move(
            signup,
            "release",
            acting_user=acting_user,
            reason=reason,
            ended_at=now,
            ended_for=reason[:120],
            offer_ends_at=None,
        )
        withdraw_swaps_of(signup)


@transaction.atomic
def postpone_shift(
    shift: Shift, *, starts_at: datetime, ends_at: datetime, reason: str, acting_user: User
) -> Shift:
    """Move a shift to another time: seats are kept, everyone is told, and may step back freely.

    Whoever has promised the new time elsewhere is released instead, and told why.
    Refused: `ReasonMissing`, `ShiftInPast`, `TooLong`, `ShiftBegun`, `NotInsured`,
    `NotAllowed`, `OutOfTurn`.
    """
    reason = required(reason)
    shift = locked_shift(shift)
    SHIFT.require(shift, "cancel", acting_user=acting_user)
    require_not_begun(shift)
    _require_span(starts_at, ends_at)
    require_shift_insured(shift.activity, localdate(ends_at))
    before = shift.starts_at
    shift.postponed_from = shift.postponed_from or before
    shift.starts_at, shift.ends_at, shift.notice = starts_at, ends_at, reason[:120]
    signups = list(Signup.objects.filter(shift=shift).active().select_related("volunteer"))
    _lock_volunteers(signups)
    clashing: list[Signup] = []
    staying: list[Signup] = []
    for signup in signups:
        holds = signup.state in Signup.HOLDING
        met = holds and engagements_between(
            signup.volunteer, starts_at, ends_at, besides=(signup.pk,)
        )
        (clashing if met else staying).append(signup)
    shift.save(update_fields=["postponed_from", "starts_at", "ends_at", "notice"])
    _release(clashing, shift, reason, acting_user)
    Signup.objects.filter(pk__in=[signup.pk for signup in staying]).update(
        starts_at=starts_at, ends_at=ends_at
    )
    change = record_change(
        shift,
        "postpone",
        before=f"{timezone.localtime(before):%Y-%m-%d %H:%M}",
        after=f"{timezone.localtime(starts_at):%Y-%m-%d %H:%M}",
        reason=reason,
        acting_user=acting_user,
    )
    told = {"reason": reason, "change": change}
    tell_of_shift(shift, "postpone", [s.volunteer for s in staying], **told)  # type: ignore[arg-type]
    tell_of_shift(shift, "clash", [s.volunteer for s in clashing], **told)  # type: ignore[arg-type]
    offer_free_seats(shift)
    return shift


def _lock_volunteers(signups: list[Signup]) -> None:
    people = sorted(signup.volunteer_id for signup in signups)
    list(User.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))


# What may be --------------------------------------------------------------------


def _require_organiser(activity: Activity, acting_user: User) -> None:
    if not rules.organises(acting_user, activity):
        raise NotAllowed()


def _require_sound(details: ShiftDetails) -> None:
    _require_span(details.starts_at, details.ends_at)


def _require_span(starts_at: datetime, ends_at: datetime) -> None:
    if not timedelta(0) < ends_at - starts_at <= Shift.LONGEST:
        raise TooLong()
    if starts_at <= database_now():
        raise ShiftInPast()
