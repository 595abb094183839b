"""Write a proposal's budget: lines that add up, and rows as typed where they do not yet.

The only writer of budget lines and of the two sums on the proposal. Callers hold the proposal's
row lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ventures.models import BudgetLine, Proposal


@dataclass(frozen=True)
class PlannedLine:
    """One line that adds up: amount = unit price × quantity = requested + matching, to the fen."""

    cost_class: str
    purpose: str
    unit_price_fen: int
    quantity_hundredths: int
    unit: str
    requested_fen: int
    matching_fen: int
    basis: str = ""
    in_kind_fen: int = 0

    def __post_init__(self) -> None:
        assert self.unit_price_fen * self.quantity_hundredths % 100 == 0, "whole fen only"
        assert 0 <= self.in_kind_fen <= self.matching_fen, "part of the match"
        assert self.amount_fen == self.requested_fen + self.matching_fen, "fully funded"

    @property
    def amount_fen(self) -> int:
        return self.unit_price_fen * self.quantity_hundredths // 100


@dataclass(frozen=True)
class DraftBudget:
    """A budget as it stands while being written: the lines that could be read, and, if any row
    could not, all rows as typed."""

    lines: Sequence[PlannedLine]
    typed_rows: Sequence[dict[str, str]] | None = None


def fen_of(yuan: Decimal) -> int:
    """Yuan with at most two decimals as whole fen."""
    fen = yuan.scaleb(2)
    assert fen == fen.to_integral_value(), "no fractions of a fen"
    return int(fen)


def product_fen(unit_price: Decimal, quantity: Decimal) -> int | None:
    """Unit price × quantity in fen; None when it is no whole fen."""
    fen = (unit_price * quantity).scaleb(2)
    return int(fen) if fen == fen.to_integral_value() else None


def is_budget_stored(proposal: Proposal, budget: DraftBudget) -> bool:
    """Whether the budget stands there already, line by line."""
    stored = [
        PlannedLine(
            cost_class=line.cost_class,
            purpose=line.purpose,
            unit_price_fen=line.unit_price_fen,
            quantity_hundredths=line.quantity_hundredths,
            unit=line.unit,
            requested_fen=line.requested_fen,
            matching_fen=line.matching_fen,
            basis=line.basis,
            in_kind_fen=line.in_kind_fen,
        )
        for line in proposal.budget_lines.all()
    ]
    typed = None if budget.typed_rows is None else list(budget.typed_rows)
    return stored == list(budget.lines) and proposal.typed.get("budget") == typed


def write_budget(proposal: Proposal, budget: DraftBudget) -> dict[str, Any]:
    """Replace the lines; return the columns of the proposal that changed with them.

    Sums follow the lines that could be read. Rows as typed are kept in `typed["budget"]` until
    every row can be read.
    """
    proposal.budget_lines.all().delete()
    BudgetLine.objects.bulk_create(
        BudgetLine(
            proposal=proposal,
            position=position,
            cost_class=line.cost_class,
            purpose=line.purpose,
            unit_price_fen=line.unit_price_fen,
            quantity_hundredths=line.quantity_hundredths,
            unit=line.unit,
            amount_fen=line.amount_fen,
            requested_fen=line.requested_fen,
            matching_fen=line.matching_fen,
            in_kind_fen=line.in_kind_fen,
            basis=line.basis,
        )
        for position, line in enumerate(budget.lines, start=1)
    )
    typed = {name: text for name, text in proposal.typed.items() if name != "budget"}
    if budget.typed_rows is not None:
        typed["budget"] = list(budget.typed_rows)
    return {
        "requested_fen": sum(line.requested_fen for line in budget.lines),
        "matching_fen": sum(line.matching_fen for line in budget.lines),
        "typed": typed,
    }
