"""Who may do what to activities, shifts and sign-ups. Pure questions."""

from accounts.models import Organisation, Region, Role, Station, User
from accounts.rules import (
    has_role_over,
    is_coordinator_of,
    is_member_of,
    may_check_identity,
)
from timebank.models import Activity, Shift, Signup, Swap


def is_system(user: User) -> bool:
    """The product itself, when time has passed."""
    return user.kind == User.Kind.SYSTEM


def may_organise_for(user: User, owner: Station | Organisation | Region) -> bool:
    """The coordinator of a station, a member of an organisation, a worker of a community."""
    if isinstance(owner, Station):
        return is_coordinator_of(user, owner)
    if isinstance(owner, Organisation):
        return is_member_of(user, owner)
    return has_role_over(user, owner, Role.Kind.COMMUNITY_WORKER, Role.Kind.LEAD_WORKER)


def organises(user: User, activity: Activity) -> bool:
    """Whoever invites: the owner's people, the leader, the social worker who leads."""
    if is_system(user) or user.pk in (activity.led_by_id, activity.lead_worker_id):
        return True
    return may_organise_for(user, activity.organisation or activity.community or activity.station)


def organises_shift(user: User, shift: Shift) -> bool:
    return organises(user, shift.activity)


def is_signed_up(user: User, signup: Signup) -> bool:
    return signup.volunteer_id == user.pk


def may_seat(user: User, signup: Signup) -> bool:
    """The volunteer, or who organises and brings the people who came or are on the list."""
    return is_signed_up(user, signup) or organises(user, signup.shift.activity)


def is_system_for(user: User, signup: Signup) -> bool:
    """Only the product itself: the next in line is offered a seat, and time ends the offer."""
    return is_system(user)


def takes_part_in_swap(user: User, signup: Signup) -> bool:
    """One's own seat, or one that was offered to the person in a swap."""
    return (
        is_signed_up(user, signup)
        or signup.swaps_offered.filter(state=Swap.State.PROPOSED, to_volunteer=user).exists()
        or signup.swaps_asked.filter(state=Swap.State.PROPOSED, to_volunteer=user).exists()
    )


def may_excuse(user: User, signup: Signup) -> bool:
    """Who organises may let somebody off, also after the deadline."""
    return organises(user, signup.shift.activity)


def may_answer_swap(user: User, swap: Swap) -> bool:
    return swap.to_volunteer_id == user.pk


def may_withdraw_swap(user: User, swap: Swap) -> bool:
    return swap.given.volunteer_id == user.pk


def may_see_names(user: User, activity: Activity) -> bool:
    """The list of those signed up, with telephone numbers: who organises, nobody else."""
    return organises(user, activity)


def checks_papers(user: User, volunteer: User) -> bool:
    """Who looks at certificates and guardians' papers: whoever checks the person's identity."""
    return may_check_identity(user, volunteer)
