"""What can be checked without a person: hints for the office, never a decision."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as now_in_words
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.kit import day, moment, yuan
from ventures.models import Partner, Proposal, ProposalFile
from ventures.rules.applicants import Verdict
from ventures.rules.timetable import deadline_for
from ventures.selectors.applicants import findings_of
from ventures.selectors.proposal_form import tier_of

type Words = str | Promise


@dataclass(frozen=True)
class Hint:
    """One automatic check: what was looked at, whether it is fine, and the figures."""

    label: Words
    is_fine: bool
    words: str
    needs_person: bool = False


def hints_for(proposal: Proposal) -> list[Hint]:
    """The organisation, the cap, the budget, one per organisation, in time, the signed page."""
    return [
        *_conditions(proposal),
        *([_cap(proposal), _budget(proposal)] if proposal.round.has_budget else []),
        _only_one(proposal),
        *_team(proposal),
        _in_time(proposal),
        _signed_page(proposal),
    ]


def _conditions(proposal: Proposal) -> list[Hint]:
    """What the round asks of the applicant, as she read it before she began."""
    return [
        Hint(
            finding.label,
            finding.verdict == Verdict.FINE,
            "。".join(part for part in (finding.words, finding.advice) if part),
            finding.verdict == Verdict.ASK,
        )
        for finding in findings_of(proposal, localdate())
    ]


def _cap(proposal: Proposal) -> Hint:
    cap = proposal.round.cap_fen
    return Hint(
        _("不超过申请上限"),
        proposal.requested_fen <= cap,
        now_in_words("申请 %(requested)s，上限 %(cap)s")
        % {"requested": yuan(proposal.requested_fen), "cap": yuan(cap)},
    )


def _budget(proposal: Proposal) -> Hint:
    lines = list(proposal.budget_lines.all())
    requested = sum(line.requested_fen for line in lines)
    matching = sum(line.matching_fen for line in lines)
    adds_up = (
        bool(lines)
        and (requested, matching) == (proposal.requested_fen, proposal.matching_fen)
        and all(
            line.unit_price_fen * line.quantity_hundredths == line.amount_fen * 100
            for line in lines
        )
    )
    tier = tier_of(proposal)
    limit = tier.budget_line_limit if tier else len(lines)
    return Hint(
        _("预算加得平"),
        adds_up and len(lines) <= limit,
        now_in_words("%(count)d 行，合计 %(total)s = 申请 %(requested)s + 配套 %(matching)s")
        % {
            "count": len(lines),
            "total": yuan(requested + matching),
            "requested": yuan(requested),
            "matching": yuan(matching),
        },
    )


def _only_one(proposal: Proposal) -> Hint:
    others = (
        Proposal.objects.live()
        .filter(
            round=proposal.round_id,
            applicant=proposal.applicant_id,
            initiator=proposal.initiator_id,
        )
        .exclude(pk=proposal.pk)
        .count()
    )
    return Hint(
        _("一个组织一个项目"),
        others == 0,
        now_in_words("本轮只有这一份") if not others else now_in_words("本轮还有别的申报书"),
    )


def _team(proposal: Proposal) -> list[Hint]:
    """Whether the organisation whose people are named says so too."""
    asked = proposal.partners.filter(is_team=True).exclude(state=Partner.State.LEFT)
    row = asked.select_related("organisation").order_by("-pk").first()
    if row is None:
        return []
    said = {
        Partner.State.AGREED.value: now_in_words("%(name)s确认派出团队"),
        Partner.State.REFUSED.value: now_in_words("%(name)s说明没有派出团队，请向申报方核实"),
    }.get(row.state, now_in_words("%(name)s还没有答复；签三方协议时还要它签字"))
    return [
        Hint(
            _("执行社工团队"),
            row.state == Partner.State.AGREED,
            said % {"name": row.organisation.name},
            needs_person=row.state != Partner.State.AGREED,
        )
    ]


def _in_time(proposal: Proposal) -> Hint:
    first = proposal.versions.order_by("number").first()
    if first is None:
        return Hint(_("截止前提交"), False, "")
    deadline = deadline_for(proposal)
    words = moment(first.submitted_at)
    if first.submitted_at >= deadline.ordinary_until:
        words = now_in_words("%(at)s，凭个别延期") % {"at": words}
    elif first.submitted_at >= deadline.closes_at:
        words = now_in_words("%(at)s，在宽限内") % {"at": words}
    return Hint(_("截止前提交"), True, words)


def _signed_page(proposal: Proposal) -> Hint:
    signed = any(file.kind == ProposalFile.Kind.SIGNATURE for file in proposal.kept_files)
    due_on = proposal.round.signature_due_on
    late = (
        now_in_words("可补交至 %(day)s") % {"day": day(due_on)}
        if due_on
        else now_in_words("未上传")
    )
    return Hint(_("签章页"), signed, now_in_words("已上传") if signed else late)
