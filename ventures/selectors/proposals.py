"""Proposals as pages ask about them: how complete, until when, what a version says."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as now_in_words
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Region, User
from accounts.rules import organisations_of
from accounts.templatetags.kit import yuan
from ventures.models import BudgetLine, Proposal, ProposalFile, ProposalVersion, Round, Tier
from ventures.selectors.rounds import label_of, tier_for

type Words = str | Promise

# The sections of the form, and their fields in reading order.
SECTIONS: tuple[tuple[str, Words, tuple[str, ...]], ...] = (
    ("project", _("项目与负责人"), ("title", "responsible_name", "responsible_phone")),
    (
        "people",
        _("为谁、在哪里"),
        ("track", "kind", "communities", "beneficiaries", "person_times"),
    ),
    (
        "plan",
        _("需求与做法"),
        ("need_from", "need_code", "plan", "schedule", "starts_on", "ends_on"),
    ),
    ("detail", _("标准申报书补充"), ("team", "plan_detail", "indicators", "sustainability")),
    ("budget", _("预算"), ("budget",)),
    ("safety", _("安全与保险"), ("safety",)),
)
REQUIRED_SHORT = (
    "title",
    "responsible_name",
    "responsible_phone",
    "communities",
    "track",
    "kind",
    "need_from",
    "plan",
    "schedule",
    "beneficiaries",
    "person_times",
    "safety",
)
REQUIRED_STANDARD = (
    *REQUIRED_SHORT,
    "starts_on",
    "ends_on",
    "team",
    "plan_detail",
    "indicators",
    "sustainability",
)
TEXT_FIELDS = tuple(
    name for _key, _label, names in SECTIONS for name in names if name not in ("budget",)
)
# What an officer may mark for completion.
MARKABLE = (*TEXT_FIELDS, "budget", "files")


@dataclass(frozen=True)
class SectionProgress:
    """A section of the form and what is still missing in it."""

    key: str
    label: Words
    missing: list[str]
    is_started: bool

    @property
    def is_done(self) -> bool:
        return not self.missing


def field_label(name: str) -> Words:
    """The words of a field, the budget and the files included."""
    if name == "budget":
        return _("预算")
    if name == "files":
        return _("附件材料")
    return label_of(Proposal, name)


# Lists ------------------------------------------------------------------------


def listed_proposals() -> QuerySet[Proposal]:
    """Proposals with what a list shows of them, in two queries."""
    return Proposal.objects.select_related(
        "round__region", "applicant", "host", "track", "tier"
    ).prefetch_related(
        Prefetch("communities", Region.objects.only("id", "short_name", "code").order_by("code"))
    )


def whole_proposals() -> QuerySet[Proposal]:
    """Proposals with everything their own page shows."""
    return listed_proposals().prefetch_related(
        "budget_lines",
        "round__tiers",
        Prefetch(
            "files",
            ProposalFile.objects.filter(removed_at__isnull=True).select_related("attachment"),
        ),
    )


def proposals_of(user: User) -> QuerySet[Proposal]:
    """What the person's organisations have drafted or filed, latest first."""
    return (
        listed_proposals()
        .filter(applicant__in=organisations_of(user))
        .order_by("-round__closes_at", "-id")
    )


def organisations_free_for(user: User, round: Round) -> list[tuple[Organisation, Proposal | None]]:
    """The organisations the person may apply for, each with what it already has in the round."""
    filed = {
        proposal.applicant_id: proposal
        for proposal in round.proposals.live().filter(applicant__in=organisations_of(user))
    }
    return [
        (organisation, filed.get(organisation.pk))
        for organisation in Organisation.objects.filter(pk__in=organisations_of(user))
        if organisation.pk != round.operator_id
    ]


# How far it is ----------------------------------------------------------------


def tier_of(proposal: Proposal) -> Tier | None:
    """The tier the amount asked for falls into."""
    return tier_for(list(proposal.round.tiers.all()), proposal.requested_fen)


def required_fields(tier: Tier | None) -> tuple[str, ...]:
    return REQUIRED_SHORT if tier is None or tier.is_short else REQUIRED_STANDARD


def progress_of(proposal: Proposal) -> list[SectionProgress]:
    """Section by section, what is still missing, in sentences a person can act on."""
    tier = tier_of(proposal)
    required = required_fields(tier)
    sections = []
    for key, label, names in SECTIONS:
        if key == "detail" and (tier is None or tier.is_short):
            continue
        missing = (
            _missing_in_budget(proposal, tier)
            if key == "budget"
            else [
                sentence
                for name in names
                for sentence in _missing_in_field(proposal, name, required)
            ]
        )
        sections.append(
            SectionProgress(key, label, missing, is_started=_is_started(proposal, names))
        )
    return sections


def missing_of(proposal: Proposal) -> list[str]:
    """Everything that stands between the proposal and its submission."""
    return [sentence for section in progress_of(proposal) for sentence in section.missing]


def _missing_in_field(proposal: Proposal, name: str, required: Sequence[str]) -> Iterable[str]:
    label = str(field_label(name))
    if name in proposal.typed:
        yield now_in_words("%(label)s的填写需要更正") % {"label": label}
    elif name in required and not _has(proposal, name):
        yield now_in_words("填写%(label)s") % {"label": label}


def _has(proposal: Proposal, name: str) -> bool:
    if name == "communities":
        return bool(proposal.communities.all())
    if name == "track":
        return proposal.track_id is not None
    return getattr(proposal, name) not in ("", None)


def _is_started(proposal: Proposal, names: Sequence[str]) -> bool:
    if "budget" in names:
        return "budget" in proposal.typed or bool(proposal.budget_lines.all())
    return any(name in proposal.typed or _has(proposal, name) for name in names)


def _missing_in_budget(proposal: Proposal, tier: Tier | None) -> list[str]:
    missing = []
    lines = list(proposal.budget_lines.all())
    if "budget" in proposal.typed:
        missing.append(now_in_words("预算表里有需要更正的行"))
    elif not lines:
        missing.append(now_in_words("填写预算表，至少一行"))
    elif proposal.requested_fen == 0:
        missing.append(now_in_words("预算表里没有申请资助的金额"))
    cap = proposal.round.cap_fen
    if proposal.requested_fen > cap:
        missing.append(
            now_in_words("申请资助 %(requested)s，超过上限 %(cap)s，请减少 %(over)s")
            % {
                "requested": yuan(proposal.requested_fen),
                "cap": yuan(cap),
                "over": yuan(proposal.requested_fen - cap),
            }
        )
    if tier is not None and len(lines) > tier.budget_line_limit:
        missing.append(
            now_in_words("“%(tier)s”的预算最多 %(limit)d 行，现在有 %(count)d 行，请合并")
            % {"tier": tier.name, "limit": tier.budget_line_limit, "count": len(lines)}
        )
    return missing


def deadline_of(proposal: Proposal) -> datetime:
    """Until when it may be written and handed in: the close, or the day set for completing."""
    closes_at = proposal.round.closes_at
    was_returned = proposal.state in (Proposal.State.RETURNED, Proposal.State.LAPSED)
    if was_returned and proposal.complete_by is not None:
        return max(closes_at, proposal.complete_by)
    return closes_at


def is_overdue(proposal: Proposal, now: datetime) -> bool:
    """Returned for completion, and its day has passed."""
    return proposal.state == Proposal.State.RETURNED and now >= deadline_of(proposal)


def overdue_completions(now: datetime) -> QuerySet[Proposal]:
    """Returned proposals whose day has passed; nothing is too late before the round closes."""
    return Proposal.objects.filter(
        state=Proposal.State.RETURNED, complete_by__lte=now, round__closes_at__lte=now
    )


def as_of(proposal: Proposal, now: datetime) -> Proposal:
    """The proposal as a page shows it: lapsed from the instant its day has passed, even where the
    sweep (`services.lapses`) has not written it yet."""
    if is_overdue(proposal, now):
        proposal.state = Proposal.State.LAPSED
    return proposal


def open_fields_of(proposal: Proposal, now: datetime) -> tuple[str, ...]:
    """What may be changed: everything before the close, afterwards only what was marked."""
    everything = (*TEXT_FIELDS, "budget", "files")
    if proposal.state != Proposal.State.RETURNED or now < proposal.round.closes_at:
        return everything
    latest = proposal.screenings.last()
    return (
        tuple(latest.marked_fields) if latest is not None and latest.marked_fields else everything
    )


# What is written down ----------------------------------------------------------


def stored_text_of(proposal: Proposal) -> dict[str, Any]:
    """Every field as text, the way it was typed where it could not be read."""
    text: dict[str, Any] = {}
    for name in TEXT_FIELDS:
        if name == "communities":
            value: Any = [str(pk) for pk in sorted(c.pk for c in proposal.communities.all())]
        elif name == "track":
            value = str(proposal.track_id or "")
        else:
            stored = getattr(proposal, name)
            value = "" if stored is None else str(stored)
        text[name] = proposal.typed.get(name, value)
    return text


def snapshot_of(proposal: Proposal, *, tier: Tier | None) -> dict[str, Any]:
    """The whole text as a version freezes it: plain words and whole numbers."""
    lines: Iterable[BudgetLine] = proposal.budget_lines.all()
    return {
        "code": proposal.code,
        "round": {"code": proposal.round.code, "name": proposal.round.name},
        "applicant": _body(proposal.applicant),
        "host": _body(proposal.host) if proposal.host else None,
        "tier": tier.name if tier else "",
        "form": tier.form if tier else Tier.Form.SHORT.value,
        "title": proposal.title,
        "responsible_name": proposal.responsible_name,
        "responsible_phone": proposal.responsible_phone,
        "track": {"code": proposal.track.code, "name": proposal.track.name}
        if proposal.track
        else None,
        "kind": proposal.kind,
        "communities": [
            {"code": region.code, "name": region.short_name}
            for region in sorted(proposal.communities.all(), key=lambda region: region.code)
        ],
        "need_from": proposal.need_from,
        "need_code": proposal.need_code,
        "plan": proposal.plan,
        "schedule": proposal.schedule,
        "starts_on": proposal.starts_on.isoformat() if proposal.starts_on else None,
        "ends_on": proposal.ends_on.isoformat() if proposal.ends_on else None,
        "beneficiaries": proposal.beneficiaries,
        "person_times": proposal.person_times,
        "safety": proposal.safety,
        "team": proposal.team,
        "plan_detail": proposal.plan_detail,
        "indicators": proposal.indicators,
        "sustainability": proposal.sustainability,
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
                "basis": line.basis,
            }
            for line in lines
        ],
        "requested_fen": proposal.requested_fen,
        "matching_fen": proposal.matching_fen,
        "files": [
            {"kind": file.kind, "name": file.attachment.name, "sha256": file.attachment.sha256}
            for file in proposal.files.all()
            if file.removed_at is None
        ],
    }


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
