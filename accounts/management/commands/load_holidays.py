"""Load the days on which the working week is broken."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from accounts.services.calendar import HOLIDAYS, load_holidays


class Command(BaseCommand):
    help = "从文件载入节假日安排（可重复执行）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=HOLIDAYS)

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        self.stdout.write(f"载入 {load_holidays(path)} 天")
