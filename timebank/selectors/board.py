"""What a person can see and join now: the menu, the board of open orders, the pools.

Here is what is on offer; an order's own story stands in `orders`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.utils import timezone

from accounts.models import Region, Role, Station, User
from accounts.models.regions import RegionQuerySet
from accounts.rules import roles_of_kind, stations_of
from timebank.models import LedgerAccount, Listing, Qualification, ServiceOrder, TimeBank
from timebank.models.ledger import AccountKind, Entry, TransferKind
from timebank.selectors.banks import bank_serving, person_account, station_key, station_pool


@dataclass(frozen=True, slots=True)
class PoolFigures:
    """What came into a station's pool, what went out to whom, and what is there."""

    station: Station
    given: int
    used: int
    held: int
    available: int
    recipients: int


# The menu -------------------------------------------------------------------


def menu(
    *,
    town: Region | None = None,
    community: Region | None = None,
    group: str = "",
    within_minutes: int | None = None,
    near: Region | None = None,
) -> QuerySet[Listing]:
    """What can be ordered now, by place, kind and how long it takes; what is near comes first."""
    listings = Listing.objects.published()
    place = community or town
    if place is not None:
        listings = listings.offered_within(place)
    if group:
        listings = listings.filter(service_type__group=group)
    if within_minutes is not None:
        listings = listings.filter(service_type__min_minutes__lte=within_minutes)
    return (
        listings.select_related("service_type", "station__region__parent")
        .annotate(distance=_distance_from(near))
        .order_by(
            "distance", "service_type__group", "service_type__code", "station__region__code", "pk"
        )
    )


def _distance_from(place: Region | None) -> Case | Value:
    """0 in the place itself, 1 in its town, 2 elsewhere; the same everywhere without a place."""
    if place is None:
        return Value(0)
    town = place.parent_id if place.level == Region.Level.COMMUNITY else place.pk
    return Case(
        When(station__region=place, then=Value(0)),
        When(station__region__lineage__contains=[town], then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def menu_groups() -> list[str]:
    """The groups of service that something is offered in now."""
    groups = Listing.objects.published().values_list("service_type__group", flat=True)
    return sorted(set(groups))


def menu_communities() -> RegionQuerySet:
    """The communities (or towns) with a station that offers something now."""
    offering = Listing.objects.published().values("station__region")
    return Region.objects.filter(pk__in=offering)


def menu_of(user: User) -> QuerySet[Listing]:
    """Everything on the menus of the stations the person runs, drafts and closed items too."""
    return (
        Listing.objects.filter(station__in=stations_of(user))
        .select_related("service_type", "station")
        .annotate(
            open_orders=Count(
                "orders", filter=~Q(orders__state__in=ServiceOrder.ENDED), distinct=True
            )
        )
        .order_by("station", "state", "service_type__code")
    )


def insurance_at(stations: Collection[int]) -> dict[str, Any]:
    """The policy these stations wrote down last, so that nobody types it for each service."""
    last = (
        Listing.objects.filter(station__in=stations, insured_until__gte=timezone.localdate())
        .order_by("-insured_until", "-pk")
        .values("insurance", "insured_until")
        .first()
    )
    return dict(last) if last else {}


# The board ------------------------------------------------------------------


def open_orders_near(user: User, *, today: date | None = None) -> QuerySet[ServiceOrder]:
    """Orders waiting in the person's towns, not their own, own community first.

    Each says whether the person has the paper it asks for (`has_paper`).
    """
    homes = [role.region_id for role in roles_of_kind(user, Role.Kind.VOLUNTEER)]
    return (
        ServiceOrder.objects.open()
        .near(user)
        .filter(wanted_on__gte=today or timezone.localdate())
        .exclude(Q(requested_by=user) | Q(recipient__user=user))
        .with_names()
        .annotate(
            distance=Case(
                When(station__region__in=homes, then=Value(0)),
                default=Value(1),
                output_field=IntegerField(),
            ),
            has_paper=may_take_by_papers(user),
        )
        .order_by("distance", "wanted_on", "wanted_from", "pk")
    )


def may_take_by_papers(user: User) -> Q:
    """Of orders: what they ask for is nothing, or stands checked and valid on their day."""
    papers = Qualification.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=OuterRef("wanted_on")),
        volunteer=user,
        kind=OuterRef("listing__service_type__qualification"),
        withdrawn_at=None,
    )
    return Q(listing__service_type__qualification="") | Q(Exists(papers))


# Accounts and pools -----------------------------------------------------------


def available_to(user: User | AnonymousUser, station: Station) -> int:
    """The minutes the person can use at this station now."""
    if not user.is_authenticated:
        return 0
    bank = bank_serving(station.region)
    account = person_account(user, bank) if bank else None
    return _available(account)


def available_in_pool(station: Station) -> int:
    """The minutes the station's 爱心时间库 can give now."""
    bank = bank_serving(station.region)
    return _available(station_pool(station, bank) if bank else None)


def _available(account: LedgerAccount | None) -> int:
    return 0 if account is None else account.posted - account.held


def pools() -> list[PoolFigures]:
    """Every open station's pool, by place; not ranked."""
    stations = list(
        Station.objects.filter(state=Station.State.OPEN)
        .select_related("region__parent")
        .order_by("region__code", "name")
    )
    return _figures_of(stations)


def pool_figures(station: Station) -> PoolFigures:
    return _figures_of([station])[0]


def _figures_of(stations: list[Station]) -> list[PoolFigures]:
    by_key = {station_key(station): station for station in stations}
    accounts = list(
        LedgerAccount.objects.filter(
            book__in=TimeBank.objects.values("book"),
            kind=AccountKind.POOL,
            owner_key__in=list(by_key),
        )
    )
    turnover = {
        row["account"]: (row["given"], -row["used"])
        for row in Entry.objects.filter(
            book__in={account.book_id for account in accounts},
            account__in=[account.pk for account in accounts],
        )
        .values("account")
        .annotate(
            given=Sum("amount", filter=Q(amount__gt=0), default=0),
            used=Sum(
                "amount", filter=Q(amount__lt=0, transfer__kind=TransferKind.GRANT), default=0
            ),
        )
    }
    helped = dict(
        ServiceOrder.objects.filter(
            station__in=stations,
            drawn_from=ServiceOrder.DrawnFrom.POOL,
            state=ServiceOrder.State.SETTLED,
        )
        .order_by()
        .values("station")
        .annotate(recipients=Count("recipient", distinct=True))
        .values_list("station", "recipients")
    )
    account_of = {account.owner_key: account for account in accounts}
    figures = []
    for station in stations:
        account = account_of.get(station_key(station))
        given, used = turnover.get(account.pk, (0, 0)) if account else (0, 0)
        figures.append(
            PoolFigures(
                station=station,
                given=given,
                used=used,
                held=account.held if account else 0,
                available=_available(account),
                recipients=helped.get(station.pk, 0),
            )
        )
    return figures


def recent_uses_of_pool(station: Station, *, limit: int = 10) -> list[ServiceOrder]:
    """What the pool was last used for; shown to everyone, so without anybody's name."""
    return list(
        ServiceOrder.objects.filter(
            station=station,
            drawn_from=ServiceOrder.DrawnFrom.POOL,
            state=ServiceOrder.State.SETTLED,
        )
        .select_related("listing")
        .order_by("-ended_at")[:limit]
    )
