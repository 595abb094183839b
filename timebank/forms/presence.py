"""Forms around presence: what staff write down by hand, what a volunteer contests, six digits."""

import re
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal
from accounts.forms.choices import choice_of
from accounts.forms.fields import DigitsField
from accounts.models import User
from timebank.forms.orders import time_input
from timebank.models import Attendance, Shift, Signup
from timebank.services.check_ins import Told
from timebank.services.presence import check_in, check_out, verify_presence
from timebank.services.presence_absences import mark_absent
from timebank.services.presence_steps import Evidence

VERBS = {"arrive": _("签到"), "leave": _("签退")}


def at_shift(shift: Shift, told: time) -> datetime:
    """That time of the clock near the shift; one that runs past midnight has its early hours."""
    start = timezone.localtime(shift.starts_at)
    moment = start.replace(hour=told.hour, minute=told.minute, second=0, microsecond=0)
    if moment < start - timedelta(hours=12):
        moment += timedelta(days=1)
    return moment


class PresenceForm(forms.Form):
    """What happened to one seat, as whoever runs the activity knows it."""

    act = forms.ChoiceField(label=_("登记什么"), widget=forms.RadioSelect)
    arrived = forms.TimeField(label=_("到达时间"), required=False, widget=time_input())
    left = forms.TimeField(label=_("离开时间"), required=False, widget=time_input())
    reason = forms.CharField(
        label=_("原因"),
        max_length=120,
        required=False,
        help_text=_("怎么知道的，如：手机没电，本人签字；和他一起收的工。"),
    )

    def __init__(
        self, *args: Any, signup: Signup, attendance: Attendance | None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.signup, self.attendance = signup, attendance
        shift, now = signup.shift, timezone.now()
        acts = [("verify", _("写下到达和离开的时间"))] if now > shift.starts_at else []
        is_there = attendance is not None and attendance.state == Attendance.State.PRESENT
        if attendance is None and now < shift.ends_at:
            acts.insert(0, ("arrive", _("现在到了（按系统时间）")))
        if is_there and now <= shift.ends_at:
            acts.insert(0, ("leave", _("现在离开（按系统时间）")))
        if attendance is None and now >= shift.ends_at:
            acts.append(("absent", _("没有来，登记为未到")))
        choice_of(self, "act").choices = acts
        self.fields["act"].initial = acts[0][0] if acts else None
        known_arrival = attendance.arrived_at if attendance else None
        known_leaving = attendance.left_at if attendance else None
        self.fields["arrived"].initial = _clock(known_arrival or shift.starts_at)
        self.fields["left"].initial = _clock(known_leaving or shift.ends_at)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        act = cleaned.get("act")
        if act == "verify":
            for name in ("arrived", "left"):
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, _("请填写时间。"))
        if act in ("arrive", "leave", "verify") and not (cleaned.get("reason") or "").strip():
            self.add_error("reason", _("请写明原因，复核的人要看。"))
        return cleaned

    def hand_in(self, *, acting_user: User) -> Attendance | None:
        """Do it; what stands against the times is said beside them."""
        try:
            return self._act(acting_user)
        except Refusal as refusal:
            if refusal.code != "presence_times_wrong":
                raise
            self.add_error("left", str(refusal))
            return None

    def _act(self, acting_user: User) -> Attendance:
        cleaned, signup = self.cleaned_data, self.signup
        if cleaned["act"] == "absent":
            return mark_absent(signup, acting_user=acting_user)
        if cleaned["act"] == "verify":
            return verify_presence(
                signup,
                arrived_at=at_shift(signup.shift, cleaned["arrived"]),
                left_at=at_shift(signup.shift, cleaned["left"]),
                reason=cleaned["reason"],
                acting_user=acting_user,
            )
        tell = check_in if cleaned["act"] == "arrive" else check_out
        evidence = Evidence(how=Attendance.How.STAFF, reason=cleaned["reason"].strip())
        return tell(signup.shift, signup.volunteer, evidence, acting_user=acting_user)


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"


class ToldForm(forms.Form):
    """What a phone tells along with a code; whatever is odd is left out, never refused."""

    device_at = forms.CharField(required=False)
    latitude = forms.CharField(required=False)
    longitude = forms.CharField(required=False)

    def told(self, device: str) -> Told:
        self.full_clean()
        cleaned = self.cleaned_data
        return Told(
            device=device,
            device_at=_instant(cleaned.get("device_at", "")),
            latitude=_degrees(cleaned.get("latitude", ""), 90),
            longitude=_degrees(cleaned.get("longitude", ""), 180),
        )


def _instant(words: str) -> datetime | None:
    try:
        told = datetime.fromisoformat(words)
    except ValueError:
        return None
    is_sane = told.tzinfo is not None and abs(told.year - timezone.now().year) <= 1
    return told if is_sane else None


def _degrees(words: str, most: int) -> float | None:
    if not re.fullmatch(r"-?\d{1,3}(\.\d{1,12})?", words):
        return None
    value = float(words)
    return value if abs(value) <= most else None


class DigitsForm(forms.Form):
    """The six digits under the code on the screen."""

    digits = DigitsField(
        count=6,
        label=_("屏幕上的六位数字"),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
        error_messages={"invalid": _("是六位数字，请看屏幕再输一次。")},
        help_text=_("每 30 秒换一次，照现在显示的输。最多可以输错 5 次。"),
    )


class ContestForm(forms.Form):
    """What the volunteer says about an absence."""

    reason = forms.CharField(
        label=_("说明情况"),
        max_length=200,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("几点到的、和谁在一起、做了什么。会由另一位工作人员复核。"),
    )


class AnswerForm(forms.Form):
    """What was found about a contested absence."""

    verb = forms.ChoiceField(
        label=_("复核结果"),
        choices=[("clear", _("撤销未到")), ("uphold", _("维持未到"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("理由"), max_length=120)
