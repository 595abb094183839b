"""An amount is put right, an award cancelled, by what one proposes and another agrees to."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from accounts.append_only import revoke_rewriting
from accounts.migrating import WholeMigration

ANSWER = "state, decided_by_id, decided_at, words"


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0009_office_documents"),
        ("ventures", "0032_how_far_a_plan_is"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AwardWish",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("correct", "更正金额"), ("cancel", "取消立项")], max_length=7
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "等另一人同意"),
                            ("agreed", "已同意"),
                            ("refused", "不同意"),
                            ("taken_back", "已收回"),
                            ("moot", "不用再办"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("seen_fen", models.BigIntegerField(verbose_name="提出时的金额")),
                (
                    "to_fen",
                    models.BigIntegerField(blank=True, null=True, verbose_name="更正后金额"),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                (
                    "proposed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="说明")),
            ],
            options={
                "verbose_name": "更正或取消的提议",
                "verbose_name_plural": "更正或取消的提议",
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="awardwish",
            name="award",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="wishes",
                to="ventures.award",
            ),
        ),
        migrations.AddField(
            model_name="awardwish",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="awardwish",
            name="minutes",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.attachment",
                verbose_name="会议纪要",
            ),
        ),
        migrations.AddField(
            model_name="awardwish",
            name="notice",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ventures.publicnotice",
            ),
        ),
        migrations.AddField(
            model_name="awardwish",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="awardcorrection",
            name="wish",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="correction",
                to="ventures.awardwish",
            ),
        ),
        migrations.AddField(
            model_name="awardwithdrawal",
            name="wish",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawal",
                to="ventures.awardwish",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardwithdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(("cause", "cancelled"), ("wish__isnull", True), _connector="OR"),
                name="wish_only_where_cancelled",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardwish",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")),
                fields=("award",),
                name="one_wish_of_an_award_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardwish",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "correct"),
                        ("minutes__isnull", False),
                        ("notice__isnull", False),
                        ("seen_fen__gt", 0),
                        ("to_fen__gt", 0),
                        models.Q(("to_fen", models.F("seen_fen")), _negated=True),
                    ),
                    models.Q(
                        ("kind", "cancel"),
                        ("minutes__isnull", True),
                        ("notice__isnull", True),
                        ("to_fen__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="award_wish_says_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardwish",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="award_wish_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="awardwish",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_by__isnull", True), ("state", "proposed")),
                    models.Q(
                        models.Q(("state", "proposed"), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="award_wish_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardwish",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["agreed", "refused"]), _negated=True),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="award_wish_agreed_by_another",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="awardwish",
            trigger=pgtrigger.compiler.Trigger(
                name="award_wishes_answered_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF TG_OP = 'UPDATE' AND OLD.state = 'proposed'\n    AND to_jsonb(NEW) - 'state' - 'decided_by_id' - 'decided_at' - 'words'\n        = to_jsonb(OLD) - 'state' - 'decided_by_id' - 'decided_at' - 'words' THEN RETURN NEW; END IF; RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="c459047cbc7f7dfedf1487fb8829385a93850289",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_award_wishes_answered_once_b4d85",
                    table="ventures_awardwish",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="awardwish",
            trigger=pgtrigger.compiler.Trigger(
                name="award_wishes_answered_once_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="159efc71f6f10a33f405f2e7299664a540df90ae",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_award_wishes_answered_once_whole_3c8bc",
                    table="ventures_awardwish",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="awardcorrection",
            trigger=pgtrigger.compiler.Trigger(
                name="award_corrected_by_two",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NOT (false) AND NOT EXISTS (\n        SELECT 1 FROM ventures_awardwish AS wish\n         WHERE wish.id = NEW.wish_id AND wish.award_id = NEW.award_id\n           AND wish.state = 'agreed' AND wish.kind = 'correct' AND wish.seen_fen = NEW.from_fen AND wish.to_fen = NEW.to_fen AND wish.minutes_id = NEW.minutes_id AND wish.decided_by_id = NEW.corrected_by_id\n    ) THEN\n        RAISE EXCEPTION 'it takes a wish that another agreed to'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="eb935b8c73d051d35405f6fe612f1127da01ae02",
                    operation="INSERT",
                    pgid="pgtrigger_award_corrected_by_two_6756a",
                    table="ventures_awardcorrection",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="awardwithdrawal",
            trigger=pgtrigger.compiler.Trigger(
                name="award_cancelled_by_two",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NOT (NEW.cause <> 'cancelled') AND NOT EXISTS (\n        SELECT 1 FROM ventures_awardwish AS wish\n         WHERE wish.id = NEW.wish_id AND wish.award_id = NEW.award_id\n           AND wish.state = 'agreed' AND wish.kind = 'cancel' AND wish.decided_by_id = NEW.withdrawn_by_id\n    ) THEN\n        RAISE EXCEPTION 'it takes a wish that another agreed to'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="0671c9867e1dc83e6921f46191443af6547ccb6c",
                    operation="INSERT",
                    pgid="pgtrigger_award_cancelled_by_two_0b98b",
                    table="ventures_awardwithdrawal",
                    when="BEFORE",
                ),
            ),
        ),
        # Of a wish only the answer, and only once: `award_wishes_answered_once`.
        revoke_rewriting("ventures_awardwish"),
        migrations.RunSQL(
            f'GRANT UPDATE ({ANSWER}) ON ventures_awardwish TO "{settings.WEB_DATABASE_ROLE}"',
            f'REVOKE UPDATE ({ANSWER}) ON ventures_awardwish FROM "{settings.WEB_DATABASE_ROLE}"',
        ),
    ]
