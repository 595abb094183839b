"""Forms of rounds: their own questions, frozen versions, and the answers of proposals."""

import django.contrib.postgres.fields
import django.core.validators
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
        ("ventures", "0007_who_may_apply_and_with_what_money"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.CharField(max_length=8, verbose_name="问题")),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answer_file",
                        to="ventures.proposalfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "回答的文件",
                "verbose_name_plural": "回答的文件",
            },
        ),
        migrations.CreateModel(
            name="AnswerSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("answers", models.JSONField(blank=True, default=dict, verbose_name="回答")),
                (
                    "typed",
                    models.JSONField(blank=True, default=dict, verbose_name="尚未读懂的填写"),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answer_sheet",
                        to="ventures.proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "自设问题的回答",
                "verbose_name_plural": "自设问题的回答",
            },
        ),
        migrations.CreateModel(
            name="RoundForm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("built_in", models.JSONField(blank=True, default=dict, verbose_name="基本问题")),
                ("codes_given", models.PositiveIntegerField(default=0)),
                (
                    "saved_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "copied_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="ventures.round",
                    ),
                ),
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="form",
                        to="ventures.round",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "申报表",
                "verbose_name_plural": "申报表",
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=8,
                        validators=[django.core.validators.RegexValidator("^q[1-9][0-9]*$")],
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="次序")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("short_text", "一行文字"),
                            ("long_text", "一段文字"),
                            ("number", "整数"),
                            ("money", "金额（元）"),
                            ("yes_no", "是或否"),
                            ("choice", "单选"),
                            ("choices", "多选"),
                            ("date", "日期"),
                            ("table", "表格"),
                            ("file", "文件"),
                            ("heading", "小标题或说明"),
                        ],
                        max_length=12,
                        verbose_name="题型",
                    ),
                ),
                ("label", models.CharField(max_length=100, verbose_name="问题")),
                ("help", models.CharField(blank=True, max_length=300, verbose_name="填写说明")),
                ("is_required", models.BooleanField(default=False, verbose_name="必填")),
                ("is_for_short", models.BooleanField(default=True, verbose_name="简表也问")),
                ("limit", models.PositiveSmallIntegerField(default=0, verbose_name="字数上限")),
                (
                    "choices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list
                    ),
                ),
                ("columns", models.JSONField(blank=True, default=list, verbose_name="表格各列")),
                ("row_limit", models.PositiveSmallIntegerField(default=0, verbose_name="最多几行")),
                (
                    "file_kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=8), blank=True, default=list
                    ),
                ),
                (
                    "depends_on",
                    models.CharField(blank=True, max_length=8, verbose_name="取决于哪一题"),
                ),
                (
                    "test",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("answered", "填写了"),
                            ("equals", "是"),
                            ("contains", "选了"),
                            ("at_least", "不少于"),
                            ("at_most", "不多于"),
                        ],
                        max_length=8,
                        verbose_name="条件",
                    ),
                ),
                (
                    "test_value",
                    models.CharField(blank=True, max_length=60, verbose_name="条件的值"),
                ),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="ventures.roundform",
                    ),
                ),
            ],
            options={
                "verbose_name": "自设问题",
                "verbose_name_plural": "自设问题",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("form", "code"), name="question_code_once_per_form"
                    ),
                    models.UniqueConstraint(
                        deferrable=models.Deferrable.DEFERRED,
                        fields=("form", "position"),
                        name="question_has_its_own_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("depends_on", ""), ("test", "")),
                            models.Q(
                                models.Q(("depends_on", ""), _negated=True),
                                models.Q(("test", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="question_condition_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "heading"), _negated=True),
                            ("is_required", False),
                            _connector="OR",
                        ),
                        name="heading_asks_nothing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["short_text", "long_text"]), _negated=True),
                            models.Q(("limit__gte", 1), ("limit__lte", 5000)),
                            _connector="OR",
                        ),
                        name="text_question_says_how_much",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "table"), _negated=True),
                            models.Q(("row_limit__gte", 1), ("row_limit__lte", 30)),
                            _connector="OR",
                        ),
                        name="table_question_says_how_many_rows",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="版次")),
                ("content", models.JSONField(verbose_name="内容")),
                ("sha256", models.CharField(max_length=64, verbose_name="校验值")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="更正原因")),
                ("frozen_at", models.DateTimeField(verbose_name="定稿时间")),
                (
                    "frozen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="form_versions",
                        to="ventures.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "申报表版本",
                "verbose_name_plural": "申报表版本",
                "ordering": ["round", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "number"), name="form_version_numbered_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number__gte", 1),
                            models.Q(
                                ("number", 1),
                                models.Q(("reason", ""), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="form_correction_says_why",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="formversion",
            trigger=pgtrigger.compiler.Trigger(
                name="form_versions_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="eddb87fc22fa1ec3fc9b3f5e0738de0286616ee6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_form_versions_append_only_006fc",
                    table="ventures_formversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="formversion",
            trigger=pgtrigger.compiler.Trigger(
                name="form_versions_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="7443b610558f0ab3481a80d07e623cf9f5713d49",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_form_versions_append_only_whole_a23a6",
                    table="ventures_formversion",
                    when="BEFORE",
                ),
            ),
        ),
        revoke_rewriting("ventures_formversion"),
    ]
