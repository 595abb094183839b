"""Keep service records: hand in, return, correct, withdraw, confirm.

A record is checked the same way when it is handed in for the first time and after a correction
(`check_service`, which forms ask too, so that people read the sentence beside their own text).
Hours are born in `confirm_record` and nowhere else. Undoing a confirmed record is in
`services.corrections`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from accounts.clashes import constraint_of
from accounts.clock import database_now
from accounts.errors import NotAllowed, ReasonMissing, Refusal
from accounts.models import Attachment, Person, Station, User
from accounts.services.changes import record_change
from accounts.services.messages import tell
from accounts.templatetags.kit import hours
from accounts.working_days import add_working_days
from timebank.errors.records import (
    EndsBeforeStart,
    LateWithoutReason,
    LongerThanADay,
    MinutesBeyondSpan,
    NotYetServed,
    OwnConfirmation,
    OwnEntry,
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
from timebank.selectors.catalogue import coefficient_of
from timebank.selectors.overflow import overflow_of
from timebank.services.banks import bank_at, pool_of
from timebank.services.rewards import reward_service

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


@dataclass(frozen=True)
class ConfirmReport:
    """What became of several records confirmed at once, row by row."""

    confirmed: list[ServiceRecord] = field(default_factory=list)
    refused: list[tuple[ServiceRecord, str]] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(record.minutes for record in self.confirmed)


# Hand in ----------------------------------------------------------------------


@transaction.atomic
def submit_record(
    volunteer: User,
    service: Service,
    *,
    provenance: str = Provenance.SELF_REPORTED,
    photos: Iterable[Attachment] = (),
    source: str = "",
    acting_user: User,
) -> ServiceRecord:
    """Hand in a record, which then waits for the station's coordinator.

    Self-reported service that comes later than the law's ten working days is marked 补录.
    Refused: `NotAllowed` for anyone but the volunteer, the station's coordinator and the product;
    everything of `check_service`; `RecordedBefore` when the same source was recorded.
    """
    if not rules.may_record_for(acting_user, volunteer, service.station):
        raise NotAllowed()
    _one_at_a_time(volunteer)
    check_service(volunteer, service)
    if service.late_reason and provenance == Provenance.SELF_REPORTED:
        provenance = Provenance.BACKFILLED
    bank = bank_at(service.station.region)
    record = ServiceRecord(
        volunteer=volunteer,
        bank=bank,
        provenance=provenance,
        source=source,
        recorded_by=acting_user,
        coefficient=coefficient_of(service.service_type, bank, localdate(service.started_at)),
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

    Refused: `OutOfTurn`, `NotAllowed`, everything of `check_service`.
    """
    record = _locked(record)
    if not rules.is_served_by(acting_user, record):
        raise NotAllowed()
    _one_at_a_time(record.volunteer)
    check_service(record.volunteer, service, besides=record)
    _write(
        lambda: RECORD.move(
            record,
            "resubmit",
            acting_user=acting_user,
            facts={"minutes_before": record.minutes},
            returned_for="",
            coefficient=coefficient_of(
                service.service_type, record.bank, localdate(service.started_at)
            ),
            **service.fields(),
        ),
        volunteer=record.volunteer,
        service=service,
        besides=record,
    )
    record.photos.add(*photos)
    return record


@transaction.atomic
def withdraw_record(record: ServiceRecord, *, reason: str = "", acting_user: User) -> ServiceRecord:
    """Take a record back before it is confirmed; its time is free again.

    Refused: `OutOfTurn` once it is confirmed, `NotAllowed` for anyone but the volunteer.
    """
    record = _locked(record)
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


# Decide -----------------------------------------------------------------------


@transaction.atomic
def confirm_record(record: ServiceRecord, *, acting_user: User) -> ServiceRecord:
    """Say that it happened: the minutes are credited, and the volunteer is told.

    State, credit and trail are written together or not at all. Two coordinators at once: the
    second finds it confirmed.
    Refused: `OwnConfirmation`, `OwnEntry` (to who handed it in for the volunteer), `NotAllowed`
    for anyone but a coordinator of the station or an officer over it, `OutOfTurn`, and what the
    ledger refuses.
    """
    record = _locked(record)
    _refuse_own(record, acting_user)
    if not rules.may_decide_record(acting_user, record):
        raise NotAllowed()
    if rules.handed_in_by(acting_user, record):
        raise OwnEntry()
    credit = _credited(record, acting_user)  # where the move below is refused, it goes with it
    RECORD.move(
        record,
        "confirm",
        acting_user=acting_user,
        facts={
            "minutes": record.minutes,
            "credit_minutes": record.credit_minutes,
            "transfer": credit.pk if credit else None,
        },
        confirmed_by=acting_user,
        confirmed_at=database_now(),
        credit=credit,
    )
    _tell_confirmed(record)
    return record


def confirm_records(records: Sequence[ServiceRecord], *, acting_user: User) -> ConfirmReport:
    """Confirm several, each by itself: one that is refused does not hold up the others."""
    report = ConfirmReport()
    for record in records:
        try:
            report.confirmed.append(confirm_record(record, acting_user=acting_user))
        except Refusal as refusal:
            report.refused.append((record, str(refusal)))
    return report


@transaction.atomic
def return_record(record: ServiceRecord, *, reason: str, acting_user: User) -> ServiceRecord:
    """Send a record back with the reason; the volunteer is told, corrects it and hands it in again.

    Refused: `ReasonMissing`, `OwnConfirmation`, `NotAllowed`, `OutOfTurn`.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing()
    record = _locked(record)
    _refuse_own(record, acting_user)
    change = RECORD.move(
        record, "return_", reason=reason, acting_user=acting_user, returned_for=reason
    )
    with override(record.volunteer.language):
        tell(
            record.volunteer,
            kind="record_returned",
            title=_("一条服务记录被退回，请修改"),
            body=_("%(service)s：%(reason)s")
            % {"service": record.service_type.name, "reason": reason},
            link=record.get_absolute_url(),
            key=f"record:{record.pk}:returned:{change.pk}",
        )
    return record


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
    acting_user: User,
) -> ServiceRecord:
    """Write down service that was confirmed elsewhere and is credited already, as an order is.

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
        recorded_by=acting_user,
        **service.fields(),
    )
    _write(record.save, volunteer=volunteer, service=service, source=source)
    record_change(
        record,
        "confirm",
        after=record.state,
        facts={"minutes": record.minutes, "transfer": credit.pk},
        acting_user=acting_user,
    )
    return record


def _credited(record: ServiceRecord, acting_user: User) -> Transfer | None:
    """The transfer of what the record brings; none where it is weighed down to nothing."""
    if not record.credit_minutes:
        return None
    return reward_service(
        record.volunteer,
        minutes=record.credit_minutes,
        source=record.ledger_source,
        reason=_why_credited(record),
        bank=record.bank,
        pool=pool_of(record.station),
        happened_at=record.ended_at,
        acting_user=acting_user,
    )


def _why_credited(record: ServiceRecord) -> str:
    """The words of the statement's line; both numbers where they differ."""
    if not record.is_weighted:
        return gettext_noop("%s（记录 %s）") % (record.service_type.name, record.number)
    return gettext_noop("%s（记录 %s，服务 %s 分钟 × 系数 %s）") % (
        record.service_type.name,
        record.number,
        record.minutes,
        record.written_coefficient,
    )


def _refuse_own(record: ServiceRecord, acting_user: User) -> None:
    if rules.is_served_by(acting_user, record):
        raise OwnConfirmation()


def _tell_confirmed(record: ServiceRecord) -> None:
    assert record.confirmed_by is not None, "record_confirmed_with_confirmer_and_credit"
    overflow = overflow_of(record.credit)
    credited = record.credit_minutes - (overflow.amount if overflow else 0)
    with override(record.volunteer.language):
        tell(
            record.volunteer,
            kind="record_confirmed",
            title=_("%(minutes)s已记入您的时间") % {"minutes": hours(credited)},
            body=_("%(service)s，由%(who)s确认。")
            % {"service": record.service_type.name, "who": record.confirmed_by.display_name},
            link=record.get_absolute_url(),
            key=f"record:{record.pk}:confirmed",
        )


def _locked(record: ServiceRecord) -> ServiceRecord:
    """The record as it is now, nobody else moving it until this transaction ends.

    Lock the bare row first: joined in one statement, a record whose service or station changed
    during the wait would be lost.
    """
    ServiceRecord.objects.select_for_update().only("pk").get(pk=record.pk)
    return ServiceRecord.objects.select_related(
        "volunteer", "station__region", "region", "service_type", "bank__book"
    ).get(pk=record.pk)
