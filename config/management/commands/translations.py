"""Bring the English catalogue in step with the sentences in use, and compile it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import translations


class Command(BaseCommand):
    help = "更新英文词条并编译 / update and compile the English catalogue"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say what is missing")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        catalogue = translations.read_catalogue()
        fresh = translations.merged(catalogue)
        missing = [entry.msgid for entry in fresh.untranslated_entries()]
        if not check:
            translations.save(fresh)
        for words in missing:
            self.stdout.write(words)
        self.stdout.write(f"{len(fresh)} in use, {len(missing)} without English")
        if check and missing:
            raise CommandError("translations are missing")
