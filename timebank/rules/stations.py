"""Who stands near a station, and who stands over it. Pure questions."""

from accounts.models import Region, Role, Station, User
from accounts.rules import is_officer_over, roles_of_kind
from timebank.models.orders import volunteer_towns

TOWN_WORKERS = (Role.Kind.LEAD_WORKER, Role.Kind.COMMUNITY_WORKER)


def volunteers_near(user: User, station: Station) -> bool:
    """A volunteer of the station's town, or of a wider place it lies in."""
    return bool(set(volunteer_towns(user)) & set(station.region.lineage))


def stands_over(user: User, station: Station) -> bool:
    """The second pair of eyes over a station of one person: the social workers of the town
    (社工站), and officers over it."""
    if is_officer_over(user, station.region):
        return True
    return any(
        role.region is not None
        and role.region.level != Region.Level.COMMUNITY
        and role.region.contains(station.region)
        for role in roles_of_kind(user, *TOWN_WORKERS)
    )
