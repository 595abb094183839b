"""Load English for words that stand in rows; what staff have worded themselves stays."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from accounts.services.words import WORDS, load_words


class Command(BaseCommand):
    help = "从文件载入数据用词的英文（可重复执行）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=WORDS)

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        self.stdout.write(f"新增 {load_words(path)} 个词")
