"""Forms of stars and of the honour board."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from timebank.selectors.honours import PERIODS, groups_served


class StarReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("理由"), max_length=200, widget=forms.Textarea({"rows": 2}), required=True
    )


class HonourFilter(forms.Form):
    """Which board: a town or the whole city, a period, a kind of service."""

    place = forms.ModelChoiceField(
        label=_("地方"), queryset=Region.objects.none(), required=False, empty_label=_("全市")
    )
    period = forms.ChoiceField(label=_("时间"), choices=PERIODS, required=False)
    group = forms.ChoiceField(label=_("服务类别"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        place: Any = self.fields["place"]
        place.queryset = Region.objects.current().filter(level=Region.Level.TOWN).order_by("code")
        place.label_from_instance = lambda region: region.short_name
        group: Any = self.fields["group"]
        group.choices = [("", _("全部")), *((one, one) for one in groups_served())]

    def wanted(self) -> dict[str, Any]:
        """What was asked for; what makes no sense is left out."""
        self.is_valid()
        asked: dict[str, Any] = getattr(self, "cleaned_data", {})
        return {
            "place": asked.get("place"),
            "period": asked.get("period") or "month",
            "group": asked.get("group") or "",
        }
