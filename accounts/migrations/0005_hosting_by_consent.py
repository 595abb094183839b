"""A filed group waits until its host has agreed."""

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models import F

from accounts.migrating import WholeMigration


def take_what_stands_as_agreed(apps: Any, schema_editor: Any) -> None:
    """Groups an officer has verified keep their host; those not yet verified ask it first."""
    groups = apps.get_model("accounts", "Organisation").objects.filter(kind="filed")
    groups = groups.using(schema_editor.connection.alias)
    groups.filter(state="verified").update(hosting_agreed_at=F("verified_at"))
    groups.filter(state="submitted").update(state="waiting")


def submit_those_waiting(apps: Any, schema_editor: Any) -> None:
    groups = apps.get_model("accounts", "Organisation").objects.filter(state="waiting")
    groups.using(schema_editor.connection.alias).update(state="submitted")


class Migration(WholeMigration):
    dependencies: ClassVar = [
        ("accounts", "0004_invitations"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="organisation",
            name="hosting_agreed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="代管单位同意时间"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="hosting_ends_on",
            field=models.DateField(blank=True, null=True, verbose_name="代管至"),
        ),
        migrations.AlterField(
            model_name="organisation",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "待代管单位同意"),
                    ("submitted", "待核验"),
                    ("returned", "已退回"),
                    ("verified", "已核验"),
                ],
                default="submitted",
                max_length=10,
                verbose_name="核验状态",
            ),
        ),
        migrations.RunPython(take_what_stands_as_agreed, submit_those_waiting),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("hosting_agreed_at__isnull", True), ("host__isnull", False), _connector="OR"
                ),
                name="hosting_agreed_by_a_host",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("hosting_ends_on__isnull", True),
                    ("hosting_agreed_at__isnull", False),
                    _connector="OR",
                ),
                name="hosting_ends_after_it_was_agreed",
            ),
        ),
    ]
