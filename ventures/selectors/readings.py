"""A proposal as it is read: by its applicant, the office, a reviewer, and on paper.

Everyone but the applicant reads a frozen version, never text that is still being written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Change, Organisation
from accounts.templatetags.kit import count, day
from ventures.lifecycles.proposals import PROPOSAL
from ventures.models import BudgetLine, ProjectKind, Proposal, ProposalVersion, Tier
from ventures.selectors.proposal_form import field_label, tier_of
from ventures.selectors.snapshots import latest_version_of, snapshot_of

type Words = str | Promise

OTHER_VERBS: dict[str, Words] = {
    "begin": gettext_lazy("开始填写"),
    "add_file": gettext_lazy("上传材料"),
    "remove_file": gettext_lazy("移除材料"),
}
STORY_TONES = {
    "submit": "done",
    "accept": "done",
    "return_": "waiting",
    "refuse": "danger",
    "lapse": "danger",
    "withdraw": "waiting",
    "award": "done",
}


@dataclass(frozen=True)
class PaperLine:
    """One budget line as it is read."""

    position: int
    cost_class: str
    purpose: str
    unit_price_fen: int
    quantity: str
    unit: str
    amount_fen: int
    requested_fen: int
    matching_fen: int
    basis: str


@dataclass(frozen=True)
class Fact:
    """A field and its words; `name` lets a page point at it."""

    name: str
    label: Words
    words: str
    is_long: bool = False


@dataclass(frozen=True)
class Paper:
    """A proposal's whole text in plain words."""

    code: str
    title: str
    applicant: str
    applicant_kind: str
    applicant_number: str
    is_filed_group: bool
    host: str
    facts: list[Fact]
    lines: list[PaperLine]
    requested_fen: int
    matching_fen: int
    files: list[Mapping[str, str]]
    tier: str
    version: int | None = None
    sha256: str = ""
    submitted_at: datetime | None = None

    @property
    def total_fen(self) -> int:
        return self.requested_fen + self.matching_fen


def paper_of_draft(proposal: Proposal) -> Paper:
    """What a reviewer would read if it were submitted now."""
    return paper_of(snapshot_of(proposal, tier=tier_of(proposal)))


def paper_of_version(version: ProposalVersion) -> Paper:
    """What was submitted, with its number, hash and instant."""
    return paper_of(
        version.snapshot,
        version=version.number,
        sha256=version.sha256,
        submitted_at=version.submitted_at,
    )


def paper_for(proposal: Proposal, *, is_own: bool) -> Paper:
    """The applicant reads what stands now, everyone else the last version handed in."""
    version = latest_version_of(proposal)
    if version is None or (is_own and proposal.is_editable_state):
        return paper_of_draft(proposal)
    return paper_of_version(version)


def paper_of(
    snapshot: Mapping[str, Any],
    *,
    version: int | None = None,
    sha256: str = "",
    submitted_at: datetime | None = None,
) -> Paper:
    """A snapshot put into words."""
    applicant, host = snapshot["applicant"], snapshot["host"]
    return Paper(
        code=snapshot["code"],
        title=snapshot["title"],
        applicant=applicant["name"],
        applicant_kind=str(Organisation.Kind(applicant["kind"]).label),
        applicant_number=applicant["credit_code"] or applicant["filing_number"] or "",
        is_filed_group=applicant["kind"] == Organisation.Kind.FILED,
        host=host["name"] if host else "",
        facts=_facts_of(snapshot),
        lines=[_line_of(line) for line in snapshot["budget"]],
        requested_fen=snapshot["requested_fen"],
        matching_fen=snapshot["matching_fen"],
        files=snapshot["files"],
        tier=snapshot["tier"],
        version=version,
        sha256=sha256,
        submitted_at=submitted_at,
    )


def _facts_of(snapshot: Mapping[str, Any]) -> list[Fact]:
    words: dict[str, str] = {
        "responsible_name": snapshot["responsible_name"],
        "responsible_phone": snapshot["responsible_phone"],
        "track": snapshot["track"]["name"] if snapshot["track"] else "",
        "kind": str(ProjectKind(snapshot["kind"]).label) if snapshot["kind"] else "",
        "communities": "、".join(place["name"] for place in snapshot["communities"]),
        "beneficiaries": _counted(snapshot["beneficiaries"], _("人")),
        "person_times": _counted(snapshot["person_times"], _("人次")),
        "need_from": snapshot["need_from"],
        "need_code": snapshot["need_code"],
        "plan": snapshot["plan"],
        "schedule": snapshot["schedule"],
        "starts_on": _day(snapshot["starts_on"]),
        "ends_on": _day(snapshot["ends_on"]),
        "team": snapshot["team"],
        "plan_detail": snapshot["plan_detail"],
        "indicators": snapshot["indicators"],
        "sustainability": snapshot["sustainability"],
        "safety": snapshot["safety"],
    }
    optional = {"need_code", "starts_on", "ends_on"}
    if snapshot["form"] == Tier.Form.SHORT:
        optional |= {"team", "plan_detail", "indicators", "sustainability"}
    long = {"need_from", "plan", "schedule", "team", "plan_detail", "indicators", "safety"}
    return [
        Fact(name, field_label(name), text, is_long=name in long)
        for name, text in words.items()
        if text or name not in optional
    ]


def _counted(number: int | None, unit: str) -> str:
    return "" if number is None else f"{count(number)} {unit}"


def _day(iso: str | None) -> str:
    return day(date.fromisoformat(iso)) if iso else ""


def _line_of(line: Mapping[str, Any]) -> PaperLine:
    quantity = Decimal(line["quantity_hundredths"]).scaleb(-2).normalize()
    return PaperLine(
        position=line["position"],
        cost_class=str(BudgetLine.CostClass(line["cost_class"]).label),
        purpose=line["purpose"],
        unit_price_fen=line["unit_price_fen"],
        quantity=f"{quantity:f}",
        unit=line["unit"],
        amount_fen=line["amount_fen"],
        requested_fen=line["requested_fen"],
        matching_fen=line["matching_fen"],
        basis=line["basis"],
    )


def story_of(proposal: Proposal) -> Sequence[Mapping[str, Any]]:
    """What happened to it, in the timeline component's words, latest first."""
    verbs: dict[str, Words] = {arrow.verb: arrow.label for arrow in PROPOSAL} | OTHER_VERBS
    changes = (
        Change.objects.filter(
            content_type=ContentType.objects.get_for_model(Proposal), object_id=proposal.pk
        )
        .select_related("acting_user")
        .order_by("-id")
    )
    return [
        {
            "what": verbs.get(change.verb, change.verb),
            "who": change.acting_user.display_name,
            "when": change.at,
            "why": change.reason,
            "tone": STORY_TONES.get(change.verb, ""),
        }
        for change in changes
    ]
