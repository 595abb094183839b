"""到场: a shift's presence as whoever runs it keeps it, and one person's, with what was said."""

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from timebank.forms.presence import AnswerForm, ContestForm, PresenceForm, ToldForm
from timebank.lifecycles.presence import PRESENCE
from timebank.models import Attendance, MeetingPoint, Shift, Signup
from timebank.rules import presence as rules
from timebank.selectors.presence import TONES, door_of, presence_desk, presence_trail
from timebank.services.check_ins import ShownCode, set_meeting_point, shown_code
from timebank.services.presence_absences import answer_absence, contest_absence
from timebank.services.record_decisions import confirm_records


@require_GET
def desk(request: SignedInRequest, pk: int) -> HttpResponse:
    """到场情况: every seat, who came and went, what waits for a look or a confirmation."""
    shift = kept_shift(request, pk)
    return render(
        request,
        "timebank/presence/desk.html",
        {
            "shift": shift,
            "activity": shift.activity,
            "desk": presence_desk(shift, request.user),
            "door": door_of(shift),
            "sheets": shift.sheets.all(),
            "is_cancelled": shift.state == Shift.State.CANCELLED,
            "may_scan": timezone.now() <= door_of(shift).closes_at,
        },
    )


@require_GET
def screen(request: SignedInRequest, pk: int) -> HttpResponse:
    """The code in large, for the leader's phone or the station's screen."""
    shift = kept_shift(request, pk)
    return render(
        request,
        "timebank/presence/screen.html",
        {
            "shift": shift,
            "activity": shift.activity,
            "door": door_of(shift),
            "has_point": MeetingPoint.objects.filter(shift=shift).exists(),
            **_code(shift),
        },
    )


@require_GET
def code(request: SignedInRequest, pk: int) -> HttpResponse:
    """The code as it is now, for the screen to swap in."""
    shift = kept_shift(request, pk)
    answer = render(request, "timebank/presence/_code.html", {"shift": shift, **_code(shift)})
    answer["Cache-Control"] = "no-store"
    return answer


def _code(shift: Shift) -> dict[str, object]:
    shown: ShownCode = shown_code(shift)
    link = settings.PUBLIC_ADDRESS + reverse("timebank:check-in", args=[shift.pk, shown.token])
    return {
        "shown": shown,
        "svg": segno.make(link, error="m").svg_inline(scale=8, border=2, omitsize=True),
        "link": link,
        "came": shift.attendances.filter(arrived_at__isnull=False).count(),
        "gone": shift.attendances.filter(left_at__isnull=False).count(),
        "seated": shift.signups.seated().count(),
    }


@require_POST
def point(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where the shift meets, as the leader's phone sees it there: a place, nobody's way."""
    shift = kept_shift(request, pk)
    told = ToldForm(request.POST).told("")
    if told.latitude is None or told.longitude is None:
        messages.warning(request, _("手机没有给出位置。请打开定位后再试；不设集合点也可以签到。"))
    else:
        set_meeting_point(shift, told.latitude, told.longitude, acting_user=request.user)
        messages.success(request, _("集合点已设在这里。同意过位置核对的人，签到时只记在不在附近。"))
    return redirect("timebank:presence-screen", shift.pk)


def seat(request: SignedInRequest, pk: int) -> HttpResponse:
    """One seat: write down by hand that somebody came, went, when it was, or did not come."""
    signup = get_object_or_404(
        Signup.objects.visible_to(request.user).with_shift().select_related("volunteer__person"),
        pk=pk,
    )
    if not rules.may_keep_presence(request.user, signup.shift):
        raise NotAllowed()
    attendance = Attendance.objects.filter(signup=signup).first()
    form = PresenceForm(request.POST or None, signup=signup, attendance=attendance)
    if request.method == "POST" and form.is_valid():
        written = form.hand_in(acting_user=request.user)
        if written is not None:
            messages.success(
                request,
                _("已登记：%(who)s，%(state)s。")
                % {"who": signup.volunteer.display_name, "state": written.get_state_display()},
            )
            return redirect("timebank:presence-desk", signup.shift_id)
    return render(
        request,
        "timebank/presence/seat.html",
        {"form": form, "signup": signup, "shift": signup.shift, "attendance": attendance},
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def confirm_all(request: SignedInRequest, pk: int) -> HttpResponse:
    """Confirm what the clock counted, all at once; each refusal is told."""
    shift = kept_shift(request, pk)
    report = confirm_records(
        presence_desk(shift, request.user).to_confirm, acting_user=request.user
    )
    words = ngettext(
        "已确认 %(count)d 条，时间已记入。",
        "已确认 %(count)d 条，时间已记入。",
        len(report.confirmed),
    )
    messages.success(request, words % {"count": len(report.confirmed)})
    for record, sentence in report.refused:
        messages.warning(request, f"{record.volunteer.display_name}：{sentence}")
    return redirect("timebank:presence-desk", shift.pk)


# One person's presence ----------------------------------------------------------------------


@require_GET
def attendance_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """到场记录: what was noted, by whom, when; an absence can be contested here."""
    return _attendance_page(request, _seen(request, pk))


@require_POST
def attendance_contest(request: SignedInRequest, pk: int) -> HttpResponse:
    attendance = _seen(request, pk)
    PRESENCE.require(attendance, "contest", acting_user=request.user)
    form = ContestForm(request.POST)
    if not form.is_valid():
        return _attendance_page(request, attendance, contest=form)
    contest_absence(attendance, reason=form.cleaned_data["reason"], acting_user=request.user)
    messages.success(request, _("已提交，会由另一位工作人员复核。"))
    return redirect(attendance)


@require_POST
def attendance_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep an absence or take it back."""
    attendance = _seen(request, pk)
    if not rules.may_verify_presence(request.user, attendance):
        raise NotAllowed()
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _attendance_page(request, attendance, answer=form)
    answer_absence(
        attendance,
        form.cleaned_data["verb"],
        reason=form.cleaned_data["reason"],
        acting_user=request.user,
    )
    messages.success(request, _("已答复，本人会收到消息。"))
    return redirect(attendance)


def _attendance_page(
    request: SignedInRequest,
    attendance: Attendance,
    *,
    contest: ContestForm | None = None,
    answer: AnswerForm | None = None,
) -> HttpResponse:
    allows = {arrow.verb for arrow in PRESENCE.open_to(request.user, attendance)}
    may_contest = "contest" in allows and attendance.contested_at is None
    may_answer = bool({"clear", "uphold"} & allows)
    return render(
        request,
        "timebank/presence/detail.html",
        {
            "attendance": attendance,
            "shift": attendance.shift,
            "activity": attendance.shift.activity,
            "tone": TONES[attendance.state],
            "trail": presence_trail(attendance),
            "contest": contest or (ContestForm() if may_contest else None),
            "answer": answer or (AnswerForm() if may_answer else None),
            "may_write": rules.may_keep_presence(request.user, attendance.shift)
            and "verify" in allows,
        },
        status=422 if contest or answer else 200,
    )


# Who sees what --------------------------------------------------------------------------------


def kept_shift(request: SignedInRequest, pk: int) -> Shift:
    """A shift this person runs; seen but not run is 403."""
    shift = get_object_or_404(
        Shift.objects.visible_to(request.user)
        .with_activity()
        .select_related("activity__led_by")
        .with_taken(),
        pk=pk,
    )
    if not rules.may_keep_presence(request.user, shift):
        raise NotAllowed()
    return shift


def _seen(request: SignedInRequest, pk: int) -> Attendance:
    return get_object_or_404(
        Attendance.objects.visible_to(request.user)
        .with_shift()
        .select_related(
            "shift__region",
            "shift__activity__organisation",
            "shift__activity__community",
            "arrived_by",
            "left_by",
        ),
        pk=pk,
    )
