"""Who is who: questions about a person's standing. Pure reads, answered once per request.

A person's active roles are read once and kept on the user object, so that a page may ask many
questions at the price of one query.
"""

from collections.abc import Iterable

from django.utils.timezone import localdate

from accounts.models.invitations import Invitation, contacts_of
from accounts.models.organisations import Organisation, Station
from accounts.models.people import User
from accounts.models.regions import Region
from accounts.models.roles import Role
from accounts.questions import Question, asked

Kind = Role.Kind
ROLES_OF = Question(
    lambda: Role.objects.active(asked("today")).filter(user=asked("user")),
    "user",
    "region",
    "station",
    "station__region",
    "organisation",
    "organisation__region",
)
PERSON = Question(lambda: User.objects.filter(pk=asked("user")))


def shown_name(user: User) -> str:
    """The name allauth and pages greet a person by."""
    return user.display_name


def active_roles(user: User) -> list[Role]:
    """The person's active roles, read once per user object."""
    kept: list[Role] | None = getattr(user, "_active_roles", None)
    if kept is None:
        if not user.is_authenticated or not user.is_active:
            return []
        kept = _keep(user, ROLES_OF.ask(user=user.pk, today=localdate()))
    return kept


def person_with_roles(number: int) -> User | None:
    """Who a session belongs to, and what they may do: one question for all who have a role."""
    roles = ROLES_OF.ask(user=number, today=localdate())
    found = [roles[0].user] if roles else PERSON.ask(user=number)
    if not found:
        return None
    _keep(found[0], roles)
    return found[0]


def _keep(user: User, roles: list[Role]) -> list[Role]:
    for role in roles:
        role.user = user
    user._active_roles = roles  # type: ignore[attr-defined]
    return roles


def forget_roles(user: User) -> None:
    """Read the roles anew next time; called by the services that change them."""
    if hasattr(user, "_active_roles"):
        del user._active_roles


def roles_of_kind(user: User, *kinds: str) -> list[Role]:
    return [role for role in active_roles(user) if role.kind in kinds]


def has_role(user: User, *kinds: str) -> bool:
    return bool(roles_of_kind(user, *kinds))


def has_role_over(user: User, region: Region, *kinds: str) -> bool:
    """Whether the person holds one of the roles for this region or for one above it."""
    return any(
        role.region is not None and role.region.contains(region)
        for role in roles_of_kind(user, *kinds)
    )


def regions_of(user: User, *kinds: str) -> list[int]:
    """Ids of the regions the person holds one of these roles for."""
    return [role.region_id for role in roles_of_kind(user, *kinds) if role.region_id is not None]


def stations_of(user: User) -> list[int]:
    """Ids of the stations the person coordinates."""
    return [
        role.station_id
        for role in roles_of_kind(user, Kind.COORDINATOR)
        if role.station_id is not None
    ]


def organisations_of(user: User) -> list[int]:
    """Ids of the organisations the person may act for."""
    return [
        role.organisation_id
        for role in roles_of_kind(user, Kind.MEMBER, Kind.MANAGER)
        if role.organisation_id is not None
    ]


def operated_organisations_of(user: User) -> list[int]:
    """Ids of the operators (承办单位) the person works for."""
    return [
        role.organisation_id
        for role in roles_of_kind(user, Kind.OPERATOR)
        if role.organisation_id is not None
    ]


def is_coordinator_of(user: User, station: Station) -> bool:
    return station.pk in stations_of(user)


def is_member_of(user: User, organisation: Organisation) -> bool:
    return organisation.pk in organisations_of(user)


def is_manager_of(user: User, organisation: Organisation) -> bool:
    return any(
        role.organisation_id == organisation.pk for role in roles_of_kind(user, Kind.MANAGER)
    )


def is_officer_over(user: User, region: Region) -> bool:
    return has_role_over(user, region, Kind.OFFICER)


def is_auditor_over(user: User, region: Region) -> bool:
    return has_role_over(user, region, Kind.AUDITOR)


def is_administrator(user: User) -> bool:
    return has_role(user, Kind.ADMINISTRATOR)


def judges_organisations(user: User) -> bool:
    """Whoever verifies, screens, reviews, pays or audits what organisations hand in."""
    return has_role(
        user,
        Kind.OFFICER,
        Kind.OPERATOR,
        Kind.REVIEWER,
        Kind.FINANCE,
        Kind.OBSERVER,
        Kind.AUDITOR,
        Kind.ADMINISTRATOR,
    )


def is_manager_of_host(user: User, organisation: Organisation) -> bool:
    """Whether the person manages the body that a filed group names as its host."""
    return organisation.host is not None and is_manager_of(user, organisation.host)


def is_invited(user: User, invitation: Invitation) -> bool:
    """Whoever has proved the contact to be theirs."""
    return invitation.contact in contacts_of(user)


def is_the_product(user: User, thing: object) -> bool:
    """What happens because time has passed is done by the product itself."""
    return user.kind == User.Kind.SYSTEM


def is_one_of(user: User, people: Iterable[User]) -> bool:
    return any(user.pk == person.pk for person in people)


def may_verify(user: User, organisation: Organisation) -> bool:
    """An officer of the place, but never of a body they belong to themselves."""
    return is_officer_over(user, organisation.region) and not is_member_of(user, organisation)


def may_list_operator(user: User, organisation: Organisation) -> bool:
    """An officer of the place, for a verified registered body that is not their own."""
    return (
        organisation.state == Organisation.State.VERIFIED
        and not organisation.is_filed
        and may_verify(user, organisation)
    )


def keeps_stations(user: User) -> bool:
    """Opens and keeps stations somewhere: officers and administrators, where they serve."""
    return has_role(user, Kind.OFFICER, Kind.ADMINISTRATOR)


def keeps_stations_of(user: User, region: Region) -> bool:
    return has_role_over(user, region, Kind.OFFICER, Kind.ADMINISTRATOR)


def keeps_station(user: User, station: Station) -> bool:
    return keeps_stations_of(user, station.region)


def keeps_basic_data(user: User) -> bool:
    """An administrator of a whole county or more: the calendar and the words are everybody's."""
    return any(
        role.region is not None and role.region.level <= Region.Level.COUNTY
        for role in roles_of_kind(user, Kind.ADMINISTRATOR)
    )


def may_check_identity(user: User, person: User) -> bool:
    """Whoever looks after one of the person's places and saw the document; never for oneself."""
    if user.pk == person.pk:
        return False
    places = [role.region for role in active_roles(person) if role.region is not None]
    if person.home_region is not None:
        places.append(person.home_region)
    looked_after = [
        role.region or (role.station.region if role.station else None)
        for role in roles_of_kind(user, Kind.COORDINATOR, Kind.OFFICER, Kind.COMMUNITY_WORKER)
    ]
    return any(own is not None and own.contains(place) for own in looked_after for place in places)
