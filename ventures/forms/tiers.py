"""What an officer types of a round's tiers: how light or heavy each is."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ventures.forms.fields import TidyDecimalField, TidyIntegerField
from ventures.models import Tier
from ventures.rules.plain_figures import plain_yuan
from ventures.services.budgets import fen_of
from ventures.services.rounds import TIER_COLUMNS, tier_presets


def percent_field(label: str | Promise) -> TidyIntegerField:
    return TidyIntegerField(label=label, min_value=0, max_value=100)


class TierForm(forms.Form):
    """One tier of a round."""

    name = forms.CharField(label=_("档次"), max_length=20, required=False)
    upto = TidyDecimalField(label=_("申请额不超过（元）"), required=False)
    form = forms.ChoiceField(label=_("申报表"), choices=Tier.Form.choices)
    budget_line_limit = forms.IntegerField(label=_("预算行数上限"), min_value=1, max_value=60)
    review_kind = forms.ChoiceField(label=_("怎么评"), choices=Tier.ReviewKind.choices)
    panel_size = TidyIntegerField(label=_("评委人数"), min_value=1, max_value=30)
    is_budget_checked = forms.BooleanField(label=_("评审前做财务预审"), required=False)
    agreement_kind = forms.ChoiceField(label=_("协议形式"), choices=Tier.AgreementKind.choices)
    first_percent = percent_field(_("首款（%）"))
    midterm_percent = percent_field(_("中期款（%）"))
    final_percent = percent_field(_("尾款（%）"))
    midterm_kind = forms.ChoiceField(label=_("中期"), choices=Tier.MidtermKind.choices)
    midterm_pass_points = percent_field(_("中期合格分"))
    closing_kind = forms.ChoiceField(label=_("结项"), choices=Tier.ClosingKind.choices)
    audit_percent = percent_field(_("抽查审计（%）"))
    review_words = forms.CharField(label=_("评审方式"), max_length=60, required=False)
    agreement_words = forms.CharField(label=_("协议"), max_length=60, required=False)
    tranche_words = forms.CharField(label=_("拨款方式"), max_length=60, required=False)
    follow_up_words = forms.CharField(label=_("过程与结项"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("name") and not values.get("upto"):
            self.add_error("upto", _("请写明这一档的上限。"))
        if values.get("upto") and not values.get("name"):
            self.add_error("name", _("请给这一档起个名字。"))
        names = ("first_percent", "midterm_percent", "final_percent")
        parts: list[int] = [values[name] for name in names if values.get(name) is not None]
        if values.get("name") and len(parts) == len(names) and sum(parts) != 100:
            self.add_error(
                "final_percent",
                _("三笔合计要等于 100，现在是 %(sum)d。") % {"sum": sum(parts)},
            )
        return values

    @property
    def is_blank(self) -> bool:
        return not self.cleaned_data.get("name")

    def values(self) -> dict[str, Any]:
        values = {name: value for name, value in self.cleaned_data.items() if name != "upto"}
        return values | {"upto_fen": fen_of(self.cleaned_data["upto"])}


class BaseTierFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """The tiers of a round; a tier without a name is left out."""

    def clean(self) -> None:
        if any(self.errors):
            return
        named = [form for form in self.forms if not form.is_blank]
        if not named:
            raise forms.ValidationError(_("至少要有一个档次。"))
        for name, sentence in (
            ("upto", _("两个档次的上限不能相同。")),
            ("name", _("两个档次不能同名。")),
        ):
            seen = [form.cleaned_data[name] for form in named]
            if len(set(seen)) != len(seen):
                raise forms.ValidationError(sentence)

    def tiers(self) -> list[dict[str, Any]]:
        return [form.values() for form in self.forms if not form.is_blank]


TierFormSet = forms.formset_factory(TierForm, formset=BaseTierFormSet, extra=0, max_num=6)


def tier_formset(data: QueryDict | None = None, *, tiers: Sequence[Tier] = ()) -> BaseTierFormSet:
    """Bound to what was sent, else to the round's tiers, else to the presets of practice."""
    rows: Sequence[dict[str, Any]] = [
        {name: getattr(tier, name) for name in TIER_COLUMNS} | {"upto": plain_yuan(tier.upto_fen)}
        for tier in tiers
    ] or [
        {name: value for name, value in preset.items() if name != "upto_fen"}
        | {"upto": plain_yuan(preset["upto_fen"])}
        for preset in tier_presets()
    ]
    formset = TierFormSet(data, initial=rows, prefix="tiers")
    assert isinstance(formset, BaseTierFormSet), "made from it"
    return formset
