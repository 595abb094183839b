"""Keep presence: somebody comes, goes, was not there; and what follows from that.

The database's clock says when. Whoever checks in has a seat; what counts is the part of the shift
between coming and going, if it is enough of it (`terms_presence`). Going hands in a service record
in the product's name, which somebody else than the volunteer confirms; where staff wrote the times
down themselves, they hand it in, and another person confirms it. How the code on the screen is
checked stands in `services.check_ins`, sheets of paper in `services.sheets`.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed, Refusal
from accounts.models import User
from accounts.rules import is_coordinator_of
from accounts.services.changes import record_change
from accounts.services.system_user import the_product
from timebank.errors.presence import (
    ArrivedBefore,
    CodeUsed,
    LeftBefore,
    NoSeat,
    NotArrived,
    NotTheirOwnPresence,
    PresenceDecided,
    PresenceTimesWrong,
    ShiftCalledOff,
    TooEarlyToArrive,
    TooLateToArrive,
    TooLateToLeave,
)
from timebank.lifecycles.presence import PRESENCE
from timebank.models import Attendance, PaperSheet, ServiceRecord, Shift, Signup
from timebank.rules import presence as rules
from timebank.services.order_steps import one_at_a_time, require_reason
from timebank.services.records import Service, submit_record
from timebank.terms.presence import presence_terms

How = Attendance.How
State = Attendance.State
STORED = "zh-hans"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How presence is known, besides the clock."""

    how: str
    window: int | None = None
    device: str = ""
    device_at: datetime | None = None
    reason: str = ""
    in_range: bool | None = None
    distance_metres: int | None = None


# Coming and going ---------------------------------------------------------------


@transaction.atomic
def check_in(shift: Shift, volunteer: User, evidence: Evidence, *, acting_user: User) -> Attendance:
    """Somebody with a seat is there, from now on.

    Refused: `NoSeat`, `ShiftCalledOff`, `TooEarlyToArrive`, `TooLateToArrive`, `ArrivedBefore`,
    `PresenceDecided` (marked absent), `NotAllowed`, `NotTheirOwnPresence`.
    """
    shift, signup, known = _locked(shift, volunteer)
    _require_may_tell(shift, volunteer, evidence, acting_user)
    if known is not None:
        if known.arrived_at is None:
            raise PresenceDecided(state=known.get_state_display())
        raise ArrivedBefore(arrived_at=known.arrived_at)
    now = database_now()
    terms = presence_terms(timezone.localdate(shift.starts_at))
    opens_at, closed_at = shift.starts_at - terms.arrive_early, shift.ends_at
    if now < opens_at:
        raise TooEarlyToArrive(opens_at=opens_at)
    if now >= closed_at:
        raise TooLateToArrive(closed_at=closed_at)
    return _come(signup, now, evidence, acting_user)


@transaction.atomic
def check_out(
    shift: Shift, volunteer: User, evidence: Evidence, *, acting_user: User
) -> Attendance:
    """Somebody goes; long enough there, a service record is handed in.

    Refused: `NotArrived`, `LeftBefore`, `TooLateToLeave`, `CodeUsed` (the code one came with),
    `ShiftCalledOff`, `NoSeat`, `NotAllowed`, `NotTheirOwnPresence`.
    """
    shift, _signup, attendance = _locked(shift, volunteer)
    _require_may_tell(shift, volunteer, evidence, acting_user)
    if attendance is None or attendance.arrived_at is None:
        raise NotArrived()
    if attendance.left_at is not None:
        raise LeftBefore()
    if evidence.window is not None and evidence.window <= (attendance.arrived_window or 0):
        raise CodeUsed()
    now = database_now()
    terms = presence_terms(timezone.localdate(shift.starts_at))
    closed_at = shift.ends_at + terms.leave_late
    if now > closed_at:
        raise TooLateToLeave(closed_at=closed_at)
    _go(attendance, "check_out", now, evidence, acting_user)
    return settle(attendance)


@transaction.atomic
def verify_presence(
    signup: Signup,
    *,
    arrived_at: datetime,
    left_at: datetime,
    reason: str,
    acting_user: User,
) -> Attendance:
    """Whoever runs the activity writes down when somebody came and went, and how they know.

    For who forgot to sign out, whose phone failed, who was marked absent by mistake. The record is
    handed in by the one who verifies, so that another person confirms it.
    Refused: `ReasonMissing`, `PresenceTimesWrong`, `NotTheirOwnPresence`, `NotAllowed`,
    `OutOfTurn`.
    """
    require_reason(reason)
    return write_presence(
        signup,
        arrived_at=arrived_at,
        left_at=left_at,
        evidence=Evidence(how=How.STAFF, reason=reason.strip()[:120]),
        acting_user=acting_user,
    )


@transaction.atomic
def write_presence(
    signup: Signup,
    *,
    arrived_at: datetime,
    left_at: datetime,
    evidence: Evidence,
    sheet: PaperSheet | None = None,
    late_reason: str = "",
    acting_user: User,
) -> Attendance:
    """Write down both times afterwards; the step that verifying and sheets share.

    Refused: as `verify_presence`.
    """
    shift, signup, attendance = _locked(signup.shift, signup.volunteer)
    if acting_user == signup.volunteer:
        raise NotTheirOwnPresence()
    _require_times(shift, arrived_at, left_at)
    if attendance is None:
        if not rules.may_keep_presence(acting_user, shift):
            raise NotAllowed()
        attendance = _come(signup, arrived_at, evidence, acting_user, sheet=sheet)
    else:
        PRESENCE.require(attendance, "verify", acting_user=acting_user)
    fields = _arrival(arrived_at, evidence, acting_user)
    if _same_minute(attendance.arrived_at, arrived_at):
        fields = {}
    if sheet is not None:
        fields["sheet"] = sheet
    _go(attendance, "verify", left_at, evidence, acting_user, **fields)
    return settle(attendance, late_reason=late_reason or evidence.reason)


def _same_minute(known: datetime | None, told: datetime) -> bool:
    """Nobody types seconds: an arrival that is not changed keeps how it is known."""
    return known is not None and known.replace(second=0, microsecond=0) == told.replace(
        second=0, microsecond=0
    )


def _require_times(shift: Shift, arrived_at: datetime, left_at: datetime) -> None:
    terms = presence_terms(timezone.localdate(shift.starts_at))
    fits = (
        shift.starts_at - terms.arrive_early <= arrived_at < left_at
        and arrived_at < shift.ends_at
        and left_at <= shift.ends_at + terms.leave_late
        and left_at <= database_now()
    )
    if not fits:
        raise PresenceTimesWrong()


# What follows -------------------------------------------------------------------


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
        with override(STORED):
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
    with override(STORED):
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


# Steps the verbs share ------------------------------------------------------------


def _locked(shift: Shift, volunteer: User) -> tuple[Shift, Signup, Attendance | None]:
    """The person's seat and presence as they are now, nobody else moving them meanwhile."""
    one_at_a_time(volunteer)
    shift = Shift.objects.with_activity().select_related("activity__led_by").get(pk=shift.pk)
    if shift.state == Shift.State.CANCELLED:
        raise ShiftCalledOff()
    signup = (
        Signup.objects.seated()
        .select_for_update(of=("self",))
        .filter(shift=shift, volunteer=volunteer)
        .first()
    )
    attendance = Attendance.objects.filter(shift=shift, volunteer=volunteer).first()
    if signup is None:
        raise NoSeat()
    signup.shift, signup.volunteer = shift, volunteer
    if attendance is not None:
        attendance.shift, attendance.signup, attendance.volunteer = shift, signup, volunteer
    return shift, signup, attendance


def _require_may_tell(shift: Shift, volunteer: User, evidence: Evidence, acting_user: User) -> None:
    """Codes are for the person alone; everything else is for others than the person."""
    if evidence.how in (How.CODE, How.DIGITS):
        if acting_user != volunteer:
            raise NotAllowed()
        return
    if not rules.may_keep_presence(acting_user, shift):
        raise NotAllowed()
    if acting_user == volunteer:
        raise NotTheirOwnPresence()
    if evidence.how == How.STAFF:
        require_reason(evidence.reason)


def _arrival(at: datetime, evidence: Evidence, acting_user: User) -> dict[str, object]:
    return {
        "arrived_at": at,
        "arrived_how": evidence.how,
        "arrived_by": acting_user,
        "arrived_window": evidence.window,
    }


def _come(
    signup: Signup,
    at: datetime,
    evidence: Evidence,
    acting_user: User,
    *,
    sheet: PaperSheet | None = None,
) -> Attendance:
    shift = signup.shift
    terms = presence_terms(timezone.localdate(shift.starts_at))
    attendance = Attendance.objects.create(
        signup=signup,
        shift=shift,
        volunteer=signup.volunteer,
        state=State.PRESENT,
        reason=evidence.reason,
        device=evidence.device,
        device_at=evidence.device_at,
        in_range=evidence.in_range,
        distance_metres=evidence.distance_metres,
        shift_minutes=shift.minutes,
        share_percent=terms.share_percent,
        sheet=sheet,
        **_arrival(at, evidence, acting_user),
    )
    record_change(
        attendance,
        "check_in",
        after=State.PRESENT,
        acting_user=acting_user,
        on_behalf_of=None if acting_user == signup.volunteer else signup.volunteer,
        reason=evidence.reason,
        facts={"how": evidence.how, "at": at.isoformat()},
    )
    return attendance


def _go(
    attendance: Attendance,
    verb: str,
    at: datetime,
    evidence: Evidence,
    acting_user: User,
    **fields: object,
) -> None:
    fields |= {
        "left_at": at,
        "left_how": evidence.how,
        "left_by": acting_user,
        "left_window": evidence.window,
    }
    if evidence.reason:  # before the move, whose own `reason` is the trail's
        attendance.reason = evidence.reason
        attendance.save(update_fields=["reason"])
    PRESENCE.move(
        attendance,
        verb,
        acting_user=acting_user,
        on_behalf_of=None if acting_user == attendance.volunteer else attendance.volunteer,
        reason=evidence.reason,
        facts={"how": evidence.how, "at": at.isoformat()},
        **fields,
    )
