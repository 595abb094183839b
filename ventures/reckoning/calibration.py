"""A second look at scores: lenient and strict reviewers, and whether the cut-off is clear.

For display only, always beside the raw score; the published rule decides. The model is additive:
a score is what the proposal is worth to everyone, plus what this reviewer gives to everyone, plus
chance. Reviewers' leanings are estimated by least squares and sum to zero.

Whether that may be shown depends on who read what. Two reviewers who share no proposal, not even
through others, cannot be told apart from their proposals. `comparable_as` says, for the worst pair
of reviewers, how many proposals they would both have to read to be as comparable as they are
through all the paths between them (the resistance of the graph of reviewers, as of a network of
resistors: D. J. Klein, M. Randić, "Resistance distance", J. Math. Chem. 12 (1993) 81–95).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erf, sqrt

import numpy as np

type Scores = Mapping[tuple[str, str], float]
# Two reviewers ought to be as comparable as if both had read this many of the same proposals.
COMPARABLE_FROM = 5


@dataclass(frozen=True)
class Calibration:
    """Points each reviewer gives beyond the others, and each proposal's score without that."""

    leanings: Mapping[str, float]
    scores: Mapping[str, float]
    residual: float | None
    comparable_as: float

    @property
    def may_be_shown(self) -> bool:
        return self.comparable_as >= COMPARABLE_FROM


def calibration_of(scores: Scores) -> Calibration | None:
    """Scores by (proposal, reviewer). `None` where reviewers cannot be compared at all."""
    proposals = sorted({proposal for proposal, _reviewer in scores})
    reviewers = sorted({reviewer for _proposal, reviewer in scores})
    if len(reviewers) < 2:
        return None
    read = np.zeros((len(proposals), len(reviewers)))
    given = np.zeros_like(read)
    for (proposal, reviewer), score in sorted(scores.items()):
        row, column = proposals.index(proposal), reviewers.index(reviewer)
        read[row, column], given[row, column] = 1, score
    inverse = _inverse_laplacian(read)
    if inverse is None:
        return None
    per_proposal = read.sum(axis=1)
    deviations = given - (given.sum(axis=1) / per_proposal)[:, None]
    leanings = inverse @ (deviations * read).sum(axis=0)
    worth = ((given - leanings) * read).sum(axis=1) / per_proposal
    rest = (given - leanings - worth[:, None]) * read
    freedom = int(read.sum()) - len(proposals) - len(reviewers) + 1
    return Calibration(
        leanings=dict(zip(reviewers, leanings.tolist(), strict=True)),
        scores=dict(zip(proposals, worth.tolist(), strict=True)),
        residual=sqrt(float((rest**2).sum()) / freedom) if freedom > 0 else None,
        comparable_as=2 / _greatest_resistance(inverse),
    )


def _inverse_laplacian(read: "np.ndarray") -> "np.ndarray | None":
    """Of the graph of reviewers; `None` when it falls into parts.

    Reading one proposal together joins each pair of its k readers by a conductance of 1/k.
    """
    shared = read.T @ (read / read.sum(axis=1)[:, None])
    laplacian = np.diag(shared.sum(axis=1)) - shared
    if np.linalg.matrix_rank(laplacian, hermitian=True) < len(laplacian) - 1:
        return None
    return np.linalg.pinv(laplacian, hermitian=True)


def _greatest_resistance(inverse: "np.ndarray") -> float:
    own = np.diag(inverse)
    return float((own[:, None] + own[None, :] - 2 * inverse).max())


@dataclass(frozen=True)
class Nearness:
    """How likely other, equally able reviewers would have put a proposal across the line."""

    number: str
    mean: float
    is_above: bool
    chance: float


def near_the_cut(
    scores: Mapping[str, Sequence[float]], above: frozenset[str], residual: float
) -> list[Nearness]:
    """For each proposal, from the line's middle; nothing where nobody stands on one side.

    `residual` is the standard deviation of one score about what it should be. The mean of n scores
    strays by residual ÷ √n; the chance is the normal distribution's beyond the line.
    """
    means = {number: sum(each) / len(each) for number, each in sorted(scores.items()) if each}
    over = [mean for number, mean in means.items() if number in above]
    under = [mean for number, mean in means.items() if number not in above]
    if not over or not under:
        return []
    line = (min(over) + max(under)) / 2
    return [
        Nearness(
            number,
            mean,
            number in above,
            _beyond(
                mean - line if number in above else line - mean,
                residual / sqrt(len(scores[number])),
            ),
        )
        for number, mean in means.items()
    ]


@dataclass(frozen=True)
class RankRange:
    """From which to which rank a proposal could well stand with other, equally able reviewers."""

    number: str
    best: int
    worst: int


def rank_ranges(
    scores: Mapping[str, Sequence[float]], residual: float, *, sure: float = 0.9
) -> list[RankRange]:
    """Above whoever is so likely to be better a proposal does not come, nor below whoever is so
    likely to be worse. Two means differ by chance with the deviation of their difference."""
    means = {number: sum(each) / len(each) for number, each in sorted(scores.items()) if each}
    found = []
    for number, mean in means.items():
        ahead = behind = 0
        for other, its in means.items():
            if other == number:
                continue
            deviation = residual * sqrt(1 / len(scores[number]) + 1 / len(scores[other]))
            ahead += 1 - _beyond(its - mean, deviation) >= sure
            behind += 1 - _beyond(mean - its, deviation) >= sure
        found.append(RankRange(number, 1 + ahead, len(means) - behind))
    return found


def _beyond(distance: float, deviation: float) -> float:
    if deviation == 0:
        return 0.5 if distance == 0 else float(distance < 0)
    return (1 - erf(distance / deviation / sqrt(2))) / 2
