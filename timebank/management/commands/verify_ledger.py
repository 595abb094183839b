"""Recount everything from its entries and report any difference."""

import json
import os
import platform
import sys
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from timebank.models.ledger import Book, Entry, Hold, LedgerAccount, Transfer
from timebank.selectors.audit import Difference, differences_in

SHOWN = 20


class Command(BaseCommand):
    help = "Recount every book from its entries; exit 1 and name the first differences, if any."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON alone")
        parser.add_argument("--book", metavar="OWNER_KEY", help="recount one book only")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        books = Book.objects.order_by("pk")
        if options["book"]:
            books = books.filter(owner_key=options["book"])
            if not books.exists():
                raise CommandError(f"There is no book of {options['book']}.")
        found = {book: differences_in(book) for book in books}
        is_right = not any(found.values())
        if options["json"]:
            self.stdout.write(json.dumps(_report(found, started), ensure_ascii=False, indent=2))
        else:
            self._tell(found)
        if not is_right:
            sys.exit(1)

    def _tell(self, found: dict[Book, list[Difference]]) -> None:
        for book, differences in found.items():
            counts = ", ".join(f"{number} {name}" for name, number in _counts(book).items())
            self.stdout.write(f"{book.name} ({book.owner_key}): {counts}")
            for difference in differences[:SHOWN]:
                self.stdout.write(
                    f"  {difference.rule}: {difference.subject} should be "
                    f"{difference.expected}, is {difference.found}"
                )
            if len(differences) > SHOWN:
                self.stdout.write(f"  and {len(differences) - SHOWN} more")
        total = sum(len(differences) for differences in found.values())
        self.stdout.write(f"{total} differences." if total else "Every figure bears out.")


def _report(found: dict[Book, list[Difference]], started: float) -> dict[str, Any]:
    return {
        "command": "verify_ledger",
        "ok": not any(found.values()),
        "machine": f"{platform.platform()}, {os.cpu_count()} cores, PostgreSQL {_server()}",
        "seconds": round(time.monotonic() - started, 3),
        "results": [
            {
                "name": f"{book.owner_key} {name}",
                "unit": "rows",
                "median": number,
                "low": number,
                "high": number,
            }
            for book in found
            for name, number in _counts(book).items()
        ],
        "targets": [],
        "differences": [
            {"book": book.owner_key, **asdict(difference)}
            for book, differences in found.items()
            for difference in differences[:SHOWN]
        ],
    }


def _server() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone() or ("?",)
    return str(version)


def _counts(book: Book) -> dict[str, int]:
    return {
        "accounts": LedgerAccount.objects.filter(book_id=book.pk).count(),
        "transfers": Transfer.objects.filter(book_id=book.pk).count(),
        "entries": Entry.objects.filter(book_id=book.pk).count(),
        "holds": Hold.objects.filter(book_id=book.pk).count(),
    }
