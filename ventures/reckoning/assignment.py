"""Who reads what: the cheapest assignment there is, and a proof of how cheap it could be.

Every proposal gets the readers it still wants, every reader as many proposals as her least and most
load say, nobody what she is kept from, and of readers who are to be kept apart (the same unit) no
two the same proposal. Among all such assignments the one of least total cost is sought: a flow of
minimum cost (R. K. Ahuja, T. L. Magnanti, J. B. Orlin, Network Flows, 1993, chapter 9).

Twenty thousand proposals and three thousand readers have sixty million pairs, so each proposal is
first offered its cheapest candidates only. What was left out is then weighed at the prices the
solution puts on each reader's time (Lagrange's bound over *all* pairs): no assignment whatever can
cost less than `bound`. Pairs that would undercut those prices are let in and the flow is solved
again, until the gap is closed or small enough to be told.

Nothing of what stands is touched: who already reads a proposal enters as fewer `wanted` there and
less load for her. A withdrawal is the same question about the orphaned seats alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

type Numbers = NDArray[np.int64]

# The cost of a pair that must not be: kept from it, or reading it already.
NEVER = 1 << 40
BLOCK = 500
CANDIDATES = 32
# How many pairs left out are let in for one proposal at a time.
MORE = 48
ROUNDS = 12
# How far the found cost may be from the proven bound before it is called optimal: 0.01 %.
GAP = 1e-4


class Costs(Protocol):
    """What each pair costs, asked for a few rows at a time; from 0, `NEVER` where forbidden."""

    def rows(self, start: int, stop: int) -> Numbers: ...


@dataclass(frozen=True)
class Wishes:
    """What is asked for: per proposal how many readers, per reader at least and at most how many.

    `apart` gives each reader a number; readers of one number never read the same proposal.
    """

    costs: Costs
    wanted: Sequence[int]
    least: Sequence[int]
    most: Sequence[int]
    apart: Sequence[int] | None = None


@dataclass(frozen=True)
class Plan:
    """Pairs (proposal, reader) in order; what they cost, and what any plan must cost."""

    pairs: tuple[tuple[int, int], ...]
    cost: int
    bound: float
    rounds: int
    arcs: int

    @property
    def gap(self) -> float:
        """How much cheaper another plan could be, as a share of the cost."""
        return max(0.0, (self.cost - self.bound) / max(1, self.cost))

    @property
    def is_optimal(self) -> bool:
        """Costs are whole numbers: within less than one of the bound nothing is cheaper."""
        return self.cost - self.bound < 1 - 1e-6


class NoPlan(Exception):
    """Nothing fits: too few readers may read something, or their loads do not add up."""

    def __init__(self, *, wanted: int, room: int, least: int, short: Sequence[int]) -> None:
        super().__init__("no assignment satisfies every wish")
        self.wanted = wanted
        self.room = room
        self.least = least
        self.short = tuple(short)


def assign(wishes: Wishes, *, candidates: int = CANDIDATES, gap: float = GAP) -> Plan:
    """The cheapest plan, with its bound. Raises `NoPlan` where there is none.

    Deterministic: equal costs are ordered by a fixed mixing of the pair's numbers, so that equally
    good readers are all offered somewhere.
    """
    readers = len(wishes.most)
    _require_room(wishes)
    offered = _cheapest(wishes, min(candidates, readers))
    solved: _Solution | None = None
    best: Plan | None = None
    for round in range(1, ROUNDS + 1):
        solved = _solve(wishes, offered)
        if solved is None:
            if len(offered.costs) == offered.possible:
                raise _no_plan(wishes)
            candidates *= 2
            offered = _cheapest(wishes, min(candidates, readers))
            continue
        bound, more = _weigh(wishes, _prices(wishes, offered, solved), offered, solved)
        bound = max(bound, best.bound if best else bound)
        best = Plan(solved.pairs(offered), solved.cost, bound, round, len(offered.costs))
        if best.is_optimal or best.gap <= gap or not len(more.costs):
            break
        offered = offered.with_more(more)
    if best is None:
        raise _no_plan(wishes)
    return best


@dataclass(frozen=True)
class _Offers:
    """Pairs let into the graph; `possible` counts all that are not forbidden."""

    proposals: Numbers
    readers: Numbers
    costs: Numbers
    possible: int

    def with_more(self, more: "_Offers") -> "_Offers":
        return _Offers(
            np.concatenate([self.proposals, more.proposals]),
            np.concatenate([self.readers, more.readers]),
            np.concatenate([self.costs, more.costs]),
            self.possible,
        )


@dataclass(frozen=True)
class _Solution:
    chosen: NDArray[np.bool_]
    cost: int

    def pairs(self, offered: _Offers) -> tuple[tuple[int, int], ...]:
        found = zip(
            offered.proposals[self.chosen].tolist(),
            offered.readers[self.chosen].tolist(),
            strict=True,
        )
        return tuple(sorted(found))


def _require_room(wishes: Wishes) -> None:
    wanted, room, least = sum(wishes.wanted), sum(wishes.most), sum(wishes.least)
    if not least <= wanted <= room:
        raise NoPlan(wanted=wanted, room=room, least=least, short=())


def _no_plan(wishes: Wishes) -> NoPlan:
    short = [
        start + int(row)
        for start, block in _blocks(wishes)
        for row in np.nonzero(
            (_one_of_each(wishes, block) < NEVER).sum(axis=1)
            < np.asarray(wishes.wanted[start : start + len(block)])
        )[0]
    ]
    return NoPlan(
        wanted=sum(wishes.wanted), room=sum(wishes.most), least=sum(wishes.least), short=short
    )


def _blocks(wishes: Wishes) -> Iterator[tuple[int, Numbers]]:
    for start in range(0, len(wishes.wanted), BLOCK):
        yield start, wishes.costs.rows(start, min(start + BLOCK, len(wishes.wanted)))


def _one_of_each(wishes: Wishes, block: NDArray[np.float64] | Numbers) -> NDArray[np.float64]:
    """The cheapest reader of each group that is to be kept apart."""
    if wishes.apart is None:
        return block.astype(np.float64, copy=False)
    groups = np.asarray(wishes.apart)
    order = np.argsort(groups, kind="stable")
    starts = np.nonzero(np.diff(groups[order], prepend=groups[order][0] - 1))[0]
    return np.minimum.reduceat(block[:, order].astype(np.float64), starts, axis=1)


def _mixed(start: int, rows: int, readers: int) -> NDArray[np.float64]:
    """A number below one for each pair, the same on every machine."""
    pair = np.arange(start, start + rows, dtype=np.uint64)[:, None] * np.uint64(0x9E3779B97F4A7C15)
    pair = pair ^ (np.arange(readers, dtype=np.uint64)[None, :] * np.uint64(0xC2B2AE3D27D4EB4F))
    pair ^= pair >> np.uint64(29)
    pair *= np.uint64(0xBF58476D1CE4E5B9)
    return (pair >> np.uint64(40)).astype(np.float64) / float(1 << 24)


def _cheapest(wishes: Wishes, candidates: int) -> _Offers:
    """For each proposal its cheapest readers, and half as many of any: where all want the same few,
    only these leave the loads a way out."""
    readers = len(wishes.most)
    found: list[tuple[Numbers, Numbers, Numbers]] = []
    possible = 0
    for start, block in _blocks(wishes):
        possible += int((block < NEVER).sum())
        chance = _mixed(start, len(block), readers)
        rows, columns = _least_of_rows(block + chance, candidates)
        any_rows, any_columns = _least_of_rows(chance, candidates // 2)
        pairs = np.unique(
            np.concatenate([rows * readers + columns, any_rows * readers + any_columns])
        )
        rows, columns = pairs // readers, pairs % readers
        costs = block[rows, columns]
        allowed = costs < NEVER
        found.append((rows[allowed] + start, columns[allowed], costs[allowed]))
    proposals, chosen, costs = (np.concatenate(each) for each in zip(*found, strict=True))
    return _Offers(proposals, chosen, costs, possible)


def _first_of_rows(weight: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """The smallest of each row, in order."""
    count = min(count, weight.shape[1])
    if count == weight.shape[1]:
        return np.sort(weight, axis=1)
    return np.sort(np.partition(weight, count, axis=1)[:, :count], axis=1)


def _least_of_rows(weight: NDArray[np.float64], count: int) -> tuple[Numbers, Numbers]:
    count = min(count, weight.shape[1])
    if count == weight.shape[1]:
        columns = np.broadcast_to(np.arange(count), weight.shape)
    else:
        columns = np.argpartition(weight, count, axis=1)[:, :count]
    rows = np.repeat(np.arange(len(weight), dtype=np.int64), count)
    return rows, columns.reshape(-1).astype(np.int64)


def _solve(wishes: Wishes, offered: _Offers) -> _Solution | None:
    """Proposals send their wants through the readers to the sink; `None` where they cannot."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    proposals, readers = len(wishes.wanted), len(wishes.most)
    sink = proposals + readers
    flow = SimpleMinCostFlow()
    tails, heads = offered.proposals.copy(), offered.readers + proposals
    capacities = np.ones(len(tails), dtype=np.int64)
    between = _gates(wishes, offered, sink + 1)
    if between is not None:
        flow.add_arcs_with_capacity_and_unit_cost(*between.arcs())
        tails = np.where(between.of_offer >= 0, between.of_offer, tails)
    pairs = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, capacities, offered.costs)
    least, most = np.asarray(wishes.least), np.asarray(wishes.most)
    flow.add_arcs_with_capacity_and_unit_cost(
        np.arange(proposals, sink),
        np.full(readers, sink),
        most - least,
        np.zeros(readers, dtype=np.int64),
    )
    wanted = np.asarray(wishes.wanted)
    flow.set_nodes_supplies(np.arange(proposals), wanted)
    flow.set_nodes_supplies(np.arange(proposals, sink), -least)
    flow.set_node_supply(sink, int(least.sum() - wanted.sum()))
    if flow.solve() != flow.OPTIMAL:
        return None
    return _Solution(np.asarray(flow.flows(pairs)) > 0, flow.optimal_cost())


@dataclass(frozen=True)
class _Gates:
    """A node of capacity one for a proposal and those of its candidates who are kept apart."""

    proposals: Numbers
    first: int
    of_offer: Numbers

    def arcs(self) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        count = len(self.proposals)
        nodes = np.arange(self.first, self.first + count)
        return (
            self.proposals,
            nodes,
            np.ones(count, dtype=np.int64),
            np.zeros(count, dtype=np.int64),
        )


def _gates(wishes: Wishes, offered: _Offers, first: int) -> _Gates | None:
    if wishes.apart is None:
        return None
    groups = np.asarray(wishes.apart, dtype=np.int64)
    keys = offered.proposals * (int(groups.max()) + 1) + groups[offered.readers]
    _unique, where, counts = np.unique(keys, return_inverse=True, return_counts=True)
    shared = counts > 1
    number = np.cumsum(shared) - 1 + first
    of_offer = np.where(shared[where], number[where], -1)
    owners = np.zeros(int(shared.sum()), dtype=np.int64)
    owners[of_offer[of_offer >= 0] - first] = offered.proposals[of_offer >= 0]
    return _Gates(owners, first, of_offer)


def _prices(wishes: Wishes, offered: _Offers, solved: _Solution) -> NDArray[np.float64]:
    """What one more proposal for each reader would cost the whole: shortest ways in what is left.

    Nothing or less for one who could take another, else the cheapest chain of handing over; beyond
    all costs where there is none. Any prices give a valid bound; these give the tight one.
    """
    readers = len(wishes.most)
    load = np.bincount(offered.readers[solved.chosen], minlength=readers)
    gates = _gates(wishes, offered, 0)
    gate = gates.of_offer if gates else np.full(len(offered.costs), -1)
    last = int(gate.max(initial=-1)) + 1
    is_used = np.zeros(last + 1, dtype=bool)
    is_used[gate[solved.chosen]] = True
    is_used[last] = False  # index -1: no gate
    free, inside = ~solved.chosen & ~is_used[gate], ~solved.chosen & is_used[gate]
    beyond = float(offered.costs.max(initial=0) + 1) * (readers + 1)
    price = np.where(load < np.asarray(wishes.most), 0.0, beyond)
    for _step in range(readers):
        onward = offered.costs + price[offered.readers]
        best = np.full(len(wishes.wanted), np.inf)
        np.minimum.at(best, offered.proposals[free], onward[free])
        within = np.full(last + 1, np.inf)
        np.minimum.at(within, gate[inside], onward[inside])
        handed = np.minimum(best[offered.proposals], within[gate]) - offered.costs
        better = price.copy()
        np.minimum.at(better, offered.readers[solved.chosen], handed[solved.chosen])
        if np.array_equal(better, price):
            break
        price = better
    return price


def _weigh(
    wishes: Wishes, prices: NDArray[np.float64], offered: _Offers, solved: _Solution
) -> tuple[float, _Offers]:
    """The bound at these prices over all pairs, and the pairs left out that undercut them."""
    readers = len(prices)
    wanted = np.asarray(wishes.wanted)
    bound = -float(
        (np.maximum(prices, 0) * np.asarray(wishes.most)).sum()
        - (np.maximum(-prices, 0) * np.asarray(wishes.least)).sum()
    )
    dearest = np.full(len(wanted), -np.inf)
    paid = (offered.costs + prices[offered.readers])[solved.chosen]
    np.maximum.at(dearest, offered.proposals[solved.chosen], paid)
    known = np.sort(offered.proposals * readers + offered.readers)
    found: list[tuple[Numbers, Numbers, Numbers]] = []
    for start, block in _blocks(wishes):
        weight = block + prices
        here = wanted[start : start + len(block)]
        most = min(int(here.max(initial=0)), weight.shape[1])
        cheapest = _first_of_rows(_one_of_each(wishes, weight), most)
        counted = np.arange(cheapest.shape[1])[None, :] < here[:, None]
        bound += float(cheapest[counted].sum())
        first, last = np.searchsorted(known, [start * readers, (start + len(block)) * readers])
        weight.reshape(-1)[known[first:last] - start * readers] = np.inf
        rows, columns = _least_of_rows(weight, MORE)
        undercuts = weight[rows, columns] < dearest[rows + start] - 1e-6
        rows, columns = rows[undercuts], columns[undercuts]
        allowed = block[rows, columns] < NEVER
        rows, columns = rows[allowed], columns[allowed]
        found.append((rows + start, columns, block[rows, columns]))
    proposals, chosen, costs = (np.concatenate(each) for each in zip(*found, strict=True))
    return bound, _Offers(proposals, chosen, costs, offered.possible)
