"""Let go of whoever may no longer take part: an activity became dangerous, a guardian took the
consent back, a certificate no longer holds. Nobody counts as absent, and the seat goes on.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import override

from accounts.clock import database_now
from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import User
from accounts.services.system_user import the_product
from timebank.lifecycles.activities import SIGNUP
from timebank.models import Shift, Signup
from timebank.services.eligibility import obstacle_to
from timebank.services.shift_news import tell_of_signup
from timebank.services.signups import locked_shift, offer_free_seats, withdraw_swaps_of


@transaction.atomic
def release_who_may_not_join(signups: Iterable[Signup], *, acting_user: User) -> list[Signup]:
    """Release each of these that could not sign up today, told why; who was released.

    In the product's name: what stands against it is a rule's to say, not `acting_user`'s, who is
    noted with it.
    """
    released = []
    shifts: dict[int, Shift] = {}
    for signup in sorted(signups, key=lambda one: (one.shift_id, one.pk)):
        if signup.shift_id not in shifts:
            shifts[signup.shift_id] = locked_shift(Shift(pk=signup.shift_id))
        if _release(signup, shifts[signup.shift_id], acting_user):
            released.append(signup)
    for shift in shifts.values():
        if any(signup.shift_id == shift.pk for signup in released):
            offer_free_seats(shift)
    return released


def coming_signups_of(volunteer: User) -> QuerySet[Signup]:
    """Seats, offers and places in a queue for what has not begun."""
    return (
        Signup.objects.active()
        .filter(volunteer=volunteer, shift__starts_at__gt=database_now())
        .select_related("volunteer")
    )


def _release(signup: Signup, shift: Shift, acting_user: User) -> bool:
    fresh = Signup.objects.select_related("volunteer", "position").get(pk=signup.pk)
    fresh.shift = shift
    if fresh.state not in Signup.ACTIVE:
        return False
    obstacle = obstacle_to(fresh.volunteer, shift, fresh.position)
    if obstacle is None:
        return False
    with override(OFFICIAL_LANGUAGE):
        reason = str(obstacle)
    change = SIGNUP.move(
        fresh,
        "release",
        acting_user=the_product(),
        reason=reason,
        facts={"seat": fresh.seat, "because_of": acting_user.pk},
        ended_at=database_now(),
        ended_for=reason[:120],
        offer_ends_at=None,
    )
    withdraw_swaps_of(fresh)
    tell_of_signup(fresh, change)
    return True
