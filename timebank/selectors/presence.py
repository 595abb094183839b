"""Who is there: a shift's presence as its organiser sees it, one's own as a volunteer does."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors.changes import TrailEntry, trail_of
from timebank.lifecycles.presence import PRESENCE
from timebank.models import (
    Activity,
    Attendance,
    CodeTries,
    OfflineScan,
    ServiceRecord,
    Shift,
    Signup,
)
from timebank.rules.records import may_confirm_record
from timebank.terms.presence import presence_terms

type Words = str | Promise

TONES = {
    "present": "active",
    "left": "waiting",
    "counted": "done",
    "short": "neutral",
    "noted": "done",
    "absent": "danger",
    "contested": "waiting",
    "cleared": "neutral",
}
TRAIL_WORDS: dict[str, Words] = {
    "check_in": _("签到"),
    "mark_absent": _("登记未到"),
    **{arrow.verb: arrow.label for arrow in PRESENCE},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One seat and what is known of who has it."""

    signup: Signup
    attendance: Attendance | None
    is_locked: bool
    is_forgotten: bool

    @property
    def tone(self) -> str:
        return TONES[self.attendance.state] if self.attendance else "neutral"


@dataclass(frozen=True, slots=True)
class PresenceDesk:
    """A shift's presence at a glance, and what waits for its organiser."""

    lines: list[Line]
    to_confirm: list[ServiceRecord]
    scans: list[OfflineScan] = field(default_factory=list)

    @property
    def there(self) -> int:
        return sum(1 for one in self.lines if one.attendance and one.attendance.arrived_at)

    @property
    def gone(self) -> int:
        return sum(1 for one in self.lines if one.attendance and one.attendance.left_at)

    @property
    def waiting(self) -> int:
        """Forgot to sign out, clashed, or contested: somebody has to look."""
        return sum(
            1
            for one in self.lines
            if one.is_forgotten
            or (one.attendance and one.attendance.state in ("left", "contested"))
        )


@dataclass(frozen=True, slots=True)
class Door:
    """When signing in opens and signing out ends at a shift."""

    opens_at: datetime
    closes_at: datetime

    @property
    def is_open(self) -> bool:
        return self.opens_at <= timezone.now() <= self.closes_at


def door_of(shift: Shift) -> Door:
    terms = presence_terms(timezone.localdate(shift.starts_at))
    return Door(shift.starts_at - terms.arrive_early, shift.ends_at + terms.leave_late)


def presence_desk(shift: Shift, reader: User) -> PresenceDesk:
    """Everyone seated, with their presence; records this reader may confirm now."""
    known = {
        row.signup_id: row
        for row in shift.attendances.select_related("record__station", "absent_by", "sheet")
    }
    locked = set(
        CodeTries.objects.filter(shift=shift, wrong__gte=5).values_list("volunteer_id", flat=True)
    )
    now = timezone.now()
    seated = (
        Signup.objects.seated()
        .filter(shift=shift)
        .select_related("volunteer__person", "position")
        .order_by("seat")
    )
    lines = [
        Line(
            signup=signup,
            attendance=known.get(signup.pk),
            is_locked=signup.volunteer_id in locked,
            is_forgotten=signup.pk in known
            and known[signup.pk].state == Attendance.State.PRESENT
            and now > shift.ends_at,
        )
        for signup in seated
    ]
    waiting = ServiceRecord.objects.submitted().filter(attendance__shift=shift).with_parties()
    return PresenceDesk(
        lines=lines,
        to_confirm=[record for record in waiting if may_confirm_record(reader, record)],
        scans=list(
            OfflineScan.objects.to_look_at().filter(shift=shift).select_related("volunteer__person")
        ),
    )


def own_attendance(user: User, shift: Shift) -> Attendance | None:
    return Attendance.objects.of_volunteer(user).filter(shift=shift).first()


def shifts_at_hand(user: User) -> list[Shift]:
    """Shifts this person runs whose door is open now: where a badge can be scanned."""
    now = timezone.now()
    terms = presence_terms(timezone.localdate())
    shifts = (
        Shift.objects.filter(
            activity__in=Activity.objects.organised_by(user),
            starts_at__lte=now + terms.arrive_early,
            ends_at__gte=now - terms.leave_late,
        )
        .exclude(state=Shift.State.CANCELLED)
        .with_activity()
        .order_by("starts_at")
    )
    return list(shifts)


def presence_trail(attendance: Attendance) -> list[TrailEntry]:
    return trail_of(attendance, TRAIL_WORDS)
