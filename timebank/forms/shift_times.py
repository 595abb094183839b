"""When a shift is: a day and two times, once or again and again by a rule of RFC 5545."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from timebank.errors.activities import RuleUnreadable, TooLong
from timebank.forms.orders import date_input, time_input
from timebank.models import Shift
from timebank.services.shifts import ShiftDetails, instants_of


class ShiftTimeForm(forms.Form):
    """When: a day, from, to; the end may lie after midnight."""

    day = forms.DateField(label=_("日期"), widget=date_input())
    start = forms.TimeField(label=_("从几点"), widget=time_input(), initial=time(9))
    end = forms.TimeField(label=_("到几点"), widget=time_input(), initial=time(11))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if all(cleaned.get(name) is not None for name in ("day", "start", "end")):
            starts_at = timezone.make_aware(datetime.combine(cleaned["day"], cleaned["start"]))
            ends_at = timezone.make_aware(datetime.combine(cleaned["day"], cleaned["end"]))
            if ends_at <= starts_at:
                self.add_error("end", _("结束时间要晚于开始时间。"))
            elif ends_at - starts_at > Shift.LONGEST:
                self.add_error("end", str(TooLong()))
            if starts_at <= timezone.now():
                self.add_error("day", _("场次要安排在将来。请核对日期和时间。"))
            cleaned |= {"starts_at": starts_at, "ends_at": ends_at}
        return cleaned


class ShiftForm(ShiftTimeForm):
    """A shift, once or again and again until a day."""

    seats = forms.IntegerField(label=_("名额"), min_value=1, max_value=2000, initial=10)
    repeat = forms.ChoiceField(
        label=_("重复"),
        required=False,
        choices=[
            ("", _("只办一次")),
            ("FREQ=WEEKLY", _("每周同一天")),
            ("FREQ=WEEKLY;INTERVAL=2", _("每两周")),
            ("FREQ=MONTHLY", _("每月同一日")),
            ("nth", _("每月同一个星期几（如第二个周六）")),
        ],
    )
    until = forms.DateField(
        label=_("重复到哪一天"),
        required=False,
        widget=date_input(),
        help_text=_("一次最多排 60 场。"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("repeat"):
            return cleaned
        if not cleaned.get("until"):
            self.add_error("until", _("请选重复到哪一天。"))
        elif "starts_at" in cleaned:
            try:
                instants_of(self.rule(), cleaned["starts_at"])
            except RuleUnreadable as refusal:
                self.add_error("until", str(refusal))
        return cleaned

    def rule(self) -> str:
        """The recurrence rule of RFC 5545; empty for a single shift."""
        cleaned = self.cleaned_data
        repeat: str = cleaned.get("repeat", "")
        if not repeat:
            return ""
        day: date = cleaned["day"]
        if repeat == "nth":
            weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[day.weekday()]
            repeat = f"FREQ=MONTHLY;BYDAY={(day.day - 1) // 7 + 1}{weekday}"
        return f"{repeat};UNTIL={cleaned['until']:%Y%m%d}T235959"

    def details(self, activity_region: Region, place: str) -> ShiftDetails:
        cleaned = self.cleaned_data
        return ShiftDetails(
            starts_at=cleaned["starts_at"],
            ends_at=cleaned["ends_at"],
            seats=cleaned["seats"],
            place=place,
            region=activity_region,
        )
