"""What is written down of a proposal: its text as stored, and the snapshot a version freezes."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from accounts.models import Organisation
from ventures.models import BudgetLine, Partner, Proposal, ProposalVersion, Tier
from ventures.models.plans import PARTS, Part
from ventures.selectors.proposal_form import TEXT_FIELDS, asks_short
from ventures.selectors.round_forms import answers_as_typed, frozen_answers

# What stands in the place of a kind of organisation where a person applies.
INITIATOR = "initiator"
# What a version says of itself when it is the first of two steps.
CONCEPT = "concept"


def stored_text_of(proposal: Proposal) -> dict[str, Any]:
    """Every field as text, the way it was typed where it could not be read."""
    text: dict[str, Any] = {}
    for name in TEXT_FIELDS:
        if name in ("communities", "needs"):
            value: Any = [str(pk) for pk in sorted(one.pk for one in getattr(proposal, name).all())]
        elif name == "track":
            value = str(proposal.track_id or "")
        else:
            stored = getattr(proposal, name)
            value = "" if stored is None else str(stored)
        text[name] = proposal.typed.get(name, value)
    return text | answers_as_typed(proposal)


def snapshot_of(proposal: Proposal, *, tier: Tier | None) -> dict[str, Any]:
    """The whole text as a version freezes it: plain words and whole numbers."""
    lines: Iterable[BudgetLine] = proposal.budget_lines.all()
    return {
        "code": proposal.code,
        "round": {"code": proposal.round.code, "name": proposal.round.name},
        "applicant": _body(proposal.applicant)
        if proposal.applicant
        else {
            "name": proposal.applicant_name,
            "kind": INITIATOR,
            "credit_code": None,
            "filing_number": "",
        },
        "host": _body(proposal.host) if proposal.host else None,
        "tier": tier.name if tier else "",
        "form": Tier.Form.SHORT.value if tier is None or proposal.is_concept else tier.form,
        **({"step": CONCEPT} if proposal.is_concept else {}),
        "title": proposal.title,
        "responsible_name": proposal.responsible_name,
        "responsible_phone": proposal.responsible_phone,
        "team_name": proposal.team_name,
        "partners": [
            {
                "name": partner.organisation.name,
                "place": partner.region.short_name,
                "part": partner.part,
            }
            for partner in proposal.partners.all()
            if partner.state == Partner.State.AGREED and not partner.is_team
        ],
        "track": {"code": proposal.track.code, "name": proposal.track.name}
        if proposal.track
        else None,
        "kind": proposal.kind,
        "communities": [
            {"code": region.code, "name": region.short_name}
            for region in sorted(proposal.communities.all(), key=lambda region: region.code)
        ],
        "needs": [
            {"number": need.number, "title": need.title}
            for need in sorted(proposal.needs.all(), key=lambda need: need.pk)
        ],
        "aims": proposal.aims,
        "need_from": proposal.need_from,
        "plan": proposal.plan,
        "schedule": proposal.schedule,
        "starts_on": proposal.starts_on.isoformat() if proposal.starts_on else None,
        "ends_on": proposal.ends_on.isoformat() if proposal.ends_on else None,
        "beneficiaries": proposal.beneficiaries,
        "person_times": proposal.person_times,
        "safety": proposal.safety,
        "plan_detail": proposal.plan_detail,
        "sustainability": proposal.sustainability,
        **{name: _rows_of(proposal, part) for name, part in PARTS.items()},
        "budget": [
            {
                "position": line.position,
                "cost_class": line.cost_class,
                "purpose": line.purpose,
                "unit_price_fen": line.unit_price_fen,
                "quantity_hundredths": line.quantity_hundredths,
                "unit": line.unit,
                "amount_fen": line.amount_fen,
                "requested_fen": line.requested_fen,
                "matching_fen": line.matching_fen,
                "in_kind_fen": line.in_kind_fen,
                "basis": line.basis,
            }
            for line in lines
        ],
        "requested_fen": proposal.requested_fen,
        "matching_fen": proposal.matching_fen,
        "files": [
            {"kind": file.kind, "name": file.attachment.name, "sha256": file.attachment.sha256}
            for file in proposal.kept_files
        ],
        **frozen_answers(proposal, is_short=asks_short(proposal, tier)),
    }


def _rows_of(proposal: Proposal, part: Part) -> list[dict[str, Any]]:
    """The rows of one table: plain words, whole numbers, days as ISO."""
    return [
        {
            column: value.isoformat() if isinstance(value, date) else value
            for column in part.columns
            for value in [getattr(row, column)]
        }
        for row in getattr(proposal, part.name).all()
    ]


def _body(organisation: Organisation) -> dict[str, str | None]:
    return {
        "name": organisation.name,
        "kind": organisation.kind,
        "credit_code": organisation.credit_code,
        "filing_number": organisation.filing_number,
    }


def digest_of(snapshot: dict[str, Any]) -> str:
    """The SHA-256 of a snapshot as canonical JSON."""
    canonical = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def latest_version_of(proposal: Proposal) -> ProposalVersion | None:
    return proposal.versions.order_by("-number").first()
