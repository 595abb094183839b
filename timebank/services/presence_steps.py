"""The steps the verbs of presence share: lock the seat, ask who may tell, write coming and going.

Each is part of a verb's transaction; the verbs stand in `services.presence`, `services.sheets` and
`services.offline_scans`, what follows from the times in `services.presence_hours`.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from timebank.errors.presence import NoSeat, NotTheirOwnPresence, ShiftCalledOff
from timebank.lifecycles.presence import PRESENCE
from timebank.models import Attendance, PaperSheet, Shift, Signup
from timebank.rules import presence as rules
from timebank.services.order_steps import one_at_a_time
from timebank.terms.presence import presence_terms

How = Attendance.How
State = Attendance.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How presence is known, besides the clock.

    `at` is when it was, where that is not now: a badge scanned without a network, whose device's
    clock was found to be right (`services.offline_scans`).
    """

    how: str
    at: datetime | None = None
    window: int | None = None
    device: str = ""
    device_at: datetime | None = None
    reason: str = ""
    in_range: bool | None = None
    distance_metres: int | None = None


def locked_seat(shift: Shift, volunteer: User) -> tuple[Shift, Signup, Attendance | None]:
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


def require_may_tell(shift: Shift, volunteer: User, evidence: Evidence, acting_user: User) -> None:
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
        required(evidence.reason)


def arrival_fields(at: datetime, evidence: Evidence, acting_user: User) -> dict[str, object]:
    return {
        "arrived_at": at,
        "arrived_how": evidence.how,
        "arrived_by": acting_user,
        "arrived_window": evidence.window,
    }


def come(
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
        **arrival_fields(at, evidence, acting_user),
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


def go(
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
