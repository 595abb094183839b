"""What an officer types of a place: its budget of a year, and how long the steps take."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import model_choice_of
from accounts.models import Region
from ventures.forms.fields import TidyDecimalField, TidyIntegerField
from ventures.forms.standing import day_field
from ventures.models import Programme
from ventures.services.budgets import fen_of


class LevelBudgetForm(forms.Form):
    """The budget of one place, programme and year."""

    programme = forms.ModelChoiceField(
        label=_("创投品牌"), queryset=Programme.objects.none(), empty_label=None
    )
    year = TidyIntegerField(label=_("年度"), min_value=2000, max_value=2099)
    amount = TidyDecimalField(label=_("年度预算（元）"), min_value=Decimal("0.01"))
    cap = TidyDecimalField(
        label=_("单个项目最多（元）"),
        min_value=Decimal("0.01"),
        required=False,
        help_text=_("本级轮次的申请上限不能比它高；空着就是不另作限制。"),
    )
    document_number = forms.CharField(label=_("依据文号"), max_length=60)

    def __init__(self, *args: Any, region: Region, **options: Any) -> None:
        super().__init__(*args, **options)
        model_choice_of(self, "programme").queryset = Programme.objects.filter(
            region__in=region.lineage
        )

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        amount, cap = values.get("amount"), values.get("cap")
        if amount is not None and cap is not None and cap > amount:
            self.add_error("cap", _("单个项目最多不能超过年度预算。"))
        return values

    def values(self) -> dict[str, Any]:
        cap = self.cleaned_data["cap"]
        return {
            "amount_fen": fen_of(self.cleaned_data["amount"]),
            "cap_fen": None if cap is None else fen_of(cap),
            "document_number": self.cleaned_data["document_number"],
        }


class StepLimitsForm(forms.Form):
    """Working days for each step; a blank one has no limit of its own."""

    valid_from = day_field(_("从哪天起"))
    basis = forms.CharField(
        label=_("依据"), max_length=100, help_text=_("如：小微权力清单 36 条，文号。")
    )

    def __init__(self, *args: Any, steps: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.steps = steps
        self.initial.setdefault("valid_from", timezone.localdate())
        for verb, label in steps.items():
            self.fields[f"days_{verb}"] = TidyIntegerField(
                label=_("%(step)s（工作日）") % {"step": label},
                min_value=1,
                max_value=250,
                required=False,
            )

    def days(self) -> dict[str, int]:
        return {
            verb: self.cleaned_data[f"days_{verb}"]
            for verb in self.steps
            if self.cleaned_data[f"days_{verb}"]
        }
