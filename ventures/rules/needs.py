"""Who may do what to a need or a home visit. Pure questions.

Nobody screens or answers a need they raised themselves.
"""

from accounts import rules as people
from accounts.models import Role, User
from ventures.models import Need, Visit
from ventures.models.needs import HANDLERS, READERS

Kind = Role.Kind


def is_raiser(user: User, need: Need) -> bool:
    """Who raised it, or acts for the organisation that did."""
    return need.raised_by_id == user.pk or (
        need.organisation_id is not None and need.organisation_id in people.organisations_of(user)
    )


def handles(user: User, need: Need) -> bool:
    """A community worker or officer of the place or above, unless it is her own."""
    return not is_raiser(user, need) and people.has_role_over(user, need.region, *HANDLERS)


def is_officer_for(user: User, need: Need) -> bool:
    """An officer of the place or above: refuses, calls for projects, takes answers back."""
    return not is_raiser(user, need) and people.is_officer_over(user, need.region)


def is_the_system(user: User, _need: Need) -> bool:
    """What follows from something else is done by nobody in person."""
    return user.kind == User.Kind.SYSTEM


def sees_inside(user: User, need: Need) -> bool:
    """The evidence, and what was asked for to complete it."""
    return is_raiser(user, need) or people.has_role_over(user, need.region, *READERS)


def reads_needs(user: User) -> bool:
    """Has a desk of needs: community workers, officers, auditors."""
    return people.has_role(user, *READERS)


def may_support(user: User, need: Need) -> bool:
    """A person with a confirmed telephone number, for what waits for its answer.

    Telephone numbers are registered to a person (网络安全法 art. 24), and one number has one user.
    """
    return (
        need.state == Need.State.LISTED
        and not need.is_personal
        and user.kind == User.Kind.PERSON
        and user.phone_verified
    )


def makes_visits(user: User) -> bool:
    return people.has_role(user, Kind.COMMUNITY_WORKER, Kind.LEAD_WORKER)


def wrote_visit(user: User, visit: Visit) -> bool:
    return visit.visited_by_id == user.pk
