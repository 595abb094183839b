"""Put the functions of this version's `ledger.sql` in the place of those installed before."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from timebank.services.ledger_installation import LedgerTablesDiffer, install_ledger


class Command(BaseCommand):
    help = (
        "After `migrate`, with each release: where the ledger was installed from another version "
        "of ledger.sql, put this one's functions, triggers and grants in place. Tables are "
        "migrate's."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--database", default="owner", help="whoever migrates (owner)")
        parser.add_argument(
            "--again", action="store_true", help="also where the file is the one installed"
        )

    def handle(self, *args: Any, database: str, again: bool, **options: Any) -> None:
        try:
            done = install_ledger(connections[database], again=again)
        except LedgerTablesDiffer as problem:
            raise CommandError(
                "The ledger's tables are not those of ledger.sql (- only in the file, + only in "
                f"the database); a migration is missing. Nothing was changed.\n{problem}"
            ) from problem
        self.stdout.write(
            f"Installed {done.now[:16]}, was {done.before[:16] or 'unknown'}."
            if done.is_new
            else f"Nothing to do: {done.now[:16]} is installed."
        )
