"""The calendar of working days: a year's arrangement, one day or several of it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_HOLIDAY = 31


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ArrangementForm(forms.Form):
    """The State Council's document for a year; entering it says the days below are complete."""

    document_number = forms.CharField(
        label=_("发文字号"), max_length=60, help_text=_("国务院办公厅通知的文号。")
    )
    published_on = forms.DateField(label=_("发布日期"), required=False, widget=day_input())


class DayForm(forms.Form):
    """A day or a run of days: off although weekdays, or worked although a weekend."""

    first = forms.DateField(label=_("第一天"), widget=day_input())
    last = forms.DateField(
        label=_("最后一天"), required=False, widget=day_input(), help_text=_("只有一天可以不填。")
    )
    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("如“春节”“春节调休”。"))
    is_working = forms.ChoiceField(
        label=_("这些天"),
        choices=[("no", _("放假")), ("yes", _("调休上班"))],
        initial="no",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        self.year = year
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last") or cleaned.get("first")
        if first and last:
            if first.year != self.year or last.year != self.year:
                self.add_error("first", _("只能登记%(year)d年的日子。") % {"year": self.year})
            elif not first <= last < first + timedelta(days=LONGEST_HOLIDAY):
                self.add_error("last", _("最后一天须在第一天之后，且不超过一个月。"))
        return cleaned

    def days(self) -> list[date]:
        first = self.cleaned_data["first"]
        last = self.cleaned_data["last"] or first
        return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
