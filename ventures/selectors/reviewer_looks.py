"""What a reviewer reads of a version besides what her sheet puts first: further facts, the tables
of the plan, and the answers to the round's own questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ventures.models import Proposal
from ventures.selectors.answer_readings import Answered, answered_in
from ventures.selectors.proposal_form import tier_of
from ventures.selectors.readings import Fact, PaperTable, paper_of
from ventures.selectors.round_forms import is_question_code
from ventures.selectors.snapshots import snapshot_of

# Whom to call: the office's business, not a reviewer's.
NOT_HERS = ("responsible_name", "responsible_phone")
# What the sheet's page shows in places of its own.
PLACED = {
    *NOT_HERS,
    "track",
    "kind",
    "communities",
    "beneficiaries",
    "person_times",
    "need_from",
    "need_code",
    "plan",
    "plan_detail",
    "schedule",
    "team",
    "indicators",
    "sustainability",
    "safety",
}


@dataclass(frozen=True)
class Besides:
    """The rest of a version in plain words."""

    facts: list[Fact]
    tables: list[PaperTable]
    answered: list[Answered]


def reviewer_look_of(proposal: Proposal) -> dict[str, Any]:
    """What the reviewer's page would be given if the draft were handed in now."""
    snapshot = snapshot_of(proposal, tier=tier_of(proposal))
    return {
        "text": snapshot,
        "besides": besides_the_sheet(snapshot),
        "budget": [(line, None) for line in snapshot["budget"]],
        "files": proposal.kept_files,
    }


def besides_the_sheet(snapshot: Mapping[str, Any]) -> Besides:
    paper = paper_of(snapshot)
    return Besides(
        [
            fact
            for fact in paper.facts
            if fact.words and fact.name not in PLACED and not is_question_code(fact.name)
        ],
        [table for table in paper.tables if not is_question_code(table.name)],
        answered_in(snapshot),
    )
