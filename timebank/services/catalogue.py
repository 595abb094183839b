"""Load the catalogue of services from its file, and keep it in step with the file."""

import json
from pathlib import Path

from django.db import transaction

from timebank.models.catalogue import ExcludedService, ServiceType

CATALOGUE = Path(__file__).resolve().parent.parent / "data" / "service_catalogue.json"


@transaction.atomic
def load_catalogue(path: Path = CATALOGUE) -> int:
    """Make or update every kind of service the file names; how many there are.

    Kinds that the file no longer names stay, inactive: records refer to them. What is never
    counted follows the file exactly. Loading twice changes nothing.
    """
    rows = json.loads(path.read_text(encoding="utf-8"))
    services = rows["services"]
    for row in services:
        details = {name: value for name, value in row.items() if name != "code"}
        ServiceType.objects.update_or_create(
            code=row["code"], defaults=details | {"is_active": True}
        )
    codes = [row["code"] for row in services]
    ServiceType.objects.exclude(code__in=codes).update(is_active=False)
    ExcludedService.objects.exclude(words__in=rows["never_counted"]).delete()
    for position, words in enumerate(rows["never_counted"]):
        ExcludedService.objects.update_or_create(words=words, defaults={"position": position})
    return len(services)
