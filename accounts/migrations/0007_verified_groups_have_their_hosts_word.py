"""No filed group stands verified without the word of the host that answers for its money."""

from typing import ClassVar

from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies: ClassVar = [
        ("accounts", "0006_calendar_years_and_data_words"),
    ]

    operations: ClassVar = [
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "filed"), ("state", "verified"), _negated=True),
                    ("hosting_agreed_at__isnull", False),
                    _connector="OR",
                ),
                name="verified_group_has_its_hosts_word",
            ),
        ),
    ]
