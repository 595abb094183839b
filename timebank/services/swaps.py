"""换班: one volunteer offers a seat to another, for the other's seat or for nothing; both agree."""

from django.db import transaction

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from timebank.errors.activities import MayNotJoin, NoSwapWithThem, SwapPending, ThereAlready
from timebank.lifecycles.activities import SIGNUP, SWAP
from timebank.models import Shift, Signup, Swap
from timebank.services.eligibility import require_may_join
from timebank.services.shift_news import tell_of_signup, tell_of_swap
from timebank.services.signups import (
    locked_shift,
    put_down,
    require_free,
    require_not_begun,
    withdraw_swaps_of,
)


@transaction.atomic
def propose_swap(
    given: Signup, to_volunteer: User, *, wanted: Signup | None = None, acting_user: User
) -> Swap:
    """Offer one's seat to somebody, who is told and answers.

    Refused: `NotAllowed` (not one's own seat), `ShiftBegun`, `SwapPending`, `NoSwapWithThem` (the
    other has no such seat, may not join, is there already).
    """
    shift = locked_shift(given.shift)
    given = Signup.objects.select_related("volunteer").get(pk=given.pk)
    given.shift = shift
    if given.volunteer_id != acting_user.pk or given.state != Signup.State.SEATED:
        raise NotAllowed()
    require_not_begun(shift)
    if given.swaps_offered.filter(state=Swap.State.PROPOSED).exists():
        raise SwapPending()
    if not _may_exchange(given, to_volunteer, wanted):
        raise NoSwapWithThem(who=to_volunteer.display_name)
    swap = Swap.objects.create(given=given, wanted=wanted, to_volunteer=to_volunteer)
    change = record_change(
        swap, "propose", after=swap.state, acting_user=acting_user, on_behalf_of=None
    )
    tell_of_swap(swap, change, to=to_volunteer)
    return swap


@transaction.atomic
def agree_swap(swap: Swap, *, acting_user: User) -> Swap:
    """Take the seat, and give one's own where that was asked; both sign-ups are written anew.

    Refused: `NotAllowed`, `OutOfTurn`, `ShiftBegun`, `TimeTaken`, `MayNotJoin`, `ThereAlready` (who
    waits for a seat of that shift does not pass the others by a swap).
    """
    swap = _locked(swap)
    SWAP.require(swap, "agree", acting_user=acting_user)
    given, wanted, taker = swap.given, swap.wanted, swap.to_volunteer
    giver = given.volunteer
    list(
        User.objects.select_for_update(no_key=True)
        .filter(pk__in=[giver.pk, taker.pk])
        .order_by("pk")
    )
    besides = tuple(signup.pk for signup in (given, wanted) if signup is not None)
    for signup, person in ((given, taker), (wanted, giver)):
        if signup is None:
            continue
        if signup.state != Signup.State.SEATED:
            raise NoSwapWithThem(who=signup.volunteer.display_name)
        require_not_begun(signup.shift)
        if _is_there(person, signup.shift):
            raise ThereAlready(who=person.display_name)
        require_may_join(person, signup.shift, signup.position)
        require_free(person, signup.shift, besides=besides)
    _leave(given, acting_user)
    if wanted is not None:
        _leave(wanted, acting_user)
    change = SWAP.move(swap, "agree", acting_user=acting_user, ended_at=database_now())
    for signup, person in ((given, taker), (wanted, giver)):
        if signup is not None:
            _sit_down(signup, person, acting_user)
            withdraw_swaps_of(signup)
    tell_of_swap(swap, change, to=giver)
    return swap


@transaction.atomic
def end_swap(swap: Swap, verb: str, *, acting_user: User) -> Swap:
    """Decline (the asked) or withdraw (the asking). Refused: `OutOfTurn`, `NotAllowed`."""
    assert verb in ("decline", "withdraw"), verb
    swap = _locked(swap)
    change = SWAP.move(swap, verb, acting_user=acting_user, ended_at=database_now())
    other = swap.given.volunteer if verb == "decline" else swap.to_volunteer
    tell_of_swap(swap, change, to=other)
    return swap


def _may_exchange(given: Signup, to_volunteer: User, wanted: Signup | None) -> bool:
    if to_volunteer.pk == given.volunteer_id:
        return False
    pairs = [(to_volunteer, given)]
    if wanted is not None:
        is_theirs = wanted.volunteer_id == to_volunteer.pk and wanted.state == Signup.State.SEATED
        if not is_theirs or wanted.shift_id == given.shift_id:
            return False
        pairs.append((given.volunteer, wanted))
    if any(_is_there(person, signup.shift) for person, signup in pairs):
        return False
    try:
        for person, signup in pairs:
            require_may_join(person, signup.shift, signup.position)
    except MayNotJoin:
        return False
    return True


def _is_there(person: User, shift: Shift) -> bool:
    """Seated, offered a seat, or waiting for one."""
    return Signup.objects.active().filter(shift=shift, volunteer=person).exists()


def _leave(signup: Signup, acting_user: User) -> None:
    change = SIGNUP.move(
        signup,
        "hand_over",
        acting_user=acting_user,
        facts={"seat": signup.seat},
        ended_at=database_now(),
    )
    tell_of_signup(signup, change)


def _sit_down(left: Signup, person: User, acting_user: User) -> None:
    put_down(
        left.shift,
        person,
        seat=left.seat,
        position=left.position,
        came=Signup.Came.SWAP,
        acting_user=acting_user,
    )


def _locked(swap: Swap) -> Swap:
    """The swap with both sign-ups as they are now; both shifts locked, the lower number first."""
    shift_ids = Shift.objects.filter(
        pk__in=[swap.given.shift_id, swap.wanted.shift_id if swap.wanted else swap.given.shift_id]
    )
    shifts = {shift.pk: locked_shift(shift) for shift in list(shift_ids.only("pk").order_by("pk"))}
    fresh = Swap.objects.select_related(
        "given__volunteer", "given__position", "wanted__volunteer", "wanted__position"
    ).get(pk=swap.pk)
    fresh.given.shift = shifts[fresh.given.shift_id]
    if fresh.wanted is not None:
        fresh.wanted.shift = shifts[fresh.wanted.shift_id]
    return fresh
