"""Arrange service: place, accept, assign, try the code, deliver.

Minutes are set aside when an order is placed, meant for the volunteer once there is one, and
posted when the service is confirmed by somebody else than the volunteer, which is in
`services.order_endings`. Every verb locks the order's row first, then moves it, then the ledger,
all in one transaction: done twice, the second finds the state moved on. Who is told of what stands
in `services.order_news`.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Attachment, Change, Person, User
from accounts.services.changes import record_change
from timebank.errors.activities import TimeTaken
from timebank.errors.orders import (
    AlreadyPromised,
    NotForThisRecipient,
    NotOnMenu,
    NotSuitable,
    NotUsualForThis,
    PaperMissing,
    ServedBeforeAsked,
    ServiceCodeLocked,
    VolunteerWithoutPaper,
)
from timebank.errors.records import NotYetServed, RecordsOverlap
from timebank.lifecycles.orders import ORDER
from timebank.models import Listing, Qualification, ServiceOrder, ServiceRecord
from timebank.rules import orders as rules
from timebank.selectors.catalogue import coefficient_for
from timebank.selectors.engagements import seat_between
from timebank.services.eligibility import require_guardian, require_of_age
from timebank.services.insurance import require_service_insured
from timebank.services.order_news import tell_of_order
from timebank.services.order_steps import (
    asked_for,
    locked_order,
    mean_for,
    one_at_a_time,
    require_time_left,
    service_of,
    set_aside,
)
from timebank.services.records import check_span
from timebank.terms.orders import unanswered_until, unconfirmed_until, undelivered_until

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

    @property
    def ends_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.wanted_on, self.wanted_to))


@dataclass(frozen=True, slots=True)
class CodeTry:
    """What came of typing a service code."""

    is_right: bool
    tries_left: int


# Placing ---------------------------------------------------------------------


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
    Refused: `NotOnMenu`, `InsuranceMissing` or `InsuranceOver` (a risky service, for that day),
    `NotForThisRecipient`, `NotUsualForThis`, `WindowPassed`, `NotAllowed`
    (drawing on the pool, or choosing what only the station may, without running the station;
    drawing on the pool for oneself),
    `NotEnoughHoursForOrder`, `PoolTooLow`, `AccountFrozen`.

    What is set aside is the time weighed by the coefficient of the wanted day, which the order
    keeps.
    """
    placed = ServiceOrder.objects.filter(request_key=request_key).first()
    if placed is None:
        _require_offered(listing, recipient, minutes, drawn_from, acting_user)
        require_service_insured(listing, wish.wanted_on)
        placed, is_new = ServiceOrder.objects.get_or_create(
            request_key=request_key,
            defaults={
                "listing": listing,
                "station": listing.station,
                "requested_by": acting_user,
                "recipient": recipient,
                "minutes": minutes,
                "coefficient": coefficient_for(listing, wish.wanted_on),
                "wanted_on": wish.wanted_on,
                "wanted_from": wish.wanted_from,
                "wanted_to": wish.wanted_to,
                "place": wish.place,
                "note": wish.note,
                "drawn_from": drawn_from,
                "service_code": f"{secrets.randbelow(10_000):04d}",
                "lapses_at": unanswered_until(wish.ends_at),
            },
        )
        if is_new:
            require_time_left(placed)
            set_aside(placed, acting_user)
            change = record_change(
                placed,
                "place",
                after=State.PLACED,
                acting_user=acting_user,
                on_behalf_of=asked_for(placed, acting_user),
                facts={"minutes": minutes, "drawn_from": drawn_from},
            )
            tell_of_order(placed, change)
    if placed.requested_by_id != acting_user.pk:
        raise NotAllowed()
    return placed


def require_on_menu(listing: Listing) -> None:
    """Refuse what cannot be ordered now; a page asks before it shows a form.

    `NotOnMenu`; `InsuranceMissing` or `InsuranceOver` where the kind of service carries a risk.
    """
    is_open = listing.station.state == listing.station.State.OPEN
    if listing.state != Listing.State.PUBLISHED or not is_open:
        raise NotOnMenu(listing=listing.pk, title=listing.title)
    require_service_insured(listing, timezone.localdate())


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


# Taking ----------------------------------------------------------------------


@transaction.atomic
def accept_order(order: ServiceOrder, *, acting_user: User) -> ServiceOrder:
    """Take an open order (抢单): the first volunteer gets it, who asked is told.

    Refused: `OutOfTurn` (somebody else has it), `NotAllowed`, `WindowPassed`, `AlreadyPromised`,
    `PaperMissing` (the service asks for a training or certificate), `InsuranceMissing` or
    `InsuranceOver` (it carries a risk), `DangerousForMinors`, `BirthUnknown`, `GuardianMissing` or
    `TooYoung` (浙江省志愿服务条例 art. 9), `AccountFrozen` (either side).
    """
    order = locked_order(order)
    change = ORDER.move(
        order,
        "accept",
        acting_user=acting_user,
        volunteer=acting_user,
        **_taken_now(order),
    )
    return _taken(order, change)


@transaction.atomic
def assign_order(order: ServiceOrder, volunteer: User, *, acting_user: User) -> ServiceOrder:
    """Give an open order to a volunteer of the place (派单), who is told and may give it back.

    Refused: `OutOfTurn`, `NotAllowed`, `NotSuitable`, `WindowPassed`, `AlreadyPromised`,
    `VolunteerWithoutPaper`, `InsuranceMissing`, `InsuranceOver`, `BirthUnknown`,
    `GuardianMissing`, `TooYoung`.
    """
    order = locked_order(order)
    if not rules.may_accept_order(volunteer, order):
        raise NotSuitable(volunteer=volunteer.pk, order=order.pk)
    change = ORDER.move(
        order,
        "assign",
        acting_user=acting_user,
        on_behalf_of=volunteer,
        volunteer=volunteer,
        **_taken_now(order),
    )
    return _taken(order, change)


def _taken_now(order: ServiceOrder) -> dict[str, Any]:
    now = database_now()
    return {
        "accepted_at": now,
        "lapses_at": undelivered_until(order.window_ends_at, now=now),
    }


def _taken(order: ServiceOrder, change: Change) -> ServiceOrder:
    assert order.volunteer is not None, "order_under_way_has_volunteer"
    require_time_left(order)
    require_service_insured(order.listing, order.wanted_on)
    _require_free(order.volunteer, order)
    if order.listing.service_type.is_dangerous:
        require_of_age(order.volunteer, order.wanted_on)
    require_guardian(order.volunteer, order.wanted_on)
    _require_paper(order.volunteer, order, change.acting_user)
    mean_for(order, order.volunteer, change.acting_user)
    tell_of_order(order, change)
    return order


def _require_free(volunteer: User, order: ServiceOrder) -> None:
    one_at_a_time(volunteer)
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
    seat = seat_between(volunteer, order.window_starts_at, order.window_ends_at)
    if seat is not None:
        raise TimeTaken(what=seat.what, starts_at=seat.starts_at, ends_at=seat.ends_at)


def _require_paper(volunteer: User, order: ServiceOrder, acting_user: User) -> None:
    """What the kind of service asks for, checked and valid on the day (志愿服务条例 art. 16).

    The paper's row is locked: a withdrawal at the same moment either comes first, or finds the
    order taken and opens it again.
    """
    kind = order.listing.service_type.qualification
    papers = Qualification.objects.filter(volunteer=volunteer, kind=kind).valid_on(order.wanted_on)
    if not kind or papers.select_for_update(no_key=True).first() is not None:
        return
    missing = PaperMissing if volunteer.pk == acting_user.pk else VolunteerWithoutPaper
    raise missing(order=order.pk, qualification=Qualification.Kind(kind).label)


# Serving ---------------------------------------------------------------------


def try_service_code(order: ServiceOrder, code: str, *, acting_user: User) -> CodeTry:
    """Check the four digits the recipient told the volunteer; five tries, each remembered.

    A right code is noted on the order, as the recipient's word that the volunteer was there.
    Refused: `NotAllowed`, `OutOfTurn` (nothing to serve now), `ServiceCodeLocked`.
    """
    with transaction.atomic():
        order = locked_order(order)
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
    order: ServiceOrder,
    *,
    served_from: datetime,
    served_to: datetime,
    photos: Iterable[Attachment] = (),
    acting_user: User,
) -> ServiceOrder:
    """The volunteer says it is done, and when; nothing moves until somebody else confirms.

    Who asked and the station are told to confirm, and until when.
    Refused: `EndsBeforeStart`, `LongerThanADay`, `NotYetServed`, `ServedBeforeAsked`,
    `RecordsOverlap`, `OutOfTurn`, `NotAllowed`.
    """
    order = locked_order(order)
    ORDER.require(order, "deliver", acting_user=acting_user)
    # Asked before anything is written: the database would refuse these times without a sentence.
    order.served_from, order.served_to = served_from, served_to
    check_span(service_of(order))
    now = database_now()
    if served_to > now:
        raise NotYetServed(ended_at=served_to, now=now)
    if served_from < order.placed_at - WRITTEN_DOWN_WITHIN:
        raise ServedBeforeAsked(
            served_from=served_from, earliest=order.placed_at - WRITTEN_DOWN_WITHIN
        )
    _require_in_one_place(order)
    code_matched = order.code_matched_at is not None
    change = ORDER.move(
        order,
        "deliver",
        acting_user=acting_user,
        facts={"code_matched": code_matched},
        served_from=served_from,
        served_to=served_to,
        lapses_at=unconfirmed_until(code_matched=code_matched, now=now),
    )
    order.photos.set(photos)
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
