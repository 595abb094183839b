"""How a rubric counts: which criteria a proposal is scored on, what a sheet adds up to.

The arithmetic is `reckoning.scores`; the page's live total follows the same figures.
"""

from collections.abc import Mapping
from fractions import Fraction

from ventures.models import Criterion, Proposal, Rubric
from ventures.reckoning.scores import Item, full_marks, total_of


def item_of(criterion: Criterion, *, is_asked: bool = True) -> Item:
    """A criterion as it counts; one that is not asked counts nothing."""
    return Item(
        criterion.max_half_points,
        criterion.weight_percent,
        criterion.is_outside_total or not is_asked,
    )


def items_of(rubric: Rubric, track_code: str | None) -> tuple[Item, ...]:
    """All criteria of the rubric, in its order, as they count for one group's proposals."""
    return tuple(
        item_of(criterion, is_asked=criterion.is_asked_of(track_code))
        for criterion in rubric.criteria.all()
    )


def criteria_for(proposal: Proposal) -> list[Criterion]:
    """What this proposal is scored on."""
    rubric = rubric_of(proposal)
    code = track_code_of(proposal)
    return [criterion for criterion in rubric.criteria.all() if criterion.is_asked_of(code)]


def rubric_of(proposal: Proposal) -> Rubric:
    rubric = proposal.round.rubric
    assert rubric is not None, "reviewed_round_has_rubric"
    return rubric


def track_code_of(proposal: Proposal) -> str | None:
    return proposal.track.code if proposal.track is not None else None


def total_halves(proposal: Proposal, halves: Mapping[int, int | None]) -> Fraction:
    """What a sheet adds up to so far, in half points: scores by criterion, none is not scored."""
    criteria = criteria_for(proposal)
    return total_of(
        [halves.get(criterion.pk) or 0 for criterion in criteria],
        [item_of(criterion) for criterion in criteria],
    )


def full_halves(rubric: Rubric, track_code: str | None) -> int:
    """The full mark of one group's proposals: 200 for a rubric in hundreds."""
    return full_marks(items_of(rubric, track_code))


def needs_reason(half_points: int, criterion: Criterion, rubric: Rubric) -> bool:
    """Whether the reason for a score must be written: always, where the criterion says so, else
    when the score is low."""
    return criterion.needs_words or half_points * 100 < (
        rubric.comment_below_percent * criterion.max_half_points
    )
