"""The form of giving hours to a pool."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.kit import hours


class GiftForm(forms.Form):
    """捐赠时间: how many minutes."""

    minutes = forms.IntegerField(
        label=_("捐多少分钟"),
        min_value=1,
        max_value=1_000_000,
        error_messages={"required": _("请填捐多少分钟。")},
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, available: int, **options: Any) -> None:
        options["initial"] = {"request_key": uuid4()} | (options.get("initial") or {})
        super().__init__(*args, **options)
        self.available = available
        self.fields["minutes"].help_text = _(
            "60 分钟是 1 小时。您现在最多可以捐 %(available)s（%(minutes)d 分钟）。"
        ) % {"available": hours(available), "minutes": available}

    def clean_minutes(self) -> int:
        """Asked before the giver confirms; afterwards the ledger decides, once per request."""
        minutes: int = self.cleaned_data["minutes"]
        if minutes > self.available and "confirmed" not in self.data:
            raise forms.ValidationError(
                _("您现在最多可以捐 %(available)s（%(minutes)d 分钟）。")
                % {"available": hours(self.available), "minutes": self.available},
                code="too_many",
            )
        return minutes
