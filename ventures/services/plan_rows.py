"""Write the rows of a proposal's plan: those that could be read, and all as typed while one
cannot.

The only writer of activities, milestones, team, risks and indicators. Callers hold the proposal's
row lock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ventures.models import Proposal
from ventures.models.plans import Part


@dataclass(frozen=True)
class DraftRows:
    """One table as it stands while being written: values by column, and rows as typed."""

    rows: Sequence[Mapping[str, Any]]
    typed_rows: Sequence[dict[str, str]] | None = None


def are_rows_stored(proposal: Proposal, part: Part, draft: DraftRows) -> bool:
    """Whether the table stands there already, row by row."""
    typed = None if draft.typed_rows is None else list(draft.typed_rows)
    return (
        stored_rows_of(proposal, part)
        == [{column: row[column] for column in part.columns} for row in draft.rows]
        and proposal.typed.get(part.name) == typed
    )


def stored_rows_of(proposal: Proposal, part: Part) -> list[dict[str, Any]]:
    return [
        {column: getattr(row, column) for column in part.columns}
        for row in getattr(proposal, part.name).all()
    ]


def write_rows(proposal: Proposal, part: Part, draft: DraftRows) -> None:
    """Replace the rows of one table. What stands as typed is kept by the caller."""
    getattr(proposal, part.name).all().delete()
    model: Any = part.model
    model.objects.bulk_create(
        model(
            proposal=proposal,
            position=position,
            **{column: row[column] for column in part.columns},
        )
        for position, row in enumerate(draft.rows, start=1)
    )
