"""A person looks at what stood out about a record: sets it free, or finds it false.

Nothing is refused by a score: screening only holds. What is found false before it was confirmed is
refused here; what was confirmed already is reversed by two people (`services.adjustments`).
"""

from datetime import timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as stored
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.reasons import required
from accounts.services.messages import tell
from timebank.errors.records import (
    HeldForLook,
    JustWrittenDown,
    OwnConfirmation,
    OwnEntry,
    RelativeConfirmation,
)
from timebank.lifecycles.records import RECORD, SCREENING
from timebank.models import Screening, ServiceRecord
from timebank.rules import records as rules
from timebank.services.screening.blocks import unblock_hours
from timebank.services.screening.facts import seen_of
from timebank.services.screening.gather_people import is_entry
from timebank.terms.screening import screening_terms


def require_may_confirm(record: ServiceRecord, *, acting_user: User) -> None:
    """Raise what keeps this person from confirming this record, named as it is.

    `OwnConfirmation`, `NotAllowed`, `OwnEntry`, `RelativeConfirmation`, `HeldForLook`, and
    `JustWrittenDown` while others could still be written down with it (`ScreeningTerms`).
    """
    if rules.is_served_by(acting_user, record):
        raise OwnConfirmation()
    if not rules.may_decide_record(acting_user, record):
        raise NotAllowed()
    if rules.handed_in_by(acting_user, record):
        raise OwnEntry()
    if rules.are_relatives(acting_user, record.volunteer_id):
        raise RelativeConfirmation()
    if rules.is_held(record):
        raise HeldForLook()
    _refuse_just_written(record)


def _refuse_just_written(record: ServiceRecord) -> None:
    if record.recorded_by.kind == User.Kind.SYSTEM or record.state != "submitted":
        return
    now = database_now()
    terms = screening_terms(localdate(now))
    (seen,) = seen_of([record])
    if is_entry(seen) and now - record.recorded_at < terms.burst_within:
        raise JustWrittenDown(minutes=terms.burst_within // timedelta(minutes=1))


@transaction.atomic
def clear_screening(screening: Screening, *, finding: str, acting_user: User) -> Screening:
    """Somebody looked and it is true; the record can be confirmed like any other. What a record
    brought that was confirmed already can be used again, and the volunteer is told.

    Refused: `ReasonMissing` (what was looked at), `OutOfTurn`, `NotAllowed` for who wrote it down,
    confirmed it, is related, or belongs to a station that may be part of it.
    """
    screening = _looked(screening, "clear", finding, acting_user)
    unblock_hours(screening.record, reason=stored("核查属实"), acting_user=acting_user)
    if screening.record.state == ServiceRecord.State.CONFIRMED:
        _tell_cleared(screening)
    return screening


@transaction.atomic
def find_false(screening: Screening, *, finding: str, acting_user: User) -> Screening:
    """Somebody looked and it is false: a record that waits, or was sent back to be put right, is
    refused, and its volunteer told why.

    One that was confirmed stays as it is until two people have reversed it; until then its hours
    stay set aside, and it is on no certificate, star or board.
    Refused: as `clear_screening`.
    """
    screening = _looked(screening, "find_false", finding, acting_user)
    if screening.record.state in (ServiceRecord.State.SUBMITTED, ServiceRecord.State.RETURNED):
        refuse_record(screening.record, reason=finding, acting_user=acting_user)
    return screening


@transaction.atomic
def refuse_record(record: ServiceRecord, *, reason: str, acting_user: User) -> ServiceRecord:
    """不予认定: what waits or was returned is not what happened; its time is free, one may ask.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed` for anyone but who stands over the station.
    """
    reason = required(reason)
    RECORD.move(record, "refuse", reason=reason, acting_user=acting_user, returned_for=reason)
    with override(record.volunteer.language):
        tell(
            record.volunteer,
            kind="record_refused",
            title=_("一条服务记录不予认定"),
            body=_("%(service)s：%(reason)s 不同意的，可以在记录页面提出异议。")
            % {"service": record.service_type.name, "reason": reason},
            link=record.get_absolute_url(),
            key=f"record:{record.pk}:refused",
        )
    return record


def _tell_cleared(screening: Screening) -> None:
    record = screening.record
    with override(record.volunteer.language):
        tell(
            record.volunteer,
            kind="record_cleared",
            title=_("服务记录核对属实，时间可以用了"),
            body=_("%(service)s。谢谢您的耐心。") % {"service": record.service_type.name},
            link=record.get_absolute_url(),
            key=f"record:{record.pk}:cleared:{screening.looked_at}",
        )


def _looked(screening: Screening, verb: str, finding: str, acting_user: User) -> Screening:
    finding = required(finding)
    # The record first, as whoever hands it in again or decides on it does.
    ServiceRecord.objects.select_for_update().only("pk").get(pk=screening.record_id)
    Screening.objects.select_for_update().only("pk").get(pk=screening.pk)
    screening = Screening.objects.select_related(
        "record__volunteer", "record__station__region", "record__region", "record__service_type"
    ).get(pk=screening.pk)
    Screening.objects.filter(pk=screening.pk).update(finding=finding)  # it never ends without
    SCREENING.move(
        screening,
        verb,
        acting_user=acting_user,
        reason=finding,
        facts={"flags": list(screening.flags.values_list("rule", flat=True))},
        looked_by=acting_user,
        looked_at=database_now(),
        finding=finding,
    )
    return screening
