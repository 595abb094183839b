"""How alike the words of proposals are: overlapping runs of signs, counted. Pure figures.

Runs that many proposals share (the round's own phrases) say nothing and are passed over.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

RUN = 6
MOST_HOLDERS = 40
FEWEST_RUNS = 30


def runs_of(text: str) -> set[int]:
    """The runs of six signs in a text, without spaces and marks."""
    bare = re.sub(r"[\W_\d]+", "", text)
    return {hash(bare[n : n + RUN]) for n in range(len(bare) - RUN + 1)}


def alike(texts: Mapping[int, str], *, at_least_percent: int) -> Iterable[tuple[int, int, int]]:
    """Pairs whose shorter text stands to so many per cent in the other: (older, newer, percent)."""
    runs = {key: found for key, text in texts.items() if len(found := runs_of(text)) >= FEWEST_RUNS}
    holders: dict[int, list[int]] = defaultdict(list)
    for key in sorted(runs):
        for run in runs[key]:
            holders[run].append(key)
    shared: Counter[tuple[int, int]] = Counter()
    for keys in holders.values():
        if 1 < len(keys) <= MOST_HOLDERS:
            for place, first in enumerate(keys):
                for second in keys[place + 1 :]:
                    shared[first, second] += 1
    for (first, second), count in sorted(shared.items()):
        percent = count * 100 // min(len(runs[first]), len(runs[second]))
        if percent >= at_least_percent:
            yield first, second, percent
