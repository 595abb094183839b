"""The budget as an applicant types it: nine columns, lines that add up, rows that do not yet.

What cannot be read is returned as typed, so that the service can keep it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.kit import yuan
from ventures.forms.fields import LARGEST_YUAN, TidyDecimalField, plain_number, plain_yuan, storable
from ventures.models import BudgetLine, Proposal
from ventures.services.budgets import DraftBudget, PlannedLine, fen_of, product_fen

BUDGET_COLUMNS = (
    "cost_class",
    "purpose",
    "unit_price",
    "quantity",
    "unit",
    "amount",
    "requested",
    "matching",
    "basis",
)
MOST_ROWS = 60


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
    matching = TidyDecimalField(label=_("配套"), required=False)
    basis = forms.CharField(max_length=100, required=False, label=_("测算依据"))

    use_required_attribute = False
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
        """Requested and matching make up the amount; one that is left blank takes the rest."""
        if {"requested", "matching"} & self.errors.keys():
            return
        requested, matching = self.cleaned_data.get("requested"), self.cleaned_data.get("matching")
        if requested is None:
            requested_fen = product - fen_of(matching or Decimal(0))
            matching_fen = product - requested_fen
        else:
            requested_fen = fen_of(requested)
            matching_fen = product - requested_fen if matching is None else fen_of(matching)
        gap = product - requested_fen - matching_fen
        if gap or requested_fen < 0 or matching_fen < 0:
            self.add_error(
                "requested",
                ValidationError(
                    _("申请资助与配套相加应为 %(product)s，现在是 %(sum)s。"),
                    params={
                        "product": yuan(product),
                        "sum": yuan(fen_of((requested or Decimal(0)) + (matching or Decimal(0)))),
                    },
                ),
            )
            return
        self.cleaned_data |= {"requested_fen": requested_fen, "matching_fen": matching_fen}

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
                data[f"budget-{n}-{name}"] = row.get(name, "")
        data["budget-rows"] = str(len(rows))
        return cls.sent(data)

    @classmethod
    def stored(cls, proposal: Proposal) -> "BudgetTable":
        """The rows as last saved: as typed while one of them could not be read."""
        rows = proposal.typed.get("budget")
        if rows is None:
            rows = [typed_row_of(line) for line in proposal.budget_lines.all()]
        return cls.of_rows(rows)

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

    def with_blank_rows(self, limit: int) -> list[BudgetLineForm]:
        """The filled rows, numbered anew, and room for more: two blank ones, at least four rows."""
        filled = self.of_rows([row.typed_row() for row in self.filled()]).rows
        count = min(max(len(filled) + 2, 4), max(limit, len(filled)))
        return filled + [BudgetLineForm(prefix=f"budget-{n}") for n in range(len(filled), count)]


def typed_row_of(line: BudgetLine) -> dict[str, str]:
    """A stored line as text in the table's columns."""
    return {
        "cost_class": line.cost_class,
        "purpose": line.purpose,
        "unit_price": plain_yuan(line.unit_price_fen),
        "quantity": plain_number(line.quantity),
        "unit": line.unit,
        "amount": plain_yuan(line.amount_fen),
        "requested": plain_yuan(line.requested_fen),
        "matching": plain_yuan(line.matching_fen),
        "basis": line.basis,
    }
