"""The dullest valid menu item and a service order in each state. What matters a test writes."""

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import Person, Station, User
from config.demo.cast import Cast, system_user
from tests.factories.timebank import make_bank, make_service_type
from timebank.models import Listing, ServiceOrder, ServiceType
from timebank.services.banks import bank_at, issuance_of, pool_of
from timebank.services.ledger import post_transfer
from timebank.services.order_endings import (
    cancel_order,
    confirm_order,
    decline_order,
    dispute_order,
)
from timebank.services.orders import Wish, accept_order, deliver_order, place_order
from timebank.services.rewards import reward_service


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


def make_wish(
    *, on: date | None = None, start: time = time(9), end: time = time(11), note: str = ""
) -> Wish:
    return Wish(
        wanted_on=on or tomorrow(),
        wanted_from=start,
        wanted_to=end,
        place="南关厢老街 12 号",
        note=note,
    )


def make_listing(
    station: Station,
    *,
    title: str = "上门理发",
    minutes: int = 30,
    state: str = Listing.State.PUBLISHED,
    audience: str = Listing.Audience.EVERYONE,
    service_type: ServiceType | None = None,
) -> Listing:
    return Listing.objects.create(
        station=station,
        service_type=service_type or make_service_type(),
        title=title,
        minutes=minutes,
        description="自带工具，先消毒。",
        audience=audience,
        state=state,
        published_at=timezone.now() if state != Listing.State.DRAFT else None,
        created_by=system_user(),
    )


def give_hours(user: User, minutes: int, *, station: Station) -> None:
    """Let a person have earned some hours before."""
    make_bank()
    reward_service(
        user,
        minutes=minutes,
        source=f"test:{uuid4()}",
        reason="以前的服务",
        bank=bank_at(station.region),
        acting_user=system_user(),
    )


def fill_pool(station: Station, minutes: int) -> None:
    """Let the station's pool have some hours."""
    make_bank()
    bank = bank_at(station.region)
    post_transfer(
        book=bank.book,
        from_account=issuance_of(bank),
        to_account=pool_of(station),
        amount=minutes,
        kind="gift",
        reason="以前的捐赠",
        source="test:pool",
        key=f"test:{uuid4()}",
        acting_user=system_user(),
    )


def make_order(
    cast: Cast,
    *,
    listing: Listing | None = None,
    requested_by: User | None = None,
    recipient: Person | None = None,
    wish: Wish | None = None,
    minutes: int = 30,
    drawn_from: str = ServiceOrder.DrawnFrom.OWN,
    request_key: UUID | None = None,
) -> ServiceOrder:
    """方爷爷 asks for a haircut tomorrow morning, from his own hours."""
    station = cast.stations["nanguanxiang"]
    listing = listing or make_listing(station)
    requester = requested_by or cast.fang
    if drawn_from == ServiceOrder.DrawnFrom.OWN:
        give_hours(requester, minutes, station=station)
    else:
        fill_pool(station, minutes)
    return place_order(
        listing,
        recipient=recipient or requester.person,
        wish=wish or make_wish(),
        minutes=minutes,
        drawn_from=drawn_from,
        request_key=request_key or uuid4(),
        acting_user=requester,
    )


def an_hour_ago(minutes: int = 0) -> datetime:
    return timezone.now() - timedelta(minutes=60 - minutes)


def make_order_in(state: str, cast: Cast, **facts: object) -> ServiceOrder:
    """An order that went the dullest way to a state; 安安 serves, 方爷爷 asked."""
    order = make_order(cast, **facts)  # type: ignore[arg-type]
    asking = order.requested_by
    if state == "placed":
        return order
    if state == "cancelled":
        return cancel_order(order, acting_user=asking)
    if state == "declined":
        return decline_order(order, reason="这周没有人有空", acting_user=cast.chen)
    order = accept_order(order, acting_user=cast.anan)
    if state == "accepted":
        return order
    order = deliver_order(
        order, served_from=an_hour_ago(), served_to=an_hour_ago(30), acting_user=cast.anan
    )
    if state == "delivered":
        return order
    if state == "disputed":
        return dispute_order(order, reason="没有人来过", acting_user=asking)
    assert state == "settled", state
    return confirm_order(order, stars=5, words="理得清爽", word="问过，来过", acting_user=asking)
