"""Bring in the rubrics that ask nothing about money: for titles and for ideas."""

import json
from importlib import import_module
from typing import Any, ClassVar

from django.db import migrations

from accounts.migrating import WholeMigration

FIRST = import_module("ventures.migrations.0002_tracks_and_rubric_presets")


def bring_in(apps: Any, schema_editor: Any) -> None:
    """Those of the file that are not there yet; the others may have been changed since."""
    using = schema_editor.connection.alias
    rubrics = apps.get_model("ventures", "Rubric").objects.using(using)
    criteria = apps.get_model("ventures", "Criterion").objects.using(using)
    for row in json.loads(FIRST.PRESETS.read_text(encoding="utf-8"))["rubrics"]:
        asked = row.pop("criteria")
        rubric, is_new = rubrics.get_or_create(name=row["name"], is_preset=True, defaults=row)
        if not is_new:
            continue
        criteria.bulk_create(
            criteria.model(
                rubric=rubric,
                position=position,
                name=one["name"],
                ask=one["ask"],
                max_half_points=one["max"],
                bands=FIRST.bands_of(one["max"], one["bands"]),
            )
            for position, one in enumerate(asked, start=1)
        )


class Migration(WholeMigration):
    dependencies: ClassVar = [("ventures", "0020_rounds_that_end_without_awards_and_prizes")]
    operations: ClassVar = [migrations.RunPython(bring_in, migrations.RunPython.noop)]
