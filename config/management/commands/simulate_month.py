"""A month of a large city in one command, on servers of its own that are thrown away afterwards."""

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from config import env
from config.trials.month import Month, simulate
from config.trials.report import Figures, Target, as_json, as_text
from timebank.models import Book
from timebank.selectors.audit import differences_in

PAGE_MOST = 100  # milliseconds of database time


class Command(BaseCommand):
    requires_system_checks = ()  # they ask a database that has no roles yet
    help = "Simulate a month of a city: records, credits, screening, boards and statements."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON alone")
        parser.add_argument("--volunteers", type=int, default=100_000, help="how many (100,000)")
        parser.add_argument("--rounds", type=int, default=50, help="how often a page is asked (50)")
        parser.add_argument("--seed", type=int, default=1, help="of the plan (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not env.data_folder().path.name.endswith(f"-simulate_month-{os.getpid()}"):
            raise CommandError("simulate_month runs from the command line, on servers of its own.")
        began = time.monotonic()
        call_command("migrate", database="owner", verbosity=0)
        month = simulate(
            volunteers=options["volunteers"],
            seed=options["seed"],
            rounds=options["rounds"],
            say=lambda words: self.stderr.write(words, self.style.HTTP_INFO),
        )
        differences = [
            difference for book in Book.objects.all() for difference in differences_in(book)
        ]
        figures, targets = figures_of(month), targets_of(month)
        if options["json"]:
            told = as_json(
                "simulate_month",
                ok=not differences,
                seconds=time.monotonic() - began,
                figures=figures,
                targets=targets,
                volunteers=month.volunteers,
                flags=month.flags,
                questions=month.questions,
                differences=differences[:20],
            )
        else:
            told = as_text(figures, targets)
        self.stdout.write(told)
        connections.close_all()
        if differences:
            raise SystemExit(1)


def figures_of(month: Month) -> Figures:
    figures = Figures()
    figures.add("records", month.records, "records")
    figures.add("minutes served", month.minutes, "minutes")
    figures.add("records with credit", month.records_per_second, "per second")
    figures.add("records that stand out", month.flagged, "records")
    figures.add("memory at most", month.memory_megabytes, "MB")
    for step, seconds in month.seconds.items():
        figures.add(step, seconds, "s")
    for page, spent in month.asked.items():
        for one in spent:
            figures.add(f"{page}, database time", one, "ms")
    return figures


def targets_of(month: Month) -> list[Target]:
    return [
        Target.at_most(f"{page}, database time at most (ms)", PAGE_MOST, max(spent))
        for page, spent in month.asked.items()
    ]
