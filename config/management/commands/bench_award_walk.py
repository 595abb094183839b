"""Measure the walk under the fund: processor seconds at a given size, beside the plain list."""

import json
import os
import platform
import sys
from argparse import ArgumentParser
from statistics import median
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand

from config.trials.awards import measure
from config.trials.report import Target

SECONDS = 1.0


class Command(BaseCommand):
    requires_system_checks = ()  # no database is asked
    help = "Measure the award walk: list, reasons and counterfactuals for every proposal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON alone")
        parser.add_argument("--proposals", type=int, default=20_000)
        parser.add_argument("--seed", type=int, default=2027, help="what the round is made from")
        parser.add_argument("--times", type=int, default=5)

    def handle(self, *args: Any, **options: Any) -> None:
        begun = perf_counter()
        found = measure(options["proposals"], options["seed"], options["times"])
        ok = found["is_same"] and found["fits"]
        target = Target.at_most(
            f"walk of {options['proposals']}: processor seconds",
            SECONDS,
            median(found["spent"]["walk"]),
        )
        results = [
            {
                "name": name,
                "unit": "processor seconds",
                "median": round(median(spent), 4),
                "low": round(min(spent), 4),
                "high": round(max(spent), 4),
            }
            for name, spent in found["spent"].items()
        ]
        report = {
            "command": "bench_award_walk",
            "ok": ok,
            "machine": f"{platform.platform()}, {os.cpu_count()} cores, "
            f"Python {platform.python_version()}",
            "seconds": round(perf_counter() - begun, 1),
            "results": results,
            "targets": [target.as_json()],
            "proposals": options["proposals"],
            "seed": options["seed"],
            "funded": found["funded"],
            "output_sha256": found["output_sha256"],
        }
        if options["json"]:
            self.stdout.write(json.dumps(report, indent=2))
        else:
            for row in results:
                self.stdout.write(f"{row['name']}: {row['median']} s ({row['low']}–{row['high']})")
            self.stdout.write(f"{'met' if target.met else 'MISSED'}: {target.name}")
        if not ok:
            sys.exit(1)
