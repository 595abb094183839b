"""When what happens in a round, more time for one applicant, the seal, and questions answered."""

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
        ("accounts", "0002_database_roles"),
        ("ventures", "0008_round_forms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="round",
            name="grace_minutes",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="宽限（分钟）"),
        ),
        migrations.AddField(
            model_name="round",
            name="is_sealed",
            field=models.BooleanField(default=False, verbose_name="封存到截止"),
        ),
        migrations.AddField(
            model_name="round",
            name="peek_minutes",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="紧急查看（分钟）"),
        ),
        migrations.CreateModel(
            name="CallQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="想问什么")),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="提问时间",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="组织",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_questions",
                        to="ventures.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "提问",
                "verbose_name_plural": "提问",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "organisation", "text"), name="call_question_asked_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="call_question_asks_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CallAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked", models.CharField(max_length=300, verbose_name="公开的问题")),
                ("text", models.TextField(max_length=1000, verbose_name="答复")),
                (
                    "answered_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="答复时间",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="ventures.callquestion",
                    ),
                ),
            ],
            options={
                "verbose_name": "答复",
                "verbose_name_plural": "答复",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True),
                            models.Q(("asked", ""), _negated=True),
                        ),
                        name="call_answer_says_something",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateTimeField(verbose_name="延到")),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                (
                    "given_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="给予时间",
                    ),
                ),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="使用时间")),
                (
                    "taken_back_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="收回时间"),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "initiator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发起人",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="accounts.organisation",
                        verbose_name="申报组织",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="ventures.round",
                        verbose_name="届",
                    ),
                ),
                (
                    "used_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "个别延期",
                "verbose_name_plural": "个别延期",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("initiator__isnull", True), ("organisation__isnull", False)),
                            models.Q(("initiator__isnull", False), ("organisation__isnull", True)),
                            _connector="OR",
                        ),
                        name="extension_for_one_applicant",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at__isnull", True)),
                        fields=("round", "organisation"),
                        name="one_extension_per_organisation_and_round",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at__isnull", True)),
                        fields=("round", "initiator"),
                        name="one_extension_per_initiator_and_round",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("given_at"))),
                        name="extension_lies_ahead_when_given",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="extension_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("used_at__isnull", True), ("used_by__isnull", True)),
                            models.Q(
                                ("used_at__isnull", False),
                                ("used_at__lt", models.F("until")),
                                ("used_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="extension_used_in_time_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("used_at__isnull", True),
                            ("taken_back_at__isnull", True),
                            _connector="OR",
                        ),
                        name="extension_used_or_taken_back_not_both",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Peek",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                (
                    "peeked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="查看时间",
                    ),
                ),
                ("ends_at", models.DateTimeField(verbose_name="可看到")),
                (
                    "peeked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="peeks",
                        to="ventures.proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "启封前查看",
                "verbose_name_plural": "启封前查看",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="peek_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("peeked_at"))),
                        name="peek_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Stage",
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
                        choices=[
                            ("questions", "提问与答疑"),
                            ("screening", "形式审查"),
                            ("review", "评审"),
                            ("defence", "路演答辩"),
                            ("meeting", "集体决策"),
                            ("notice", "公示"),
                            ("signing", "签订协议"),
                        ],
                        max_length=12,
                        verbose_name="阶段",
                    ),
                ),
                ("begins_at", models.DateTimeField(verbose_name="开始")),
                ("ends_at", models.DateTimeField(verbose_name="结束")),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="地点")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="ventures.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "阶段",
                "verbose_name_plural": "阶段",
                "ordering": ["begins_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "kind"), name="stage_once_per_round"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("begins_at"))),
                        name="stage_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrackClosing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("closes_at", models.DateTimeField(verbose_name="截止申报")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="track_closings",
                        to="ventures.round",
                    ),
                ),
                (
                    "track",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ventures.track",
                        verbose_name="服务人群",
                    ),
                ),
            ],
            options={
                "verbose_name": "分组截止",
                "verbose_name_plural": "分组截止",
                "ordering": ["closes_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "track"), name="track_closes_once_per_round"
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="callanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="call_answers_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="87d88bcb796f0d179a3f88ab78fd5b33c8bb0ed6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_call_answers_append_only_1458d",
                    table="ventures_callanswer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="callanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="call_answers_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="fa3a10b4c5864e0f43a84774cc8c1a2e6d59f513",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_call_answers_append_only_whole_1894c",
                    table="ventures_callanswer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="peek",
            trigger=pgtrigger.compiler.Trigger(
                name="peeks_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="94d3740af549f757061ccad28b2eaf440ebb6530",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_peeks_append_only_1c5c6",
                    table="ventures_peek",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="peek",
            trigger=pgtrigger.compiler.Trigger(
                name="peeks_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="0a68d045baee0a6215113b1b77fc9e4041c308d6",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_peeks_append_only_whole_58f38",
                    table="ventures_peek",
                    when="BEFORE",
                ),
            ),
        ),
        revoke_rewriting("ventures_callanswer"),
        revoke_rewriting("ventures_peek"),
    ]
