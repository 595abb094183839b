"""What an officer records of an organisation: facts from a source, and bars."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import model_choice_of
from accounts.models import Region, Role, User
from accounts.rules import roles_of_kind
from ventures.forms.fields import SOUND_DAYS, TidyIntegerField
from ventures.models import StandingFact

Kind = StandingFact.Kind


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        validators=SOUND_DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class FactForm(forms.Form):
    """One fact. What belongs to another kind is left out of `values()`."""

    kind = forms.ChoiceField(label=_("哪一项"), choices=Kind.choices)
    rating = forms.ChoiceField(
        label=_("等级"),
        choices=[("", "—"), *((str(n), f"{n}A") for n in range(1, 6))],
        required=False,
        help_text=_("评估等级才填。"),
    )
    year = TidyIntegerField(
        label=_("哪个年度"),
        min_value=2000,
        max_value=2099,
        required=False,
        help_text=_("年检（年报）才填，如 2025。"),
    )
    result = forms.ChoiceField(
        label=_("年检结果"),
        choices=[("", "—"), *StandingFact.Result.choices],
        required=False,
    )
    from_on = day_field(_("从哪天起"))
    until_on = day_field(
        _("到哪天止"),
        required=False,
        help_text=_("评估等级一般五年；还在名录里的空着，移出后再写。"),
    )
    source = forms.CharField(
        label=_("信息来源"), max_length=100, help_text=_("如：浙江社会组织网公告、评估文件文号。")
    )

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        kind = values.get("kind")
        if kind == Kind.RATING and not values.get("rating"):
            self.add_error("rating", _("请选评估等级。"))
        if kind == Kind.ANNUAL_CHECK:
            if not values.get("year") and "year" not in self.errors:
                self.add_error("year", _("请写哪个年度。"))
            if not values.get("result"):
                self.add_error("result", _("请选年检结果。"))
        begins, ends = values.get("from_on"), values.get("until_on")
        if begins and ends and ends < begins:
            self.add_error("until_on", _("结束的日子不能早于开始的日子。"))
        return values

    def values(self) -> dict[str, Any]:
        values = self.cleaned_data
        kind = values["kind"]
        return {
            "kind": kind,
            "rating": int(values["rating"]) if kind == Kind.RATING else None,
            "year": values["year"] if kind == Kind.ANNUAL_CHECK else None,
            "result": values["result"] if kind == Kind.ANNUAL_CHECK else "",
            "from_on": values["from_on"],
            "until_on": values["until_on"],
            "source": values["source"],
        }


class BarForm(forms.Form):
    """Keep an organisation from applying."""

    region = forms.ModelChoiceField(
        label=_("作出决定的地区"), queryset=Region.objects.none(), empty_label=None
    )
    from_on = day_field(_("从哪天起"))
    until_on = day_field(_("到哪天止"), required=False, help_text=_("空着就是到另行解除为止。"))
    reason = forms.CharField(
        label=_("原因"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("会告诉这个组织，请写清楚是哪件事。"),
    )
    document_number = forms.CharField(label=_("决定文号"), max_length=60)
    document = forms.FileField(
        label=_("决定文件（PDF）"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )

    def __init__(self, *args: Any, acting_user: User, place: Region, **options: Any) -> None:
        super().__init__(*args, **options)
        own = [
            role.region.pk
            for role in roles_of_kind(acting_user, Role.Kind.OFFICER)
            if role.region is not None and role.region.contains(place)
        ]
        model_choice_of(self, "region").queryset = Region.objects.filter(pk__in=own)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        begins, ends = values.get("from_on"), values.get("until_on")
        if begins and ends and ends < begins:
            self.add_error("until_on", _("结束的日子不能早于开始的日子。"))
        return values


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )
