"""End an order: confirm, dispute, decide a dispute, cancel, decline.

What was set aside is posted to the volunteer or goes back; a dispute leaves it where it is until
the station decides. How an order gets that far stands in `services.orders`.
"""

from django.db import transaction
from django.utils.translation import gettext_noop as stored

from accounts.clock import database_now
from accounts.models import User
from timebank import rules
from timebank.lifecycles import ORDER
from timebank.models import ServiceOrder, ServiceRecord
from timebank.services.feedback import give_feedback
from timebank.services.holds import release_hold, settle_hold
from timebank.services.order_news import tell_of_order
from timebank.services.order_steps import (
    asked_for,
    locked_order,
    one_at_a_time,
    require_reason,
    service_of,
)
from timebank.services.records import write_confirmed_record


@transaction.atomic
def confirm_order(
    order: ServiceOrder, *, stars: int, words: str = "", acting_user: User
) -> ServiceOrder:
    """Say that it happened, and how it was (评单): the minutes become the volunteer's.

    The time served settles, up to what was set aside; the rest is free again. A confirmed service
    record is left, linked to that transfer. Confirming again moves nothing.
    Refused: `OutOfTurn` (also: confirmed before), `NotAllowed` (also: by the volunteer),
    `OverCeiling` (the volunteer's account is full), `RecordsOverlap` (the volunteer has since
    recorded another service at that time).
    """
    order = locked_order(order)
    order = _settled(order, "confirm", order.due_minutes, reason="", acting_user=acting_user)
    give_feedback(order, stars=stars, words=words, acting_user=acting_user)
    return order


@transaction.atomic
def dispute_order(order: ServiceOrder, *, reason: str, acting_user: User) -> ServiceOrder:
    """Say that it did not happen, or not like that; the station decides, nothing moves before.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`.
    """
    order = locked_order(order)
    require_reason(reason)
    change = ORDER.move(
        order,
        "dispute",
        acting_user=acting_user,
        on_behalf_of=asked_for(order, acting_user),
        reason=reason,
    )
    tell_of_order(order, change)
    return order


@transaction.atomic
def uphold_order(
    order: ServiceOrder, *, minutes: int, reason: str, acting_user: User
) -> ServiceOrder:
    """Decide a dispute for the volunteer: these minutes settle, the rest is free again.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed` (also: party to it).
    """
    order = locked_order(order)
    require_reason(reason)
    most = order.due_minutes
    assert most is None or 1 <= minutes <= most, "the form offers no more than was served"
    return _settled(order, "uphold", minutes, reason=reason, acting_user=acting_user)


@transaction.atomic
def overturn_order(order: ServiceOrder, *, reason: str, acting_user: User) -> ServiceOrder:
    """Decide a dispute for the recipient: everything set aside goes back.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed` (also: party to it).
    """
    return _given_up(order, "overturn", reason, acting_user)


@transaction.atomic
def cancel_order(order: ServiceOrder, *, reason: str = "", acting_user: User) -> ServiceOrder:
    """Call it off before it was served: everything set aside goes back, the volunteer is told.

    Who asked need not say why; the station must.
    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`.
    """
    is_asking = rules.is_asking(acting_user, order)
    return _given_up(order, "cancel", reason, acting_user, needs_reason=not is_asking)


@transaction.atomic
def decline_order(order: ServiceOrder, *, reason: str, acting_user: User) -> ServiceOrder:
    """Nobody was found: everything set aside goes back, who asked is told why.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`.
    """
    return _given_up(order, "decline", reason, acting_user)


def _settled(
    order: ServiceOrder, verb: str, minutes: int | None, *, reason: str, acting_user: User
) -> ServiceOrder:
    change = ORDER.move(
        order,
        verb,
        acting_user=acting_user,
        on_behalf_of=asked_for(order, acting_user),
        reason=reason,
        facts={"minutes": minutes},
        settled_minutes=minutes,
        ended_at=database_now(),
    )
    assert order.hold is not None, "an order sets minutes aside"
    assert minutes is not None, "delivered_order_says_when"
    assert order.volunteer is not None, "order_under_way_has_volunteer"
    one_at_a_time(order.volunteer)
    transfer = settle_hold(
        order.hold,
        amount=minutes,
        key=f"{order.source}:settle",
        happened_at=order.served_to,
        acting_user=acting_user,
    )
    write_confirmed_record(
        order.volunteer,
        service_of(order, minutes=minutes),
        provenance=ServiceRecord.Provenance.RECIPIENT_CODE,
        source=order.source,
        confirmed_by=acting_user,
        bank=order.hold.book.time_bank,
        credit=transfer,
        acting_user=acting_user,
    )
    tell_of_order(order, change)
    return order


def _given_up(
    order: ServiceOrder, verb: str, reason: str, acting_user: User, *, needs_reason: bool = True
) -> ServiceOrder:
    order = locked_order(order)
    if needs_reason:
        require_reason(reason)
    change = ORDER.move(
        order,
        verb,
        acting_user=acting_user,
        on_behalf_of=asked_for(order, acting_user),
        reason=reason,
        ended_at=database_now(),
    )
    assert order.hold is not None, "an order sets minutes aside"
    release_hold(
        order.hold,
        key=f"{order.source}:release",
        reason=reason or stored("点单人取消"),
        acting_user=acting_user,
    )
    tell_of_order(order, change)
    return order
