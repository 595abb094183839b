"""Keep presence: somebody comes, goes, or staff write down when that was.

The database's clock says when; only of a badge scanned without a network is it the device's, and
`services.offline_scans` says when that is believed. Whoever checks in has a seat. How the code on
the screen is checked stands in `services.check_ins`, who was not there in
`services.presence_absences`, what the times are worth in `services.presence_hours`.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.reasons import required
from timebank.errors.presence import (
    ArrivedBefore,
    CodeUsed,
    LeftBefore,
    NotArrived,
    NotTheirOwnPresence,
    PresenceDecided,
    PresenceTimesWrong,
    TooEarlyToArrive,
    TooLateToArrive,
    TooLateToLeave,
)
from timebank.lifecycles.presence import PRESENCE
from timebank.models import Attendance, PaperSheet, Shift, Signup
from timebank.rules import presence as rules
from timebank.services.presence_hours import settle
from timebank.services.presence_steps import (
    Evidence,
    arrival_fields,
    come,
    go,
    locked_seat,
    require_may_tell,
)
from timebank.terms.presence import presence_terms

How = Attendance.How


# Coming and going ---------------------------------------------------------------


@transaction.atomic
def check_in(shift: Shift, volunteer: User, evidence: Evidence, *, acting_user: User) -> Attendance:
    """Somebody with a seat is there, from now on.

    Refused: `NoSeat`, `ShiftCalledOff`, `TooEarlyToArrive`, `TooLateToArrive`, `ArrivedBefore`,
    `PresenceDecided` (marked absent), `NotAllowed`, `NotTheirOwnPresence`.
    """
    shift, signup, known = locked_seat(shift, volunteer)
    require_may_tell(shift, volunteer, evidence, acting_user)
    if known is not None:
        if known.arrived_at is None:
            raise PresenceDecided(state=known.get_state_display())
        raise ArrivedBefore(arrived_at=known.arrived_at)
    at = evidence.at or database_now()
    terms = presence_terms(timezone.localdate(shift.starts_at))
    opens_at, closed_at = shift.starts_at - terms.arrive_early, shift.ends_at
    if at < opens_at:
        raise TooEarlyToArrive(opens_at=opens_at)
    if at >= closed_at:
        raise TooLateToArrive(closed_at=closed_at)
    return come(signup, at, evidence, acting_user)


@transaction.atomic
def check_out(
    shift: Shift, volunteer: User, evidence: Evidence, *, acting_user: User
) -> Attendance:
    """Somebody goes; long enough there, a service record is handed in.

    Refused: `NotArrived`, `LeftBefore`, `TooLateToLeave`, `CodeUsed` (the code one came with),
    `PresenceTimesWrong` (before coming), `ShiftCalledOff`, `NoSeat`, `NotAllowed`,
    `NotTheirOwnPresence`.
    """
    shift, _signup, attendance = locked_seat(shift, volunteer)
    require_may_tell(shift, volunteer, evidence, acting_user)
    if attendance is None or attendance.arrived_at is None:
        raise NotArrived()
    if attendance.left_at is not None:
        raise LeftBefore()
    if evidence.window is not None and evidence.window <= (attendance.arrived_window or 0):
        raise CodeUsed()
    at = evidence.at or database_now()
    terms = presence_terms(timezone.localdate(shift.starts_at))
    closed_at = shift.ends_at + terms.leave_late
    if at > closed_at:
        raise TooLateToLeave(closed_at=closed_at)
    if at <= attendance.arrived_at:
        raise PresenceTimesWrong()
    go(attendance, "check_out", at, evidence, acting_user)
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
    reason = required(reason)
    return write_presence(
        signup,
        arrived_at=arrived_at,
        left_at=left_at,
        evidence=Evidence(how=How.STAFF, reason=reason[:120]),
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
    waits_for: str = "",
    acting_user: User,
) -> Attendance:
    """Write down both times afterwards; the step that verifying and sheets share.

    With `waits_for` nothing follows from the times yet, and the presence says why.
    Refused: as `verify_presence`.
    """
    shift, signup, attendance = locked_seat(signup.shift, signup.volunteer)
    if acting_user == signup.volunteer:
        raise NotTheirOwnPresence()
    _require_times(shift, arrived_at, left_at)
    if attendance is None:
        if not rules.may_keep_presence(acting_user, shift):
            raise NotAllowed()
        attendance = come(signup, arrived_at, evidence, acting_user, sheet=sheet)
    else:
        PRESENCE.require(attendance, "verify", acting_user=acting_user)
    fields = arrival_fields(arrived_at, evidence, acting_user)
    if _same_minute(attendance.arrived_at, arrived_at):
        fields = {}
    if sheet is not None:
        fields["sheet"] = sheet
    if waits_for:
        fields["hindrance"] = waits_for
    go(attendance, "verify", left_at, evidence, acting_user, **fields)
    if waits_for:
        return attendance
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
