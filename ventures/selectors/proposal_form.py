"""The 申报书 as a form: its sections and fields, what is required, and what is still missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as now_in_words
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.kit import yuan
from ventures.models import Proposal, Tier
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
