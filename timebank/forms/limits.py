"""The form that says how much a person's account may hold, from which day, and what then."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from timebank.models.ledger_limits import LimitPolicy

HOURS_MOST = 100_000
WhenFull = LimitPolicy.WhenFull


class CeilingForm(forms.Form):
    ceiling_hours = forms.IntegerField(
        label=_("每人最多存多少小时"),
        min_value=1,
        max_value=HOURS_MOST,
        required=False,
        help_text=_("不填就是没有上限。已经超过的人不减少，只是不再增加。"),
    )
    when_full = forms.ChoiceField(
        label=_("到了上限以后"), choices=WhenFull.choices, widget=forms.RadioSelect
    )
    begins_on = forms.DateField(
        label=_("从哪天开始"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    reason = forms.CharField(
        label=_("依据"),
        max_length=200,
        help_text=_("哪份文件或哪次会议定的，大家都看得到。"),
        error_messages={"required": _("请写明依据，让大家看得明白。")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {
            "begins_on": timezone.localdate(),
            "when_full": WhenFull.POOL,
        } | (options.get("initial") or {})
        super().__init__(*args, **options)

    def clean_begins_on(self) -> date:
        day: date = self.cleaned_data["begins_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("请选今天或以后的日期。"))
        return day

    def facts(self) -> dict[str, Any]:
        """What `set_ceiling` takes."""
        asked = self.cleaned_data
        ceiling = asked["ceiling_hours"]
        return {
            "ceiling": ceiling * 60 if ceiling else None,
            "when_full": asked["when_full"],
            "begins_on": asked["begins_on"],
            "reason": asked["reason"],
        }
