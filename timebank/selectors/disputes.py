"""Who decides a dispute or confirms a record, and which disputes wait for a person.

Whoever runs the station, unless they are party to it: asked, arranged it for a recipient, raised
the dispute. A station is often one person, so then the social workers of its town decide, and
where there are none, the officers over it.
"""

from accounts.models import Region, Role, Station, User
from timebank.models import ServiceOrder, ServiceRecord
from timebank.rules import orders as order_rules
from timebank.rules import records as record_rules
from timebank.rules.stations import TOWN_WORKERS
from timebank.selectors.orders import coordinators_of


def deciders_of(order: ServiceOrder) -> list[User]:
    """Who is asked to decide: the nearest of those who may."""
    groups = _impartial_groups(order)
    return groups[0] if groups else []


def further_deciders_of(order: ServiceOrder) -> list[User]:
    """Who may decide as well, farther away: to turn to when the nearest do not answer."""
    nearest = {user.pk for user in deciders_of(order)}
    found = {user.pk: user for group in _impartial_groups(order)[1:] for user in group}
    return [user for number, user in found.items() if number not in nearest]


def _impartial_groups(order: ServiceOrder) -> list[list[User]]:
    """Those of the station, of its town, the officers: each without who is party to it; nearest
    first, none empty."""
    groups = (
        coordinators_of(order.station),
        _over(order.station, *TOWN_WORKERS),
        _over(order.station, Role.Kind.OFFICER),
    )
    impartial = (
        [user for user in people if order_rules.may_decide_dispute(user, order)]
        for people in groups
    )
    return [people for people in impartial if people]


def _over(station: Station, *kinds: str) -> list[User]:
    """Active people with such a role for the station's town or a place above it."""
    roles = (
        Role.objects.active()
        .filter(kind__in=kinds, region__in=station.region.lineage)
        .exclude(kind__in=TOWN_WORKERS, region__level=Region.Level.COMMUNITY)
    )
    return list(User.objects.filter(is_active=True, roles__in=roles).distinct().order_by("pk"))


def confirmers_of(record: ServiceRecord) -> list[User]:
    """Who may confirm a record, the nearest first asked: never who served or wrote it down."""
    station = record.station
    groups = (
        coordinators_of(station),
        _over(station, *TOWN_WORKERS),
        _over(station, Role.Kind.OFFICER),
    )
    for people in groups:
        others = [user for user in people if record_rules.may_confirm_record(user, record)]
        if others:
            return others
    return []


def disputes_for(user: User) -> list[ServiceOrder]:
    """Disputes this person may decide, the oldest first; there are never many."""
    disputed = (
        ServiceOrder.objects.visible_to(user)
        .filter(state=ServiceOrder.State.DISPUTED)
        .with_names()
        .distinct()
        .order_by("wanted_on", "pk")
    )
    return [order for order in disputed if order_rules.may_decide_dispute(user, order)]
