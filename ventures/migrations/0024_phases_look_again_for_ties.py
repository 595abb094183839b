"""Each phase of a review remembers that ties were looked for again when it began."""

from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [("ventures", "0023_ceilings_count_applicant_and_team")]

    operations = [
        migrations.AddField(
            model_name="reviewphase",
            name="ties_sought_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="再查利害关系的时间"),
        ),
    ]
