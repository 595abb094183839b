"""Keep service records: hand in, correct, withdraw; what was confirmed elsewhere.

A record is checked the same way when it is handed in for the first time and after a correction
(`check_service`, which forms ask too, so that people read the sentence beside their own text).
Deciding on one is `services.record_decisions`, undoing a confirmed one `services.corrections`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from accounts.clashes import constraint_of
from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Attachment, Person, Station, User
from accounts.services.changes import record_change
from accounts.working_days import add_working_days
from timebank.errors.records import (
    EndsBeforeStart,
    LateWithoutReason,
    LongerThanADay,
    MinutesBeyondSpan,
    NotYetServed,
    OwnConfirmation,
    RecordedBefore,
    RecordsOverlap,
    StationNotOpen,
)
from timebank.lifecycles.records import RECORD
from timebank.models.banks import TimeBank
from timebank.models.catalogue import ServiceType
from timebank.models.ledger import Transfer
from timebank.models.records import ServiceRecord
from timebank.rules import records as rules
from timebank.selectors.bars import BY_ONESELF
from timebank.selectors.evidence import worth_of
from timebank.services.banks import bank_at
from timebank.services.bars import require_not_barred
from timebank.services.screening.run import screen_records

# 民政部令第67号 art. 11: recorded within 10 working days after the activity has ended.
RECORDED_WITHIN_WORKING_DAYS = 10

Provenance = ServiceRecord.Provenance


@dataclass(frozen=True, kw_only=True)
class Service:
    """What somebody did, as they tell it; `minutes` is the whole span unless said otherwise."""

    station: Station
    service_type: ServiceType
    what: str
    place: str
    started_at: datetime
    ended_at: datetime
    minutes: int | None = None
    recipient: Person | None = None
    for_whom: str = ""
    led_by: str = ""
    late_reason: str = ""

    @property
    def span(self) -> timedelta:
        return self.ended_at - self.started_at

    @property
    def span_minutes(self) -> int:
        """Whole minutes between start and end."""
        return int(self.span.total_seconds() // 60)

    def fields(self) -> dict[str, Any]:
        """The columns of a record that tell this service."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        minutes = self.minutes if self.minutes is not None else self.span_minutes
        return told | {"minutes": minutes, "region": self.station.region}


# Hand in ----------------------------------------------------------------------


@transaction.atomic
def submit_record(
    volunteer: User,
    service: Service,
    *,
    provenance: str = Provenance.SELF_REPORTED,
    photos: Iterable[Attachment] = (),
    source: str = "",
    brings_hours: bool = True,
    acting_user: User,
) -> ServiceRecord:
    """Hand in a record, which then waits for the station's coordinator.

    What comes later than the law's ten working days, or from staff, is marked 补录. What
    stands out about it is flagged, and it waits for a person (`services.screening`).
    `brings_hours` is false for what counts on certificates alone: it is credited nothing.
    Refused: `NotAllowed` for anyone but the volunteer, the station's coordinator and the product;
    `SelfReportBarred`; everything of `check_service`; `RecordedBefore` when the same source was
    recorded.
    """
    if not rules.may_record_for(acting_user, volunteer, service.station):
        raise NotAllowed()
    if acting_user.pk == volunteer.pk and provenance == Provenance.SELF_REPORTED:
        require_not_barred(volunteer)
    _one_at_a_time(volunteer)
    check_service(volunteer, service)
    is_told_late = bool(service.late_reason) or acting_user.pk != volunteer.pk
    is_told_by_people = acting_user.kind != User.Kind.SYSTEM
    if provenance == Provenance.SELF_REPORTED and is_told_late and is_told_by_people:
        provenance = Provenance.BACKFILLED
    bank = bank_at(service.station.region)
    day = localdate(service.started_at)
    worth = worth_of(provenance, service.service_type, bank, day) if brings_hours else 0
    record = ServiceRecord(
        volunteer=volunteer,
        bank=bank,
        provenance=provenance,
        source=source,
        recorded_by=acting_user,
        coefficient=worth,
        **service.fields(),
    )
    _write(record.save, volunteer=volunteer, service=service, source=source)
    record.photos.set(photos)
    record_change(
        record,
        "submit",
        after=record.state,
        acting_user=acting_user,
        on_behalf_of=None if acting_user == volunteer else volunteer,
    )
    screen_records([record.pk])
    return record


@transaction.atomic
def resubmit_record(
    record: ServiceRecord,
    service: Service,
    *,
    photos: Iterable[Attachment] = (),
    acting_user: User,
) -> ServiceRecord:
    """Hand in a returned record again, put right; new photos are added to those it has.

    Whom it was for and who led it stay. What the station saw, or has on paper, stays its own only
    while station, kind and times do: told otherwise it is the volunteer's own report.
    Refused: `OutOfTurn`, `NotAllowed`, `SelfReportBarred`, everything of `check_service`.
    """
    record = locked_record(record)
    if not rules.is_served_by(acting_user, record):
        raise NotAllowed()
    _one_at_a_time(record.volunteer)
    service = _with_what_no_form_asks(record, with_times_kept(record, service))
    provenance = _provenance_told_again(record, service)
    check_service(record.volunteer, service, besides=record)
    _write(
        lambda: RECORD.move(
            record,
            "resubmit",
            acting_user=acting_user,
            facts={"minutes_before": record.minutes, "provenance": provenance},
            returned_for="",
            provenance=provenance,
            coefficient=worth_of(
                provenance,
                service.service_type,
                record.bank,
                localdate(service.started_at),
            ),
            **service.fields(),
        ),
        volunteer=record.volunteer,
        service=service,
        besides=record,
    )
    record.photos.add(*photos)
    screen_records([record.pk])
    return record


def with_times_kept(record: ServiceRecord, service: Service) -> Service:
    """The service, with the record's very times and minutes where it tells the same to the minute,
    as a form shows them: what counted less than the whole span still does."""
    if _to_the_minute(service) != _to_the_minute(record):
        return service
    return replace(
        service,
        started_at=record.started_at,
        ended_at=record.ended_at,
        minutes=record.minutes,
    )


def _to_the_minute(told: Service | ServiceRecord) -> tuple[datetime, datetime]:
    start, end = told.started_at, told.ended_at
    return start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0)


def _with_what_no_form_asks(record: ServiceRecord, service: Service) -> Service:
    same_person = service.for_whom == record.recipient_words
    return replace(
        service,
        led_by=service.led_by or record.led_by,
        recipient=record.recipient if same_person else service.recipient,
        for_whom=record.for_whom if same_person else service.for_whom,
    )


def _provenance_told_again(record: ServiceRecord, service: Service) -> str:
    told = (service.station, service.service_type, service.started_at, service.ended_at)
    seen = (record.station, record.service_type, record.started_at, record.ended_at)
    if record.provenance in BY_ONESELF or told == seen:
        return record.provenance
    require_not_barred(record.volunteer)
    return Provenance.BACKFILLED if service.late_reason else Provenance.SELF_REPORTED


@transaction.atomic
def withdraw_record(record: ServiceRecord, *, reason: str = "", acting_user: User) -> ServiceRecord:
    """Take a record back before it is confirmed; its time is free again.

    Refused: `OutOfTurn` once it is confirmed, `NotAllowed` for anyone but the volunteer.
    """
    record = locked_record(record)
    RECORD.move(record, "withdraw", reason=reason, acting_user=acting_user, returned_for="")
    return record


def check_service(
    volunteer: User, service: Service, *, besides: ServiceRecord | None = None
) -> None:
    """Raise the refusal that stands against this service being recorded, if any.

    `StationNotOpen`, `EndsBeforeStart`, `LongerThanADay`, `MinutesBeyondSpan`, `NotYetServed`
    (by the database's clock), `LateWithoutReason`, `RecordsOverlap` (naming the other record).
    """
    if service.station.state != Station.State.OPEN:
        raise StationNotOpen(station=service.station.name)
    check_span(service)
    now = database_now()
    if service.ended_at > now:
        raise NotYetServed(ended_at=service.ended_at, now=now)
    last_day = add_working_days(localdate(service.ended_at), RECORDED_WITHIN_WORKING_DAYS)
    if localdate(now) > last_day and not service.late_reason:
        raise LateWithoutReason(days=RECORDED_WITHIN_WORKING_DAYS, last_day=last_day)
    _refuse_overlap(volunteer, service, besides)


def check_span(service: Service) -> None:
    """Raise what is wrong with the times alone."""
    if service.span_minutes <= 0:
        raise EndsBeforeStart(started_at=service.started_at, ended_at=service.ended_at)
    if service.span > ServiceRecord.LONGEST:
        raise LongerThanADay(minutes=service.span_minutes)
    if service.minutes is not None and not 0 < service.minutes <= service.span_minutes:
        raise MinutesBeyondSpan(minutes=service.minutes, span=service.span_minutes)


def _one_at_a_time(volunteer: User) -> None:
    """Wait for the person's other records: two that overlap would else deadlock in the index."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=volunteer.pk)


def _refuse_overlap(volunteer: User, service: Service, besides: ServiceRecord | None) -> None:
    others = ServiceRecord.objects.of_volunteer(volunteer).standing()
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    clashes = others.overlapping(service.started_at, service.ended_at)
    clash = clashes.select_related("station__region").first()
    if clash is not None:
        raise RecordsOverlap(
            record=clash.number,
            started_at=clash.started_at,
            ended_at=clash.ended_at,
            place=clash.station.region.short_name,
        )


def _write(
    write: Callable[[], object],
    *,
    volunteer: User,
    service: Service,
    source: str = "",
    besides: ServiceRecord | None = None,
) -> None:
    """Write, and say in words what the database's constraints refuse when two come at once."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        constraint = constraint_of(error)
        if constraint == "volunteer_in_one_place_at_a_time":
            _refuse_overlap(volunteer, service, besides)
        if constraint == "record_once_per_source_and_volunteer":
            raise RecordedBefore(source=source) from error
        raise


# Confirmed elsewhere ------------------------------------------------------------


@transaction.atomic
def write_confirmed_record(
    volunteer: User,
    service: Service,
    *,
    provenance: str,
    source: str,
    confirmed_by: User,
    bank: TimeBank,
    credit: Transfer,
    coefficient: int,
    verified_how: str = "",
    acting_user: User,
) -> ServiceRecord:
    """Write down service that was confirmed elsewhere and is credited already, as an order is:
    with the coefficient it was credited by, and how it was verified where somebody said so.

    Nothing is credited here; `bank` is the one it was credited in. Refused: the times of
    `check_span`, `RecordsOverlap`, `OwnConfirmation`, `RecordedBefore`.
    """
    if confirmed_by == volunteer:
        raise OwnConfirmation()
    check_span(service)
    _one_at_a_time(volunteer)
    _refuse_overlap(volunteer, service, None)
    record = ServiceRecord(
        volunteer=volunteer,
        bank=bank,
        provenance=provenance,
        source=source,
        state=ServiceRecord.State.CONFIRMED,
        confirmed_by=confirmed_by,
        confirmed_at=database_now(),
        credit=credit,
        coefficient=coefficient,
        verified_how=verified_how,
        recorded_by=acting_user,
        **service.fields(),
    )
    _write(record.save, volunteer=volunteer, service=service, source=source)
    record_change(
        record,
        "confirm",
        after=record.state,
        reason=verified_how,
        facts={"minutes": record.minutes, "transfer": credit.pk},
        acting_user=acting_user,
    )
    return record


def locked_record(record: ServiceRecord) -> ServiceRecord:
    """The record as it is now, nobody else moving it until this transaction ends.

    Lock the bare row first: joined in one statement, a record whose service or station changed
    during the wait would be lost.
    """
    ServiceRecord.objects.select_for_update().only("pk").get(pk=record.pk)
    return ServiceRecord.objects.select_related(
        "volunteer",
        "station__region",
        "region",
        "service_type",
        "bank__book",
        "recorded_by",
        "screening",
        "attendance",
    ).get(pk=record.pk)
