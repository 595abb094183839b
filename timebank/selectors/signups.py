"""A volunteer's own shifts, and the list of those signed up as the organiser sees it."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from timebank.models import Shift, Signup, Swap

TONES = {
    "seated": "done",
    "waiting": "waiting",
    "offered": "active",
    "cancelled": "neutral",
    "lapsed": "neutral",
    "released": "neutral",
}
PAST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class OwnShifts:
    """What a volunteer has before them and behind them."""

    offers: list[Signup]
    coming: list[Signup]
    waiting: list[Signup]
    past: list[Signup]
    asked: list[Swap]
    asking: list[Swap]


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat of the picture."""

    number: int
    signup: Signup | None


@dataclass(frozen=True, slots=True)
class Roster:
    """Everyone on the list of a shift, and its seats as a picture."""

    seats: list[Seat]
    seated: list[Signup]
    offered: list[Signup]
    waiting: list[Signup]
    gone: list[Signup]

    @property
    def released(self) -> list[Signup]:
        """Who was on the list when the shift was called off."""
        return [one for one in self.gone if one.state == Signup.State.RELEASED]

    @property
    def free(self) -> int:
        return sum(1 for seat in self.seats if seat.signup is None)


def own_shifts(user: User) -> OwnShifts:
    now = timezone.now()
    own = Signup.objects.of_volunteer(user).with_shift()
    active = list(own.active().filter(ends_at__gt=now).order_by("starts_at"))
    by_state = {
        state: [signup for signup in active if signup.state == state]
        for state in ("offered", "seated", "waiting")
    }
    past = own.filter(Q(ends_at__lte=now) | Q(state__in=["released", "cancelled", "lapsed"]))
    swaps = Swap.objects.filter(state=Swap.State.PROPOSED).select_related(
        "given__volunteer", "given__shift__activity", "wanted__shift__activity", "to_volunteer"
    )
    return OwnShifts(
        offers=by_state["offered"],
        coming=by_state["seated"],
        waiting=by_state["waiting"],
        past=list(past.order_by("-starts_at")[:PAST_SHOWN]),
        asked=list(swaps.filter(to_volunteer=user)),
        asking=list(swaps.filter(given__volunteer=user)),
    )


def coming_seats(user: User) -> QuerySet[Signup]:
    """Seats still to come, the next first."""
    return (
        Signup.objects.of_volunteer(user)
        .seated()
        .filter(ends_at__gt=timezone.now())
        .with_shift()
        .order_by("starts_at")
    )


def waiting_offers(user: User) -> QuerySet[Signup]:
    """Seats one was offered and has not answered."""
    offers = Signup.objects.of_volunteer(user).filter(state=Signup.State.OFFERED)
    return offers.order_by("offer_ends_at")


def roster_of(shift: Shift) -> Roster:
    signups = list(
        shift.signups.select_related("volunteer__person", "position", "feedback").order_by(
            "queued_at", "pk"
        )
    )
    held = {signup.seat: signup for signup in signups if signup.state in Signup.HOLDING}
    highest = max([shift.seats, *(number for number in held if number is not None)])
    return Roster(
        seats=[Seat(number, held.get(number)) for number in range(1, highest + 1)],
        seated=sorted(
            (s for s in signups if s.state == Signup.State.SEATED), key=lambda s: s.seat or 0
        ),
        offered=[s for s in signups if s.state == Signup.State.OFFERED],
        waiting=[s for s in signups if s.state == Signup.State.WAITING],
        gone=[s for s in signups if s.state not in Signup.ACTIVE],
    )


def own_signup(user: User, shift: Shift) -> Signup | None:
    """One's own active sign-up for a shift."""
    return (
        Signup.objects.of_volunteer(user)
        .active()
        .filter(shift=shift)
        .select_related("position", "volunteer")
        .first()
    )
