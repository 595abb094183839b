"""What others suggest a station should offer: a draft on its menu; only the station publishes it.

Other apps come here through `timebank.doors`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Region, Role, Station, User
from accounts.services.changes import record_change
from accounts.services.messages import tell
from timebank.errors.suggestions import NoStationNear, NoSuchService
from timebank.models import Listing, ServiceType


@dataclass(frozen=True, slots=True)
class SuggestedListing:
    """What became of a suggestion; the address leads somewhere once it is on the menu."""

    number: int
    title: str
    station: str
    url: str
    is_on_menu: bool


@transaction.atomic
def suggest_listing(
    region: Region, *, service: str, title: str, description: str, acting_user: User
) -> Listing:
    """Leave a draft on the menu of the nearest open station and tell who coordinates it.

    Whether and when it is published stays with the station. Whether the person may suggest it is
    the caller's to know. Refused: `NoStationNear`, `NoSuchService`.
    """
    station = _nearest_station(region)
    if station is None:
        raise NoStationNear(place=region.short_name)
    kind = ServiceType.objects.active().filter(code=service).first()
    if kind is None:
        raise NoSuchService(service=service)
    listing = Listing.objects.create(
        station=station,
        service_type=kind,
        title=title[:40],
        minutes=kind.usual_minutes,
        description=description[:600],
        created_by=acting_user,
    )
    record_change(listing, "suggest", after=listing.state, acting_user=acting_user)
    for user in User.objects.filter(
        pk__in=Role.objects.active()
        .filter(kind=Role.Kind.COORDINATOR, station=station)
        .values("user")
    ):
        tell(
            user,
            kind="listing_suggested",
            title=lambda: _("居民需求建议增加一项服务：%(title)s") % {"title": listing.title},
            body=lambda: _(
                "已放进本站菜单的草稿。请看一看内容和时长，合适就发布，需要的居民就能点单。"
            ),
            link=reverse("timebank:desk-menu"),
            key=f"listing-suggested:{listing.pk}:{user.pk}",
        )
    return listing


def suggested_listings(numbers: Iterable[int]) -> dict[int, SuggestedListing]:
    """How suggestions stand now, by number."""
    found = Listing.objects.filter(pk__in=list(numbers)).select_related("station")
    return {
        one.pk: SuggestedListing(
            one.pk,
            one.title,
            one.station.name,
            one.get_absolute_url(),
            one.state == Listing.State.PUBLISHED,
        )
        for one in found
    }


def service_kinds() -> list[tuple[str, str]]:
    """The kinds of service a suggestion may be of: code and name."""
    return list(ServiceType.objects.active().values_list("code", "name"))


def _nearest_station(region: Region) -> Station | None:
    """In the community itself, else in its town."""
    stations = Station.objects.filter(state=Station.State.OPEN)
    own = stations.filter(region=region).order_by("pk").first()
    if own is not None:
        return own
    town = region.parent if region.level > Region.Level.TOWN else region
    if town is None or town.level < Region.Level.TOWN:
        return None
    return stations.filter(region__lineage__contains=[town.pk]).order_by("pk").first()
