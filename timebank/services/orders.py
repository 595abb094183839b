"""Arrange service: place, accept, deliver, confirm, cancel, decline, dispute.

Minutes are set aside when an order is placed, meant for the volunteer once there is one, and
posted when the service is confirmed by somebody else than the volunteer. Every verb locks the
order's row first, then moves it, then the ledger, all in one transaction: done twice, the second
finds the state moved on. Who is told of what stands in `services.order_news`.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as stored

from accounts.clock import database_now
from accounts.errors import NotAllowed, ReasonMissing
from accounts.models import Change, Person, User
from accounts.services.changes import record_change
from timebank import rules
from timebank.errors import (
    AlreadyPromised,
    NotEnoughHours,
    NotEnoughHoursForOrder,
    NotForThisRecipient,
    NotOnMenu,
    NotSuitable,
    NotUsualForThis,
    NotYetServed,
    PoolTooLow,
    RecordsOverlap,
    ServedBeforeAsked,
    ServiceCodeLocked,
    WindowPassed,
)
from timebank.lifecycles import ORDER
from timebank.models import (
    AccountKind,
    LedgerAccount,
    Listing,
    ServiceOrder,
    ServiceRecord,
    TransferKind,
)
from timebank.services.banks import account_of, bank_at, pool_of
from timebank.services.feedback import give_feedback
from timebank.services.holds import place_hold, release_hold, settle_hold
from timebank.services.ledger import open_account
from timebank.services.order_news import tell_of_order
from timebank.services.records import Service, check_span, write_confirmed_record

State = ServiceOrder.State
DrawnFrom = ServiceOrder.DrawnFrom

# What was arranged by phone may be written down as an order a day later.
WRITTEN_DOWN_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """When and where the service is wanted, and what the volunteer should know."""

    wanted_on: date
    wanted_from: time
    wanted_to: time
    place: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class CodeTry:
    """What came of typing a service code."""

    is_right: bool
    tries_left: int


# Placing --------------------------------------------------------------------


@transaction.atomic
def place_order(
    listing: Listing,
    *,
    recipient: Person,
    wish: Wish,
    minutes: int,
    drawn_from: str,
    request_key: UUID,
    acting_user: User,
) -> ServiceOrder:
    """Choose from the menu for a recipient, and set the minutes aside.

    The same `request_key` again returns the first order. The station is told.
    Refused: `NotOnMenu`, `NotForThisRecipient`, `NotUsualForThis`, `WindowPassed`, `NotAllowed`
    (drawing on the pool, or choosing what only the station may, without running the station;
    drawing on the pool for oneself),
    `NotEnoughHoursForOrder`, `PoolTooLow`, `AccountFrozen`.
    """
    placed = ServiceOrder.objects.filter(request_key=request_key).first()
    if placed is None:
        _require_offered(listing, recipient, minutes, drawn_from, acting_user)
        placed, is_new = ServiceOrder.objects.get_or_create(
            request_key=request_key,
            defaults={
                "listing": listing,
                "station": listing.station,
                "requested_by": acting_user,
                "recipient": recipient,
                "minutes": minutes,
                "wanted_on": wish.wanted_on,
                "wanted_from": wish.wanted_from,
                "wanted_to": wish.wanted_to,
                "place": wish.place,
                "note": wish.note,
                "drawn_from": drawn_from,
                "service_code": f"{secrets.randbelow(10_000):04d}",
            },
        )
        if is_new:
            _require_time_left(placed)
            _set_aside(placed, acting_user)
            change = record_change(
                placed,
                "place",
                after=State.PLACED,
                acting_user=acting_user,
                on_behalf_of=_asked_for(placed, acting_user),
                facts={"minutes": minutes, "drawn_from": drawn_from},
            )
            tell_of_order(placed, change)
    if placed.requested_by_id != acting_user.pk:
        raise NotAllowed()
    return placed


def require_on_menu(listing: Listing) -> None:
    """Refuse with `NotOnMenu` what cannot be ordered now; a page asks before it shows a form."""
    is_open = listing.station.state == listing.station.State.OPEN
    if listing.state != Listing.State.PUBLISHED or not is_open:
        raise NotOnMenu(listing=listing.pk, title=listing.title)


def _require_offered(
    listing: Listing, recipient: Person, minutes: int, drawn_from: str, acting_user: User
) -> None:
    for_others = rules.may_order_for(acting_user, listing.station)
    require_on_menu(listing)
    if drawn_from == DrawnFrom.POOL and not (for_others and recipient.user_id != acting_user.pk):
        raise NotAllowed()
    if listing.audience == Listing.Audience.BY_STATION and not for_others:
        raise NotForThisRecipient(listing=listing.pk, audience=str(listing.get_audience_display()))
    if not rules.may_be_served(recipient, listing, today=timezone.localdate()):
        raise NotForThisRecipient(listing=listing.pk, audience=str(listing.get_audience_display()))
    if not listing.service_type.is_usual(minutes):
        raise NotUsualForThis(
            service_type=listing.service_type.name,
            least=listing.service_type.min_minutes,
            most=listing.service_type.max_minutes,
        )


def _require_time_left(order: ServiceOrder) -> None:
    if order.window_ends_at <= database_now():
        raise WindowPassed(order=order.pk, ended_at=order.window_ends_at)


def _asked_for(order: ServiceOrder, acting_user: User) -> User | None:
    """On whose behalf, where the recipient is another person who can sign in."""
    user = order.recipient.user
    return user if user is not None and user.pk != acting_user.pk else None


# Taking ---------------------------------------------------------------------


@transaction.atomic
def accept_order(order: ServiceOrder, *, acting_user: User) -> ServiceOrder:
    """Take an open order (抢单): the first volunteer gets it, who asked is told.

    Refused: `OutOfTurn` (somebody else has it), `NotAllowed`, `WindowPassed`, `AlreadyPromised`,
    `AccountFrozen` (either side).
    """
    order = _locked(order)
    change = ORDER.move(
        order,
        "accept",
        acting_user=acting_user,
        volunteer=acting_user,
        accepted_at=database_now(),
    )
    return _taken(order, change)


@transaction.atomic
def assign_order(order: ServiceOrder, volunteer: User, *, acting_user: User) -> ServiceOrder:
    """Give an open order to a volunteer of the place (派单), who is told and may give it back.

    Refused: `OutOfTurn`, `NotAllowed`, `NotSuitable`, `WindowPassed`, `AlreadyPromised`.
    """
    order = _locked(order)
    if not rules.may_accept_order(volunteer, order):
        raise NotSuitable(volunteer=volunteer.pk, order=order.pk)
    change = ORDER.move(
        order,
        "assign",
        acting_user=acting_user,
        on_behalf_of=volunteer,
        volunteer=volunteer,
        accepted_at=database_now(),
    )
    return _taken(order, change)


@transaction.atomic
def give_back_order(order: ServiceOrder, *, reason: str, acting_user: User) -> ServiceOrder:
    """The volunteer cannot come after all: the order is open again, who asked is told why.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`.
    """
    return _reopen(order, "give_back", reason, acting_user)


@transaction.atomic
def reassign_order(order: ServiceOrder, *, reason: str, acting_user: User) -> ServiceOrder:
    """The station takes an order back from its volunteer; it is open again.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`.
    """
    return _reopen(order, "reassign", reason, acting_user)


def _taken(order: ServiceOrder, change: Change) -> ServiceOrder:
    assert order.volunteer is not None, "order_under_way_has_volunteer"
    _require_time_left(order)
    _require_free(order.volunteer, order)
    _mean_for(order, order.volunteer, change.acting_user)
    tell_of_order(order, change)
    return order


def _one_at_a_time(volunteer: User) -> None:
    """Wait for whatever else moves this volunteer's orders.

    The person is locked before any account of the ledger, by whoever takes and whoever settles:
    the other way round in one of them, the two would wait for each other.
    """
    User.objects.select_for_update(no_key=True).only("pk").get(pk=volunteer.pk)


def _require_free(volunteer: User, order: ServiceOrder) -> None:
    _one_at_a_time(volunteer)
    other = (
        ServiceOrder.objects.filter(
            volunteer=volunteer,
            state=State.ACCEPTED,
            wanted_on=order.wanted_on,
            wanted_from__lt=order.wanted_to,
            wanted_to__gt=order.wanted_from,
        )
        .exclude(pk=order.pk)
        .select_related("listing")
        .first()
    )
    if other is not None:
        raise AlreadyPromised(order=order.pk, other=other.listing.title)


def _reopen(order: ServiceOrder, verb: str, reason: str, acting_user: User) -> ServiceOrder:
    order = _locked(order)
    _require_reason(reason)
    volunteer = order.volunteer
    # A code told to this volunteer says nothing about the next one's visit.
    change = ORDER.move(
        order,
        verb,
        acting_user=acting_user,
        reason=reason,
        facts={"volunteer": order.volunteer_id},
        volunteer=None,
        accepted_at=None,
        code_matched_at=None,
    )
    tell_of_order(order, change, former_volunteer=volunteer)
    return order


# Serving --------------------------------------------------------------------


def try_service_code(order: ServiceOrder, code: str, *, acting_user: User) -> CodeTry:
    """Check the four digits the recipient told the volunteer; five tries, each remembered.

    A right code is noted on the order, as the recipient's word that the volunteer was there.
    Refused: `NotAllowed`, `OutOfTurn` (nothing to serve now), `ServiceCodeLocked`.
    """
    with transaction.atomic():
        order = _locked(order)
        if not ORDER.allows("deliver", acting_user, order):
            raise NotAllowed()
        if order.code_matched_at is not None:
            return CodeTry(True, order.code_tries_left)
        if order.code_tries_left <= 0:
            raise ServiceCodeLocked(order=order.pk)
        is_right = secrets.compare_digest(code.encode(), order.service_code.encode())
        if is_right:
            order.code_matched_at = database_now()
            order.save(update_fields=["code_matched_at"])
            record_change(order, "match_code", acting_user=acting_user)
        else:
            order.code_tries += 1
            order.save(update_fields=["code_tries"])
            record_change(
                order, "miss_code", acting_user=acting_user, facts={"left": order.code_tries_left}
            )
        return CodeTry(is_right, order.code_tries_left)


@transaction.atomic
def deliver_order(
    order: ServiceOrder, *, served_from: datetime, served_to: datetime, acting_user: User
) -> ServiceOrder:
    """The volunteer says it is done, and when; nothing moves until somebody else confirms.

    Who asked and the station are told to confirm.
    Refused: `EndsBeforeStart`, `LongerThanADay`, `NotYetServed`, `ServedBeforeAsked`,
    `RecordsOverlap`, `OutOfTurn`, `NotAllowed`.
    """
    order = _locked(order)
    ORDER.require(order, "deliver", acting_user=acting_user)
    # Asked before anything is written: the database would refuse these times without a sentence.
    order.served_from, order.served_to = served_from, served_to
    check_span(_service_of(order))
    now = database_now()
    if served_to > now:
        raise NotYetServed(ended_at=served_to, now=now)
    if served_from < order.placed_at - WRITTEN_DOWN_WITHIN:
        raise ServedBeforeAsked(
            served_from=served_from, earliest=order.placed_at - WRITTEN_DOWN_WITHIN
        )
    _require_in_one_place(order)
    change = ORDER.move(
        order,
        "deliver",
        acting_user=acting_user,
        facts={"code_matched": order.code_matched_at is not None},
        served_from=served_from,
        served_to=served_to,
    )
    tell_of_order(order, change)
    return order


def _require_in_one_place(order: ServiceOrder) -> None:
    assert order.volunteer is not None, "order_under_way_has_volunteer"
    record = (
        ServiceRecord.objects.of_volunteer(order.volunteer)
        .standing()
        .overlapping(order.served_from, order.served_to)
        .select_related("region")
        .first()
    )
    if record is not None:
        raise RecordsOverlap(
            record=record.number,
            started_at=record.started_at,
            ended_at=record.ended_at,
            place=record.region.short_name,
        )


# Confirming -----------------------------------------------------------------


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
    order = _locked(order)
    order = _settled(order, "confirm", order.due_minutes, reason="", acting_user=acting_user)
    give_feedback(order, stars=stars, words=words, acting_user=acting_user)
    return order


@transaction.atomic
def dispute_order(order: ServiceOrder, *, reason: str, acting_user: User) -> ServiceOrder:
    """Say that it did not happen, or not like that; the station decides, nothing moves before.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`.
    """
    order = _locked(order)
    _require_reason(reason)
    change = ORDER.move(
        order,
        "dispute",
        acting_user=acting_user,
        on_behalf_of=_asked_for(order, acting_user),
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
    order = _locked(order)
    _require_reason(reason)
    most = order.due_minutes
    assert most is None or 1 <= minutes <= most, "the form offers no more than was served"
    return _settled(order, "uphold", minutes, reason=reason, acting_user=acting_user)


@transaction.atomic
def overturn_order(order: ServiceOrder, *, reason: str, acting_user: User) -> ServiceOrder:
    """Decide a dispute for the recipient: everything set aside goes back.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed` (also: party to it).
    """
    return _given_up(order, "overturn", reason, acting_user)


def _settled(
    order: ServiceOrder, verb: str, minutes: int | None, *, reason: str, acting_user: User
) -> ServiceOrder:
    change = ORDER.move(
        order,
        verb,
        acting_user=acting_user,
        on_behalf_of=_asked_for(order, acting_user),
        reason=reason,
        facts={"minutes": minutes},
        settled_minutes=minutes,
        ended_at=database_now(),
    )
    assert order.hold is not None, "an order sets minutes aside"
    assert minutes is not None, "delivered_order_says_when"
    assert order.volunteer is not None, "order_under_way_has_volunteer"
    _one_at_a_time(order.volunteer)
    transfer = settle_hold(
        order.hold,
        amount=minutes,
        key=f"{order.source}:settle",
        happened_at=order.served_to,
        acting_user=acting_user,
    )
    write_confirmed_record(
        order.volunteer,
        _service_of(order, minutes=minutes),
        provenance=ServiceRecord.Provenance.RECIPIENT_CODE,
        source=order.source,
        confirmed_by=acting_user,
        bank=order.hold.book.time_bank,
        credit=transfer,
        acting_user=acting_user,
    )
    tell_of_order(order, change)
    return order


def _service_of(order: ServiceOrder, *, minutes: int | None = None) -> Service:
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


# Giving up ------------------------------------------------------------------


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


def _given_up(
    order: ServiceOrder, verb: str, reason: str, acting_user: User, *, needs_reason: bool = True
) -> ServiceOrder:
    order = _locked(order)
    if needs_reason:
        _require_reason(reason)
    change = ORDER.move(
        order,
        verb,
        acting_user=acting_user,
        on_behalf_of=_asked_for(order, acting_user),
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


# Steps ----------------------------------------------------------------------


def _locked(order: ServiceOrder) -> ServiceOrder:
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


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing()


def _set_aside(order: ServiceOrder, acting_user: User) -> None:
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


def _mean_for(order: ServiceOrder, volunteer: User, acting_user: User) -> None:
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
        amount=order.minutes,
        to_account=to_account,
        source=order.source,
        key=f"{order.source}:hold:{step}",
        kind=TransferKind.GRANT if from_pool else TransferKind.USE,
        reason=order.listing.title,
        acting_user=acting_user,
    )
    ServiceOrder.objects.filter(pk=order.pk).update(hold=order.hold)
