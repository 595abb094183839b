"""An award's amount may be put right by a row that says from what to what, why and by which paper."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from accounts.append_only import revoke_rewriting
from accounts.migrating import WholeMigration

SUM = "amount_fen, transfer_id"


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0009_office_documents"),
        ("ventures", "0029_awards_given_up_or_cancelled"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AwardCorrection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="第几次")),
                ("from_fen", models.BigIntegerField(verbose_name="原金额")),
                ("to_fen", models.BigIntegerField(verbose_name="更正后金额")),
                ("reason", models.CharField(max_length=300, verbose_name="更正原因")),
                ("from_transfer_id", models.BigIntegerField()),
                ("returned_transfer_id", models.BigIntegerField()),
                ("transfer_id", models.BigIntegerField()),
                (
                    "corrected_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "verbose_name": "更正金额",
                "verbose_name_plural": "更正金额",
                "ordering": ["award", "number"],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="award",
            name="awards_append_only",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="award",
            trigger=pgtrigger.compiler.Trigger(
                name="awards_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF TG_OP = 'UPDATE'\n    AND to_jsonb(NEW) - 'amount_fen' - 'transfer_id'\n        = to_jsonb(OLD) - 'amount_fen' - 'transfer_id'\n    AND EXISTS (\n        SELECT 1 FROM ventures_awardcorrection AS one\n         WHERE one.award_id = OLD.id\n           AND one.from_fen = OLD.amount_fen AND one.from_transfer_id = OLD.transfer_id\n           AND one.to_fen = NEW.amount_fen AND one.transfer_id = NEW.transfer_id) THEN RETURN NEW; END IF; RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="2a0d4d38b7e758a215c800756226a48b3b62366e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_awards_append_only_511d1",
                    table="ventures_award",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="awardcorrection",
            name="award",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="ventures.award",
            ),
        ),
        migrations.AddField(
            model_name="awardcorrection",
            name="corrected_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="awardcorrection",
            name="minutes",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.attachment",
                verbose_name="会议纪要",
            ),
        ),
        migrations.AddField(
            model_name="awardcorrection",
            name="notice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="ventures.publicnotice",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardcorrection",
            constraint=models.UniqueConstraint(
                fields=("award", "number"), name="award_correction_numbered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="awardcorrection",
            constraint=models.UniqueConstraint(
                fields=("from_transfer_id",), name="sum_set_aside_corrected_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="awardcorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("from_fen__gt", 0),
                    ("to_fen__gt", 0),
                    models.Q(("from_fen", models.F("to_fen")), _negated=True),
                ),
                name="award_correction_changes_the_sum",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardcorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="award_correction_says_why"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="awardcorrection",
            trigger=pgtrigger.compiler.Trigger(
                name="award_corrections_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="bd3abf0e0851128167c42ae6349ebff61c3ebea1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_award_corrections_append_only_b69c4",
                    table="ventures_awardcorrection",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="awardcorrection",
            trigger=pgtrigger.compiler.Trigger(
                name="award_corrections_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="220401f6ee6a97c39e64be7e0edebfec5af4edb0",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_award_corrections_append_only_whole_3ca12",
                    table="ventures_awardcorrection",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="awardcorrection",
            trigger=pgtrigger.compiler.Trigger(
                name="award_correction_carried_out",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM ventures_award\n                         WHERE id = NEW.award_id\n                           AND transfer_id = NEW.transfer_id AND amount_fen = NEW.to_fen\n                    ) AND NOT EXISTS (\n                        SELECT 1 FROM ventures_awardcorrection\n                         WHERE from_transfer_id = NEW.transfer_id\n                    ) THEN\n                        RAISE EXCEPTION 'the award does not have the corrected amount'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="74097435c26850fedf355c3564dfad0d9dc5740f",
                    operation="INSERT",
                    pgid="pgtrigger_award_correction_carried_out_cd4d3",
                    table="ventures_awardcorrection",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        revoke_rewriting("ventures_awardcorrection"),
        # Of an award's row these two, and only as a correction says: `awards_append_only`.
        migrations.RunSQL(
            f'GRANT UPDATE ({SUM}) ON ventures_award TO "{settings.WEB_DATABASE_ROLE}"',
            f'REVOKE UPDATE ({SUM}) ON ventures_award FROM "{settings.WEB_DATABASE_ROLE}"',
        ),
    ]
