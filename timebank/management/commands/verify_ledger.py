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
from timebank.selectors.audit import (
    Difference,
    PublishedBlock,
    differences_from_published,
    differences_in,
    differences_in_code,
    unsealed_in,
)
from timebank.services.sealing import published_heads

SHOWN = 20
CODE = "timebank/sql/ledger.sql"
HEADS = "the published heads"


class Command(BaseCommand):
    help = (
        "Recount every book from its entries and its seal, and compare the ledger's functions with "
        "their file; exit 1 and name the first differences, if any."
    )

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
        beside = {CODE: differences_in_code(), HEADS: _from_published(found)}
        is_right = not any(found.values()) and not any(beside.values())
        if options["json"]:
            report = _report(found, beside, started)
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            self._tell(found, beside)
        if not is_right:
            sys.exit(1)

    def _tell(
        self, found: dict[Book, list[Difference]], beside: dict[str, list[Difference]]
    ) -> None:
        told: list[tuple[str, list[Difference]]] = []
        for book, differences in found.items():
            counts = ", ".join(f"{number} {name}" for name, number in _counts(book).items())
            told.append((f"{book.name} ({book.owner_key}): {counts}", differences))
        told += [(name, differences) for name, differences in beside.items() if differences]
        for title, differences in told:
            self.stdout.write(title)
            for difference in differences[:SHOWN]:
                self.stdout.write(
                    f"  {difference.rule}: {difference.subject} should be "
                    f"{difference.expected}, is {difference.found}"
                )
            if len(differences) > SHOWN:
                self.stdout.write(f"  and {len(differences) - SHOWN} more")
        total = sum(len(differences) for _title, differences in told)
        self.stdout.write(f"{total} differences." if total else "Every figure bears out.")


def _report(
    found: dict[Book, list[Difference]], beside: dict[str, list[Difference]], started: float
) -> dict[str, Any]:
    named = [*((book.owner_key, ones) for book, ones in found.items()), *beside.items()]
    return {
        "command": "verify_ledger",
        "ok": not any(differences for _name, differences in named),
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
            {"book": name, **asdict(difference)}
            for name, differences in named
            for difference in differences[:SHOWN]
        ],
    }


def _from_published(found: dict[Book, list[Difference]]) -> list[Difference]:
    """What was published of these books outside the database, if this machine keeps it."""
    ours = {book.pk for book in found}
    return differences_from_published(
        [
            PublishedBlock(int(row["book"]), int(row["number"]), str(row["hash"]))
            for row in published_heads()
            if row["book"] in ours
        ]
    )


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
        "unsealed": unsealed_in(book),
    }
