"""Rounds in two steps: concepts, their selection, full proposals. Old columns of proposals go."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0002_database_roles"),
        ("ventures", "0014_defence_vote_and_pledges"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="extension",
            name="one_extension_per_organisation_and_round",
        ),
        migrations.RemoveConstraint(
            model_name="extension",
            name="one_extension_per_initiator_and_round",
        ),
        migrations.RemoveConstraint(
            model_name="round",
            name="reviewed_round_has_rubric",
        ),
        migrations.RemoveField(
            model_name="proposal",
            name="indicators",
        ),
        migrations.RemoveField(
            model_name="proposal",
            name="need_code",
        ),
        migrations.RemoveField(
            model_name="proposal",
            name="team",
        ),
        migrations.AddField(
            model_name="extension",
            name="is_for_full",
            field=models.BooleanField(default=False, verbose_name="用于完整申报书"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="invited_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="入围时间"),
        ),
        migrations.AddField(
            model_name="question",
            name="is_for_concept",
            field=models.BooleanField(default=True, verbose_name="概要也问"),
        ),
        migrations.AddField(
            model_name="round",
            name="full_closes_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="截止提交完整申报书"),
        ),
        migrations.AddField(
            model_name="round",
            name="selected_by",
            field=models.CharField(
                choices=[("office", "主办方经办人"), ("reviewers", "评委，过半同意的入围")],
                default="office",
                max_length=10,
                verbose_name="概要由谁遴选",
            ),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "草稿"),
                    ("concept", "概要已提交"),
                    ("invited", "概要入围"),
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
                ],
                default="draft",
                max_length=12,
                verbose_name="状态",
            ),
        ),
        migrations.AlterField(
            model_name="stage",
            name="kind",
            field=models.CharField(
                choices=[
                    ("questions", "提问与答疑"),
                    ("selection", "概要遴选"),
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
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("taken_back_at__isnull", True)),
                fields=("round", "organisation", "is_for_full"),
                name="one_extension_per_organisation_and_round",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("taken_back_at__isnull", True)),
                fields=("round", "initiator", "is_for_full"),
                name="one_extension_per_initiator_and_round",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "invited"), _negated=True),
                    ("invited_at__isnull", False),
                    _connector="OR",
                ),
                name="invited_proposal_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["concept", "not_selected"]), _negated=True),
                    ("invited_at__isnull", True),
                    _connector="OR",
                ),
                name="concept_is_not_invited_yet",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "proposed", "open", "full"]),
                    ("rubric__isnull", False),
                    _connector="OR",
                ),
                name="reviewed_round_has_rubric",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("full_closes_at__isnull", True),
                    ("full_closes_at__gt", models.F("closes_at")),
                    _connector="OR",
                ),
                name="full_proposals_close_after_concepts",
                violation_error_message="完整申报书的截止要晚于概要的截止。",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "full"), _negated=True),
                    ("full_closes_at__isnull", False),
                    _connector="OR",
                ),
                name="full_stage_follows_concepts",
            ),
        ),
        migrations.CreateModel(
            name="ConceptReader",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="concept_readers",
                        to="ventures.round",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="concept_seats",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "named_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="退出时间")),
            ],
            options={
                "verbose_name": "概要评委",
                "verbose_name_plural": "概要评委",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "reviewer"), name="reviewer_reads_concepts_once_in_a_round"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ConceptVoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voices",
                        to="ventures.conceptreader",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="concept_voices",
                        to="ventures.proposal",
                    ),
                ),
                ("is_for", models.BooleanField(verbose_name="同意入围")),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                (
                    "given_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="时间"
                    ),
                ),
            ],
            options={
                "verbose_name": "概要意见",
                "verbose_name_plural": "概要意见",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reader", "proposal"), name="reader_speaks_once_of_a_concept"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="concept_voice_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Selection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="selections",
                        to="ventures.proposal",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="selections",
                        to="ventures.round",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ventures.proposalversion",
                    ),
                ),
                ("is_selected", models.BooleanField(verbose_name="入围")),
                ("reason", models.TextField(max_length=600, verbose_name="理由")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="遴选时间",
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="告知时间")),
            ],
            options={
                "verbose_name": "遴选结论",
                "verbose_name_plural": "遴选结论",
                "ordering": ["proposal"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "proposal"), name="concept_selected_once_in_a_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="selection_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("told_at__isnull", True), ("told_by__isnull", True)),
                            models.Q(("told_at__isnull", False), ("told_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="selection_told_by_somebody",
                    ),
                ],
            },
        ),
    ]
