"""Measure the ledger round by round, beside bare double entry, TPC-B, the ORM and the web."""

import itertools
import os
import time
import uuid
from argparse import ArgumentParser
from contextlib import ExitStack
from functools import partial
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from config import env
from config.embedded.postgres import Cluster
from config.trials import growth, web
from config.trials.cases import PER_SECOND, Bench, Case
from config.trials.ground import Ground, prepare
from config.trials.report import Figures, Target, as_json, as_text
from timebank.models.ledger import Book
from timebank.selectors.audit import differences_in

ACCOUNTS, EACH = 1000, 10**12
HTTP_CLIENTS = 8
SEALED = "sealed transfers"
LAG = "oldest unsealed transfer after a seal, 8 clients posting"
# What each ratio should be: the one, the other, and at least how much of it.
RATIOS = [
    ("post 8", "bare 8", 0.85),
    ("post 8", "tpcb 8", 1.0),
    ("cpu post 8", "cpu bare 8", 0.60),
    ("batch uniform", "batch bare", 0.60),
    ("batch not enforced", "batch bare", 0.80),
    ("batch hot", "batch uniform", 0.80),
    ("post striped 8", "post 8", 0.80),
    ("cpu service 1", "cpu raw psycopg 1", 0.85),
    ("cpu service 1", "cpu plain orm 1", 7.0),
    ("http post 8", "http minimal 8", 0.30),
]


class Command(BaseCommand):
    requires_system_checks = ()  # they ask a database that has no roles yet
    help = "Measure the ledger on servers of its own; ratios of one run are what counts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON alone")
        parser.add_argument("--rounds", type=int, default=3, help="how often each case runs (3)")
        parser.add_argument("--seconds", type=float, default=3, help="how long a case runs (3)")
        parser.add_argument("--growth", action="store_true", help="also at 1, 5, 10 M entries")
        parser.add_argument(
            "--entries",
            type=int,
            nargs="+",
            default=list(growth.ENTRIES),
            help="other sizes for --growth",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not env.data_folder().path.name.endswith(f"-bench_ledger-{os.getpid()}"):
            raise CommandError("bench_ledger runs from the command line, on servers of its own.")
        began = time.monotonic()
        self.rounds, self.seconds = options["rounds"], options["seconds"]
        ground = prepare(accounts=ACCOUNTS, each=EACH)
        bench = Bench(Cluster(env.data_folder()), ground)
        bench.set_up()
        self.say(f"ready after {time.monotonic() - began:.0f} s")
        figures = Figures()
        with ExitStack() as stack:
            cases = [*bench.durable_cases(), *_web_cases(bench, stack)]
            for number in range(1, self.rounds + 1):
                bench.checkpoint()
                self.run_all(number, cases, figures)
                figures.add(LAG, bench.lag_of_sealing(self.seconds), "s")
                with bench.waiting_for_no_disk():
                    self.run_all(number, bench.processor_cases(), figures)
        targets = [
            Target.at_least(f"{one} / {other}", bound, figures.ratio(one, other))
            for one, other, bound in RATIOS
        ]
        targets.append(
            Target.at_least("sealed transfers, per second", 100_000, figures.median(SEALED))
        )
        every = settings.CELERY_BEAT_SCHEDULE["seal-books"]["schedule"]
        targets.append(Target.at_most(f"{LAG}, with the schedule's {every:g} s", 60,
                                      figures.median(LAG) + every))  # fmt: skip
        if options["growth"]:
            sizes = tuple(options["entries"])
            growth.measure(
                bench, figures, sizes=sizes, rounds=self.rounds, seconds=self.seconds, say=self.say
            )
            targets += growth.targets(figures, sizes)
        self.tell(ground, figures, targets, time.monotonic() - began, options["json"])

    def run_all(self, number: int, cases: list[Case], figures: Figures) -> None:
        for case in cases:
            rate = case.run(self.seconds)
            figures.add(case.name, rate, PER_SECOND)
            self.say(f"round {number}: {case.name} {rate:,.0f} {PER_SECOND}")

    def tell(
        self,
        ground: Ground,
        figures: Figures,
        targets: list[Target],
        seconds: float,
        in_json: bool,
    ) -> None:
        differences = differences_in(Book.objects.get(pk=ground.book.pk))
        if in_json:
            told = as_json(
                "bench_ledger",
                ok=not differences,
                seconds=seconds,
                figures=figures,
                targets=targets,
                rounds=self.rounds,
                differences=differences[:20],
            )
        else:
            told = as_text(figures, targets)
        self.stdout.write(told)
        connections.close_all()
        if differences:
            raise SystemExit(1)

    def say(self, sentence: str) -> None:
        """On standard error: what is asked for stands alone on standard output."""
        self.stderr.write(sentence, self.style.HTTP_INFO)


def _web_cases(bench: Bench, stack: ExitStack) -> list[Case]:
    """A POST with session, CSRF, permission and form, and one that asks nothing."""
    badge = web.Badge.of(bench.ground.officer)
    asked = stack.enter_context(web.serving("config.trials.wsgi"))
    unasked = stack.enter_context(web.serving("config.trials.wsgi_minimal"))
    chance, lot = Random(2), itertools.count()  # noqa: S311 - picks accounts, keeps no secret

    def request() -> dict[str, object]:
        payer, payee = chance.sample(range(len(bench.ground.accounts)), 2)
        return {
            "payer": bench.first + payer,
            "payee": bench.first + payee,
            "amount": 1,
            "key": f"web:{next(lot)}:{uuid.uuid4().hex}",
            "how": "at_once",
            "book": bench.ground.book.pk,
            "user": bench.ground.officer.pk,
        }

    connections.close_all()
    for port, card in ((unasked, None), (asked, badge)):
        web.warm_up(port, card, request)
    return [
        Case(name, partial(_rate, port, card, request))
        for name, port, card in (
            ("http minimal 8", unasked, None),
            ("http post 8", asked, badge),
        )
    ]


def _rate(port: int, badge: web.Badge | None, request: Any, seconds: float) -> float:
    return web.rate_of(port, badge, request, clients=HTTP_CLIENTS, seconds=seconds)
