"""Every wish is kept, and nothing cheaper exists: proven by trying everything where that is few."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventures.reckoning.assignment import NEVER, NoPlan, Plan, Wishes, assign


class Table:
    """Costs that are written down."""

    def __init__(self, costs: list[list[int]]) -> None:
        self.costs = np.array(costs, dtype=np.int64)

    def rows(self, start: int, stop: int) -> np.ndarray:
        return self.costs[start:stop]


def cheapest_of_all(wishes: Wishes) -> int | None:
    """Try every assignment."""
    costs = wishes.costs.rows(0, len(wishes.wanted))
    readers = range(len(wishes.most))
    choices = [
        [
            chosen
            for chosen in combinations(readers, wanted)
            if all(costs[row][reader] < NEVER for reader in chosen)
            and (
                wishes.apart is None
                or len({wishes.apart[reader] for reader in chosen}) == len(chosen)
            )
        ]
        for row, wanted in enumerate(wishes.wanted)
    ]
    found = []
    for each in product(*choices):
        load = [sum(reader in chosen for chosen in each) for reader in readers]
        if all(
            least <= one <= most
            for least, one, most in zip(wishes.least, load, wishes.most, strict=True)
        ):
            found.append(
                sum(int(costs[row][one]) for row, chosen in enumerate(each) for one in chosen)
            )
    return min(found, default=None)


def keeps(plan: Plan, wishes: Wishes) -> bool:
    costs = wishes.costs.rows(0, len(wishes.wanted))
    per_proposal = [
        [reader for row, reader in plan.pairs if row == each] for each in range(len(wishes.wanted))
    ]
    load = [sum(reader == one for _row, one in plan.pairs) for reader in range(len(wishes.most))]
    return (
        all(len(set(got)) == n for got, n in zip(per_proposal, wishes.wanted, strict=True))
        and all(costs[row][reader] < NEVER for row, reader in plan.pairs)
        and all(a <= b <= c for a, b, c in zip(wishes.least, load, wishes.most, strict=True))
        and (
            wishes.apart is None
            or all(len({wishes.apart[one] for one in got}) == len(got) for got in per_proposal)
        )
    )


@st.composite
def small_wishes(draw: st.DrawFn) -> Wishes:
    proposals, readers = draw(st.integers(1, 4)), draw(st.integers(2, 4))
    cost = st.one_of(st.integers(0, 9), st.just(NEVER))
    least = draw(st.lists(st.integers(0, 1), min_size=readers, max_size=readers))
    more = draw(st.lists(st.integers(0, 2), min_size=readers, max_size=readers))
    return Wishes(
        Table(
            draw(
                st.lists(
                    st.lists(cost, min_size=readers, max_size=readers),
                    min_size=proposals,
                    max_size=proposals,
                )
            )
        ),
        draw(st.lists(st.integers(0, 2), min_size=proposals, max_size=proposals)),
        least,
        [low + high for low, high in zip(least, more, strict=True)],
        draw(st.none() | st.lists(st.integers(0, 2), min_size=readers, max_size=readers)),
    )


@given(small_wishes())
def test_the_plan_is_the_cheapest_there_is(wishes: Wishes) -> None:
    cheapest = cheapest_of_all(wishes)

    if cheapest is None:
        with pytest.raises(NoPlan):
            assign(wishes, candidates=1)
        return
    plan = assign(wishes, candidates=1)

    assert keeps(plan, wishes)
    assert plan.cost == cheapest
    assert plan.bound <= plan.cost + 1e-6


def test_a_larger_round_is_proven_optimal_and_given_alike_each_time() -> None:
    chance = np.random.default_rng(2027)
    costs = chance.integers(0, 90, (200, 40))
    costs[chance.random((200, 40)) < 0.1] = NEVER
    wishes = Wishes(
        Table(costs.tolist()), [5] * 200, [20] * 40, [30] * 40, [each // 2 for each in range(40)]
    )

    plan = assign(wishes, candidates=8)

    assert keeps(plan, wishes)
    assert plan.is_optimal
    assert plan == assign(wishes, candidates=8)


def test_who_cannot_be_served_is_named() -> None:
    wishes = Wishes(Table([[1, NEVER, NEVER], [1, 1, 1]]), [2, 1], [0] * 3, [3] * 3)

    with pytest.raises(NoPlan) as refused:
        assign(wishes)

    assert refused.value.short == (0,)
