"""Who may enter and check a volunteer's training and awards. Pure questions."""

from accounts.models import Role, User
from accounts.rules import has_role, may_check_identity, organisations_of
from timebank.models.dossier import DossierEntry

ENTERS = (
    Role.Kind.COORDINATOR,
    Role.Kind.COMMUNITY_WORKER,
    Role.Kind.OFFICER,
    Role.Kind.MANAGER,
)


def enters_for_others(user: User) -> bool:
    """Who runs a station or an organisation, or works for the place."""
    return has_role(user, *ENTERS)


def may_enter_for(user: User, volunteer: User) -> bool:
    """Oneself; whoever looks after the volunteer's place; a member of the same organisation."""
    if user.pk == volunteer.pk or may_check_identity(user, volunteer):
        return True
    own = organisations_of(user)
    return bool(own) and has_role(user, Role.Kind.MANAGER) and shares_body(own, volunteer)


def shares_body(organisations: list[int], volunteer: User) -> bool:
    """Whether the volunteer belongs to one of these organisations now."""
    return volunteer.roles.active().filter(organisation__in=organisations).exists()


def entered_it(user: User, entry: DossierEntry) -> bool:
    return entry.entered_by_id == user.pk


def may_check_entry(user: User, entry: DossierEntry) -> bool:
    """The second pair of eyes: the volunteer, or the desk that looks after them; never who
    entered it."""
    if entered_it(user, entry):
        return False
    return entry.volunteer_id == user.pk or may_check_identity(user, entry.volunteer)
