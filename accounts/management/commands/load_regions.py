"""Load places from a file of 12-digit codes."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from accounts.services.regions import CODES_OF_HAINING_CUT_OFF, REGIONS_OF_HAINING, load_regions


class Command(BaseCommand):
    help = "从文件载入行政区划（可重复执行）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=REGIONS_OF_HAINING)
        parser.add_argument(
            "--valid-from", type=date.fromisoformat, default=CODES_OF_HAINING_CUT_OFF
        )

    def handle(self, *args: Any, path: Path, valid_from: date, **options: Any) -> None:
        done = load_regions(path, valid_from=valid_from)
        self.stdout.write(
            f"新增 {done.added}，更新 {done.changed}，停用 {done.ended}，未变 {done.unchanged}"
        )
