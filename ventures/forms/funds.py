"""What an officer types of a round's money: its sources, which add up to the fund."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.kit import yuan
from ventures.forms.fields import TidyDecimalField
from ventures.models import FundSource
from ventures.rules.plain_figures import plain_yuan
from ventures.services.budgets import fen_of

SPARE_ROWS = 2
MOST_SOURCES = 8


class FundSourceForm(forms.Form):
    """One source; a row without an amount is left out."""

    kind = forms.ChoiceField(label=_("来源"), choices=FundSource.Kind.choices)
    name = forms.CharField(label=_("具体名称"), max_length=60, required=False)
    amount = TidyDecimalField(label=_("金额（元）"), min_value=Decimal("0.01"), required=False)

    @property
    def is_blank(self) -> bool:
        return self.cleaned_data.get("amount") is None

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("name") and values.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("请写明这一笔的金额。"))
        return values


class BaseFundSourceFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """The sources of a round. Whether they add up is asked with the fund (`adds_up_to`)."""

    def sources(self) -> list[dict[str, Any]]:
        return [
            {
                "kind": form.cleaned_data["kind"],
                "name": form.cleaned_data["name"],
                "amount_fen": fen_of(form.cleaned_data["amount"]),
            }
            for form in self.forms
            if not form.is_blank
        ]

    def adds_up_to(self, fund_fen: int) -> bool:
        """Whether the rows say the whole fund to the fen; if not, the difference is said.

        Where no row says an amount, the first source brings all of it.
        """
        if fund_fen and not self.sources():
            self.forms[0].cleaned_data["amount"] = Decimal(fund_fen) / 100
        total = sum(source["amount_fen"] for source in self.sources())
        if total == fund_fen:
            return True
        self.non_form_errors().append(
            _("资金来源合计 %(total)s，资金总额 %(fund)s，相差 %(off)s，请改成一样。")
            % {"total": yuan(total), "fund": yuan(fund_fen), "off": yuan(abs(total - fund_fen))}
        )
        return False


FundSourceFormSet = forms.formset_factory(
    FundSourceForm, formset=BaseFundSourceFormSet, extra=SPARE_ROWS, max_num=MOST_SOURCES
)


def source_formset(
    data: QueryDict | None = None, *, sources: Sequence[FundSource] = ()
) -> BaseFundSourceFormSet:
    """Bound to what was sent, else to the round's sources and two empty rows."""
    rows = [
        {"kind": source.kind, "name": source.name, "amount": plain_yuan(source.amount_fen)}
        for source in sources
    ]
    formset = FundSourceFormSet(data, initial=rows, prefix="sources")
    assert isinstance(formset, BaseFundSourceFormSet), "made from it"
    return formset
