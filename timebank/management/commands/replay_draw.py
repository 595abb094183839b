"""Run a 双随机 draw again, from the database or from the file that was published."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from timebank.models import Inspection
from timebank.selectors.inspections import published_file
from timebank.standalone.draw import differences


class Command(BaseCommand):
    help = (
        "Draw again from the published pool and seed, and compare: exit 1 and say what differs, if "
        "anything. Without this product: python3 timebank/standalone/draw.py FILE."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("draw", help="the number of a draw, or a published file")

    def handle(self, *args: Any, **options: Any) -> None:
        published = _read(options["draw"])
        found = differences(published)
        if found:
            raise CommandError("; ".join(found))
        self.stdout.write(f"{published['number']}: the same {len(published['drawn'])} records")


def _read(name: str) -> dict[str, Any]:
    path = Path(name)
    if path.suffix == ".json":
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return told
    draw = Inspection.objects.exclude(state=Inspection.State.PREPARED).filter(number=name).first()
    if draw is None:
        raise CommandError(f"There is no draw {name}, or it has not been drawn.")
    return published_file(draw)
