"""A plan counts how often it was begun, so that one that always breaks off is given up."""

from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [("ventures", "0033_two_people_for_an_award")]

    operations = [
        migrations.AddField(
            model_name="assignmentplan",
            name="times_begun",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
