"""现场补报名: write down who stands there without having signed up.

For whoever runs the activity on the spot, and for the paper sheet afterwards. How people's presence
is proved is no matter of this module.
"""

from datetime import timedelta

from django.db import transaction

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Role, User
from accounts.selectors.people import user_by_contact
from accounts.services.changes import record_change
from accounts.services.roles import grant_role
from accounts.services.signup import bring_person_in
from timebank.errors.activities import NoSeatForWalkIn, SignupsClosed, WalkInTooEarly
from timebank.lifecycles.activities import SIGNUP
from timebank.models import Position, Shift, Signup
from timebank.rules import activities as rules
from timebank.services.eligibility import require_may_join
from timebank.services.order_steps import one_at_a_time
from timebank.services.signups import free_seat, locked_shift, put_down, require_free

EARLIEST = timedelta(hours=2)


@transaction.atomic
def walk_in(
    shift: Shift, volunteer: User, *, acting_user: User, position: Position | None = None
) -> Signup:
    """Seat somebody who just came; who is seated already keeps the seat, who waits gets one.

    With no seat left one is added, which the trail keeps; not where there may be danger. Who may
    not take part may not walk in either.
    Refused: `NotAllowed`, `WalkInTooEarly`, `SignupsClosed` (called off), `NoSeatForWalkIn`,
    `TimeTaken`, `MayNotJoin` (and its kinds).
    """
    shift = locked_shift(shift)
    if not rules.organises_shift(acting_user, shift):
        raise NotAllowed()
    if shift.state == Shift.State.CANCELLED:
        raise SignupsClosed(state=shift.get_state_display())
    if database_now() < shift.starts_at - EARLIEST:
        raise WalkInTooEarly(starts_at=shift.starts_at)
    one_at_a_time(volunteer)
    known = Signup.objects.active().filter(shift=shift, volunteer=volunteer).first()
    if known is not None and known.state == Signup.State.SEATED:
        return known
    require_may_join(volunteer, shift, position)
    require_free(volunteer, shift, besides=(known.pk,) if known else ())
    if known is not None:
        known.shift = shift
        seat = known.seat or _seat_on_the_spot(shift, known.position, acting_user)
        SIGNUP.move(known, "seat", acting_user=acting_user, seat=seat, offer_ends_at=None)
        return known
    return put_down(
        shift,
        volunteer,
        seat=_seat_on_the_spot(shift, position, acting_user),
        position=position,
        came=Signup.Came.WALK_IN,
        acting_user=acting_user,
    )


@transaction.atomic
def walk_in_newcomer(shift: Shift, *, display_name: str, phone: str, acting_user: User) -> Signup:
    """Seat somebody who is not known yet: found by their number, or brought in with it.

    `phone` is E.164. A newcomer is a volunteer of the shift's place; the number counts as theirs
    only once they have proved it. Refused as `walk_in` refuses; a newcomer's date of birth is not
    known, so a guardian's consent or a look at the identity card comes first.
    """
    volunteer = user_by_contact(phone) or User.objects.filter(phone=phone).first()
    if volunteer is None:
        volunteer = bring_person_in(
            display_name=display_name,
            community=shift.region,
            phone=phone,
            acting_user=acting_user,
        )
    elif not volunteer.roles.active().filter(kind=Role.Kind.VOLUNTEER).exists():
        grant_role(volunteer, Role.Kind.VOLUNTEER, region=shift.region, acting_user=acting_user)
    return walk_in(shift, volunteer, acting_user=acting_user)


def _seat_on_the_spot(shift: Shift, position: Position | None, acting_user: User) -> int:
    seat = free_seat(shift, position)
    if seat is not None:
        return seat
    if shift.activity.excludes_minors:
        raise NoSeatForWalkIn()
    highest = (
        Signup.objects.filter(shift=shift)
        .holding_seats()
        .order_by("-seat")
        .values_list("seat", flat=True)
        .first()
    ) or 0
    before = shift.seats
    shift.seats = max(before, highest + 1)
    if shift.seats != before:
        shift.save(update_fields=["seats"])
        record_change(
            shift, "add_seat", before=str(before), after=str(shift.seats), acting_user=acting_user
        )
    return highest + 1
