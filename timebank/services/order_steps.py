"""The steps that the verbs of orders share: lock, ask for a reason, set minutes aside.

Each is part of a verb's transaction and moves no order by itself; the verbs stand in
`services.orders` and `services.order_endings`.
"""

from django.utils.translation import gettext_noop as stored

from accounts.clock import database_now
from accounts.models import User
from timebank.errors.ledger import NotEnoughHours
from timebank.errors.orders import NotEnoughHoursForOrder, PoolTooLow, WindowPassed
from timebank.models import AccountKind, LedgerAccount, ServiceOrder, TransferKind
from timebank.services.banks import account_of, bank_at, city_pool_of, pool_of
from timebank.services.holds import place_hold, release_hold
from timebank.services.ledger import open_account
from timebank.services.records import Service

DrawnFrom = ServiceOrder.DrawnFrom


def locked_order(order: ServiceOrder) -> ServiceOrder:
    """The order as it is now, its row locked until the transaction ends.

    Locked first and read afterwards: a locking read that waited would join the row's new state to
    the hold and the volunteer of its old one.
    """
    ServiceOrder.objects.select_for_update().get(pk=order.pk)
    return (
        ServiceOrder.objects.with_names()
        .select_related("hold__account", "hold__book__time_bank__book", "recipient__user")
        .get(pk=order.pk)
    )


def require_time_left(order: ServiceOrder) -> None:
    if order.window_ends_at <= database_now():
        raise WindowPassed(order=order.pk, ended_at=order.window_ends_at)


def asked_for(order: ServiceOrder, acting_user: User) -> User | None:
    """On whose behalf, where the recipient is another person who can sign in."""
    user = order.recipient.user
    return user if user is not None and user.pk != acting_user.pk else None


def one_at_a_time(volunteer: User) -> None:
    """Wait for whatever else moves this volunteer's orders.

    The person is locked before any account of the ledger, by whoever takes and whoever settles:
    the other way round in one of them, the two would wait for each other.
    """
    User.objects.select_for_update(no_key=True).only("pk").get(pk=volunteer.pk)


def service_of(order: ServiceOrder, *, minutes: int | None = None) -> Service:
    """What the service record of this order tells."""
    assert order.served_from is not None, "delivered_order_says_when"
    assert order.served_to is not None, "order_service_ends_after_start"
    return Service(
        station=order.station,
        service_type=order.listing.service_type,
        what=order.listing.title,
        place=order.place,
        started_at=order.served_from,
        ended_at=order.served_to,
        minutes=minutes,
        recipient=order.recipient,
    )


def pool_when_full(order: ServiceOrder) -> LedgerAccount:
    """Where minutes go that do not fit on the volunteer's account: the station's 爱心时间库; the
    city's, where the station's is what the order draws on.
    """
    assert order.hold is not None, "an order sets minutes aside"
    if order.drawn_from == DrawnFrom.POOL:
        return city_pool_of(order.hold.book.time_bank)
    return pool_of(order.station)


# Giving up ------------------------------------------------------------------


def set_aside(order: ServiceOrder, acting_user: User) -> None:
    """Place the first hold, on the asking person's account or on the station's pool."""
    bank = bank_at(order.station.region)
    from_pool = order.drawn_from == DrawnFrom.POOL
    account = pool_of(order.station) if from_pool else account_of(order.requested_by, bank)
    nobody_yet = open_account(
        bank.book,
        kind=AccountKind.CLEARING,
        owner_key="service_orders",
        label=stored("待接单的服务"),
    )
    try:
        _hold_for(order, account, nobody_yet, "placed", acting_user)
    except NotEnoughHours as refusal:
        explained = PoolTooLow if from_pool else NotEnoughHoursForOrder
        raise explained(listing=order.listing_id, **refusal.facts) from refusal


def mean_for(order: ServiceOrder, volunteer: User, acting_user: User) -> None:
    """Set the same minutes aside for this volunteer instead, in the bank they are held in."""
    former = order.hold
    assert former is not None, "an order sets minutes aside"
    release_hold(
        former,
        key=f"{order.source}:pass:{former.pk}",
        reason=stored("改为预留给接单的志愿者"),
        acting_user=acting_user,
    )
    to_account = account_of(volunteer, former.book.time_bank)
    _hold_for(order, former.account, to_account, str(former.pk), acting_user)


def _hold_for(
    order: ServiceOrder,
    account: LedgerAccount,
    to_account: LedgerAccount,
    step: str,
    acting_user: User,
) -> None:
    from_pool = order.drawn_from == DrawnFrom.POOL
    order.hold = place_hold(
        account,
        amount=order.set_aside_minutes,
        to_account=to_account,
        source=order.source,
        key=f"{order.source}:hold:{step}",
        kind=TransferKind.GRANT if from_pool else TransferKind.USE,
        reason=order.listing.title,
        acting_user=acting_user,
    )
    ServiceOrder.objects.filter(pk=order.pk).update(hold=order.hold)
