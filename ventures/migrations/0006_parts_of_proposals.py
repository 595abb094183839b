"""Proposals get their parts: partners, rows of the plan, in-kind match, budget rules, signals."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0008_consent_to_the_exchange_of_records"),
        ("accounts", "__first__"),
        ("ventures", "0005_needs"),
    ]

    operations = [
        migrations.CreateModel(
            name="BudgetRules",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "not_funded_words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        verbose_name="不予资助的支出",
                    ),
                ),
                (
                    "management_percent",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="管理费用最多占申请资助的百分之几"
                    ),
                ),
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="budget_rules",
                        to="ventures.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "经费规则",
                "verbose_name_plural": "经费规则",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("management_percent__isnull", True),
                            ("management_percent__lte", 100),
                            _connector="OR",
                        ),
                        name="budget_rules_within_hundred",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutcomeIndicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("name", models.CharField(max_length=60, verbose_name="看什么变化")),
                ("baseline", models.CharField(max_length=40, verbose_name="现在是多少")),
                ("target", models.CharField(max_length=40, verbose_name="做完要到多少")),
                ("how", models.CharField(max_length=60, verbose_name="怎么量")),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outcomes",
                        to="ventures.proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "成效指标",
                "verbose_name_plural": "成效指标",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "position"), name="indicator_has_its_own_place"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("part", models.CharField(max_length=100, verbose_name="承担什么")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "待对方同意"),
                            ("agreed", "已同意联合申报"),
                            ("refused", "没有同意"),
                            ("left", "已不参加"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        related_name="partnerships",
                        to="accounts.organisation",
                        verbose_name="联合申报组织",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partners",
                        to="ventures.proposal",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.region",
                        verbose_name="负责哪个地方",
                    ),
                ),
            ],
            options={
                "verbose_name": "联合申报方",
                "verbose_name_plural": "联合申报方",
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["organisation", "state"], name="partner_by_organisation")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["asked", "agreed"])),
                        fields=("proposal", "organisation"),
                        name="partner_stands_once_per_proposal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["agreed", "refused"]), _negated=True),
                            models.Q(
                                ("answered_at__isnull", False), ("answered_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="partner_answered_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("part", ""), _negated=True),
                        name="partner_says_its_part",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannedActivity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                (
                    "output",
                    models.CharField(
                        choices=[
                            ("case", "个案（个）"),
                            ("group", "小组（个）"),
                            ("event", "社区活动（场）"),
                            ("visit", "走访（人次）"),
                            ("meeting", "议事会（次）"),
                            ("training", "培训（场）"),
                            ("other", "其他服务（次）"),
                        ],
                        max_length=8,
                        verbose_name="形式",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="做什么")),
                ("count", models.PositiveIntegerField(verbose_name="数量")),
                (
                    "sessions",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="小组共几节"),
                ),
                (
                    "people",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="服务人数"),
                ),
                (
                    "person_times",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="服务人次"),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="activities",
                        to="ventures.proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "计划产出",
                "verbose_name_plural": "计划产出",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "position"), name="activity_has_its_own_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("count__gte", 1)), name="activity_promises_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("output", "group"), ("sessions__isnull", True), _connector="OR"
                        ),
                        name="only_groups_count_sessions",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("people__isnull", True),
                            ("person_times__isnull", True),
                            ("person_times__gte", models.F("people")),
                            _connector="OR",
                        ),
                        name="person_times_not_below_people",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannedMilestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("what", models.CharField(max_length=100, verbose_name="做到什么")),
                ("due_on", models.DateField(verbose_name="到什么时候")),
                ("proof", models.CharField(max_length=60, verbose_name="用什么证明")),
                (
                    "share_percent",
                    models.PositiveSmallIntegerField(verbose_name="占全部工作的百分比"),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="ventures.proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "阶段目标",
                "verbose_name_plural": "阶段目标",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "position"), name="milestone_has_its_own_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("share_percent__gte", 1), ("share_percent__lte", 100)),
                        name="milestone_share_within_hundred",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannedRisk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("risk", models.CharField(max_length=60, verbose_name="可能出什么事")),
                ("measure", models.CharField(max_length=120, verbose_name="怎么防")),
                (
                    "insurance",
                    models.CharField(blank=True, max_length=60, verbose_name="买什么保险"),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="risks",
                        to="ventures.proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "风险与保险",
                "verbose_name_plural": "风险与保险",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "position"), name="risk_has_its_own_place"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposalSignal",
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
                            ("body", "同一组织参与两份申报"),
                            ("phone", "负责人电话相同"),
                            ("person", "负责人或团队成员相同"),
                            ("text", "文字大段相同"),
                        ],
                        max_length=8,
                        verbose_name="提示",
                    ),
                ),
                ("words", models.CharField(max_length=200, verbose_name="相同的内容")),
                (
                    "percent",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="相同的比例"
                    ),
                ),
                (
                    "found_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="发现时间",
                    ),
                ),
                ("dismissed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "dismissal",
                    models.CharField(blank=True, max_length=200, verbose_name="为什么不用管"),
                ),
                (
                    "dismissed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signals_as_first",
                        to="ventures.proposal",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signals_as_second",
                        to="ventures.proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "雷同提示",
                "verbose_name_plural": "雷同提示",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("first", "second", "kind"), name="two_proposals_signalled_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="signal_names_the_older_first",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("dismissal", ""),
                                ("dismissed_at__isnull", True),
                                ("dismissed_by__isnull", True),
                            ),
                            models.Q(
                                ("dismissed_at__isnull", False),
                                ("dismissed_by__isnull", False),
                                models.Q(("dismissal", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="dismissed_signal_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("name", models.CharField(max_length=40, verbose_name="姓名")),
                ("duty", models.CharField(max_length=60, verbose_name="负责什么")),
                (
                    "certificate",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "无"),
                            ("assistant", "助理社会工作师"),
                            ("worker", "社会工作师"),
                            ("senior", "高级社会工作师"),
                            ("counsellor", "心理咨询师"),
                            ("medical", "医护资格"),
                            ("other", "其他证书"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="持什么证",
                    ),
                ),
                (
                    "certificate_number",
                    models.CharField(blank=True, max_length=40, verbose_name="证书编号"),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="ventures.proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "团队成员",
                "verbose_name_plural": "团队成员",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "position"), name="team_member_has_own_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("certificate", ""), ("certificate_number", "")),
                            models.Q(
                                models.Q(("certificate", ""), _negated=True),
                                models.Q(("certificate_number", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="certificate_has_its_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="为什么转")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "待申报方同意"),
                            ("taken", "已转入"),
                            ("refused", "申报方没有同意"),
                        ],
                        default="offered",
                        max_length=8,
                    ),
                ),
                (
                    "offered_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "from_round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ventures.round",
                    ),
                ),
                (
                    "offered_by",
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
                        related_name="transfers",
                        to="ventures.proposal",
                    ),
                ),
                (
                    "to_round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ventures.round",
                        verbose_name="转入哪一轮",
                    ),
                ),
            ],
            options={
                "verbose_name": "转入另一轮",
                "verbose_name_plural": "转入另一轮",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "offered")),
                        fields=("proposal",),
                        name="one_transfer_offered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_round", models.F("to_round")), _negated=True),
                        name="transfer_to_another_round",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "offered"),
                            models.Q(
                                ("answered_at__isnull", False), ("answered_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="transfer_answered_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="transfer_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="budgetline",
            name="in_kind_fen",
            field=models.BigIntegerField(db_default=0, default=0, verbose_name="其中实物配套"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="aims",
            field=models.TextField(blank=True, max_length=400, verbose_name="项目目标"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="initiator",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals_initiated",
                to=settings.AUTH_USER_MODEL,
                verbose_name="实名发起人",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="needs",
            field=models.ManyToManyField(
                blank=True,
                related_name="proposals",
                to="ventures.need",
                verbose_name="回应哪些需求",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="team_name",
            field=models.CharField(blank=True, max_length=80, verbose_name="执行社工团队"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="team_organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals_carried_out",
                to="accounts.organisation",
                verbose_name="执行社工团队所属组织",
            ),
        ),
        migrations.AddField(
            model_name="proposalversion",
            name="submit_key",
            field=models.UUIDField(blank=True, null=True, verbose_name="提交凭据"),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="applicant",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="accounts.organisation",
                verbose_name="申报组织",
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["round", "code"], name="proposal_by_round_and_code"),
        ),
        migrations.AddIndex(
            model_name="proposalfile",
            index=models.Index(
                condition=models.Q(("removed_at__isnull", True)),
                fields=["proposal", "kind"],
                name="proposal_file_standing",
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("in_kind_fen__gte", 0), ("in_kind_fen__lte", models.F("matching_fen"))
                ),
                name="budget_line_in_kind_within_match",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("applicant__isnull", False), ("initiator__isnull", True)),
                    models.Q(("applicant__isnull", True), ("initiator__isnull", False)),
                    _connector="OR",
                ),
                name="proposal_has_one_applicant",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("initiator__isnull", True),
                    ("host__isnull", False),
                    ("state", "draft"),
                    ("state", "withdrawn"),
                    _connector="OR",
                ),
                name="initiator_names_a_host",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "withdrawn"), _negated=True),
                fields=("round", "initiator"),
                name="one_proposal_per_initiator_and_round",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposalversion",
            constraint=models.UniqueConstraint(
                fields=("proposal", "submit_key"), name="one_version_per_submit_key"
            ),
        ),
    ]
