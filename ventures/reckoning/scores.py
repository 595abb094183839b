"""One sheet's total, and one score of several totals: exact, half up to hundredths of a point.

Totals are in half points. An item counts with its own points, or, where the rubric gives weights,
with its share of the hundred: points ÷ full mark × weight. Items outside the total count nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

HALVES_PER_POINT = 2


class Way(Enum):
    """How several totals become one score. A trimmed mean is a mean of what was not left out."""

    MEAN = "mean"
    MEDIAN = "median"


@dataclass(frozen=True)
class Item:
    """One criterion as it counts: its full mark, and its weight where the rubric gives weights."""

    max_halves: int
    weight_percent: int | None = None
    is_outside_total: bool = False

    def counts_for(self, halves: int) -> Fraction:
        if self.is_outside_total:
            return Fraction(0)
        if self.weight_percent is None:
            return Fraction(halves)
        return Fraction(halves * self.weight_percent * HALVES_PER_POINT, self.max_halves)


def total_of(halves: Sequence[int], items: Sequence[Item]) -> Fraction:
    """A sheet's total in half points."""
    return sum(
        (item.counts_for(given) for given, item in zip(halves, items, strict=True)), Fraction(0)
    )


def score_hundredths(totals: Sequence[int | Fraction], way: Way = Way.MEAN) -> int:
    """One score of these totals, in hundredths of a point, half up."""
    assert totals, "a score needs at least one total"
    chosen = sorted(totals) if way is Way.MEDIAN else list(totals)
    if way is Way.MEDIAN:
        chosen = chosen[(len(chosen) - 1) // 2 : len(chosen) // 2 + 1]
    return int((100 * sum(chosen) + len(chosen)) // (HALVES_PER_POINT * len(chosen)))


def full_marks(items: Sequence[Item]) -> int:
    """What all that counts adds up to, in half points: 200 for a rubric in hundreds."""
    counted = [item for item in items if not item.is_outside_total]
    if any(item.weight_percent is not None for item in counted):
        return HALVES_PER_POINT * sum(item.weight_percent or 0 for item in counted)
    return sum(item.max_halves for item in counted)
