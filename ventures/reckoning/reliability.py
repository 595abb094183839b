"""How far reviewers agree: intraclass correlations, Krippendorff's alpha, Kendall's W.

For display behind 统计说明 and never a gate. All arithmetic is in fractions, so that a published
example gives its published figure and the same table gives the same figure on every machine.

Where a figure cannot be had (fewer than two judges, no variation at all) the answer is `None`:
"cannot be said" is neither perfect agreement nor none.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

type Table = Sequence[Sequence[int | Fraction]]
type GappyTable = Sequence[Sequence[int | Fraction | None]]


@dataclass(frozen=True)
class IntraclassCorrelations:
    """The six of Shrout & Fleiss: one judge's reliability, and that of the mean of all k judges.

    Case 1: each target has judges of its own. Case 2: the same judges, drawn from many.
    Case 3: the same judges, and these alone are asked about.
    """

    one_way: Fraction | None
    two_way_random: Fraction | None
    two_way_fixed: Fraction | None
    mean_one_way: Fraction | None
    mean_two_way_random: Fraction | None
    mean_two_way_fixed: Fraction | None


@dataclass(frozen=True)
class _MeanSquares:
    """The analysis of variance of targets by judges."""

    targets: int
    judges: int
    between: Fraction
    within: Fraction
    of_judges: Fraction
    residual: Fraction


class Scale(Enum):
    """What a difference between two scores means (Krippendorff's metrics)."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


def intraclass_correlations(table: Table) -> IntraclassCorrelations:
    """One row per proposal, one column per reviewer, no gaps.

    Source: P. E. Shrout, J. L. Fleiss, "Intraclass correlations: uses in assessing rater
    reliability", Psychological Bulletin 86 (1979) 420–428, formulas of table 3 and page 426.
    """
    squares = _mean_squares(table)
    if squares is None:
        return IntraclassCorrelations(None, None, None, None, None, None)
    n, k = squares.targets, squares.judges
    between, within = squares.between, squares.within
    residual, judges = squares.residual, squares.of_judges
    return IntraclassCorrelations(
        one_way=_share(between - within, between + (k - 1) * within),
        two_way_random=_share(
            between - residual,
            between + (k - 1) * residual + Fraction(k, n) * (judges - residual),
        ),
        two_way_fixed=_share(between - residual, between + (k - 1) * residual),
        mean_one_way=_share(between - within, between),
        mean_two_way_random=_share(
            between - residual, between + (judges - residual) * Fraction(1, n)
        ),
        mean_two_way_fixed=_share(between - residual, between),
    )


def krippendorff_alpha(table: GappyTable, scale: Scale) -> Fraction | None:
    """One row per proposal, one column per reviewer; `None` where a reviewer gave no score.

    Proposals with fewer than two scores say nothing about agreement and are left out.

    Source: K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section D:
    α = 1 − observed ÷ expected disagreement, from the matrix of coincidences.
    """
    units = [[Fraction(value) for value in row if value is not None] for row in table]
    units = [unit for unit in units if len(unit) >= 2]
    counts = Counter(value for unit in units for value in unit)
    total = sum(counts.values())
    differ = _difference(scale, counts)
    values = sorted(counts)
    expected = sum(
        (
            counts[one] * counts[other] * differ(one, other)
            for place, one in enumerate(values)
            for other in values[place + 1 :]
        ),
        Fraction(0),
    )
    if not expected:
        return None
    observed = sum((_disagreement(unit, differ) for unit in units), Fraction(0))
    return 1 - (total - 1) * observed / expected


def kendall_w(table: Table) -> Fraction | None:
    """Concordance of the reviewers' rankings, corrected for ties; rows as above, no gaps.

    Source: M. G. Kendall, Rank Correlation Methods (1948), chapter 6:
    W = 12 S ÷ (m² (n³ − n) − m Σ (t³ − t)), S of the rank sums about their mean.
    """
    n, m = len(table), len(table[0]) if table else 0
    if n < 2 or m < 2:
        return None
    columns = list(zip(*table, strict=True))
    ranks = [_mid_ranks(column) for column in columns]
    sums = [sum((rank[row] for rank in ranks), Fraction(0)) for row in range(n)]
    mean = Fraction(m * (n + 1), 2)
    spread = sum(((each - mean) ** 2 for each in sums), Fraction(0))
    tied = sum(count**3 - count for column in columns for count in Counter(column).values())
    return _share(12 * spread, Fraction(m * m * (n**3 - n) - m * tied))


def _mean_squares(table: Table) -> _MeanSquares | None:
    n, k = len(table), len(table[0]) if table else 0
    if n < 2 or k < 2:
        return None
    rows = [[Fraction(value) for value in row] for row in table]
    mean = _sum(value for row in rows for value in row) / (n * k)
    total = _sum((value - mean) ** 2 for row in rows for value in row)
    of_targets = k * _sum((_sum(row) / k - mean) ** 2 for row in rows)
    of_judges = n * _sum((_sum(column) / n - mean) ** 2 for column in zip(*rows, strict=True))
    return _MeanSquares(
        targets=n,
        judges=k,
        between=of_targets / (n - 1),
        within=(total - of_targets) / (n * (k - 1)),
        of_judges=of_judges / (k - 1),
        residual=(total - of_targets - of_judges) / ((n - 1) * (k - 1)),
    )


def _sum(values: Iterable[Fraction]) -> Fraction:
    return sum(values, Fraction(0))


def _share(part: Fraction, whole: Fraction) -> Fraction | None:
    return part / whole if whole else None


def _disagreement(unit: Sequence[Fraction], differ: Callable[..., Fraction]) -> Fraction:
    """Every pair of one proposal's scores once, weighed by how many scores it has."""
    pairs = sum(
        (
            differ(*sorted((one, other)))
            for place, one in enumerate(unit)
            for other in unit[place + 1 :]
        ),
        Fraction(0),
    )
    return pairs / (len(unit) - 1)


def _difference(scale: Scale, counts: Mapping[Fraction, int]) -> Callable[..., Fraction]:
    """The squared difference of two values, the smaller first."""
    if scale is Scale.NOMINAL:
        return lambda one, other: Fraction(one != other)
    if scale is Scale.INTERVAL:
        return lambda one, other: (one - other) ** 2
    if scale is Scale.RATIO:
        return lambda one, other: (
            ((one - other) / (one + other)) ** 2 if one + other else Fraction()
        )
    middle = _middles(counts)
    return lambda one, other: (middle[one] - middle[other]) ** 2


def _relative(one: Fraction, other: Fraction) -> Fraction:
    return ((one - other) / (one + other)) ** 2 if one + other else Fraction(0)


def _middles(counts: Mapping[Fraction, int]) -> dict[Fraction, Fraction]:
    """Where each value stands among all: the ordinal metric is the distance of these."""
    found: dict[Fraction, Fraction] = {}
    before = Fraction(0)
    for value in sorted(counts):
        found[value] = before + Fraction(counts[value], 2)
        before += counts[value]
    return found


def _mid_ranks(column: Sequence[int | Fraction]) -> list[Fraction]:
    """Ranks from 1; those who tie share the mean of theirs."""
    counts = {Fraction(value): count for value, count in Counter(column).items()}
    middles = _middles(counts)
    return [middles[Fraction(value)] + Fraction(1, 2) for value in column]
