"""What an officer types of prizes of several sizes: name, how many, how much each."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.kit import yuan
from ventures.forms.fields import TidyDecimalField
from ventures.models import Prize
from ventures.rules.plain_figures import plain_yuan
from ventures.services.budgets import fen_of

ROWS, MOST_PRIZES, MOST_PLACES = 3, 8, 500


class PrizeForm(forms.Form):
    """One size; a row without a name and a sum is left out."""

    name = forms.CharField(label=_("奖项名称"), max_length=20, required=False)
    places = forms.IntegerField(label=_("几名"), min_value=1, max_value=MOST_PLACES, required=False)
    amount = TidyDecimalField(label=_("每名（元）"), min_value=Decimal("0.01"), required=False)

    @property
    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in ("name", "places", "amount"))

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if not self.is_blank:
            for name in ("name", "places", "amount"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("这一行的名称、名额和奖金都要写。"))
        return values


class BasePrizeFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """The prizes of a round. Whether the fund bears them is asked with the fund (`fits`)."""

    def prizes(self) -> list[dict[str, Any]]:
        return [
            {
                "name": form.cleaned_data["name"].strip(),
                "places": form.cleaned_data["places"],
                "amount_fen": fen_of(form.cleaned_data["amount"]),
            }
            for form in self.forms
            if not form.is_blank
        ]

    @property
    def largest_fen(self) -> int:
        return max((one["amount_fen"] for one in self.prizes()), default=0)

    def clean(self) -> None:
        if any(self.errors):
            return
        rows = self.prizes()
        for column in ("name", "amount_fen"):
            if len({one[column] for one in rows}) < len(rows):
                raise forms.ValidationError(_("各个奖项的名称和奖金都要不一样。"))

    def fits(self, fund_fen: int) -> bool:
        """Whether the fund bears all places; if not, by how much it falls short is said."""
        total = sum(one["places"] * one["amount_fen"] for one in self.prizes())
        if total <= fund_fen:
            return True
        self.non_form_errors().append(
            _("各奖项合计 %(total)s，超过资金总额 %(fund)s，请改小。")
            % {"total": yuan(total), "fund": yuan(fund_fen)}
        )
        return False


PrizeFormSet = forms.formset_factory(
    PrizeForm, formset=BasePrizeFormSet, extra=ROWS, max_num=MOST_PRIZES
)


def prize_formset(
    data: QueryDict | None = None, *, prizes: Sequence[Prize] = ()
) -> BasePrizeFormSet:
    """Bound to what was sent, else to the round's prizes and empty rows. What was sent without
    them, as by another page, is none."""
    rows = [
        {"name": one.name, "places": one.places, "amount": plain_yuan(one.amount_fen)}
        for one in prizes
    ]
    if data is not None and "prizes-TOTAL_FORMS" not in data:
        data = QueryDict("prizes-TOTAL_FORMS=0&prizes-INITIAL_FORMS=0")
    formset = PrizeFormSet(data, initial=rows, prefix="prizes")
    assert isinstance(formset, BasePrizeFormSet), "made from it"
    return formset
