"""A proposal as it is read: by its applicant, the office, a reviewer, and on paper.

Everyone but the applicant reads a frozen version, never text that is still being written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Change, Organisation
from accounts.templatetags.kit import count, day
from ventures.lifecycles.proposals import PROPOSAL
from ventures.models import BudgetLine, ProjectKind, Proposal, ProposalVersion, Tier
from ventures.models.plans import PARTS
from ventures.selectors.answer_readings import answered_in
from ventures.selectors.proposal_form import FORMER_FIELDS, field_label, tier_of
from ventures.selectors.rounds import label_of
from ventures.selectors.snapshots import CONCEPT, INITIATOR, latest_version_of, snapshot_of

type Words = str | Promise

OTHER_VERBS: dict[str, Words] = {
    "begin": gettext_lazy("开始填写"),
    "add_file": gettext_lazy("上传材料"),
    "remove_file": gettext_lazy("移除材料"),
    "ask_partner": gettext_lazy("邀请联合申报"),
    "partner_agree": gettext_lazy("联合申报方同意"),
    "partner_refuse": gettext_lazy("联合申报方不参加"),
    "name_team": gettext_lazy("写明别家的执行社工团队"),
    "team_agree": gettext_lazy("团队所属组织确认"),
    "team_refuse": gettext_lazy("团队所属组织说明没有派出"),
    "dismiss_signal": gettext_lazy("雷同提示已核对"),
    "offer_transfer": gettext_lazy("建议转入另一轮"),
    "refuse_transfer": gettext_lazy("申报方不转入"),
    "use_extension": gettext_lazy("用延期提交"),
    "peek": gettext_lazy("启封前查看"),
    "remove_partner": gettext_lazy("移除联合申报方"),
}
STORY_TONES = {
    "submit": "done",
    "accept": "done",
    "return_": "waiting",
    "refuse": "danger",
    "lapse": "danger",
    "select": "done",
    "miss": "danger",
    "stop": "danger",
    "team_refuse": "danger",
    "withdraw": "waiting",
    "peek": "danger",
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
    in_kind_fen: int
    basis: str

    @property
    def cash_fen(self) -> int:
        return self.matching_fen - self.in_kind_fen


@dataclass(frozen=True)
class Fact:
    """A field and its words; `name` lets a page point at it."""

    name: str
    label: Words
    words: str
    is_long: bool = False


@dataclass(frozen=True)
class PaperTable:
    """One table of the plan in plain words."""

    name: str
    label: Words
    heads: list[Words]
    rows: list[list[dict[str, Words]]]


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
    tables: list[PaperTable]
    lines: list[PaperLine]
    requested_fen: int
    matching_fen: int
    files: list[Mapping[str, str]]
    tier: str
    # The first of two steps: it has no budget where the round leaves it out, and nobody signs it.
    is_concept: bool = False
    is_entered: bool = False  # of a year before the platform: the result, and no papers
    version: int | None = None
    sha256: str = ""
    submitted_at: datetime | None = None

    @property
    def in_kind_fen(self) -> int:
        return sum(line.in_kind_fen for line in self.lines)

    @property
    def cash_fen(self) -> int:
        return self.matching_fen - self.in_kind_fen

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
    """The applicant reads what stands now, everyone else the last version handed in.

    Of a year entered afterwards nothing was filed here: what was entered is read, and no gap in it
    was left by anybody.
    """
    version = latest_version_of(proposal)
    if is_own and proposal.is_editable_state:
        return paper_of_draft(proposal)
    if version is None:
        return _entered(proposal) if proposal.submitted_at else paper_of_draft(proposal)
    return paper_of_version(version)


def _entered(proposal: Proposal) -> Paper:
    paper = paper_of_draft(proposal)
    return replace(paper, facts=[one for one in paper.facts if one.words], is_entered=True)


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
        applicant_kind=kind_words(applicant["kind"]),
        applicant_number=applicant["credit_code"] or applicant["filing_number"] or "",
        is_filed_group=applicant["kind"] == Organisation.Kind.FILED,
        host=host["name"] if host else "",
        facts=[*_facts_of(snapshot), *_answers_of(snapshot)],
        tables=[*tables_of(snapshot), *_answer_tables_of(snapshot)],
        lines=[_line_of(line) for line in snapshot["budget"]],
        requested_fen=snapshot["requested_fen"],
        matching_fen=snapshot["matching_fen"],
        files=snapshot["files"],
        tier=snapshot["tier"],
        is_concept=snapshot.get("step") == CONCEPT,
        version=version,
        sha256=sha256,
        submitted_at=submitted_at,
    )


def kind_words(kind: str) -> str:
    """What an applicant is: a kind of organisation, or a person who answers with her name."""
    return _("实名发起人") if kind == INITIATOR else str(Organisation.Kind(kind).label)


def tables_of(snapshot: Mapping[str, Any]) -> list[PaperTable]:
    """The filled tables of the plan; versions from before they existed have none."""
    tables = []
    for name, part in PARTS.items():
        rows = snapshot.get(name, [])
        if not rows:
            continue
        fields = [part.model._meta.get_field(column) for column in part.columns]
        used = [field for field in fields if any(row[field.name] not in ("", None) for row in rows)]
        heads = [label_of(part.model, field.name) for field in used]
        tables.append(
            PaperTable(
                name,
                part.label,
                heads,
                [
                    [
                        {"head": head, "words": _cell(field, row[field.name])}
                        for head, field in zip(heads, used, strict=True)
                    ]
                    for row in rows
                ],
            )
        )
    return tables


def _cell(field: Any, value: Any) -> str:
    if value in ("", None):
        return ""
    if field.choices:
        return str(dict(field.choices)[value])
    if isinstance(field, models.DateField):
        return _day(value)
    if field.name == "share_percent":
        return f"{value}%"
    return count(value) if isinstance(value, int) else str(value)


def _answers_of(snapshot: Mapping[str, Any]) -> list[Fact]:
    """Answers to the round's own questions; tables stand with the tables."""
    return [
        Fact(one.name, one.label, one.words, is_long=one.is_long)
        for one in answered_in(snapshot)
        if not one.columns
    ]


def _answer_tables_of(snapshot: Mapping[str, Any]) -> list[PaperTable]:
    return [
        PaperTable(
            one.name,
            one.label,
            list(one.columns),
            [[{"head": head, "words": words} for head, words in row] for row in one.cells],
        )
        for one in answered_in(snapshot)
        if one.columns
    ]


def _facts_of(snapshot: Mapping[str, Any]) -> list[Fact]:
    words: dict[str, str] = {
        "responsible_name": snapshot["responsible_name"],
        "responsible_phone": snapshot["responsible_phone"],
        "team_name": snapshot.get("team_name", ""),
        "partners": "；".join(
            _("%(name)s（%(place)s）：%(part)s") % partner
            for partner in snapshot.get("partners", [])
        ),
        "track": snapshot["track"]["name"] if snapshot["track"] else "",
        "kind": str(ProjectKind(snapshot["kind"]).label) if snapshot["kind"] else "",
        "communities": "、".join(place["name"] for place in snapshot["communities"]),
        "beneficiaries": _counted(snapshot["beneficiaries"], _("人")),
        "person_times": _counted(snapshot["person_times"], _("人次")),
        "needs": "；".join(
            f"{need['number']} {need['title']}" for need in snapshot.get("needs", [])
        ),
        "need_from": snapshot["need_from"],
        "need_code": snapshot.get("need_code", ""),
        "plan": snapshot["plan"],
        "schedule": snapshot["schedule"],
        "starts_on": _day(snapshot["starts_on"]),
        "ends_on": _day(snapshot["ends_on"]),
        "aims": snapshot.get("aims", ""),
        "team": snapshot.get("team", ""),
        "plan_detail": snapshot["plan_detail"],
        "indicators": snapshot.get("indicators", ""),
        "sustainability": snapshot["sustainability"],
        "safety": snapshot["safety"],
    }
    optional = {*FORMER_FIELDS, "team_name", "partners", "needs", "starts_on", "ends_on"}
    optional |= set(snapshot.get("not_required", ()))
    if snapshot["form"] == Tier.Form.SHORT:
        optional |= {"aims", "plan_detail", "sustainability"}
    long = {
        "partners",
        "needs",
        "aims",
        "need_from",
        "plan",
        "schedule",
        "team",
        "plan_detail",
        "indicators",
        "safety",
    }
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
        in_kind_fen=line.get("in_kind_fen", 0),
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
