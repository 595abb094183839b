"""How the ledger does when it has grown: posting and reading at a million entries and more."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import psycopg
from django.db import connections

from config.embedded.postgres import WEB
from config.trials import pgbench
from config.trials.cases import SQL, Bench
from config.trials.report import Figures, Target

READS = 300
FILLING = 2  # connections; as many as there are cores to keep busy
ENTRIES = (1_000_000, 5_000_000, 10_000_000)


def measure(
    bench: Bench,
    figures: Figures,
    *,
    sizes: tuple[int, ...] = ENTRIES,
    rounds: int,
    seconds: float,
    say: Callable[[str], None],
) -> None:
    """Fill the book to each size, then post and read there."""
    batches = count(1)
    for size in sizes:
        began = time.monotonic()
        with bench.waiting_for_no_disk():
            _fill(bench, size, batches)
        with connections["owner"].cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        connections.close_all()
        bench.checkpoint()
        say(f"{size:,} entries after {time.monotonic() - began:.0f} s")
        for _ in range(rounds):
            rate = pgbench.script(
                bench.cluster, "post_uniform", bench.facts, clients=8, seconds=seconds
            )
            figures.add(f"post 8 at {size:,} entries", rate, "per second")
            for name in ("balance", "statement"):
                for whose, took in _read(bench, name).items():
                    figures.add(f"{name} at {size:,} entries, {whose}", took, "ms")


def targets(figures: Figures, sizes: tuple[int, ...] = ENTRIES) -> list[Target]:
    """What the figures should be; reads are judged where five million stand, or at the largest."""
    judged = 5_000_000 if 5_000_000 in sizes else sizes[-1]
    ratio = figures.ratio(f"post 8 at {sizes[-1]:,} entries", f"post 8 at {sizes[0]:,} entries")
    return [
        Target.at_least(f"post at {sizes[-1]:,} entries / at {sizes[0]:,}", 0.85, ratio),
        *(
            Target.at_most(
                f"{name} of {whose} at {judged:,} entries, ms",
                bound,
                figures.median(f"{name} at {judged:,} entries, {whose}"),
            )
            for name, bound in (("balance", 0.2), ("statement", 1.0))
            for whose in ("any account", "the longest account")
        ),
    ]


def _fill(bench: Bench, size: int, batches: Iterator[int]) -> None:
    with bench.cluster.connect(WEB, "qicai") as line:
        row = line.execute("SELECT count(*) FROM ledger.entry").fetchone()
    assert row is not None, "a count is a row"
    missing = max(0, size - int(str(row[0])))
    rounds = [next(batches) for _ in range(-(-missing // 2000))]
    statement = (SQL / "fill.sql").read_bytes()

    def fill(some: list[int]) -> None:
        with psycopg.connect(bench.cluster.url(WEB), autocommit=True) as line:
            for number in some:
                line.execute(statement, {**bench.facts, "round": number})

    with ThreadPoolExecutor(FILLING) as threads:
        list(threads.map(fill, [rounds[n::FILLING] for n in range(FILLING)]))


def _read(bench: Bench, name: str) -> dict[str, float]:
    """Milliseconds of a prepared statement and its round trip, the middle one of many."""
    statement = (SQL / f"{name}.sql").read_bytes()
    middle = {}
    with psycopg.connect(bench.cluster.url(WEB), autocommit=True, prepare_threshold=0) as line:
        for whose in ("any account", "the longest account"):
            took = []
            for _ in range(READS):
                account = bench.first if whose == "the longest account" else bench.pair()[0]
                began = time.perf_counter()
                line.execute(statement, [bench.ground.book.pk, account]).fetchall()
                took.append(time.perf_counter() - began)
            middle[whose] = sorted(took)[READS // 2] * 1000
    return middle
