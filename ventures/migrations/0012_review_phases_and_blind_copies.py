"""Phases of the reviewing with their rights; anonymous numbers and copies of proposals."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import ventures.models.review_phases
from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("ventures", "0011_experts_invitations_conflicts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # A round and a span of time together in one exclusion constraint.
        BtreeGistExtension(),
        migrations.CreateModel(
            name="ReviewPhase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review_phases",
                        to="ventures.round",
                    ),
                ),
                ("name", models.CharField(max_length=30, verbose_name="环节名称")),
                ("begins_at", models.DateTimeField(verbose_name="开始")),
                ("ends_at", models.DateTimeField(verbose_name="结束")),
                (
                    "sees",
                    models.CharField(
                        choices=[("assigned", "只看分给自己的"), ("track", "自己那几组的都能看")],
                        default="assigned",
                        max_length=10,
                        verbose_name="评委看得到哪些申报书",
                    ),
                ),
                (
                    "hides_applicant",
                    models.BooleanField(default=False, verbose_name="隐去申报方（盲评）"),
                ),
                (
                    "names_reviewers",
                    models.BooleanField(default=False, verbose_name="评委之间显示姓名"),
                ),
                (
                    "others_scores",
                    models.CharField(
                        choices=[
                            ("never", "不给看"),
                            ("after_own", "自己交表以后才能看"),
                            ("always", "随时能看"),
                        ],
                        default="never",
                        max_length=10,
                        verbose_name="别的评委的评分表",
                    ),
                ),
                ("scoring_open", models.BooleanField(default=False, verbose_name="可以评分、改分")),
                (
                    "discussion_open",
                    models.BooleanField(default=False, verbose_name="评委可以讨论"),
                ),
                (
                    "answer_open",
                    models.BooleanField(default=False, verbose_name="申报方可以答复评委意见"),
                ),
            ],
            options={
                "verbose_name": "评审环节",
                "verbose_name_plural": "评审环节",
                "ordering": ["begins_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("begins_at"))),
                        name="phase_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="phase_has_a_name"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("round", "="),
                            (
                                ventures.models.review_phases.PhaseSpan(
                                    "begins_at",
                                    "ends_at",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(),
                                ),
                                "&&",
                            ),
                        ],
                        name="one_review_phase_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BlindNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="blind_number",
                        to="ventures.proposal",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="blind_numbers",
                        to="ventures.round",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="匿名编号")),
            ],
            options={
                "verbose_name": "匿名编号",
                "verbose_name_plural": "匿名编号",
                "ordering": ["round", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "number"), name="blind_number_once_in_a_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="blind_numbers_count_from_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BlindCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="blind_copy",
                        to="ventures.proposalversion",
                    ),
                ),
                (
                    "saved_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "released_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="核对完毕"),
                ),
                (
                    "released_by",
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
                "verbose_name": "匿名稿",
                "verbose_name_plural": "匿名稿",
                "ordering": ["version"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("released_at__isnull", True), ("released_by__isnull", True)),
                            models.Q(
                                ("released_at__isnull", False), ("released_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="blind_copy_released_by_somebody",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Redaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "copy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="redactions",
                        to="ventures.blindcopy",
                    ),
                ),
                ("field", models.CharField(max_length=80)),
                (
                    "text",
                    models.TextField(blank=True, max_length=4000, verbose_name="给评委看的文字"),
                ),
            ],
            options={
                "verbose_name": "隐名文本",
                "verbose_name_plural": "隐名文本",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("copy", "field"), name="field_redacted_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleasedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "copy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="released_files",
                        to="ventures.blindcopy",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ventures.proposalfile",
                    ),
                ),
                ("shown_name", models.CharField(max_length=60, verbose_name="给评委看的文件名")),
            ],
            options={
                "verbose_name": "放行的附件",
                "verbose_name_plural": "放行的附件",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("copy", "file"), name="file_released_once"),
                    models.CheckConstraint(
                        condition=models.Q(("shown_name", ""), _negated=True),
                        name="released_file_has_a_name",
                    ),
                ],
            },
        ),
    ]
