"""A plan made by a task says how far it has come."""

from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [("ventures", "0031_bonus_points")]

    operations = [
        migrations.AddField(
            model_name="assignmentplan",
            name="begun_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="assignmentplan",
            name="ties_sought_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
