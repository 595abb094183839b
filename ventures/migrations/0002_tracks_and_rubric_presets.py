"""Bring in the tracks (6+1) and the rubrics to choose from, from `ventures/data/presets.json`.

Bands are stored as spans of half points, best first: 优 34-40, 良 26-33, 中 18-25, 差 0-17.
"""

import json
from pathlib import Path
from typing import Any, ClassVar

from django.db import migrations

from accounts.migrating import WholeMigration

PRESETS = Path(__file__).resolve().parent.parent / "data" / "presets.json"
BANDS = ("优", "良", "中", "差")


def bands_of(full: int, floors: list[int]) -> list[dict[str, Any]]:
    if not floors:
        return []
    starts = [*floors, 0]
    ends = [full, *(start - 1 for start in floors)]
    return [
        {"label": label, "from": start, "to": end}
        for label, start, end in zip(BANDS, starts, ends, strict=True)
    ]


def bring_in(apps: Any, schema_editor: Any) -> None:
    presets = json.loads(PRESETS.read_text(encoding="utf-8"))
    using = schema_editor.connection.alias
    tracks = apps.get_model("ventures", "Track").objects.using(using)
    rubrics = apps.get_model("ventures", "Rubric").objects.using(using)
    criteria = apps.get_model("ventures", "Criterion").objects.using(using)
    for position, row in enumerate(presets["tracks"], start=1):
        tracks.update_or_create(code=row["code"], defaults=row | {"position": position})
    for row in presets["rubrics"]:
        asked = row.pop("criteria")
        rubric, is_new = rubrics.get_or_create(name=row["name"], is_preset=True, defaults=row)
        if is_new:
            for position, one in enumerate(asked, start=1):
                criteria.create(
                    rubric=rubric,
                    position=position,
                    name=one["name"],
                    ask=one["ask"],
                    max_half_points=one["max"],
                    bands=bands_of(one["max"], one["bands"]),
                )


def take_out(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    rubrics = apps.get_model("ventures", "Rubric").objects.using(using)
    apps.get_model("ventures", "Criterion").objects.using(using).filter(
        rubric__is_preset=True
    ).delete()
    rubrics.filter(is_preset=True).delete()
    apps.get_model("ventures", "Track").objects.using(using).all().delete()


class Migration(WholeMigration):
    dependencies: ClassVar = [("ventures", "0001_rounds_and_proposals")]
    operations: ClassVar = [migrations.RunPython(bring_in, take_out)]
