"""The 评分表 on paper: as it was handed in, to be signed; or blank, to be filled in by hand.

What the proposal is called is said by `selectors.blinding`: a paper names nobody a page hides.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.templatetags.kit import moment, yuan
from ventures.models import Assignment, Criterion, ProposalVersion, Review, Rubric
from ventures.rules.rubrics import criteria_for, rubric_of, total_halves
from ventures.selectors.aggregation import counts_words, total_shown
from ventures.selectors.blinding import Shown
from ventures.selectors.papers import marked
from ventures.selectors.proposal_papers import budget_on_paper, tables_on_paper
from ventures.selectors.readings import paper_of
from ventures.selectors.reviewer_looks import NOT_HERS
from ventures.selectors.reviews import half_points_shown


def sheet_paper(review: Review, shown: Shown) -> dict[str, Any]:
    """One reviewer's 评分表, to be signed."""
    assignment = review.assignment
    scores = {score.criterion_id: score for score in review.scores.all()}
    halves = {pk: score.half_points for pk, score in scores.items()}
    return _paper(assignment, shown) | {
        "items": [
            _item(criterion)
            | {
                "points": half_points_shown(halves.get(criterion.pk) or 0),
                "why": scores[criterion.pk].comment if criterion.pk in scores else "",
            }
            for criterion in criteria_for(assignment.proposal)
        ],
        "total": total_shown(total_halves(assignment.proposal, halves)),
        "facts": [
            [_("评审意见"), review.comment],
            [_("预算核减意见"), _cuts(review) or _("无")],
            [_("建议资助金额"), yuan(review.suggested_fen)],
            [_("立项建议"), review.get_recommendation_display()],
        ],
        "foot": _("第 %(seat)d 席 · 交表 %(at)s")
        % {"seat": assignment.member.seat, "at": moment(review.submitted_at)},
    }


def blank_sheet_paper(assignment: Assignment, shown: Shown) -> dict[str, Any]:
    """The same with room to write: a reason line an item, an amount, the three advices to tick."""
    proposal = assignment.proposal
    rubric = rubric_of(proposal)
    boxes = "　　".join(f"□ {label}" for label in Review.Recommendation.labels)
    amount = _("　　　　　　元（申请 %(most)s）") % {"most": yuan(proposal.requested_fen)}
    facts = [
        [_("评审意见"), "\n\n\n"],
        [_("预算核减意见"), "\n\n"],
        [_("建议资助金额"), amount],
        [_("立项建议"), boxes],
    ]
    return _paper(assignment, shown) | {
        "items": [
            _item(criterion) | {"points": "", "why": _anchor_words(criterion)}
            for criterion in criteria_for(proposal)
        ],
        "total": "",
        "facts": facts if proposal.round.has_money else [facts[0], facts[3]],
        "note": _rules_words(rubric),
        "foot": marked(
            _("%(code)s · 第 %(seat)d 席") % {"code": shown.code, "seat": assignment.member.seat},
            proposal.round,
        ),
    }


def reading_paper(
    assignment: Assignment, shown: Shown, text: Mapping[str, Any], version: ProposalVersion
) -> dict[str, Any]:
    """The 申报书 as this reviewer may read it, for her pack."""
    paper, proposal = paper_of(text), assignment.proposal
    who = (
        []
        if shown.is_blind
        else [[_("申报方"), shown.applicant], [_("代管单位"), shown.host or "—"]]
    )
    return {
        "title": _("项目申报书"),
        "round": proposal.round.name,
        "foot": marked(
            shown.code
            if shown.is_blind
            else _("%(code)s · 第 %(number)d 版") % {"code": shown.code, "number": version.number},
            proposal.round,
        ),
        "facts": [
            [_("申报编号"), shown.code],
            [_("项目名称"), shown.title],
            *([] if shown.is_blind else who),
            *[
                [str(fact.label), fact.words]
                for fact in paper.facts
                if fact.words and fact.name not in NOT_HERS
            ],
        ],
        "tables": tables_on_paper(paper),
        "budget": budget_on_paper(paper) if proposal.round.has_budget else None,
    }


def _paper(assignment: Assignment, shown: Shown) -> dict[str, Any]:
    return {
        "title": _("评分表"),
        "round": str(assignment.proposal.round),
        "project": shown.title if shown.is_blind else f"{shown.code} {shown.title}",
        "applicant": shown.applicant,
        "requested": yuan(assignment.proposal.requested_fen),
        "heads": [_("评分项"), _("满分"), _("得分"), _("说明")],
        "total_label": _("合计"),
        "note": "",
        "reviewer_label": _("评委签名："),
        "date_label": _("日期："),
    }


def _item(criterion: Criterion) -> dict[str, str]:
    counts = counts_words(criterion)
    return {
        "name": f"{criterion.name}（{counts}）" if counts else criterion.name,
        "most": half_points_shown(criterion.max_half_points),
    }


def _anchor_words(criterion: Criterion) -> str:
    """What the item asks, and its bands."""
    bands = "　".join(
        f"{band['label']} {half_points_shown(band['from'])}–{half_points_shown(band['to'])}"
        for band in criterion.bands
    )
    return "\n".join(words for words in (criterion.ask, bands) if words)


def _rules_words(rubric: Rubric) -> str:
    step = half_points_shown(rubric.step_half_points)
    return _(
        "每 %(step)s 分一档；低于该项满分 %(percent)d%% 的写理由；"
        "不评这个项目的，整张写“弃权”和理由，不要写 0。"
    ) % {
        "step": step,
        "percent": rubric.comment_below_percent,
    }


def _cuts(review: Review) -> str:
    return _("；").join(
        _("第 %(line)d 行 %(name)s 核减 %(cut)s（%(why)s）")
        % {
            "line": cut.line_number,
            "name": cut.line_name,
            "cut": yuan(cut.cut_fen),
            "why": cut.reason,
        }
        for cut in review.cuts.all()
    )
