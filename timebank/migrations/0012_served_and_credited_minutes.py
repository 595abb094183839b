"""Two numbers on a record: what was served, and what the ledger credits for it."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from accounts.append_only import revoke_rewriting
from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0007_verified_groups_have_their_hosts_word"),
        ("timebank", "0011_words_on_what_was_served"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ServiceCoefficient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hundredths", models.PositiveSmallIntegerField(verbose_name="系数（百分之）")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("basis", models.CharField(max_length=120, verbose_name="依据")),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coefficients",
                        to="timebank.timebank",
                    ),
                ),
                (
                    "service_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coefficients",
                        to="timebank.servicetype",
                        verbose_name="服务类型",
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
                "verbose_name": "服务系数",
                "verbose_name_plural": "服务系数",
                "ordering": ["-starts_on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("hundredths__gte", 10), ("hundredths__lte", 500)),
                        name="coefficient_between_a_tenth_and_five",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("basis", ""), _negated=True),
                        name="coefficient_says_its_basis",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="servicerecord",
            name="record_confirmed_with_confirmer_and_credit",
        ),
        migrations.AddField(
            model_name="servicerecord",
            name="coefficient",
            field=models.PositiveSmallIntegerField(default=100, verbose_name="系数（百分之）"),
        ),
        migrations.AlterField(
            model_name="servicerecord",
            name="provenance",
            field=models.CharField(
                choices=[
                    ("check_in", "站点签到"),
                    ("paper", "纸质签到表现场确认"),
                    ("recipient_code", "服务对象服务码确认"),
                    ("recipient", "服务对象在平台确认"),
                    ("requester", "代办人在平台确认"),
                    ("call_back", "电话回访确认"),
                    ("station", "站点代为确认"),
                    ("decision", "争议裁定成立"),
                    ("lapsed", "到期无异议，自动确认"),
                    ("self_reported", "自报"),
                    ("backfilled", "补录"),
                    ("history", "历史数据导入"),
                ],
                default="self_reported",
                max_length=16,
                verbose_name="记录来源",
            ),
        ),
        migrations.AddField(
            model_name="servicerecord",
            name="credit_minutes",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.ExpressionWrapper(
                    django.db.models.expressions.CombinedExpression(
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("minutes"), "*", models.F("coefficient")
                            ),
                            "+",
                            models.Value(50),
                        ),
                        "/",
                        models.Value(100),
                    ),
                    output_field=models.BigIntegerField(),
                ),
                output_field=models.BigIntegerField(),
                verbose_name="记入时间",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="servicecoefficient",
            trigger=pgtrigger.compiler.Trigger(
                name="service_coefficients_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="16c4c5134f3b7e48d0ff806678f56fd35a743b5d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_service_coefficients_append_only_23219",
                    table="timebank_servicecoefficient",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="servicecoefficient",
            trigger=pgtrigger.compiler.Trigger(
                name="service_coefficients_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="5c32493190e482f9ded99bcaba157f837e42cc02",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_service_coefficients_append_only_whole_9a6c7",
                    table="timebank_servicecoefficient",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("credit__isnull", False), ("credit_minutes", 0), _connector="OR"),
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                        ("state__in", ["confirmed", "reversed"]),
                    ),
                    models.Q(
                        ("confirmed_at__isnull", True),
                        ("confirmed_by__isnull", True),
                        ("credit__isnull", True),
                        ("state__in", ["submitted", "returned", "withdrawn"]),
                    ),
                    _connector="OR",
                ),
                name="record_confirmed_with_confirmer_and_credit",
            ),
        ),
        revoke_rewriting("timebank_servicecoefficient"),
    ]
