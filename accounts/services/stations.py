"""Stations (服务站点): open one, keep what people read about it, let it begin.

Who coordinates a station is an office (`accounts.services.invitations`). Closing one is not here:
what still runs at it belongs to the time bank.
"""

from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import rules
from accounts.clashes import constraint_of
from accounts.errors import CodeTaken, NotAllowed
from accounts.lifecycles import STATION
from accounts.models.organisations import Station
from accounts.models.people import User
from accounts.models.regions import Region
from accounts.services.changes import record_change

ONE_NAME_PER_PLACE = "station_name_unique_in_place"


@dataclass(frozen=True)
class StationDetails:
    """What people read about a station before they go there."""

    name: str
    address: str
    phone: str
    opening_hours: str


@transaction.atomic
def open_station(
    region: Region, details: StationDetails, *, serves_now: bool, acting_user: User
) -> Station:
    """Enter a station of a place one keeps; it serves at once, or is announced as coming.

    Refused: elsewhere (NotAllowed), a name the place has already (CodeTaken).
    """
    if not rules.keeps_stations_of(acting_user, region):
        raise NotAllowed()
    state = Station.State.OPEN if serves_now else Station.State.COMING
    station = _saved(Station(region=region, state=state, **asdict(details)))
    record_change(station, "open_station", after=state, acting_user=acting_user)
    return station


@transaction.atomic
def edit_station(station: Station, details: StationDetails, *, acting_user: User) -> Station:
    """Put right what people read. Refused: elsewhere (NotAllowed), a name taken (CodeTaken)."""
    station = Station.objects.select_for_update().get(pk=station.pk)
    if not rules.keeps_station(acting_user, station):
        raise NotAllowed()
    changed = [name for name, words in asdict(details).items() if getattr(station, name) != words]
    if not changed:
        return station
    for name, words in asdict(details).items():
        setattr(station, name, words)
    _saved(station)
    record_change(station, "edit_station", facts={"fields": changed}, acting_user=acting_user)
    return station


@transaction.atomic
def start_station(station: Station, *, acting_user: User) -> Station:
    """An announced station begins to serve."""
    STATION.move(station, "start", acting_user=acting_user)
    return station


def _saved(station: Station) -> Station:
    try:
        with transaction.atomic():
            station.save()
    except IntegrityError as clash:
        constraint = constraint_of(clash)
        if constraint == ONE_NAME_PER_PLACE:
            raise CodeTaken(what=_("这个地方的同名站点")) from clash
        raise
    return station
