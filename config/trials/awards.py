"""A round to be awarded, as large as asked, and the plain greedy list to compare the walk with.

Made from a seed: scores with many ties, seven kinds of group, reserves, ceilings, partial awards.
"""

from random import Random
from time import process_time
from typing import Any

from ventures.reckoning.award_record import fingerprint, inputs_of, results_of
from ventures.reckoning.award_walk import Ceiling, Entry, Terms, walk_of

TOWNS, TRACKS = 12, 7
FUNDED_ONE_IN = 5
AVERAGE_FEN = 834_400


def made_up(proposals: int, seed: int) -> tuple[list[Entry], Terms]:
    """Entries and terms of a round of this size."""
    chance = Random(seed)  # noqa: S311 — figures to measure with, no secret
    entries = [
        Entry(
            number=f"QC-{n:05d}",
            score_hundredths=None if chance.random() < 0.01 else chance.randint(4_500, 9_700),
            asked_fen=chance.randint(2, 300) * 10_000,
            tie_break=(chance.randint(0, 3),),
            groups=frozenset(
                {
                    f"kind:{chance.choice(['governance', 'service'])}",
                    f"track:{chance.randrange(TRACKS)}",
                    f"town:{chance.randrange(TOWNS)}",
                }
            ),
        )
        for n in range(proposals)
    ]
    fund = proposals * AVERAGE_FEN // FUNDED_ONE_IN
    return entries, Terms(
        fund_fen=fund,
        threshold_hundredths=6_000,
        partial_percent=60,
        ceilings={f"town:{town}": Ceiling(fund // 8) for town in range(TOWNS)},
        reserves_fen={"kind:governance": fund * 40 // 100},
        releases_reserves=True,
    )


def greedy(entries: list[Entry], fund_fen: int) -> dict[str, int]:
    """The plainest list: down the order, skip what does not fit, no reasons, no counterfactuals."""
    left, given = fund_fen, {}
    ordered = sorted(
        (e for e in entries if e.score_hundredths is not None),
        key=lambda e: (-(e.score_hundredths or 0), e.tie_break, e.number),
    )
    for entry in ordered:
        if entry.asked_fen <= left:
            left -= entry.asked_fen
            given[entry.number] = entry.asked_fen
    return given


def measure(proposals: int, seed: int, times: int) -> dict[str, Any]:
    """Processor seconds of the walk, of the whole record, and of the plain list, in one run."""
    entries, terms = made_up(proposals, seed)
    shuffled = list(entries)
    Random(seed + 1).shuffle(shuffled)  # noqa: S311 — another order of the same
    spent: dict[str, list[float]] = {"walk": [], "record": [], "greedy": []}
    prints = set()
    for place in range(times):
        given = entries if place % 2 else shuffled
        spent["greedy"].append(_timed(lambda g=given: greedy(g, terms.fund_fen))[0])
        spent["walk"].append(_timed(lambda g=given: walk_of(g, terms))[0])
        seconds, results = _timed(lambda g=given: results_of(inputs_of(terms, g, [])))
        spent["record"].append(seconds)
        prints.add(fingerprint(results))
    walk = walk_of(entries, terms)
    return {
        "spent": spent,
        "is_same": len(prints) == 1,
        "fits": walk.awarded_fen <= terms.fund_fen,
        "funded": sum(result.is_funded for result in walk.results),
        "output_sha256": min(prints),
    }


def _timed(act: Any) -> tuple[float, Any]:
    start = process_time()
    found = act()
    return process_time() - start, found
