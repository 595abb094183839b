"""Say where an organisation stands between entry and verification."""

from typing import Any, ClassVar

from django.db import migrations, models

from accounts.migrating import WholeMigration


def note_those_verified(apps: Any, schema_editor: Any) -> None:
    organisations = apps.get_model("accounts", "Organisation").objects
    alias = schema_editor.connection.alias
    organisations.using(alias).filter(verified_at__isnull=False).update(state="verified")


class Migration(WholeMigration):
    dependencies: ClassVar = [
        ("accounts", "0002_database_roles"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="organisation",
            name="state",
            field=models.CharField(
                choices=[("submitted", "待核验"), ("returned", "已退回"), ("verified", "已核验")],
                default="submitted",
                max_length=10,
                verbose_name="核验状态",
            ),
        ),
        migrations.RunPython(note_those_verified, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "verified"), ("verified_at__isnull", False)),
                    models.Q(
                        models.Q(("state", "verified"), _negated=True),
                        ("verified_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="verified_organisation_says_when",
            ),
        ),
    ]
