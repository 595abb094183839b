"""Measure the assignment of readers: seconds, memory and the gap to the proven optimum."""

import json
from argparse import ArgumentParser
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from typing import Any

from django.core.management.base import BaseCommand

from config.trials.readers import Measured, measure
from config.trials.report import Target

SIZES = [(300, 60), (3_000, 600), (20_000, 3_000)]
# Processor seconds and megabytes that a size may take; the gap may be a ten-thousandth.
LIMITS = {(3_000, 600): (5.0, 200.0), (20_000, 3_000): (60.0, 1_000.0)}
GAP = 1e-4


class Command(BaseCommand):
    requires_system_checks = ()  # no database is asked
    help = "Measure the assignment of readers to proposals; each size in a process of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON alone")
        parser.add_argument("--seed", type=int, default=2027, help="what the rounds are made from")
        parser.add_argument(
            "--sizes", nargs="+", default=[f"{a}x{b}" for a, b in SIZES], help="proposals x readers"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = []
        for size in options["sizes"]:
            proposals, readers = (int(part) for part in size.split("x"))
            found.append(_in_a_process_of_its_own(proposals, readers, options["seed"]))
        targets = [target for each in found for target in _targets(each)]
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "seed": options["seed"],
                        "results": [asdict(each) for each in found],
                        "targets": [asdict(target) for target in targets],
                    },
                    indent=2,
                )
            )
            return
        for each in found:
            self.stdout.write(
                f"{each.proposals} x {each.readers}: {each.seconds} s, {each.peak_megabytes} MB, "
                f"cost {each.cost}, bound {each.bound:.1f}, gap {each.gap:.6%}; "
                f"one after another {each.one_after_another} in {each.baseline_seconds} s, "
                f"{each.readers_left_short} readers short"
            )
        for target in targets:
            word = "met" if target.met else "MISSED"
            self.stdout.write(f"{word}: {target.name} {target.target}, is {target.value}")


def _in_a_process_of_its_own(proposals: int, readers: int, seed: int) -> Measured:
    """So that its peak of memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure, proposals, readers, seed).result()


def _targets(each: Measured) -> list[Target]:
    size = (each.proposals, each.readers)
    name = f"{each.proposals} x {each.readers}"
    found = [Target.at_most(f"{name}: gap", GAP, each.gap)]
    if size in LIMITS:
        seconds, megabytes = LIMITS[size]
        found.append(Target.at_most(f"{name}: processor seconds", seconds, each.seconds))
        found.append(Target.at_most(f"{name}: megabytes", megabytes, each.peak_megabytes))
    return found
