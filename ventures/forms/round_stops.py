"""What is typed to end a round without awards, and to say no to it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import choice_of
from ventures.models import RoundStop


class StopForm(forms.ModelForm):  # type: ignore[type-arg]
    """Read only for its cleaned values; `services.round_stops` writes."""

    class Meta:
        model = RoundStop
        fields = ("cause", "reason", "next_words")
        widgets = {
            "cause": forms.RadioSelect,
            "reason": forms.Textarea(attrs={"rows": 3}),
            "next_words": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "reason": _("写在征集公告上，人人可见，也发给已经申报和正在填写的人。"),
            "next_words": _("例如：修改条件后 12 月重新征集。可以不写。"),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choice_of(self, "cause").choices = RoundStop.Cause.choices


class RefuseStopForm(forms.Form):
    reason = forms.CharField(
        label=_("为什么不同意"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
