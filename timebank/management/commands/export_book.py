"""Write a book so that it can be checked without us: for `timebank/standalone/verify_book.py`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from timebank.models.ledger import Book
from timebank.services.sealed_export import rows_of_book


class Command(BaseCommand):
    help = "Write a book as JSON lines that timebank/standalone/verify_book.py checks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("owner_key", help="whose book it is")
        parser.add_argument("--to", type=Path, help="a file; without it, standard output")
        parser.add_argument(
            "--with-reasons",
            action="store_true",
            help="people's words too, not only their salted hashes",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        book = Book.objects.filter(owner_key=options["owner_key"]).first()
        if book is None:
            raise CommandError(f"There is no book of {options['owner_key']}.")
        rows = rows_of_book(book, with_reasons=options["with_reasons"])
        if options["to"] is None:
            for row in rows:
                self.stdout.write(json.dumps(row, ensure_ascii=False))
            return
        with options["to"].open("w", encoding="utf-8") as file:
            for row in rows:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self.stderr.write(f"{options['to']}: book {book.pk}")
