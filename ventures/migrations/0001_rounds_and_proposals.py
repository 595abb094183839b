"""Programmes, rounds, tiers and rubrics; proposals, their budgets, versions and screenings.

Versions and screenings are written once: the web role may only insert and read them.
"""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from accounts.append_only import revoke_rewriting
from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    initial = True

    dependencies = [
        ("accounts", "0002_database_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Programme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="代号")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("about", models.TextField(blank=True, verbose_name="简介")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programmes",
                        to="accounts.region",
                        verbose_name="地区",
                    ),
                ),
            ],
            options={
                "verbose_name": "创投品牌",
                "verbose_name_plural": "创投品牌",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=24, unique=True, verbose_name="申报编号")),
                ("title", models.CharField(blank=True, max_length=60, verbose_name="项目名称")),
                (
                    "responsible_name",
                    models.CharField(blank=True, max_length=40, verbose_name="项目负责人"),
                ),
                (
                    "responsible_phone",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9+() -]{5,20}$", "请填写电话号码，如 10012345678。"
                            )
                        ],
                        verbose_name="负责人电话",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("governance", "治理型"), ("service", "服务型")],
                        max_length=12,
                        verbose_name="项目类型",
                    ),
                ),
                (
                    "need_from",
                    models.CharField(blank=True, max_length=100, verbose_name="需求从哪来"),
                ),
                ("plan", models.CharField(blank=True, max_length=300, verbose_name="做什么")),
                (
                    "schedule",
                    models.CharField(blank=True, max_length=200, verbose_name="几次、几人、何时"),
                ),
                (
                    "beneficiaries",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="直接服务人数"),
                ),
                (
                    "person_times",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="服务人次"),
                ),
                ("safety", models.CharField(blank=True, max_length=200, verbose_name="安全与保险")),
                ("need_code", models.CharField(blank=True, max_length=20, verbose_name="需求编号")),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="开始日期")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                ("team", models.CharField(blank=True, max_length=300, verbose_name="执行团队")),
                (
                    "plan_detail",
                    models.TextField(blank=True, max_length=2000, verbose_name="实施步骤"),
                ),
                (
                    "indicators",
                    models.TextField(blank=True, max_length=600, verbose_name="成效怎么量"),
                ),
                (
                    "sustainability",
                    models.TextField(blank=True, max_length=400, verbose_name="结束以后谁来接"),
                ),
                ("requested_fen", models.BigIntegerField(default=0, verbose_name="申请资助")),
                ("matching_fen", models.BigIntegerField(default=0, verbose_name="配套")),
                (
                    "typed",
                    models.JSONField(blank=True, default=dict, verbose_name="尚未读懂的填写"),
                ),
                ("revision", models.PositiveIntegerField(default=0, verbose_name="保存次数")),
                (
                    "saved_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="最近保存",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "已提交"),
                            ("returned", "退回补正"),
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
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="提交时间"),
                ),
                (
                    "complete_by",
                    models.DateTimeField(blank=True, null=True, verbose_name="补正截止"),
                ),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="accounts.organisation",
                        verbose_name="申报组织",
                    ),
                ),
                (
                    "communities",
                    models.ManyToManyField(
                        blank=True,
                        related_name="proposals",
                        to="accounts.region",
                        verbose_name="实施社区",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals_begun",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals_hosted",
                        to="accounts.organisation",
                        verbose_name="代管单位",
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
                "verbose_name": "申报书",
                "verbose_name_plural": "申报书",
                "ordering": ["code"],
                "indexes": [models.Index(fields=["applicant"], name="proposal_by_applicant")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "withdrawn"]),
                            ("submitted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="proposal_past_draft_was_submitted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "returned"), _negated=True),
                            ("complete_by__isnull", False),
                            _connector="OR",
                        ),
                        name="returned_proposal_says_until_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("matching_fen__gte", 0), ("requested_fen__gte", 0)),
                        name="proposal_sums_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on__isnull", True),
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="proposal_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposalFile",
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
                            ("signature", "签章页（签字或盖章、社区意见）"),
                            ("community", "社区意见"),
                            ("standing", "登记证书或备案证明"),
                            ("other", "其他佐证材料"),
                        ],
                        max_length=10,
                        verbose_name="材料",
                    ),
                ),
                (
                    "added_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="上传时间",
                    ),
                ),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "attachment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposal_file",
                        to="accounts.attachment",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="ventures.proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "申报材料",
                "verbose_name_plural": "申报材料",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ProposalVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="版次")),
                ("snapshot", models.JSONField(verbose_name="内容")),
                ("sha256", models.CharField(max_length=64, verbose_name="校验值")),
                ("submitted_at", models.DateTimeField(verbose_name="提交时间")),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="ventures.proposal",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "申报书版本",
                "verbose_name_plural": "申报书版本",
                "ordering": ["proposal", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "number"), name="proposal_version_numbered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="网址代号")),
                (
                    "number_prefix",
                    models.CharField(
                        max_length=16,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z0-9-]+$", "只用大写字母、数字和短横线，如 QC2027-S"
                            )
                        ],
                        verbose_name="申报编号前缀",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("city", "市级"),
                            ("town", "镇（街道）级"),
                            ("community", "村（社区）级"),
                        ],
                        max_length=10,
                        verbose_name="层级",
                    ),
                ),
                (
                    "document_number",
                    models.CharField(blank=True, max_length=60, verbose_name="文号"),
                ),
                ("sponsors", models.CharField(max_length=120, verbose_name="主办单位")),
                ("about", models.TextField(blank=True, verbose_name="征集说明")),
                ("eligibility", models.TextField(blank=True, verbose_name="谁可以申报")),
                ("not_funded", models.TextField(blank=True, verbose_name="不予资助的支出")),
                ("timetable", models.TextField(blank=True, verbose_name="后续安排")),
                (
                    "coaching",
                    models.CharField(blank=True, max_length=200, verbose_name="辅导时间与地点"),
                ),
                (
                    "fund_sources",
                    models.CharField(blank=True, max_length=120, verbose_name="资金来源"),
                ),
                ("contact_name", models.CharField(max_length=40, verbose_name="联系人")),
                ("contact_phone", models.CharField(max_length=20, verbose_name="联系电话")),
                ("supervision_phone", models.CharField(max_length=20, verbose_name="监督电话")),
                ("address", models.CharField(blank=True, max_length=120, verbose_name="受理地址")),
                ("fund_fen", models.BigIntegerField(verbose_name="资金总额")),
                ("cap_fen", models.BigIntegerField(verbose_name="单个项目申请上限")),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("governance", "治理型"), ("service", "服务型")], max_length=12
                        ),
                        verbose_name="项目类型",
                    ),
                ),
                ("opens_at", models.DateTimeField(verbose_name="开始申报")),
                ("closes_at", models.DateTimeField(verbose_name="截止申报")),
                (
                    "signature_due_on",
                    models.DateField(blank=True, null=True, verbose_name="签章页补交截止日"),
                ),
                (
                    "notice_working_days",
                    models.PositiveSmallIntegerField(default=5, verbose_name="公示工作日"),
                ),
                ("publishes_scores", models.BooleanField(default=False, verbose_name="公布得分")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "筹备中"),
                            ("open", "征集"),
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
                ("proposals_numbered", models.PositiveIntegerField(default=0, editable=False)),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="发布时间"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds_operated",
                        to="accounts.organisation",
                        verbose_name="承办单位",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="ventures.programme",
                        verbose_name="创投品牌",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="accounts.region",
                        verbose_name="地区",
                    ),
                ),
            ],
            options={
                "verbose_name": "届",
                "verbose_name_plural": "届",
                "ordering": ["-closes_at", "-id"],
                "indexes": [models.Index(fields=["state", "closes_at"], name="round_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="round_closes_after_it_opens",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fund_fen__gt", 0)), name="round_has_a_fund"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cap_fen__gt", 0), ("cap_fen__lte", models.F("fund_fen"))
                        ),
                        name="round_cap_within_fund",
                        violation_error_message="单个项目上限要大于 0，且不超过资金总额。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"), ("published_at__isnull", False), _connector="OR"
                        ),
                        name="published_round_says_when",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="proposal",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="ventures.round",
                verbose_name="届",
            ),
        ),
        migrations.CreateModel(
            name="Rubric",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("is_preset", models.BooleanField(default=False, verbose_name="可供选用")),
                (
                    "step_half_points",
                    models.PositiveSmallIntegerField(default=1, verbose_name="打分步长（半分）"),
                ),
                (
                    "pass_half_points",
                    models.PositiveSmallIntegerField(default=120, verbose_name="及格线（半分）"),
                ),
                (
                    "aggregate",
                    models.CharField(
                        choices=[
                            ("trimmed_mean", "5 名及以上评委去掉一个最高分和一个最低分后平均"),
                            ("mean", "全部评委平均"),
                        ],
                        default="trimmed_mean",
                        max_length=16,
                        verbose_name="汇总方式",
                    ),
                ),
                (
                    "comment_below_percent",
                    models.PositiveSmallIntegerField(
                        default=60, verbose_name="低于该项满分百分之几须写理由"
                    ),
                ),
                (
                    "vetoes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        verbose_name="一票否决",
                    ),
                ),
            ],
            options={
                "verbose_name": "评分标准",
                "verbose_name_plural": "评分标准",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_preset", True)),
                        fields=("name",),
                        name="rubric_preset_named_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("step_half_points__in", [1, 2])),
                        name="rubric_step_half_or_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pass_half_points__lte", 200)),
                        name="rubric_pass_in_hundred",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("comment_below_percent__lte", 100)),
                        name="rubric_comment_percent",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="round",
            name="rubric",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rounds",
                to="ventures.rubric",
                verbose_name="评分标准",
            ),
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="次序")),
                ("name", models.CharField(max_length=30, verbose_name="指标")),
                ("ask", models.CharField(blank=True, max_length=120, verbose_name="看什么")),
                ("max_half_points", models.PositiveSmallIntegerField(verbose_name="满分（半分）")),
                ("bands", models.JSONField(blank=True, default=list, verbose_name="分档")),
                (
                    "rubric",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="criteria",
                        to="ventures.rubric",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审指标",
                "verbose_name_plural": "评审指标",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rubric", "position"), name="criterion_has_its_own_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("max_half_points__gt", 0), ("max_half_points__lte", 200)
                        ),
                        name="criterion_within_the_hundred",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Screening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("accepted", "通过"),
                            ("returned", "退回补正"),
                            ("refused", "不予受理"),
                        ],
                        max_length=10,
                        verbose_name="结论",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="理由")),
                (
                    "marked_fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list
                    ),
                ),
                (
                    "complete_by",
                    models.DateTimeField(blank=True, null=True, verbose_name="补正截止"),
                ),
                (
                    "screened_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="审查时间",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="screenings",
                        to="ventures.proposal",
                    ),
                ),
                (
                    "screened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="screenings",
                        to="ventures.proposalversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "形式审查",
                "verbose_name_plural": "形式审查",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", "accepted"),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="screening_no_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "returned"), _negated=True),
                            ("complete_by__isnull", False),
                            _connector="OR",
                        ),
                        name="screening_return_says_until_when",
                    ),
                    models.UniqueConstraint(fields=("version",), name="version_screened_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=20, verbose_name="名称")),
                ("upto_fen", models.BigIntegerField(verbose_name="申请额不超过")),
                (
                    "form",
                    models.CharField(
                        choices=[("short", "一页简表"), ("standard", "标准申报书")],
                        default="short",
                        max_length=8,
                        verbose_name="申报表",
                    ),
                ),
                (
                    "budget_line_limit",
                    models.PositiveSmallIntegerField(default=8, verbose_name="预算行数上限"),
                ),
                (
                    "review_words",
                    models.CharField(blank=True, max_length=60, verbose_name="评审方式"),
                ),
                (
                    "agreement_words",
                    models.CharField(blank=True, max_length=60, verbose_name="协议"),
                ),
                (
                    "tranche_words",
                    models.CharField(blank=True, max_length=60, verbose_name="拨款方式"),
                ),
                (
                    "follow_up_words",
                    models.CharField(blank=True, max_length=120, verbose_name="过程与结项"),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tiers",
                        to="ventures.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "档次",
                "verbose_name_plural": "档次",
                "ordering": ["upto_fen"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "upto_fen"), name="tier_ends_once_per_round"
                    ),
                    models.UniqueConstraint(
                        fields=("round", "name"), name="tier_named_once_per_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("upto_fen__gt", 0)), name="tier_upto_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("budget_line_limit__gte", 1), ("budget_line_limit__lte", 60)
                        ),
                        name="tier_allows_some_budget_lines",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="proposal",
            name="tier",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="ventures.tier",
                verbose_name="档次",
            ),
        ),
        migrations.CreateModel(
            name="Track",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=8, unique=True, verbose_name="代号")),
                ("name", models.CharField(max_length=20, verbose_name="名称")),
                ("hint", models.CharField(blank=True, max_length=60, verbose_name="说明")),
                ("colour", models.PositiveSmallIntegerField(verbose_name="颜色序号")),
                ("position", models.PositiveSmallIntegerField(verbose_name="次序")),
            ],
            options={
                "verbose_name": "服务人群",
                "verbose_name_plural": "服务人群",
                "ordering": ["position"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("colour__lte", 7)), name="track_colour_has_a_token"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="round",
            name="tracks",
            field=models.ManyToManyField(
                related_name="rounds", to="ventures.track", verbose_name="服务人群"
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="track",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="ventures.track",
                verbose_name="服务人群",
            ),
        ),
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                (
                    "cost_class",
                    models.CharField(
                        choices=[
                            ("activity", "业务活动费"),
                            ("management", "管理费用"),
                            ("tax", "税费"),
                        ],
                        max_length=12,
                        verbose_name="费用类别",
                    ),
                ),
                ("purpose", models.CharField(max_length=60, verbose_name="支出内容")),
                ("unit_price_fen", models.BigIntegerField(verbose_name="单价")),
                ("quantity_hundredths", models.BigIntegerField(verbose_name="数量（百分之一）")),
                ("unit", models.CharField(max_length=12, verbose_name="单位")),
                ("amount_fen", models.BigIntegerField(verbose_name="金额")),
                ("requested_fen", models.BigIntegerField(verbose_name="申请资助")),
                ("matching_fen", models.BigIntegerField(verbose_name="配套")),
                ("basis", models.CharField(blank=True, max_length=100, verbose_name="测算依据")),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="budget_lines",
                        to="ventures.proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "预算科目",
                "verbose_name_plural": "预算科目",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "position"), name="budget_line_has_its_own_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("matching_fen__gte", 0),
                            ("quantity_hundredths__gt", 0),
                            ("requested_fen__gte", 0),
                            ("unit_price_fen__gt", 0),
                        ),
                        name="budget_line_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "amount_fen",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("requested_fen"), "+", models.F("matching_fen")
                                ),
                            )
                        ),
                        name="budget_line_fully_funded",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.expressions.CombinedExpression(
                                models.F("amount_fen"), "*", models.Value(100)
                            ),
                            django.db.models.expressions.CombinedExpression(
                                models.F("unit_price_fen"), "*", models.F("quantity_hundredths")
                            ),
                        ),
                        name="budget_line_price_times_quantity",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="proposalversion",
            trigger=pgtrigger.compiler.Trigger(
                name="proposal_versions_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="573ee668948a3b505a06db737a05a1639aa33ca7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_proposal_versions_append_only_90cf7",
                    table="ventures_proposalversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="proposalversion",
            trigger=pgtrigger.compiler.Trigger(
                name="proposal_versions_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="e8275750ec147cf670bf0fc779f4ba199b9e611b",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_proposal_versions_append_only_whole_b0e87",
                    table="ventures_proposalversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="screening",
            trigger=pgtrigger.compiler.Trigger(
                name="screenings_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="546a31a22a9a51e1dad6d12ace703079f307ed8b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_screenings_append_only_55c9e",
                    table="ventures_screening",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="screening",
            trigger=pgtrigger.compiler.Trigger(
                name="screenings_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="7f03fb0fdeebe84fd61a3468347d57650f5acb7a",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_screenings_append_only_whole_af43c",
                    table="ventures_screening",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "open"]), ("rubric__isnull", False), _connector="OR"
                ),
                name="reviewed_round_has_rubric",
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["round", "state"], name="proposal_by_round_and_state"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "withdrawn"), _negated=True),
                fields=("round", "applicant"),
                name="one_proposal_per_organisation_and_round",
            ),
        ),
        revoke_rewriting("ventures_proposalversion"),
        revoke_rewriting("ventures_screening"),
    ]
