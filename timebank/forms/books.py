"""Filters of the book pages: accounts, and the instant of a trial balance."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from timebank.models.ledger import AccountKind, AccountState


class AccountFilter(forms.Form):
    words = forms.CharField(label=_("户名"), required=False, max_length=40)
    kind = forms.ChoiceField(
        label=_("类型"), required=False, choices=[("", _("全部")), *AccountKind.choices]
    )
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *AccountState.choices]
    )

    def narrowing(self) -> dict[str, str]:
        self.is_valid()
        asked: dict[str, Any] = getattr(self, "cleaned_data", {})
        return {
            name: (asked.get(name) or "").replace("\x00", "") for name in ("words", "kind", "state")
        }


class InstantForm(forms.Form):
    """截至 which moment; nothing means now."""

    at = forms.DateTimeField(
        label=_("截至（含）"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
    )

    def instant(self, now: datetime) -> datetime:
        self.is_valid()
        at: datetime | None = getattr(self, "cleaned_data", {}).get("at")
        if at is None:
            return now
        if timezone.is_naive(at):
            at = timezone.make_aware(at)
        return min(at, now)


class MonthForm(forms.Form):
    """Which month is settled; nothing means this one."""

    month = forms.DateField(
        label=_("月份"),
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.DateInput({"type": "month"}, "%Y-%m"),
    )

    def span(self) -> tuple[datetime, datetime]:
        """From the month's first instant to the next month's."""
        self.is_valid()
        day = getattr(self, "cleaned_data", {}).get("month") or timezone.localdate()
        first = day.replace(day=1)
        following = (first + timedelta(days=32)).replace(day=1)
        return (
            timezone.make_aware(datetime.combine(first, datetime.min.time())),
            timezone.make_aware(datetime.combine(following, datetime.min.time())),
        )
