"""假如只看总分: the set of proposals with the largest total score that the fund could bear.

A what-if for looking at, never the award: it would pass good large projects over for small ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

from ventures.reckoning.award_walk import Entry

PATIENCE_SECONDS = 2.0


@dataclass(frozen=True)
class BestTotal:
    """Which would be in, what they score together, and whether nothing better exists."""

    numbers: tuple[str, ...]
    score_hundredths: int
    spent_fen: int
    is_proven: bool


def best_total_of(
    entries: Sequence[Entry], fund_fen: int, *, threshold_hundredths: int = 0
) -> BestTotal:
    """The largest total score under the fund, by a 0/1 knapsack."""
    from ortools.algorithms.python import knapsack_solver

    able = sorted(
        (
            e
            for e in entries
            if e.score_hundredths is not None and e.score_hundredths >= threshold_hundredths
        ),
        key=lambda e: e.number,
    )
    able = [e for e in able if 0 < e.asked_fen <= fund_fen]
    if not able:
        return BestTotal((), 0, 0, is_proven=True)
    unit = gcd(*(e.asked_fen for e in able))
    solver = knapsack_solver.KnapsackSolver(
        knapsack_solver.SolverType.KNAPSACK_MULTIDIMENSION_BRANCH_AND_BOUND_SOLVER, "what if"
    )
    solver.set_time_limit(PATIENCE_SECONDS)
    solver.init(
        [e.score_hundredths or 0 for e in able],
        [[e.asked_fen // unit for e in able]],
        [fund_fen // unit],
    )
    total = solver.solve()
    chosen = [e for place, e in enumerate(able) if solver.best_solution_contains(place)]
    return BestTotal(
        tuple(e.number for e in chosen),
        total,
        sum(e.asked_fen for e in chosen),
        is_proven=solver.is_solution_optimal(),
    )
