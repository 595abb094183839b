"""Until when a revised budget is awaited; rows are added, the last one holds."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from accounts.append_only import revoke_rewriting
from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("ventures", "0027_notices_withdrawn_and_replaced"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RevisionDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="第几次")),
                ("due_on", models.DateField(verbose_name="交修改稿的期限")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="延长的理由")),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revision_days",
                        to="ventures.award",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "修改稿期限",
                "verbose_name_plural": "修改稿期限",
                "ordering": ["award", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("award", "number"), name="revision_day_numbered_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number", 1), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="later_revision_day_says_why",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="revisionday",
            trigger=pgtrigger.compiler.Trigger(
                name="revision_days_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="189f67619fc90593913da011fab036faba30ea09",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_revision_days_append_only_75510",
                    table="ventures_revisionday",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="revisionday",
            trigger=pgtrigger.compiler.Trigger(
                name="revision_days_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="d757667edcf6bf9043f81c9b1f2a1328f6c2ca2f",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_revision_days_append_only_whole_38f51",
                    table="ventures_revisionday",
                    when="BEFORE",
                ),
            ),
        ),
        revoke_rewriting("ventures_revisionday"),
    ]
