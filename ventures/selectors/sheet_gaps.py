"""What a score sheet still lacks before it can be handed in."""

from django.utils.translation import gettext as _

from accounts.templatetags.kit import yuan
from ventures.models import Review, Rubric, Score
from ventures.rules.rubrics import criteria_for, needs_reason, rubric_of, total_halves
from ventures.selectors.reviews import half_points_shown


def missing_of(review: Review) -> list[str]:
    """What a sheet still lacks, as sentences for its reviewer, in the order of the sheet."""
    proposal = review.assignment.proposal
    rubric = rubric_of(proposal)
    scores = {score.criterion_id: score for score in review.scores.all()}
    missing: list[str] = []
    for criterion in criteria_for(proposal):
        score = scores.get(criterion.pk)
        if score is None or score.half_points is None:
            missing.append(_("“%(item)s”还没有打分") % {"item": criterion.name})
        elif needs_reason(score.half_points, criterion, rubric) and not score.comment.strip():
            missing.append(_reason_due(score, rubric))
    total = total_halves(proposal, {pk: score.half_points for pk, score in scores.items()})
    if not review.comment.strip():
        if total < rubric.pass_half_points:
            missing.append(
                _("总分低于 %(pass)s 分，请写明不予立项的意见")
                % {"pass": half_points_shown(rubric.pass_half_points)}
            )
        elif rubric.needs_comment or review.recommendation == Review.Recommendation.DECLINE:
            missing.append(_("请写评审意见"))
    for cut in review.cuts.all():
        if not cut.reason.strip():
            missing.append(_("第 %(line)d 行预算核减请写理由") % {"line": cut.line_number})
    requested = proposal.round.most_for(proposal.requested_fen)
    if review.suggested_fen is None:
        missing.append(_("请填写建议资助金额（可以为 0）"))
    elif review.suggested_fen > requested:
        missing.append(_("建议资助金额不能超过申请的 %(most)s") % {"most": yuan(requested)})
    if not review.recommendation:
        missing.append(_("请选择立项建议：同意、修改后同意或不同意"))
    return missing


def _reason_due(score: Score, rubric: Rubric) -> str:
    criterion = score.criterion
    if criterion.needs_words:
        return _("“%(item)s”要写理由，不论得几分") % {"item": criterion.name}
    assert score.half_points is not None, "asked of a scored item"
    return _("“%(item)s”得 %(points)s 分，低于满分的 %(percent)d%%，请写理由") % {
        "item": criterion.name,
        "points": half_points_shown(score.half_points),
        "percent": rubric.comment_below_percent,
    }
