"""Move minutes over HTTP while the database is killed, then see that every promise was kept."""

import os
import random
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

import config.trials
from config import env
from config.embedded.postgres import SUPERUSER, Cluster
from config.trials import bank, web
from config.trials.bank_check import FEWEST, Verdict, check
from config.trials.ground import prepare
from config.trials.report import Figures, Target, as_json, as_text

ACCOUNTS, EACH = 20, 500
BROKEN = ("no-idempotency", "no-lock")


class Command(BaseCommand):
    requires_system_checks = ()  # they ask a database that has no roles yet
    help = "Many clients over HTTP, a database killed under them: nothing lost, nothing twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON alone")
        parser.add_argument("--seconds", type=float, default=60, help="how long (60)")
        parser.add_argument("--clients", type=int, default=16, help="how many at once (16)")
        parser.add_argument("--kill-db", type=int, default=10, help="how often (10)")
        parser.add_argument("--seed", type=int, help="what the clients ask, again")
        parser.add_argument(
            "--broken",
            choices=BROKEN,
            help="break the ledger on purpose: succeeds if the checker notices",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not env.data_folder().path.name.endswith(f"-bank_test-{os.getpid()}"):
            raise CommandError("bank_test runs from the command line, on servers of its own.")
        began = time.monotonic()
        seed = options["seed"] or random.SystemRandom().randrange(2**32)
        self.say(f"--seed {seed}")
        cluster = Cluster(env.data_folder())
        ground = prepare(accounts=ACCOUNTS, each=EACH)
        _recover_fast(cluster)
        if options["broken"]:
            _break(cluster, options["broken"])
        badge = web.Badge.of(ground.officer)
        connections.close_all()
        with web.serving("config.trials.wsgi", threads=options["clients"]) as port:
            journal = bank.run(
                cluster,
                ground,
                port,
                badge,
                seconds=options["seconds"],
                clients=options["clients"],
                kills=options["kill_db"],
                seed=seed,
                say=self.say,
            )
        # Once more at the end: what was acknowledged last stands on the disk as well.
        cluster.kill()
        cluster.start()
        verdict = check(journal, ground, total=ACCOUNTS * EACH)
        ok = verdict.holds != bool(options["broken"])
        figures, targets = _figures(journal, verdict), _targets(journal, verdict)
        if options["json"]:
            told = as_json(
                "bank_test",
                ok=ok,
                seconds=time.monotonic() - began,
                figures=figures,
                targets=targets,
                seed=seed,
                broken=options["broken"],
                found={name: count for name, count in verdict.counts().items() if count},
                first_differences=verdict.differences[:20],
            )
        else:
            told = as_text(figures, targets) + (
                "\nAs it should be." if ok else "\nNOT as it should be."
            )
        self.stdout.write(told)
        connections.close_all()
        if not ok:
            raise SystemExit(1)

    def say(self, sentence: str) -> None:
        """On standard error: what is asked for stands alone on standard output."""
        self.stderr.write(sentence, self.style.HTTP_INFO)


def _recover_fast(cluster: Cluster) -> None:
    """After a crash the server syncs its files one by one, or the whole file system in one call."""
    if sys.platform == "linux":
        with cluster.connect() as superuser:
            superuser.execute("ALTER SYSTEM SET recovery_init_sync_method = syncfs")


def _break(cluster: Cluster, how: str) -> None:
    file = Path(config.trials.__file__).parent / "sql" / f"broken_{how.replace('-', '_')}.sql"
    with cluster.connect(SUPERUSER, "qicai") as superuser:
        superuser.execute(file.read_bytes())


def _figures(journal: bank.Journal, verdict: Verdict) -> Figures:
    figures = Figures()
    acknowledged = len(journal.acknowledged)
    figures.add("acknowledged", acknowledged, "requests")
    figures.add("acknowledged per second", acknowledged / journal.seconds, "per second")
    figures.add("refused", sum(bool(one.refused) for one in journal.movements), "requests")
    figures.add("asked more than once", sum(one.asked > 1 for one in journal.movements), "requests")
    figures.add("full reads", len(journal.readings), "reads")
    figures.add("kills", journal.kills, "kills")
    for name, count in verdict.counts().items():
        figures.add(name, count, "found")
    return figures


def _targets(journal: bank.Journal, verdict: Verdict) -> list[Target]:
    return [
        *(Target.at_most(name, 0, count) for name, count in verdict.counts().items()),
        Target.at_least("acknowledged", FEWEST, len(journal.acknowledged)),
    ]
