"""Take a seat in a shift, wait for one, be offered one, give it back.

Every verb locks the shift's row first and the volunteer's second; seats are numbered, and a number
is unique among the seats held, so that no seat has two people. Free seats are offered to those who
wait, in order, for a time; whoever does not answer makes room for the next (`lapse_offers`, run by
a sweeper on the database's clock). Exchanges stand in `services.swaps`, who comes on the spot in
`services.walk_ins`, what is told in `services.shift_news`.
"""

from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.services.system_user import the_product
from timebank.errors.activities import (
    OfferOver,
    PositionClosed,
    PositionMissing,
    ShiftBegun,
    SignedUpBefore,
    SignupsClosed,
    TimeTaken,
    TooLateToCancel,
)
from timebank.lifecycles.activities import SIGNUP
from timebank.models import Activity, Position, Shift, Signup, Swap
from timebank.rules import activities as rules
from timebank.selectors.engagements import engagements_between
from timebank.services.eligibility import obstacle_to, require_may_join
from timebank.services.order_steps import one_at_a_time
from timebank.services.shift_news import tell_of_signup

State = Signup.State

OFFER_LASTS = timedelta(hours=2)
QUIET_FROM, QUIET_UNTIL = time(22), time(9)


# Signing up -------------------------------------------------------------------


@transaction.atomic
def sign_up(
    shift: Shift,
    *,
    acting_user: User,
    volunteer: User | None = None,
    position: Position | None = None,
    came: str = Signup.Came.SELF,
) -> Signup:
    """Take the lowest free seat; with none free, the last place on the waitlist.

    Without a `volunteer` one signs oneself up; the organiser signs up who is on a list. Who is
    signed up by somebody else is told.
    Refused: `SignupsClosed`, `ShiftBegun`, `SignedUpBefore`, `PositionMissing`, `PositionClosed`,
    `TimeTaken`, `MayNotJoin` (and its kinds), `NotAllowed`.
    """
    volunteer = volunteer or acting_user
    shift = locked_shift(shift)
    if volunteer != acting_user and not rules.organises_shift(acting_user, shift):
        raise NotAllowed()
    _require_taking(shift)
    one_at_a_time(volunteer)
    if Signup.objects.active().filter(shift=shift, volunteer=volunteer).exists():
        raise SignedUpBefore()
    _require_position(shift, position)
    require_may_join(volunteer, shift, position)
    require_free(volunteer, shift)
    seat = free_seat(shift, position)
    return put_down(
        shift, volunteer, seat=seat, position=position, came=came, acting_user=acting_user
    )


def put_down(
    shift: Shift,
    volunteer: User,
    *,
    seat: int | None,
    position: Position | None,
    came: str,
    acting_user: User,
) -> Signup:
    """Write a sign-up: seated with a number, waiting without one. The shift is locked."""
    state = State.WAITING if seat is None else State.SEATED
    signup = Signup.objects.create(
        shift=shift,
        volunteer=volunteer,
        position=position,
        state=state,
        seat=seat,
        came=came,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        signed_up_by=acting_user,
    )
    change = record_change(
        signup,
        "sign_up",
        after=state,
        acting_user=acting_user,
        on_behalf_of=None if volunteer == acting_user else volunteer,
        facts={"seat": seat, "came": came},
    )
    tell_of_signup(signup, change)
    return signup


def _require_position(shift: Shift, position: Position | None) -> None:
    if position is None:
        if shift.activity.positions.taking_people().exists():
            raise PositionMissing()
    elif not position.is_open or position.activity_id != shift.activity_id:
        raise PositionClosed()


def _require_taking(shift: Shift) -> None:
    if shift.state != Shift.State.OPEN or shift.activity.state != Activity.State.OPEN:
        words = (
            shift.get_state_display()
            if shift.state != Shift.State.OPEN
            else shift.activity.get_state_display()
        )
        raise SignupsClosed(state=words)
    require_not_begun(shift)


# Giving back ------------------------------------------------------------------


@transaction.atomic
def cancel_signup(signup: Signup, *, reason: str = "", acting_user: User) -> Signup:
    """Give a seat (before the deadline), an offer or a place on the waitlist back.

    A seat goes to the next who waits. Refused: `TooLateToCancel`, `OutOfTurn`, `NotAllowed`.
    """
    signup = locked_signup(signup)
    SIGNUP.require(signup, "cancel", acting_user=acting_user)
    now = database_now()
    if signup.state == State.SEATED and now > signup.shift.cancel_until:
        raise TooLateToCancel(until=signup.shift.cancel_until)
    _end(signup, "cancel", reason, acting_user)
    return signup


@transaction.atomic
def excuse_signup(signup: Signup, *, reason: str, acting_user: User) -> Signup:
    """The organiser lets somebody off (请假), also after the deadline; the seat goes on.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`.
    """
    reason = required(reason)
    signup = locked_signup(signup)
    _end(signup, "excuse", reason, acting_user)
    return signup


def _end(signup: Signup, verb: str, reason: str, acting_user: User) -> None:
    now = database_now()
    change = SIGNUP.move(
        signup,
        verb,
        acting_user=acting_user,
        reason=reason,
        facts={"seat": signup.seat},
        ended_at=now,
        ended_for=reason[:120],
        offer_ends_at=None,
    )
    withdraw_swaps_of(signup)
    tell_of_signup(signup, change)
    offer_free_seats(signup.shift)


def withdraw_swaps_of(signup: Signup) -> None:
    """An exchange of a seat that is no longer held ends with it."""
    for swaps in (signup.swaps_offered, signup.swaps_asked):
        swaps.filter(state=Swap.State.PROPOSED).update(
            state=Swap.State.WITHDRAWN, ended_at=database_now()
        )


# Offers -----------------------------------------------------------------------


@transaction.atomic
def accept_offer(signup: Signup, *, acting_user: User) -> Signup:
    """Take the seat one was offered.

    Refused: `OfferOver`, `MayNotJoin` (and its kinds), `TimeTaken`, `OutOfTurn`.
    """
    signup = locked_signup(signup)
    SIGNUP.require(signup, "accept", acting_user=acting_user)
    assert signup.offer_ends_at is not None, "offer_says_until_when"
    if database_now() >= signup.offer_ends_at:
        raise OfferOver(until=signup.offer_ends_at)
    require_may_join(signup.volunteer, signup.shift, signup.position)
    require_free(signup.volunteer, signup.shift, besides=(signup.pk,))
    change = SIGNUP.move(signup, "accept", acting_user=acting_user, offer_ends_at=None)
    tell_of_signup(signup, change)
    return signup


def offer_free_seats(shift: Shift) -> int:
    """Offer what is free to those who wait, first come first; how many were offered.

    The shift is locked. Who has promised that time elsewhere since, or may not join any more, is
    passed over and keeps the place in the queue.
    """
    now = database_now()
    if now >= shift.starts_at or shift.state in (Shift.State.CANCELLED, Shift.State.HELD):
        return 0
    offered = 0
    for signup in list(Signup.objects.filter(shift=shift).waiting().select_related("volunteer")):
        seat = free_seat(shift, signup.position)
        if seat is None:
            continue
        if engagements_between(signup.volunteer, shift.starts_at, shift.ends_at):
            continue
        if obstacle_to(signup.volunteer, shift, signup.position) is not None:
            continue
        signup.shift = shift
        try:
            with transaction.atomic():
                change = SIGNUP.move(
                    signup,
                    "offer",
                    acting_user=the_product(),
                    seat=seat,
                    offer_ends_at=offer_end(now, shift.starts_at),
                )
        except IntegrityError:  # took a seat elsewhere at this very moment: the next in line
            continue
        tell_of_signup(signup, change)
        offered += 1
    return offered


def offer_end(now: datetime, starts_at: datetime) -> datetime:
    """Two hours, not counting the night, and never beyond the beginning of the shift."""
    end = timezone.localtime(now + OFFER_LASTS)
    if end.time() >= QUIET_FROM or end.time() < QUIET_UNTIL:
        morning = end.date() + timedelta(days=1 if end.time() >= QUIET_FROM else 0)
        end = timezone.make_aware(datetime.combine(morning, QUIET_UNTIL))
    return min(end, starts_at)


def lapse_offers() -> int:
    """End every offer whose time has passed and offer the seats to the next; how many ended."""
    due = Signup.objects.filter(state=State.OFFERED, offer_ends_at__lte=database_now())
    return sum(_lapse(pk) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _lapse(pk: int) -> bool:
    signup = locked_signup(Signup.objects.get(pk=pk))
    now = database_now()
    is_due = signup.offer_ends_at is not None and signup.offer_ends_at <= now
    if signup.state != State.OFFERED or not is_due:
        return False
    change = SIGNUP.move(
        signup, "lapse", acting_user=the_product(), ended_at=now, offer_ends_at=None
    )
    tell_of_signup(signup, change)
    offer_free_seats(signup.shift)
    return True


# Steps the verbs share ----------------------------------------------------------


def locked_shift(shift: Shift) -> Shift:
    """The shift as it is now, its row locked until the transaction ends; read after the lock."""
    Shift.objects.select_for_update().only("pk").get(pk=shift.pk)
    return Shift.objects.with_activity().get(pk=shift.pk)


def locked_signup(signup: Signup) -> Signup:
    """The sign-up as it is now, under the lock of its shift."""
    shift = locked_shift(Shift(pk=signup.shift_id))
    fresh = Signup.objects.select_related("volunteer", "position").get(pk=signup.pk)
    fresh.shift = shift
    return fresh


def free_seat(shift: Shift, position: Position | None) -> int | None:
    """The lowest number nobody holds, where the shift and the position have room."""
    held = Signup.objects.filter(shift=shift).holding_seats()
    numbers = set(held.values_list("seat", flat=True))
    if len(numbers) >= shift.seats:
        return None
    if position is not None and held.filter(position=position).count() >= position.seats:
        return None
    return next((n for n in range(1, shift.seats + 1) if n not in numbers), None)


def require_not_begun(shift: Shift) -> None:
    if database_now() >= shift.starts_at:
        raise ShiftBegun(starts_at=shift.starts_at)


def require_free(volunteer: User, shift: Shift, *, besides: tuple[int, ...] = ()) -> None:
    """Refuse with `TimeTaken` what meets another seat or a service order one has taken."""
    met = engagements_between(volunteer, shift.starts_at, shift.ends_at, besides=besides)
    if met:
        raise TimeTaken(what=met[0].what, starts_at=met[0].starts_at, ends_at=met[0].ends_at)
