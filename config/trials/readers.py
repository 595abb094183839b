"""A round to be assigned, as large as asked: who fits what, and who is kept from what.

Made from a seed. Seven tracks, twelve towns, two tracks a reader; one in fifty pairs kept apart.
Nothing here knows Django: each size is measured in a process of its own.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import numpy as np
from numpy.typing import NDArray

from ventures.reckoning.assignment import NEVER, Wishes, assign

TRACKS, TOWNS = 7, 12
READERS_EACH = 5
ONE_TRACK, BOTH_TRACKS, HER_OWN_TOWN = 25, 50, 40


class MadeUp:
    """Costs as a round would have them: expertise, another town than one's own, and a leaning."""

    def __init__(self, proposals: int, readers: int, seed: int) -> None:
        chance = np.random.default_rng(seed)
        self.tracks = chance.integers(0, TRACKS, proposals)
        self.towns = chance.integers(0, TOWNS, proposals)
        self.fields = chance.integers(0, TRACKS, (readers, 2))
        self.homes = chance.integers(0, TOWNS, readers)
        self.leaning = chance.integers(0, 30, readers)
        self.kept = chance.integers(0, readers, (proposals, max(1, readers // 50)))

    def rows(self, start: int, stop: int) -> NDArray[np.int64]:
        track, town = self.tracks[start:stop, None], self.towns[start:stop, None]
        first, second = self.fields[:, 0] == track, self.fields[:, 1] == track
        costs = (
            BOTH_TRACKS + ONE_TRACK - np.where(first, BOTH_TRACKS, np.where(second, ONE_TRACK, 0))
        )
        costs = costs + np.where(self.homes == town, HER_OWN_TOWN, 0) + self.leaning
        np.put_along_axis(costs, self.kept[start:stop], NEVER, axis=1)
        return costs


@dataclass(frozen=True)
class Measured:
    """One size: processor seconds, the process's peak memory, and how good the plan is proven."""

    proposals: int
    readers: int
    seconds: float
    peak_megabytes: float
    cost: int
    bound: float
    gap: float
    is_optimal: bool
    rounds: int
    one_after_another: int
    readers_left_short: int
    baseline_seconds: float


def wishes_of(proposals: int, readers: int, seed: int) -> Wishes:
    even = proposals * READERS_EACH / readers
    return Wishes(
        costs=MadeUp(proposals, readers, seed),
        wanted=[READERS_EACH] * proposals,
        least=[max(0, int(even) - 2)] * readers,
        most=[int(even) + 2] * readers,
    )


def peak_megabytes() -> float:
    """The most memory this process had, with the interpreter and all it imports.

    Linux keeps it of the process alone; `getrusage` would count what the one that started it had.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024


def measure(proposals: int, readers: int, seed: int) -> Measured:
    """The plan, and beside it what taking proposals one after another would cost."""
    wishes = wishes_of(proposals, readers, seed)
    began = time.process_time()
    plan = assign(wishes)
    seconds = time.process_time() - began
    peak = peak_megabytes()
    began = time.process_time()
    baseline, left_short = one_after_another(wishes)
    return Measured(
        proposals,
        readers,
        seconds=round(seconds, 3),
        peak_megabytes=round(peak, 1),
        cost=plan.cost,
        bound=plan.bound,
        gap=plan.gap,
        is_optimal=plan.is_optimal,
        rounds=plan.rounds,
        one_after_another=baseline,
        readers_left_short=left_short,
        baseline_seconds=round(time.process_time() - began, 3),
    )


def one_after_another(wishes: Wishes) -> tuple[int, int]:
    """Each proposal in turn takes the cheapest readers who have room.

    What that costs, and how many readers it leaves below their least load.
    """
    most, least = np.asarray(wishes.most), np.asarray(wishes.least)
    room = most.copy()
    cost = 0
    for row, wanted in enumerate(wishes.wanted):
        costs = np.where(room > 0, wishes.costs.rows(row, row + 1)[0], NEVER)
        chosen = np.argsort(costs, kind="stable")[:wanted]
        cost += int(costs[chosen].sum())
        room[chosen] -= 1
    return cost, int((most - room < least).sum())
