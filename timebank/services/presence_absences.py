"""Who was not there: marked by somebody, contested by the volunteer, decided by another person."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.services.messages import tell
from accounts.templatetags.kit import period
from timebank.errors.presence import (
    ContestedOnce,
    HasArrived,
    NotOverYet,
    NotTheirOwnPresence,
    PresenceDecided,
    ShiftCalledOff,
)
from timebank.lifecycles.presence import PRESENCE
from timebank.models import Attendance, Shift, Signup
from timebank.rules import presence as rules
from timebank.services.order_steps import one_at_a_time
from timebank.terms.presence import presence_terms

State = Attendance.State


@transaction.atomic
def mark_absent(signup: Signup, *, acting_user: User) -> Attendance:
    """Write down that somebody with a seat did not come; who marked it stays with it.

    The volunteer is told at once and may contest it. Refused: `NotOverYet`, `ShiftCalledOff`,
    `HasArrived`, `PresenceDecided`, `NotAllowed`, `NotTheirOwnPresence`.
    """
    one_at_a_time(signup.volunteer)
    shift = Shift.objects.with_activity().get(pk=signup.shift_id)
    signup = Signup.objects.select_for_update(of=("self",)).get(pk=signup.pk)
    if not rules.may_keep_presence(acting_user, shift):
        raise NotAllowed()
    if acting_user.pk == signup.volunteer_id:
        raise NotTheirOwnPresence()
    if shift.state == Shift.State.CANCELLED or signup.state != Signup.State.SEATED:
        raise ShiftCalledOff()
    now = database_now()
    if now < shift.ends_at:
        raise NotOverYet(ends_at=shift.ends_at)
    known = Attendance.objects.filter(signup=signup).first()
    if known is not None:
        if known.arrived_at is not None:
            raise HasArrived()
        raise PresenceDecided(state=known.get_state_display())
    attendance = Attendance.objects.create(
        signup=signup,
        shift=shift,
        volunteer=signup.volunteer,
        state=State.ABSENT,
        shift_minutes=shift.minutes,
        share_percent=presence_terms(timezone.localdate(shift.starts_at)).share_percent,
        absent_by=acting_user,
        absent_at=now,
    )
    record_change(
        attendance,
        "mark_absent",
        after=State.ABSENT,
        acting_user=acting_user,
        on_behalf_of=signup.volunteer,
    )
    _tell_marked(attendance)
    return attendance


@transaction.atomic
def contest_absence(attendance: Attendance, *, reason: str, acting_user: User) -> Attendance:
    """The volunteer says what was; another person than the one who marked it looks at it.

    Refused: `ReasonMissing`, `ContestedOnce`, `OutOfTurn`, `NotAllowed`.
    """
    reason = required(reason)
    attendance = _locked(attendance)
    PRESENCE.require(attendance, "contest", acting_user=acting_user)
    if attendance.contested_at is not None:
        raise ContestedOnce()
    PRESENCE.move(
        attendance,
        "contest",
        acting_user=acting_user,
        reason=reason,
        contested_at=database_now(),
        contested_for=reason[:200],
    )
    return attendance


@transaction.atomic
def answer_absence(
    attendance: Attendance, verb: str, *, reason: str, acting_user: User
) -> Attendance:
    """Keep the absence (`uphold`, by another person) or take it back (`clear`), and say why.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`.
    """
    assert verb in ("uphold", "clear"), verb
    reason = required(reason)
    attendance = _locked(attendance)
    change = PRESENCE.move(attendance, verb, acting_user=acting_user, reason=reason)
    with override(attendance.volunteer.language):
        title = _("未到登记已撤销") if verb == "clear" else _("未到登记已复核，维持")
        tell(
            attendance.volunteer,
            kind="absence_answered",
            title=title,
            body=_("%(what)s：%(reason)s")
            % {"what": attendance.shift.activity.title, "reason": reason},
            link=attendance.get_absolute_url(),
            key=f"presence:{attendance.pk}:{verb}:{change.pk}",
        )
    return attendance


def _tell_marked(attendance: Attendance) -> None:
    shift = attendance.shift
    with override(attendance.volunteer.language):
        tell(
            attendance.volunteer,
            kind="marked_absent",
            title=_("登记为未到：%(title)s") % {"title": shift.activity.title},
            body=_("%(when)s。如果到过场，请打开这条消息说明情况，会由另一位工作人员复核。")
            % {"when": period(shift.starts_at, shift.ends_at)},
            link=attendance.get_absolute_url(),
            key=f"presence:{attendance.pk}:absent",
        )


def _locked(attendance: Attendance) -> Attendance:
    Attendance.objects.select_for_update(of=("self",)).only("pk").get(pk=attendance.pk)
    return (
        Attendance.objects.with_shift()
        .select_related("shift__activity__organisation", "shift__activity__community")
        .get(pk=attendance.pk)
    )
