"""The 申报书 as a form: its sections and fields, what is required, and what is still missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as now_in_words
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.kit import yuan
from ventures.models import Partner, Proposal, Round, Tier
from ventures.models.plans import PARTS, Part
from ventures.rules.form_contents import FormContent, is_asked, required_names
from ventures.selectors.budget_rules import findings_of, rules_of
from ventures.selectors.round_forms import (
    content_for,
    content_of,
    has_begun_answers,
    is_question_code,
    missing_answers,
    question_label,
)
from ventures.selectors.rounds import label_of, tier_for

type Words = str | Promise

# The sections of the form, and their fields in reading order.
SECTIONS: tuple[tuple[str, Words, tuple[str, ...]], ...] = (
    (
        "project",
        _("项目与负责人"),
        ("title", "responsible_name", "responsible_phone", "team_name"),
    ),
    (
        "people",
        _("为谁、在哪里"),
        ("track", "kind", "communities", "beneficiaries", "person_times"),
    ),
    (
        "plan",
        _("需求与做法"),
        ("needs", "need_from", "plan", "schedule", "starts_on", "ends_on"),
    ),
    (
        "detail",
        _("标准申报书补充"),
        ("aims", "plan_detail", *PARTS, "sustainability"),
    ),
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
    "aims",
    "plan_detail",
    *PARTS,
    "sustainability",
)
# Asked for once, now answered by tables and by needs picked from the list: versions handed in then
# still say them.
FORMER_FIELDS: dict[str, Words] = {
    "need_code": _("需求编号"),
    "team": _("执行团队"),
    "indicators": _("成效怎么量"),
}
TEXT_FIELDS = tuple(
    name
    for _key, _label, names in SECTIONS
    for name in names
    if name != "budget" and name not in PARTS
)
DETAIL = [key for key, _label, _names in SECTIONS].index("detail")
# What an officer may mark for completion.
MARKABLE = (*TEXT_FIELDS, *PARTS, "partners", "budget", "files")


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


def field_label(name: str, round: Round | None = None) -> Words:
    """The words of a field, budget and files included; of a round its own questions too."""
    if round is not None and is_question_code(name):
        return question_label(round, name)
    if name == "budget":
        return _("预算")
    if name == "files":
        return _("附件材料")
    if name in PARTS:
        return PARTS[name].label
    if name in FORMER_FIELDS:
        return FORMER_FIELDS[name]
    if name == "partners":
        return _("联合申报方")
    return label_of(Proposal, name)


# How far it is ----------------------------------------------------------------


def tier_of(proposal: Proposal) -> Tier | None:
    """The tier the amount asked for falls into."""
    return tier_for(list(proposal.round.tiers.all()), proposal.requested_fen)


def required_fields(tier: Tier | None) -> tuple[str, ...]:
    return REQUIRED_SHORT if tier is None or tier.is_short else REQUIRED_STANDARD


def is_short_form(tier: Tier | None) -> bool:
    return tier is None or tier.is_short


def asks_short(proposal: Proposal, tier: Tier | None) -> bool:
    """Whether it is filled in on the one-page form: by its tier, and while it is a concept."""
    return proposal.is_concept or is_short_form(tier)


def required_for(proposal: Proposal, tier: Tier | None) -> tuple[str, ...]:
    """What must be filled in of this proposal now."""
    usual = REQUIRED_SHORT if proposal.is_concept else required_fields(tier)
    return required_names(content_for(proposal), usual, is_short=asks_short(proposal, tier))


def required_in(
    round: Round, tier: Tier | None, *, content: FormContent | None = None
) -> tuple[str, ...]:
    """The fields that must be filled in, as this round's form says."""
    content = content or content_of(round)
    return required_names(content, required_fields(tier), is_short=is_short_form(tier))


def fields_asked(
    round: Round, *, is_short: bool, content: FormContent | None = None
) -> dict[str, list[str]]:
    """By section, the fields this round's form has."""
    content = content or content_of(round)
    return {
        key: [name for name in names if is_asked(content, name, usual=True, is_short=is_short)]
        for key, _label, names in SECTIONS
    }


def only_on(content: FormContent, name: str) -> str:
    """The one form a field stands on; empty where it stands on both, `none` where on neither."""
    on_short = is_asked(content, name, usual=True, is_short=True)
    on_standard = is_asked(content, name, usual=True, is_short=False)
    if on_short and on_standard:
        return ""
    return "short" if on_short else "standard" if on_standard else "none"


def _own_questions(proposal: Proposal, tier: Tier | None) -> SectionProgress:
    missing = missing_answers(proposal, is_short=asks_short(proposal, tier))
    return SectionProgress(
        "questions", _("本轮另问的问题"), missing, is_started=has_begun_answers(proposal)
    )


def progress_of(proposal: Proposal) -> list[SectionProgress]:
    """Section by section, what is still missing, in sentences a person can act on."""
    tier = tier_of(proposal)
    required = required_for(proposal, tier)
    content, is_short = content_for(proposal), asks_short(proposal, tier)
    sections = []
    for key, label, all_names in SECTIONS:
        if key == "budget" and content.codes:
            sections.append(_own_questions(proposal, tier))
        if key == "budget" and not asks_budget(proposal):
            continue
        names = [
            name for name in all_names if is_asked(content, name, usual=True, is_short=is_short)
        ]
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
    if not sections[DETAIL].missing and is_short:
        del sections[DETAIL]
    sections[0].missing.extend(_missing_partners(proposal))
    return sections


def asks_budget(proposal: Proposal) -> bool:
    """Whether it plans its spending: a grant does, and a concept unless the round leaves it out."""
    return proposal.round.has_budget and "budget" not in content_for(proposal).leaves_out


def missing_of(proposal: Proposal) -> list[str]:
    """Everything that stands between the proposal and its submission."""
    return [sentence for section in progress_of(proposal) for sentence in section.missing]


def _missing_in_field(proposal: Proposal, name: str, required: Sequence[str]) -> Iterable[str]:
    label = str(field_label(name))
    if name in proposal.typed:
        yield now_in_words("%(label)s的填写需要更正") % {"label": label}
    elif name in PARTS:
        yield from missing_in_part(proposal, PARTS[name], is_required=name in required)
    elif name in required and not _has(proposal, name):
        yield now_in_words("填写%(label)s") % {"label": label}


def missing_in_part(proposal: Proposal, part: Part, *, is_required: bool) -> Iterable[str]:
    rows = list(getattr(proposal, part.name).all())
    label = str(part.label)
    if not rows:
        if is_required:
            yield now_in_words("填写%(label)s，至少一行") % {"label": label}
        return
    if part.name == "milestones":
        yield from _missing_in_milestones(proposal, rows)


def _missing_in_milestones(proposal: Proposal, rows: Sequence[Any]) -> Iterable[str]:
    total = sum(row.share_percent for row in rows)
    if total != 100:
        yield now_in_words("阶段目标的百分比合计应为 100%%，现在是 %(total)d%%") % {"total": total}
    for row in rows:
        too_early = proposal.starts_on is not None and row.due_on < proposal.starts_on
        too_late = proposal.ends_on is not None and row.due_on > proposal.ends_on
        if too_early or too_late:
            yield now_in_words("阶段目标“%(what)s”的日期不在项目起止日期之内") % {"what": row.what}


def _missing_partners(proposal: Proposal) -> Iterable[str]:
    for partner in proposal.partners.all():
        if partner.state == Partner.State.ASKED and not partner.is_team:
            yield now_in_words("等%(name)s同意联合申报，或先移除它") % {
                "name": partner.organisation.name
            }


def _has(proposal: Proposal, name: str) -> bool:
    if name in ("communities", "needs", *PARTS):
        return bool(getattr(proposal, name).all())
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
    missing += [finding.in_full for finding in findings_of(lines, rules_of(proposal.round))]
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
