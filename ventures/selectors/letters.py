"""The letter each applicant is sent when the list is made public: its template, its words.

A template holds gaps like {得分}; each is filled from what was decided on this one proposal.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.templatetags.kit import day, yuan
from ventures.models import AwardWalk, Decision, LetterKind, LetterTemplate, Round
from ventures.selectors.award_walks import almost_in_words, kept_walk_of, told_of
from ventures.selectors.notices import NoticeTerms
from ventures.selectors.reviews import hundredths_shown

GAP = re.compile(r"\{([^{}]*)\}")
# What an officer may write in braces; data of the product's own language, never translated.
GAPS = ("申报方", "项目", "编号", "得分", "金额", "理由", "差多少", "公示截止", "联系人", "电话")


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


def usual_body(kind: LetterKind) -> str:
    """The words a letter has where the office wrote none."""
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
    }
    return openings[kind] + _(
        "\n公示到{公示截止}。有异议请按公示写明的方式提出；有疑问请联系{联系人}，{电话}。"
    )


def templates_of(round: Round) -> list[Template]:
    """The four kinds, with the office's own words where it wrote some."""
    own = dict(LetterTemplate.objects.filter(round=round).values_list("kind", "body"))
    return [
        Template(kind, own.get(kind.value) or usual_body(kind), kind.value in own)
        for kind in LetterKind
    ]


def unknown_gaps(body: str) -> list[str]:
    """What stands in braces and means nothing."""
    return [gap for gap in GAP.findall(body) if gap not in GAPS]


class LetterWriter:
    """Writes the letters of one round: templates and the kept list are read once."""

    def __init__(self, round: Round, terms: NoticeTerms) -> None:
        self.round, self.terms = round, terms
        self.bodies = {one.kind: one.body for one in templates_of(round)}
        self.walk: AwardWalk | None = kept_walk_of(round)

    def body_of(self, decision: Decision) -> str:
        told = told_of(self.walk, decision.proposal)
        proposal = decision.proposal
        values = {
            "申报方": proposal.applicant_name,
            "项目": proposal.title,
            "编号": proposal.code,
            "得分": hundredths_shown(decision.score_hundredths),
            "金额": yuan(decision.amount_fen),
            "理由": _("理由：%(reason)s") % {"reason": decision.reason} if decision.reason else "",
            "差多少": "".join(almost_in_words(told)) if told else "",
            "公示截止": day(self.terms.runs_until()),
            "联系人": self.terms.contact_name,
            "电话": self.terms.contact_phone,
        }
        filled = GAP.sub(lambda gap: values.get(gap[1], gap[0]), self.bodies[kind_of(decision)])
        return "\n".join(line for line in filled.splitlines() if line.strip())
