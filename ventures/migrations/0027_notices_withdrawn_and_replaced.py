"""A notice with a mistake is withdrawn, and another replaces it."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from accounts.migrating import WholeMigration

WITHDRAWAL = "withdrawn_at, withdrawn_by_id, withdrawn_reason"


class Migration(WholeMigration):
    dependencies = [
        ("ventures", "0026_who_came_to_a_meeting"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="publicnotice",
            name="notices_keep_their_words",
        ),
        migrations.RemoveConstraint(
            model_name="publicnotice",
            name="notice_concluded_with_its_time",
        ),
        migrations.AddField(
            model_name="publicnotice",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="ventures.publicnotice",
                verbose_name="代替哪份公示",
            ),
        ),
        migrations.AddField(
            model_name="publicnotice",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="publicnotice",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="publicnotice",
            name="withdrawn_reason",
            field=models.CharField(blank=True, max_length=500, verbose_name="撤回原因"),
        ),
        migrations.AlterField(
            model_name="publicnotice",
            name="state",
            field=models.CharField(
                choices=[("open", "公示中"), ("concluded", "公示结束"), ("withdrawn", "已撤回")],
                default="open",
                max_length=10,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publicnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="notices_keep_their_words",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."basis" IS DISTINCT FROM (NEW."basis") OR OLD."closes_at" IS DISTINCT FROM (NEW."closes_at") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."last_day" IS DISTINCT FROM (NEW."last_day") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."published_by_id" IS DISTINCT FROM (NEW."published_by_id") OR OLD."replaces_id" IS DISTINCT FROM (NEW."replaces_id") OR OLD."round_id" IS DISTINCT FROM (NEW."round_id") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."snapshot" IS DISTINCT FROM (NEW."snapshot") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."working_days" IS DISTINCT FROM (NEW."working_days"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="2ee6b07c034c62525d23d043d3db020c0c563f1e",
                    operation="UPDATE",
                    pgid="pgtrigger_notices_keep_their_words_1694e",
                    table="ventures_publicnotice",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="publicnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("state", "concluded"), _negated=True),
                        ("concluded_at__isnull", True),
                    ),
                    models.Q(("concluded_at__isnull", False), ("state", "concluded")),
                    _connector="OR",
                ),
                name="notice_concluded_with_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("withdrawn_reason", ""), _negated=True),
                        ("state", "withdrawn"),
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_by__isnull", False),
                    ),
                    models.Q(
                        models.Q(("state", "withdrawn"), _negated=True),
                        ("withdrawn_at__isnull", True),
                        ("withdrawn_by__isnull", True),
                        ("withdrawn_reason", ""),
                    ),
                    _connector="OR",
                ),
                name="withdrawn_notice_says_when_by_whom_and_why",
            ),
        ),
        migrations.RunSQL(
            f'GRANT UPDATE ({WITHDRAWAL}) ON ventures_publicnotice TO "{settings.WEB_DATABASE_ROLE}"',
            f"REVOKE UPDATE ({WITHDRAWAL}) ON ventures_publicnotice"
            f' FROM "{settings.WEB_DATABASE_ROLE}"',
        ),
    ]
