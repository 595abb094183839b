"""The budget as an applicant types it: nine columns (the match in cash and in kind), lines that
add up, rows that do not yet.

What cannot be read is returned as typed, so that the service can keep it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.kit import yuan
from ventures.forms.fields import LARGEST_YUAN, TidyDecimalField, storable
from ventures.models import BudgetLine, BudgetRules, Proposal
from ventures.selectors.budget_rules import findings_of
from ventures.selectors.typed_rows import typed_budget_of
from ventures.services.budgets import DraftBudget, PlannedLine, fen_of, product_fen

BUDGET_COLUMNS = (
    "cost_class",
    "purpose",
    "unit_price",
    "quantity",
    "unit",
    "amount",
    "requested",
    "cash",
    "in_kind",
    "basis",
)
MOST_ROWS = 60
# Rows typed before cash and kind were told apart.
FORMER = {"cash": "matching"}


class BudgetLineForm(forms.Form):
    """One line of nine columns. Blank lines are passed over; what disagrees is said beside it."""

    cost_class = forms.ChoiceField(choices=BudgetLine.CostClass.choices, label=_("费用类别"))
    purpose = forms.CharField(max_length=60, label=_("支出内容"))
    unit_price = TidyDecimalField(label=_("单价"), min_value=Decimal("0.01"))
    quantity = TidyDecimalField(
        label=_("数量"), min_value=Decimal("0.01"), max_value=Decimal("1000000")
    )
    unit = forms.CharField(max_length=12, label=_("单位"))
    amount = TidyDecimalField(label=_("金额"), required=False)
    requested = TidyDecimalField(label=_("申请资助"), required=False)
    cash = TidyDecimalField(label=_("配套现金"), required=False)
    in_kind = TidyDecimalField(label=_("配套实物"), required=False)
    basis = forms.CharField(max_length=100, required=False, label=_("测算依据"))

    use_required_attribute = False
    # What the round's rules say, by column; the line is kept all the same.
    said: Mapping[str, Sequence[str]] = MappingProxyType({})
    TELLING: ClassVar = tuple(name for name in BUDGET_COLUMNS if name != "cost_class")

    @property
    def is_blank(self) -> bool:
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in self.TELLING)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        unit_price, quantity = values.get("unit_price"), values.get("quantity")
        if unit_price is None or quantity is None:
            return values
        product = product_fen(unit_price, quantity)
        if product is None:
            self.add_error("quantity", _("单价 × 数量不是整分，请调整单价或数量。"))
            return values
        if product > fen_of(LARGEST_YUAN):
            self.add_error("quantity", _("金额太大，请检查单价和数量。"))
            return values
        self._check_amount(product)
        self._check_funding(product)
        return values

    def _check_amount(self, product: int) -> None:
        amount = self.cleaned_data.get("amount")
        if amount is not None and fen_of(amount) != product:
            self.add_error(
                "amount",
                ValidationError(
                    _("单价 × 数量是 %(product)s，这里写的是 %(amount)s。"),
                    params={"product": yuan(product), "amount": yuan(fen_of(amount))},
                ),
            )

    def _check_funding(self, product: int) -> None:
        """Requested, cash and kind make up the amount; of what is left blank, one takes the rest:
        the request first, else the cash."""
        if {"requested", "cash", "in_kind"} & self.errors.keys():
            return
        typed = {name: self.cleaned_data.get(name) for name in ("requested", "cash", "in_kind")}
        fen = {name: fen_of(yuan or Decimal(0)) for name, yuan in typed.items()}
        rest = product - sum(fen.values())
        blank = next((name for name in ("requested", "cash") if typed[name] is None), None)
        if blank is not None:
            fen[blank] += rest
            rest = 0
        if rest or min(fen.values()) < 0:
            self.add_error(
                "requested",
                ValidationError(
                    _("申请资助与配套（现金、实物）相加应为 %(product)s，现在是 %(sum)s。"),
                    params={
                        "product": yuan(product),
                        "sum": yuan(sum(fen_of(one or Decimal(0)) for one in typed.values())),
                    },
                ),
            )
            return
        self.cleaned_data |= {
            "requested_fen": fen["requested"],
            "matching_fen": fen["cash"] + fen["in_kind"],
            "in_kind_fen": fen["in_kind"],
        }

    def line(self) -> PlannedLine:
        values = self.cleaned_data
        return PlannedLine(
            cost_class=values["cost_class"],
            purpose=values["purpose"],
            unit_price_fen=fen_of(values["unit_price"]),
            quantity_hundredths=fen_of(values["quantity"]),
            unit=values["unit"],
            requested_fen=values["requested_fen"],
            matching_fen=values["matching_fen"],
            basis=values["basis"],
            in_kind_fen=values["in_kind_fen"],
        )

    def typed_row(self) -> dict[str, str]:
        return {name: storable(self.data.get(self.add_prefix(name), "")) for name in BUDGET_COLUMNS}


@dataclass
class BudgetTable:
    """The whole table: its rows as forms, in order, blank ones in between passed over."""

    rows: list[BudgetLineForm]
    is_bound: bool = True

    @classmethod
    def sent(cls, data: QueryDict) -> "BudgetTable":
        """Rows `budget-0-…`, `budget-1-…` up to `budget-rows`."""
        try:
            count = int(data.get("budget-rows", "0"))
        except ValueError:
            count = 0
        return cls(
            [BudgetLineForm(data, prefix=f"budget-{n}") for n in range(min(count, MOST_ROWS))]
        )

    @classmethod
    def of_rows(cls, rows: Sequence[Mapping[str, str]]) -> "BudgetTable":
        """Rows of text, numbered from zero."""
        data = QueryDict(mutable=True)
        for n, row in enumerate(rows):
            for name in BUDGET_COLUMNS:
                data[f"budget-{n}-{name}"] = row.get(FORMER.get(name, name), row.get(name, ""))
        data["budget-rows"] = str(len(rows))
        return cls.sent(data)

    @classmethod
    def stored(cls, proposal: Proposal) -> "BudgetTable":
        """The rows as last saved: as typed while one of them could not be read."""
        return cls.of_rows(typed_budget_of(proposal))

    def filled(self) -> list[BudgetLineForm]:
        return [row for row in self.rows if not row.is_blank]

    def draft(self) -> DraftBudget:
        """The lines that can be read; all filled rows as typed if one cannot."""
        filled = self.filled()
        readable = [row for row in filled if row.is_valid()]
        return DraftBudget(
            lines=[row.line() for row in readable],
            typed_rows=(
                None if len(readable) == len(filled) else [row.typed_row() for row in filled]
            ),
        )

    def problems(self) -> dict[str, dict[str, list[str]]]:
        """Errors by row number as sent and column, for the page's script."""
        return {
            str(n): {name: [str(error) for error in errors] for name, errors in row.errors.items()}
            for n, row in enumerate(self.rows)
            if not row.is_blank and not row.is_valid()
        }

    def findings(self, rules: BudgetRules | None) -> dict[str, dict[str, list[str]]]:
        """What the round's rules say about the lines that can be read, in the shape of
        `problems`."""
        places = [n for n, row in enumerate(self.rows) if not row.is_blank and row.is_valid()]
        found: dict[str, dict[str, list[str]]] = {}
        for one in findings_of([self.rows[n].line() for n in places], rules):
            columns = found.setdefault(str(places[one.place]), {})
            columns.setdefault(one.column, []).append(one.sentence)
        return found

    def with_blank_rows(self, limit: int, rules: BudgetRules | None = None) -> list[BudgetLineForm]:
        """The filled rows, numbered anew, with what the rules say beside them, and room for more:
        two blank ones, at least four rows."""
        filled = self.of_rows([row.typed_row() for row in self.filled()])
        for n, columns in filled.findings(rules).items():
            filled.rows[int(n)].said = columns
        count = min(max(len(filled.rows) + 2, 4), max(limit, len(filled.rows)))
        return filled.rows + [
            BudgetLineForm(prefix=f"budget-{n}") for n in range(len(filled.rows), count)
        ]
