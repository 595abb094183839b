"""A pledge that counts says how it was checked; earlier ones say that nobody wrote it down."""

from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("ventures", "0016_full_proposals_that_never_came"),
    ]

    operations = [
        migrations.AddField(
            model_name="pledge",
            name="checked_how",
            field=models.CharField(
                blank=True, default="", max_length=300, verbose_name="怎样核实的"
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(
            "UPDATE ventures_pledge SET checked_how = '（早先核实的，没有写明）'"
            " WHERE state = 'confirmed'",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "confirmed"), _negated=True)
                | models.Q(("checked_how", ""), _negated=True),
                name="confirmed_pledge_says_how_checked",
            ),
        ),
    ]
