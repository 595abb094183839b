"""Fields people type into: numbers as written, days that can be sound, text that can be kept.

The forms themselves stand beside their subject.
"""

import unicodedata
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

LARGEST_YUAN = Decimal("100000000")


def tidy_number(text: str) -> str:
    """A number as people write and paste it: ￥1,600元 is 1600, full-width digits are digits."""
    text = unicodedata.normalize("NFKC", text).strip()
    for mark in ("¥", "元", ",", " ", "\u2009"):  # not shown: what people type
        text = text.replace(mark, "")
    return text


def storable(text: str) -> str:
    """Text as it can be kept: the NUL character, which PostgreSQL stores nowhere, is left out."""
    return text.replace("\x00", "")


# A day or an instant the office writes: what lies outside is a slip, and the first year of the
# calendar, moved to Greenwich, could be stored but never read again.
SOUND_DAYS = (MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31)))
SOUND_INSTANTS = tuple(
    type(check)(datetime.combine(check.limit_value, time.min, tzinfo=UTC)) for check in SOUND_DAYS
)


class TidyDecimalField(forms.DecimalField):
    """A decimal number that forgives currency marks, commas and full-width digits."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("min_value", Decimal(0))
        options.setdefault("max_value", LARGEST_YUAN)
        options.setdefault("decimal_places", 2)
        options.setdefault("error_messages", {"invalid": _("请填写数字，最多两位小数。")})
        super().__init__(**options)
        for check in self.validators:
            if isinstance(check, MaxValueValidator) and check.limit_value == LARGEST_YUAN:
                check.message = _("数字太大了，请核对有没有多打零。")
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        return super().to_python(tidy_number(value) if isinstance(value, str) else value)


class TidyIntegerField(forms.IntegerField):
    """A whole number, forgiven like the decimals above."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {"invalid": _("请填写整数，如 60。")})
        super().__init__(**options)
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        return super().to_python(tidy_number(value) if isinstance(value, str) else value)
