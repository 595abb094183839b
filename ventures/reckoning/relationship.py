"""Do reviewers with a declared relationship score otherwise than the others? A permutation test.

Within each proposal the marks "related" are shuffled among its sheets; how often does chance alone
give so large a difference? The seed is published, so that anybody gets the same answer. Small
numbers say little, and no answer proves or clears anybody: for display only.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

SHUFFLES = 2_000


@dataclass(frozen=True)
class RelationshipTest:
    """How much more points related reviewers gave, and how often chance gives as much."""

    pairs: int
    difference: Fraction
    chance: Fraction
    seed: str


def relationship_test(
    scores: Mapping[str, Sequence[Fraction]],
    related: Mapping[str, Sequence[bool]],
    *,
    seed: str,
    shuffles: int = SHUFFLES,
) -> RelationshipTest | None:
    """Scores and marks by proposal, seat by seat. None where nobody or everybody is related."""
    mixed = sorted(n for n, marks in related.items() if any(marks) and not all(marks))
    if not mixed:
        return None
    deviations = [_deviations(scores[number]) for number in mixed]
    counts = [sum(related[number]) for number in mixed]
    pairs = sum(counts)
    observed = sum(
        (
            value
            for number, row in zip(mixed, deviations, strict=True)
            for value, mark in zip(row, related[number], strict=True)
            if mark
        ),
        Fraction(0),
    )
    chance = Random(hashlib.sha256(seed.encode()).hexdigest())  # noqa: S311 — reproducible
    as_large = 0
    for _shuffle in range(shuffles):
        drawn = sum(
            (
                value
                for row, count in zip(deviations, counts, strict=True)
                for value in chance.sample(row, count)
            ),
            Fraction(0),
        )
        as_large += abs(drawn) >= abs(observed)
    return RelationshipTest(pairs, observed / pairs, Fraction(as_large + 1, shuffles + 1), seed)


def _deviations(row: Sequence[Fraction]) -> list[Fraction]:
    mean = sum(row, Fraction(0)) / len(row)
    return [value - mean for value in row]
