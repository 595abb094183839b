"""Stored rows as a person would type them: of the budget, and of the tables of a plan."""

from collections.abc import Mapping
from typing import Any

from ventures.models import BudgetLine, Proposal
from ventures.models.plans import PARTS, Part
from ventures.rules.plain_figures import plain_number, plain_yuan


def typed_line_of(line: BudgetLine) -> dict[str, str]:
    """A stored line as text in the table's columns."""
    return {
        "cost_class": line.cost_class,
        "purpose": line.purpose,
        "unit_price": plain_yuan(line.unit_price_fen),
        "quantity": plain_number(line.quantity),
        "unit": line.unit,
        "amount": plain_yuan(line.amount_fen),
        "requested": plain_yuan(line.requested_fen),
        "cash": plain_yuan(line.cash_fen),
        "in_kind": plain_yuan(line.in_kind_fen),
        "basis": line.basis,
    }


def typed_rows_of(proposal: Proposal, part: Part) -> list[Mapping[str, str]]:
    """The rows of one table as last saved: as typed while one of them could not be read."""
    typed: list[Mapping[str, str]] | None = proposal.typed.get(part.name)
    if typed is not None:
        return typed
    return [
        {column: _text(getattr(row, column)) for column in part.columns}
        for row in getattr(proposal, part.name).all()
    ]


def typed_budget_of(proposal: Proposal) -> list[Mapping[str, str]]:
    """The lines of the budget in the same way."""
    typed: list[Mapping[str, str]] | None = proposal.typed.get("budget")
    return typed if typed is not None else [typed_line_of(n) for n in proposal.budget_lines.all()]


def stored_tables_of(proposal: Proposal) -> dict[str, Any]:
    """Every table as text, by its name."""
    tables = {name: typed_rows_of(proposal, part) for name, part in PARTS.items()}
    return {**tables, "budget": typed_budget_of(proposal)}


def _text(value: Any) -> str:
    return "" if value is None else str(value)
