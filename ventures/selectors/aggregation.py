"""The rule that makes one score of several sheets, in words: on the call, the ranking, papers."""

from fractions import Fraction

from django.utils.translation import gettext as _

from ventures.models import Criterion, Rubric, Track
from ventures.reckoning.scores import score_hundredths
from ventures.selectors.reviews import half_points_shown, hundredths_shown

USUAL_DROP_FROM = 5


def way_words(rubric: Rubric) -> str:
    """How sheets become a score, with its figures: one clause."""
    words: str = (
        _("%(count)d 名及以上评委去掉一个最高分和一个最低分后平均") % {"count": rubric.drop_from}
        if rubric.aggregate == Rubric.Aggregate.TRIMMED_MEAN
        else str(Rubric.Aggregate(rubric.aggregate).label)
    )
    return words + "".join(f"；{clause}" for clause in _clauses(rubric))


def _clauses(rubric: Rubric) -> list[str]:
    """What else departs from adding up all items."""
    criteria = list(rubric.criteria.all())
    weighted = [c for c in criteria if c.weight_percent is not None]
    outside = [c for c in criteria if c.is_outside_total]
    clauses = []
    if weighted:
        clauses.append(
            _("各项按权重折算（%(weights)s）")
            % {"weights": "、".join(f"{c.name} {c.weight_percent}%" for c in weighted)}
        )
    if outside:
        clauses.append(_("%(names)s不计入总分") % {"names": "、".join(c.name for c in outside)})
    return clauses


def total_shown(half_points: int | Fraction) -> str:
    """Half points as points; a weighted total to hundredths."""
    if half_points == int(half_points):
        return half_points_shown(int(half_points))
    return hundredths_shown(score_hundredths([half_points]))


def counts_words(criterion: Criterion) -> str:
    """What is said beside a criterion that does not simply count with its points."""
    words = []
    if criterion.is_outside_total:
        words.append(_("不计入总分"))
    if criterion.weight_percent is not None:
        words.append(_("权重 %(percent)d%%") % {"percent": criterion.weight_percent})
    if criterion.only_tracks:
        names = Track.objects.filter(code__in=criterion.only_tracks).values_list("name", flat=True)
        words.append(_("只问%(tracks)s") % {"tracks": "、".join(_(name) for name in names)})
    return " · ".join(words)
