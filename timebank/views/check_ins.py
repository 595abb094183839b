"""签到: what a volunteer's phone opens from the code on the screen, six digits, badges."""

import secrets

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Consent
from accounts.requests import SignedInRequest, row_number
from accounts.selectors.people import has_consented
from timebank.errors.presence import BadgeUnknown
from timebank.forms.presence import VERBS, DigitsForm, ToldForm
from timebank.models import Attendance, MeetingPoint, Shift
from timebank.selectors.presence import door_of, own_attendance, shifts_at_hand
from timebank.selectors.signups import own_signup
from timebank.services.check_ins import try_digits, use_token
from timebank.services.presence import check_in, check_out
from timebank.services.presence_steps import Evidence
from timebank.services.service_cards import badge_of, badge_of_token, replace_badge, token_of_badge

DEVICE_COOKIE = "device"
YEAR = 365 * 24 * 3600


# By the code on the screen -------------------------------------------------------------------


def scanned(request: SignedInRequest, pk: int, token: str) -> HttpResponse:
    """What the camera opens: one button, 签到 or 签退; the code is judged when it is pressed."""
    shift = _seen(request, pk)
    if request.method != "POST":
        return _page(request, shift, token=token)
    told = ToldForm(request.POST).told(device_of(request))
    attendance = use_token(shift, token, _verb(request), told, acting_user=request.user)
    return _done(request, attendance)


def digits(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same with six digits, for who cannot scan."""
    shift = _seen(request, pk)
    if request.method != "POST":
        return _page(request, shift, form=DigitsForm())
    form = DigitsForm(request.POST)
    if not form.is_valid():
        return _page(request, shift, form=form, status=422)
    told = ToldForm(request.POST).told(device_of(request))
    tried = try_digits(
        shift, form.cleaned_data["digits"], _verb(request), told, acting_user=request.user
    )
    if tried.attendance is None:
        words = ngettext(
            "数字不对，还可以输 %(left)d 次。屏幕上的数字每 30 秒换一次。",
            "数字不对，还可以输 %(left)d 次。屏幕上的数字每 30 秒换一次。",
            tried.left,
        )
        form.add_error("digits", words % {"left": tried.left})
        return _page(request, shift, form=form, status=422)
    return _done(request, tried.attendance)


def _page(
    request: SignedInRequest,
    shift: Shift,
    *,
    token: str = "",
    form: DigitsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    attendance = own_attendance(request.user, shift)
    has_point = MeetingPoint.objects.filter(shift=shift).exists()
    answer = render(
        request,
        "timebank/presence/check_in.html",
        {
            "shift": shift,
            "activity": shift.activity,
            "token": token,
            "form": form,
            "signup": own_signup(request.user, shift),
            "attendance": attendance,
            "verb": "leave" if attendance is not None else "arrive",
            "is_done": attendance is not None and attendance.state != Attendance.State.PRESENT,
            "door": door_of(shift),
            "has_point": has_point,
            "asks_place": has_point and has_consented(request.user, Consent.Purpose.LOCATION),
        },
        status=status,
    )
    if DEVICE_COOKIE not in request.COOKIES:
        answer.set_signed_cookie(
            DEVICE_COOKIE,
            secrets.token_hex(16),
            max_age=YEAR,
            httponly=True,
            secure=request.is_secure(),
            samesite="Lax",
        )
    return answer


def _done(request: SignedInRequest, attendance: Attendance) -> HttpResponse:
    said = {
        Attendance.State.PRESENT: _("签到成功。离开时记得签退，没有签退不记时长。"),
        Attendance.State.COUNTED: _("签退成功，时长已提交，等站点确认后记入您的时间。"),
        Attendance.State.NOTED: _("签退成功。这项活动不计入志愿服务时间。"),
        Attendance.State.SHORT: _(
            "已签退。在场时间不到这一场的六成，不计时长；有出入请找活动负责人。"
        ),
    }
    words = said.get(
        Attendance.State(attendance.state), _("已签退，但时长要由活动负责人核实，请看下面的原因。")
    )
    messages.success(request, str(words))
    return redirect(attendance)


def _verb(request: HttpRequest) -> str:
    verb = request.POST.get("verb", "")
    if verb not in VERBS:
        raise Http404
    return verb


def device_of(request: HttpRequest) -> str:
    """A hash of the number this browser was given: enough to see that several share one phone."""
    number = request.get_signed_cookie(DEVICE_COOKIE, default="")
    if not number:
        return ""
    return salted_hmac("timebank.device", number, algorithm="sha256").hexdigest()[:16]


def _seen(request: SignedInRequest, pk: int) -> Shift:
    return get_object_or_404(Shift.objects.visible_to(request.user).with_activity(), pk=pk)


# By the volunteer's own badge -----------------------------------------------------------------


@require_GET
def own_badge(request: SignedInRequest) -> HttpResponse:
    """我的志愿者码: for staff to scan."""
    badge = badge_of(request.user)
    link = settings.PUBLIC_ADDRESS + reverse("timebank:badge-scanned", args=[token_of_badge(badge)])
    svg = segno.make(link, error="m").svg_inline(scale=6, border=2, omitsize=True)
    return render(request, "timebank/presence/badge.html", {"svg": svg, "badge": badge})


@require_POST
def badge_replace(request: SignedInRequest) -> HttpResponse:
    replace_badge(request.user)
    messages.success(request, _("已换新码，旧的码不能再用。"))
    return redirect("timebank:badge-own")


def badge_scanned(request: SignedInRequest, token: str) -> HttpResponse:
    """Staff scanned somebody's badge: which shift, and whether they come or go."""
    badge = badge_of_token(token)
    if badge is None:
        raise Http404
    if badge.user == request.user:
        return redirect("timebank:badge-own")
    shifts = shifts_at_hand(request.user)
    if request.method == "POST":
        number = row_number(request.POST.get("shift", ""))
        shift = next((one for one in shifts if one.pk == number), None)
        if shift is None:
            raise BadgeUnknown()
        tell = check_in if _verb(request) == "arrive" else check_out
        evidence = Evidence(how=Attendance.How.BADGE)
        attendance = tell(shift, badge.user, evidence, acting_user=request.user)
        messages.success(
            request,
            _("%(who)s：%(state)s。")
            % {"who": badge.user.display_name, "state": attendance.get_state_display()},
        )
        return redirect("timebank:presence-desk", shift.pk)
    known = {
        row.shift_id: row
        for row in Attendance.objects.filter(volunteer=badge.user, shift__in=shifts)
    }
    seats = {
        row.shift_id: row for row in badge.user.signups.filter(shift__in=shifts, state="seated")
    }
    return render(
        request,
        "timebank/presence/badge_scanned.html",
        {
            "who": badge.user,
            "rows": [(shift, seats.get(shift.pk), known.get(shift.pk)) for shift in shifts],
            "may_name": bool(shifts),
        },
    )
