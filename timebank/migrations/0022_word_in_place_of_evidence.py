"""Records confirmed without what their source demands say how whoever confirmed them knows."""

from typing import ClassVar

from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies: ClassVar = [("timebank", "0021_points_given_by_two")]
    operations: ClassVar = [
        migrations.AddField(
            "servicerecord",
            "verified_how",
            models.CharField("怎么核实的", max_length=200, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "servicerecord",
            models.CheckConstraint(
                condition=models.Q(verified_how="") | models.Q(state__in=["confirmed", "reversed"]),
                name="record_verified_by_who_confirmed",
            ),
        ),
    ]
