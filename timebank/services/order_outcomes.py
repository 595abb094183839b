"""The two ways an order's minutes go: to the volunteer, or back.

Steps inside the transaction of a verb, which has locked the order and knows who acts and why; the
verbs of people stand in `services.order_endings`, those of time in `services.order_lapses`.
"""

from accounts.clock import database_now
from accounts.models import User
from timebank.lifecycles.orders import ORDER
from timebank.models import ServiceOrder
from timebank.services.holds import release_hold, settle_hold
from timebank.services.order_news import tell_of_order
from timebank.services.order_steps import asked_for, one_at_a_time, pool_when_full, service_of
from timebank.services.overflow import tell_of_overflow
from timebank.services.records import write_confirmed_record
from timebank.services.screening.run import screen_records


def settle_order(
    order: ServiceOrder,
    verb: str,
    *,
    minutes: int | None,
    provenance: str,
    reason: str = "",
    word: str = "",
    acting_user: User,
) -> ServiceOrder:
    """Post minutes to the volunteer, weighed as they were set aside, free the rest, leave the
    record with its photos and `word`, how it was verified; tell.

    What does not fit on the volunteer's account goes to a 爱心时间库, by the bank's policy.
    """
    change = ORDER.move(
        order,
        verb,
        acting_user=acting_user,
        on_behalf_of=asked_for(order, acting_user),
        reason=reason,
        facts={"minutes": minutes, "provenance": provenance},
        settled_minutes=minutes,
        ended_at=database_now(),
        lapses_at=None,
    )
    assert order.hold is not None, "an order sets minutes aside"
    assert minutes is not None, "delivered_order_says_when"
    assert order.volunteer is not None, "order_under_way_has_volunteer"
    one_at_a_time(order.volunteer)
    transfer = settle_hold(
        order.hold,
        amount=order.weighed(minutes),
        key=f"{order.source}:settle",
        happened_at=order.served_to,
        acting_user=acting_user,
        pool=pool_when_full(order),
    )
    record = write_confirmed_record(
        order.volunteer,
        service_of(order, minutes=minutes),
        provenance=provenance,
        source=order.source,
        confirmed_by=acting_user,
        bank=order.hold.book.time_bank,
        credit=transfer,
        coefficient=order.coefficient,
        verified_how=word,
        acting_user=acting_user,
    )
    record.photos.set(order.photos.all())
    screen_records([record.pk])
    overflow = tell_of_overflow(order.volunteer, transfer)
    tell_of_order(order, change, overflowed=overflow.amount if overflow else 0)
    return order


def release_order(
    order: ServiceOrder, verb: str, *, reason: str = "", why_released: str, acting_user: User
) -> ServiceOrder:
    """Give back everything that was set aside, and tell."""
    change = ORDER.move(
        order,
        verb,
        acting_user=acting_user,
        on_behalf_of=asked_for(order, acting_user),
        reason=reason,
        ended_at=database_now(),
        lapses_at=None,
    )
    assert order.hold is not None, "an order sets minutes aside"
    release_hold(
        order.hold,
        key=f"{order.source}:release",
        reason=why_released,
        acting_user=acting_user,
    )
    tell_of_order(order, change)
    return order
