"""What follows from coming and going: too short, noted, or a service record handed in.

Only the part of the shift itself counts, if it is enough of it (`terms.presence`). The record is
handed in in the product's name, and somebody else than the volunteer confirms it; where staff wrote
the times down, they hand it in, and another person confirms it.
"""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.errors import Refusal
from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import User
from accounts.rules import is_coordinator_of
from accounts.services.system_user import the_product
from timebank.lifecycles.presence import PRESENCE
from timebank.models import Attendance, ServiceRecord, Shift
from timebank.services.records import Service, submit_record

How = Attendance.How


def minutes_counted(shift: Shift, arrived_at: datetime, left_at: datetime) -> int:
    """Whole minutes of the shift itself that lie between coming and going."""
    span = min(left_at, shift.ends_at) - max(arrived_at, shift.starts_at)
    return max(0, int(span.total_seconds() // 60))


def settle(attendance: Attendance, *, late_reason: str = "") -> Attendance:
    """Say what follows from the times: too short, noted, or a service record handed in.

    Where a record is refused (another one claims that time, say) the presence stays to be looked
    at, with the sentence of the refusal. Part of the verb's transaction.
    """
    shift = attendance.shift
    assert attendance.arrived_at is not None, "presence_times_fit_its_state"
    assert attendance.left_at is not None, "presence_times_fit_its_state"
    minutes = minutes_counted(shift, attendance.arrived_at, attendance.left_at)
    facts = {"minutes": minutes, "of": attendance.shift_minutes}
    product = the_product()
    if minutes * 100 < attendance.share_percent * attendance.shift_minutes or minutes == 0:
        PRESENCE.move(
            attendance,
            "fall_short",
            acting_user=product,
            facts=facts,
            minutes=minutes,
            hindrance="",
        )
        return attendance
    if not shift.activity.counts:
        PRESENCE.move(
            attendance, "note", acting_user=product, facts=facts, minutes=minutes, hindrance=""
        )
        return attendance
    try:
        with transaction.atomic():
            record = _handed_in(attendance, minutes, late_reason)
    except Refusal as refusal:
        with override(OFFICIAL_LANGUAGE):
            attendance.hindrance = str(refusal)[:200]
        attendance.save(update_fields=["hindrance"])
        return attendance
    PRESENCE.move(
        attendance,
        "count",
        acting_user=product,
        facts=facts | {"record": record.pk},
        minutes=minutes,
        record=record,
        hindrance="",
    )
    return attendance


def _handed_in(attendance: Attendance, minutes: int, late_reason: str) -> ServiceRecord:
    """The service record of this presence; once per shift and volunteer, by its source."""
    shift, volunteer = attendance.shift, attendance.volunteer
    activity = shift.activity
    assert attendance.arrived_at is not None, "presence_times_fit_its_state"
    assert attendance.left_at is not None, "presence_times_fit_its_state"
    position = attendance.signup.position
    with override(OFFICIAL_LANGUAGE):
        for_whom = _("%(place)s居民") % {"place": shift.region.short_name}
    service = Service(
        station=activity.station,
        service_type=activity.service_type,
        what=f"{activity.title} · {position.title}" if position else activity.title,
        place=shift.place,
        started_at=max(attendance.arrived_at, shift.starts_at),
        ended_at=min(attendance.left_at, shift.ends_at),
        minutes=minutes,
        for_whom=for_whom[:40],
        led_by=activity.led_by.display_name[:40],
    )
    provenance, hands_in = _who_answers(attendance)
    try:
        return submit_record(
            volunteer,
            service,
            provenance=provenance,
            source=shift.source,
            acting_user=hands_in,
        )
    except Refusal as refusal:
        if refusal.code != "late_without_reason" or not late_reason:
            raise
        return submit_record(
            volunteer,
            replace(service, late_reason=late_reason[:120]),
            provenance=provenance,
            source=shift.source,
            acting_user=hands_in,
        )


def _who_answers(attendance: Attendance) -> tuple[str, User]:
    """Where it comes from and who hands it in: whoever wrote a time down by hand answers for it."""
    ways = {attendance.arrived_how, attendance.left_how}
    provenance = ServiceRecord.Provenance.CHECK_IN
    if How.PAPER in ways:
        provenance = ServiceRecord.Provenance.PAPER
    elif How.STAFF in ways:
        provenance = ServiceRecord.Provenance.BACKFILLED
    written = [
        person
        for how, person in (
            (attendance.left_how, attendance.left_by),
            (attendance.arrived_how, attendance.arrived_by),
        )
        if how in (How.PAPER, How.STAFF) and person is not None
    ]
    station = attendance.shift.activity.station
    if written and is_coordinator_of(written[0], station):
        return provenance, written[0]
    return provenance, the_product()
