"""What the time bank has near a place: stations, what is on the menu, how many neighbours wait."""

from dataclasses import dataclass

from accounts.models import Region, Station
from timebank.models.listings import Listing
from timebank.models.orders import ServiceOrder

STATIONS_SHOWN = 3
LISTINGS_SHOWN = 6


@dataclass(frozen=True)
class Nearby:
    """The surroundings of one place, in three questions to the database."""

    place: Region
    station_count: int
    stations: list[Station]
    """The nearest few."""
    listings: list[Listing]
    waiting: int
    """Orders that still look for a volunteer; public as a number only."""


def nearby(place: Region) -> Nearby:
    """The town of a community (or the place itself), the community's own station first."""
    town = place.parent_id if place.level == Region.Level.COMMUNITY else place.pk
    stations = list(
        Station.objects.filter(
            state=Station.State.OPEN, region__lineage__contains=[town]
        ).select_related("region")
    )
    stations.sort(key=lambda station: (station.region_id != place.pk, not station.is_pilot))
    listings = (
        Listing.objects.published()
        .filter(station__in=stations)
        .select_related("service_type", "station__region")
        .order_by("service_type")
    )
    nearest = {station.pk: order for order, station in enumerate(stations)}
    return Nearby(
        place=place,
        station_count=len(stations),
        stations=stations[:STATIONS_SHOWN],
        listings=_first_of_each_type(
            sorted(listings, key=lambda listing: nearest[listing.station_id])
        ),
        waiting=ServiceOrder.objects.open()
        .filter(station__region__lineage__contains=[town])
        .count(),
    )


def _first_of_each_type(listings: list[Listing]) -> list[Listing]:
    seen: dict[int, Listing] = {}
    for listing in listings:
        seen.setdefault(listing.service_type_id, listing)
    return list(seen.values())[:LISTINGS_SHOWN]
