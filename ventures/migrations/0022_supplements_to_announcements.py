"""A notice may be announced in several steps: what was under recheck follows by a supplement."""

import django.db.models.deletion
from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [("ventures", "0021_rubrics_without_a_budget")]

    operations = [
        migrations.AlterModelOptions(
            name="announcement",
            options={
                "ordering": ["notice", "number"],
                "verbose_name": "公告",
                "verbose_name_plural": "公告",
            },
        ),
        migrations.AlterField(
            model_name="announcement",
            name="notice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="announcements",
                to="ventures.publicnotice",
            ),
        ),
        migrations.AddField(
            model_name="announcement",
            name="number",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.UniqueConstraint(
                fields=("notice", "number"), name="announcement_of_a_notice_numbered_once"
            ),
        ),
    ]
