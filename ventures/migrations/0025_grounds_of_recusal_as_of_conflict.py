"""A reviewer may step aside as a relative or as of the same unit, as she may when invited."""

from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [("ventures", "0024_phases_look_again_for_ties")]

    operations = [
        migrations.AlterField(
            model_name="recusal",
            name="ground",
            field=models.CharField(
                choices=[
                    ("interest", "与申报方有利害关系"),
                    ("relative", "亲属"),
                    ("same_unit", "与申报方同一单位"),
                    ("worked_there", "曾在申报方任职，离职不满两年"),
                    ("coached", "辅导过这个项目"),
                    ("other", "其他可能影响公正的关系"),
                ],
                max_length=12,
                verbose_name="回避事由",
            ),
        ),
    ]
