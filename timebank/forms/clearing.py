"""The form with which somebody sends hours of their own to their account in another bank."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from timebank.models.banks import TimeBank


class CrossingForm(forms.Form):
    """通兑: from which bank to which, how many minutes, what they were for."""

    way = forms.TypedChoiceField(label=_("从哪里到哪里"), coerce=int)
    minutes = forms.IntegerField(
        label=_("转多少分钟"),
        min_value=1,
        max_value=1_000_000,
        help_text=_("60 分钟是 1 小时。"),
        error_messages={"required": _("请填转多少分钟。")},
    )
    reason = forms.CharField(
        label=_("说明"),
        max_length=100,
        help_text=_("例如：在桐乡做的服务，转回来用。"),
        error_messages={"required": _("请写一句说明，以后看明细时认得出来。")},
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, ways: Sequence[tuple[TimeBank, TimeBank]], **options: Any
    ) -> None:
        options["initial"] = {"request_key": uuid4()} | (options.get("initial") or {})
        super().__init__(*args, **options)
        way = self.fields["way"]
        assert isinstance(way, forms.TypedChoiceField), "declared above"
        way.choices = [
            (number, _("%(bank)s → %(other)s") % {"bank": bank.name, "other": other.name})
            for number, (bank, other) in enumerate(ways)
        ]
