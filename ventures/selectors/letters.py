"""The letter each applicant is sent when the list is made public: its template, its words.

A template holds gaps like {score}; each is filled from what was decided on this one proposal.
"""

import re
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.templatetags.kit import day, yuan
from ventures.models import (
    AwardWalk,
    Decision,
    LetterKind,
    LetterTemplate,
    PublicNotice,
    Round,
)
from ventures.selectors.award_corrections import corrected_since
from ventures.selectors.award_walks import almost_told, kept_walk_of
from ventures.selectors.meeting_reasons import almost_by_meeting, meeting_of
from ventures.selectors.notices import NoticeTerms
from ventures.selectors.prizes import prize_and_sum
from ventures.selectors.reviews import hundredths_shown

GAP = re.compile(r"\{([^{}]*)\}")
# What an officer may write in braces, in any of our languages.
GAPS: dict[str, Promise] = {
    "applicant": gettext_lazy("申报方"),
    "project": gettext_lazy("项目"),
    "number": gettext_lazy("编号"),
    "score": gettext_lazy("得分"),
    "amount": gettext_lazy("金额"),
    "reason": gettext_lazy("理由"),
    "almost": gettext_lazy("差多少"),
    "notice_until": gettext_lazy("公示截止"),
    "contact": gettext_lazy("联系人"),
    "phone": gettext_lazy("电话"),
}


@dataclass(frozen=True)
class Template:
    """One kind of letter in a round: its words, and whether the office wrote them."""

    kind: LetterKind
    body: str
    is_own: bool


def kind_of(decision: Decision) -> LetterKind:
    if decision.outcome == Decision.Outcome.AWARD:
        return LetterKind.REVISE if decision.needs_revision else LetterKind.AWARD
    return LetterKind(decision.outcome)


def usual_body(kind: LetterKind, round: Round) -> str:
    """The words a letter has where the office wrote none: of a grant, a title or a prize."""
    openings = {
        LetterKind.AWARD: _(
            "{申报方}：\n您申报的“{项目}”（{编号}）得分 {得分}，拟立项，拟资助 {金额}。{理由}"
        ),
        LetterKind.REVISE: _(
            "{申报方}：\n您申报的“{项目}”（{编号}）得分 {得分}，修改后立项，核定资助 {金额}。"
            "{理由}\n公示结束后，请按核定金额交修改后的预算。"
        ),
        LetterKind.RESERVE: _(
            "{申报方}：\n您申报的“{项目}”（{编号}）得分 {得分}，列为候补。{理由}\n{差多少}"
        ),
        LetterKind.DECLINE: _(
            "{申报方}：\n您申报的“{项目}”（{编号}）得分 {得分}，这次没有立项。{理由}\n{差多少}"
        ),
    } | _openings_without_grant(round)
    return openings[kind] + _(
        "\n公示到{公示截止}。有异议请按公示写明的方式提出；有疑问请联系{联系人}，{电话}。"
    )


def _openings_without_grant(round: Round) -> dict[LetterKind, str]:
    """Where nothing is financed: what is given instead, and that it was not this time."""
    if round.purpose == Round.Purpose.DESIGNATION:
        return {
            LetterKind.AWARD: _(
                "{申报方}：\n您申报的“{项目}”（{编号}）得分 {得分}，拟授予“%(honour)s”，"
                "不设资金。{理由}"
            )
            % {"honour": round.honour},
            LetterKind.DECLINE: _(
                "{申报方}：\n您申报的“{项目}”（{编号}）得分 {得分}，这次没有授予“%(honour)s”。"
                "{理由}\n{差多少}"
            )
            % {"honour": round.honour},
        }
    if round.purpose == Round.Purpose.PRIZE:
        return {
            LetterKind.AWARD: _(
                "{申报方}：\n您的“{项目}”（{编号}）得分 {得分}，拟获奖，拟发奖金：{金额}。{理由}"
            ),
            LetterKind.DECLINE: _(
                "{申报方}：\n您的“{项目}”（{编号}）得分 {得分}，这次没有获奖。{理由}\n{差多少}"
            ),
        }
    return {}


def templates_of(round: Round) -> list[Template]:
    """The four kinds, with the office's own words where it wrote some."""
    own = dict(LetterTemplate.objects.filter(round=round).values_list("kind", "body"))
    return [
        Template(kind, own.get(kind.value) or usual_body(kind, round), kind.value in own)
        for kind in LetterKind
    ]


def unknown_gaps(body: str) -> list[str]:
    """What stands in braces and means nothing."""
    known = _gaps_by_name()
    return [gap for gap in GAP.findall(body) if gap not in known]


def gap_names() -> list[str]:
    """What may stand in braces, in the reader's language."""
    return [str(name) for name in GAPS.values()]


def _gaps_by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {str(name): gap for gap, name in GAPS.items()}
    return found


class LetterWriter:
    """Writes the letters of one round: templates and the kept list are read once."""

    def __init__(
        self, round: Round, terms: NoticeTerms, *, replaces: PublicNotice | None = None
    ) -> None:
        self.round, self.terms, self.replaces = round, terms, replaces
        self.bodies = {one.kind: one.body for one in templates_of(round)}
        self.gaps = _gaps_by_name()
        self.walk: AwardWalk | None = kept_walk_of(round)
        self.meeting = None if self.walk else meeting_of(round)
        self.corrected = corrected_since(replaces) if replaces else {}

    def body_of(self, decision: Decision) -> str:
        proposal = decision.proposal
        because = _("理由：%(reason)s") % {"reason": decision.reason} if decision.reason else ""
        values = {
            "applicant": proposal.applicant_name,
            "project": proposal.title,
            "number": proposal.code,
            "score": hundredths_shown(decision.score_hundredths),
            "amount": prize_and_sum(proposal.round, decision.amount_fen),
            "reason": because,
            "almost": almost_told(self.walk, decision)
            if self.walk
            else almost_by_meeting(self.meeting, decision),
            "notice_until": day(self.terms.runs_until()),
            "contact": self.terms.contact_name,
            "phone": self.terms.contact_phone,
        }
        filled = GAP.sub(
            lambda gap: values.get(self.gaps.get(gap[1], ""), gap[0]),
            self.bodies[kind_of(decision)],
        )
        lines = [self._instead_of(), self._corrected(proposal.code), *filled.splitlines()]
        return "\n".join(line for line in lines if line.strip())

    def _instead_of(self) -> str:
        """That it stands for the letter of a notice that was withdrawn."""
        if self.replaces is None:
            return ""
        return _("本通知书代替 %(day)s 发出的通知书，原公示已撤回：%(reason)s") % {
            "day": day(timezone.localdate(self.replaces.published_at)),
            "reason": self.replaces.withdrawn_reason,
        }

    def _corrected(self, code: str) -> str:
        """That the sum the earlier letter named was not the meeting's."""
        one = self.corrected.get(code)
        if one is None or one.from_fen == one.to_fen:
            return ""
        return _("金额由 %(before)s 更正为 %(after)s：%(why)s") % {
            "before": yuan(one.from_fen),
            "after": yuan(one.to_fen),
            "why": one.why,
        }
