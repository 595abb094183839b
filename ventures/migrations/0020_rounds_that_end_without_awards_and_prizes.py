"""Rounds that end without awards, prizes of several sizes, and teams that are asked to confirm."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("ventures", "0019_paper_score_sheets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="partner",
            name="is_team",
            field=models.BooleanField(default=False, verbose_name="派出执行社工团队"),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "草稿"),
                    ("concept", "概要已提交"),
                    ("invited", "概要入围"),
                    ("unfiled", "未交完整申报书"),
                    ("not_selected", "概要未入围"),
                    ("submitted", "已提交"),
                    ("returned", "退回补正"),
                    ("lapsed", "逾期未补正"),
                    ("withdrawn", "已撤回"),
                    ("screened", "通过形式审查"),
                    ("refused", "未通过形式审查"),
                    ("under_review", "评审中"),
                    ("awarded", "立项"),
                    ("reserved", "候补"),
                    ("declined", "未立项"),
                    ("stopped", "随轮终止"),
                ],
                default="draft",
                max_length=12,
                verbose_name="状态",
            ),
        ),
        migrations.AlterField(
            model_name="round",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "筹备中"),
                    ("proposed", "待审核发布"),
                    ("open", "征集"),
                    ("full", "完整申报"),
                    ("in_review", "评审中"),
                    ("decided", "已集体决策"),
                    ("noticed", "公示中"),
                    ("concluded", "已公告"),
                    ("stopped", "已终止"),
                ],
                default="draft",
                max_length=12,
                verbose_name="状态",
            ),
        ),
        migrations.CreateModel(
            name="Prize",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="次序")),
                ("name", models.CharField(max_length=20, verbose_name="奖项名称")),
                ("places", models.PositiveSmallIntegerField(verbose_name="几名")),
                ("amount_fen", models.BigIntegerField(verbose_name="每名奖金")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prizes",
                        to="ventures.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "奖项",
                "verbose_name_plural": "奖项",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "position"), name="prize_has_its_own_place"
                    ),
                    models.UniqueConstraint(
                        fields=("round", "amount_fen"), name="prize_has_its_own_sum"
                    ),
                    models.UniqueConstraint(
                        fields=("round", "name"), name="prize_named_once_in_a_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_fen__gt", 0),
                            ("places__gte", 1),
                            models.Q(("name", ""), _negated=True),
                        ),
                        name="prize_says_how_much",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoundStop",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "等另一人审核"),
                            ("agreed", "已终止"),
                            ("refused", "没有同意"),
                            ("taken_back", "已收回"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("nobody", "没有人申报（流标）"),
                            ("too_few", "有效申报太少（流标）"),
                            ("other", "其他原因终止"),
                        ],
                        max_length=10,
                        verbose_name="为什么终止",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="说明")),
                (
                    "next_words",
                    models.CharField(blank=True, max_length=300, verbose_name="接下来怎么办"),
                ),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answer",
                    models.CharField(blank=True, max_length=300, verbose_name="不同意的理由"),
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
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stops",
                        to="ventures.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "终止征集",
                "verbose_name_plural": "终止征集",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["asked", "agreed"])),
                        fields=("round",),
                        name="one_standing_stop_per_round",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="round_stop_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by__isnull", True), ("state", "asked")),
                            models.Q(
                                models.Q(("state", "asked"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="round_stop_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["agreed", "refused"]), _negated=True),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="round_stop_agreed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="refused_round_stop_says_why",
                    ),
                ],
            },
        ),
    ]
