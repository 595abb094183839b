"""Who may issue, revoke and judge: certificates and stars. Pure questions."""

from accounts.models import Role, User
from accounts.rules import (
    has_role_over,
    is_officer_over,
    roles_of_kind,
)
from timebank.models.banks import TimeBank
from timebank.models.certificates import Certificate
from timebank.models.stars import StarGrant
from timebank.rules.books import keeps_books_of

PRINTS = (Role.Kind.COORDINATOR, Role.Kind.COMMUNITY_WORKER, Role.Kind.OFFICER)
IN_BATCHES = (Role.Kind.COORDINATOR, Role.Kind.MANAGER)


def prints_for_others(user: User) -> bool:
    """Whoever stands at a desk where people without a phone come."""
    return bool(roles_of_kind(user, *PRINTS))


def issues_in_batches(user: User) -> bool:
    """Whoever answers for a station or an organisation: a class or a team at once."""
    return bool(roles_of_kind(user, *IN_BATCHES))


def may_issue_to(user: User, volunteer: User, *, looked_after: bool) -> bool:
    """The volunteer alone and free of charge; else the desk of a place they belong to."""
    return user.pk == volunteer.pk or (looked_after and prints_for_others(user))


def may_revoke(user: User, certificate: Certificate) -> bool:
    """An officer over the bank, never the one it is about."""
    return is_officer_over(user, certificate.bank.region) and certificate.volunteer_id != user.pk


def may_set_policy(user: User, bank: TimeBank) -> bool:
    """An officer or administrator of the bank's place."""
    return keeps_books_of(user, bank)


def may_judge_star(user: User, grant: StarGrant) -> bool:
    """An officer over the bank or over where the volunteer lives; never for oneself."""
    home = grant.volunteer.home_region
    over_home = home is not None and has_role_over(user, home, Role.Kind.OFFICER)
    over = over_home or is_officer_over(user, grant.bank.region)
    return over and grant.volunteer_id != user.pk
