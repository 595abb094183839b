"""How lists are made from a ranking, what was walked, objections, letters, dossiers."""

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
        ("ventures", "0009_timetables_and_extensions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="criterion",
            name="is_outside_total",
            field=models.BooleanField(default=False, verbose_name="不计入总分"),
        ),
        migrations.AddField(
            model_name="criterion",
            name="weight_percent",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="权重（%）"),
        ),
        migrations.AddField(
            model_name="decision",
            name="needs_revision",
            field=models.BooleanField(default=False, verbose_name="修改后立项"),
        ),
        migrations.AddField(
            model_name="rubric",
            name="drop_from",
            field=models.PositiveSmallIntegerField(
                default=5, verbose_name="几份评分表起去掉最高最低分"
            ),
        ),
        migrations.AlterField(
            model_name="rubric",
            name="aggregate",
            field=models.CharField(
                choices=[
                    ("trimmed_mean", "5 名及以上评委去掉一个最高分和一个最低分后平均"),
                    ("mean", "全部评委平均"),
                    ("median", "取全部评委的中位数"),
                ],
                default="trimmed_mean",
                max_length=16,
                verbose_name="汇总方式",
            ),
        ),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("weight_percent__isnull", True),
                    models.Q(
                        ("is_outside_total", False),
                        ("weight_percent__gte", 1),
                        ("weight_percent__lte", 100),
                    ),
                    _connector="OR",
                ),
                name="weight_of_what_counts",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("needs_revision", False), ("outcome", "award"), _connector="OR"
                ),
                name="only_awards_are_revised",
            ),
        ),
        migrations.AddConstraint(
            model_name="rubric",
            constraint=models.CheckConstraint(
                condition=models.Q(("drop_from__gte", 3), ("drop_from__lte", 25)),
                name="rubric_drops_from_three_on",
            ),
        ),
        migrations.CreateModel(
            name="AwardTerms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="award_terms",
                        to="ventures.round",
                    ),
                ),
                (
                    "is_walked",
                    models.BooleanField(default=False, verbose_name="按规则排出建议名单"),
                ),
                (
                    "misfit",
                    models.CharField(
                        choices=[("skip", "跳过，继续看下一名"), ("stop", "到此为止")],
                        default="skip",
                        max_length=4,
                        verbose_name="余额不够时",
                    ),
                ),
                (
                    "partial_percent",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        verbose_name="余额不够时可部分资助，至少为申请额的（%）",
                    ),
                ),
                (
                    "threshold_half_points",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="入围线（半分）"
                    ),
                ),
                (
                    "releases_reserves",
                    models.BooleanField(default=True, verbose_name="专项份额用不完时放开"),
                ),
                (
                    "tie_order",
                    models.CharField(
                        choices=[
                            ("criteria", "先比第一项指标的平均分，再依次往下比"),
                            ("smaller", "申请资助少的在前"),
                            ("earlier", "先提交的在前"),
                        ],
                        default="criteria",
                        max_length=8,
                        verbose_name="同分先后",
                    ),
                ),
                (
                    "notice_counting",
                    models.CharField(
                        choices=[("working", "工作日"), ("calendar", "自然日")],
                        default="working",
                        max_length=8,
                        verbose_name="公示天数按",
                    ),
                ),
                ("names_experts", models.BooleanField(default=False, verbose_name="公示评委姓名")),
                ("publishes_reasons", models.BooleanField(default=False, verbose_name="公布理由")),
                (
                    "publishes_counterfactuals",
                    models.BooleanField(default=False, verbose_name="公布差多少"),
                ),
            ],
            options={
                "verbose_name": "立项规则",
                "verbose_name_plural": "立项规则",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("partial_percent__isnull", True),
                            models.Q(("partial_percent__gte", 1), ("partial_percent__lte", 99)),
                            _connector="OR",
                        ),
                        name="partial_award_of_a_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("threshold_half_points__isnull", True),
                            ("threshold_half_points__lte", 200),
                            _connector="OR",
                        ),
                        name="threshold_within_the_hundred",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("misfit", "stop"), _negated=True),
                            ("releases_reserves", False),
                            _connector="OR",
                        ),
                        name="ended_walk_releases_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AwardLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "terms",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="limits",
                        to="ventures.awardterms",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("reserve", "专项份额"), ("ceiling", "上限")],
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                (
                    "over",
                    models.CharField(
                        choices=[
                            ("kind", "项目类型"),
                            ("track", "服务人群"),
                            ("tier", "档次"),
                            ("team", "每个执行组织"),
                            ("town", "每个镇（街道）"),
                        ],
                        max_length=8,
                        verbose_name="对谁",
                    ),
                ),
                ("value", models.CharField(blank=True, max_length=60, verbose_name="哪一组")),
                (
                    "percent",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="占资金总额（%）"
                    ),
                ),
                ("fen", models.BigIntegerField(blank=True, null=True, verbose_name="金额")),
                (
                    "projects",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="项目数"),
                ),
            ],
            options={
                "verbose_name": "份额或上限",
                "verbose_name_plural": "份额或上限",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("terms", "kind", "over", "value"), name="award_limit_said_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "reserve"),
                                ("percent__gte", 1),
                                ("percent__lte", 100),
                                ("fen__isnull", True),
                                ("projects__isnull", True),
                                models.Q(("value", ""), _negated=True),
                            ),
                            models.Q(
                                ("kind", "ceiling"),
                                ("percent__isnull", True),
                                models.Q(("fen__gt", 0), ("projects__gte", 1), _connector="OR"),
                            ),
                            _connector="OR",
                        ),
                        name="award_limit_says_how_much",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AwardWalk",
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
                        related_name="award_walks",
                        to="ventures.round",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "occasion",
                    models.CharField(
                        choices=[("meeting", "提交集体决策"), ("objection", "异议成立后重算")],
                        max_length=10,
                    ),
                ),
                ("inputs", models.JSONField()),
                ("input_sha256", models.CharField(max_length=64)),
                ("results", models.JSONField()),
                ("output_sha256", models.CharField(max_length=64)),
                (
                    "run_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "verbose_name": "建议名单",
                "verbose_name_plural": "建议名单",
                "ordering": ["round", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "number"), name="award_walk_numbered_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("input_sha256__regex", "^[0-9a-f]{64}$"),
                            ("output_sha256__regex", "^[0-9a-f]{64}$"),
                        ),
                        name="award_walk_has_fingerprints",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Override",
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
                        related_name="overrides",
                        to="ventures.round",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="ventures.proposal",
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
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("award", "拟立项"), ("reserve", "候补"), ("decline", "不予立项")],
                        max_length=8,
                        verbose_name="改为",
                    ),
                ),
                ("amount_fen", models.BigIntegerField(default=0, verbose_name="金额")),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
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
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "不按建议名单",
                "verbose_name_plural": "不按建议名单",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "agreed"])),
                        fields=("proposal",),
                        name="one_standing_override_per_proposal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="override_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount_fen__gt", 0), ("outcome", "award")),
                            models.Q(
                                models.Q(("outcome", "award"), _negated=True), ("amount_fen", 0)
                            ),
                            _connector="OR",
                        ),
                        name="override_amount_of_an_award",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by__isnull", True), ("state", "proposed")),
                            models.Q(
                                models.Q(("state", "proposed"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="override_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["agreed", "refused"]), _negated=True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="override_agreed_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="ventures.publicnotice",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="ventures.proposal",
                        verbose_name="对哪个项目",
                    ),
                ),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("person", "个人（真实姓名）"),
                            ("organisation", "单位（加盖公章）"),
                            ("group", "备案社区社会组织（加盖社区公章）"),
                        ],
                        max_length=12,
                        verbose_name="以什么身份提出",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("filed", "复核中"),
                            ("upheld", "异议成立"),
                            ("rejected", "异议不成立"),
                            ("refused", "不予受理"),
                            ("taken_back", "已撤回"),
                        ],
                        default="filed",
                        max_length=10,
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="accounts.organisation",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="姓名或单位名称")),
                ("phone", models.CharField(max_length=20, verbose_name="联系电话")),
                ("facts", models.TextField(max_length=2000, verbose_name="事实和理由")),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.attachment",
                        verbose_name="证据材料",
                    ),
                ),
                (
                    "filed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("due_on", models.DateField(verbose_name="答复期限")),
                ("answer", models.TextField(blank=True, max_length=2000, verbose_name="书面答复")),
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
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "异议",
                "verbose_name_plural": "异议",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["notice", "state"], name="objection_by_notice"),
                    models.Index(fields=["state", "due_on"], name="objection_by_due_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "filed")),
                        fields=("notice", "proposal", "filed_by"),
                        name="one_waiting_objection_to_an_item",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organisation__isnull", True), ("standing", "person")),
                            models.Q(
                                models.Q(("standing", "person"), _negated=True),
                                ("evidence__isnull", False),
                                ("organisation__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="stamped_objection_has_its_paper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("phone", ""), _negated=True),
                            models.Q(("facts", ""), _negated=True),
                        ),
                        name="objection_is_not_anonymous",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["filed", "taken_back"]),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="objection_answered_in_writing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AwardWithdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "award",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="ventures.award",
                    ),
                ),
                (
                    "objection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawals",
                        to="ventures.objection",
                    ),
                ),
                (
                    "walk",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ventures.awardwalk",
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="原因")),
                (
                    "transfer_id",
                    models.BigIntegerField(blank=True, null=True, verbose_name="入账编号"),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "verbose_name": "撤销拟立项",
                "verbose_name_plural": "撤销拟立项",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="withdrawal_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterTemplate",
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
                        related_name="letter_templates",
                        to="ventures.round",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("award", "拟立项"),
                            ("revise", "修改后立项"),
                            ("reserve", "候补"),
                            ("decline", "不予立项"),
                        ],
                        max_length=8,
                        verbose_name="种类",
                    ),
                ),
                ("body", models.TextField(max_length=2000, verbose_name="正文")),
                (
                    "edited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "edited_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "verbose_name": "通知书模板",
                "verbose_name_plural": "通知书模板",
                "ordering": ["round", "kind"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "kind"), name="letter_template_of_a_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("body", ""), _negated=True),
                        name="letter_template_says_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="ventures.publicnotice",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="ventures.proposal",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("award", "拟立项"),
                            ("revise", "修改后立项"),
                            ("reserve", "候补"),
                            ("decline", "不予立项"),
                        ],
                        max_length=8,
                        verbose_name="种类",
                    ),
                ),
                ("body", models.TextField(verbose_name="正文")),
                (
                    "sent_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "verbose_name": "结果通知书",
                "verbose_name_plural": "结果通知书",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("notice", "proposal"), name="one_letter_in_a_notice"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RevisedBudget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revised_budgets",
                        to="ventures.award",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="第几稿")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("handed_in", "等待确认"),
                            ("returned", "退回修改"),
                            ("confirmed", "已确认"),
                        ],
                        default="handed_in",
                        max_length=10,
                    ),
                ),
                ("lines", models.JSONField(verbose_name="预算")),
                ("total_fen", models.BigIntegerField(verbose_name="合计")),
                ("approved_fen", models.BigIntegerField(verbose_name="核定金额")),
                ("note", models.CharField(max_length=500, verbose_name="改了什么")),
                (
                    "handed_in_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "handed_in_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
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
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="退回原因")),
            ],
            options={
                "verbose_name": "修改稿",
                "verbose_name_plural": "修改稿",
                "ordering": ["award", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("award", "number"), name="revised_budget_numbered_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "returned"), _negated=True),
                        fields=("award",),
                        name="one_standing_revised_budget",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("total_fen__gt", 0), ("total_fen__lte", models.F("approved_fen"))
                        ),
                        name="revised_budget_within_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by__isnull", True), ("state", "handed_in")),
                            models.Q(
                                models.Q(("state", "handed_in"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="revised_budget_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "returned"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="returned_revision_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dossier",
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
                        related_name="dossiers",
                        to="ventures.round",
                    ),
                ),
                (
                    "occasion",
                    models.CharField(
                        choices=[("meeting", "集体决策"), ("final", "公告")], max_length=8
                    ),
                ),
                ("content", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "verbose_name": "决策卷宗",
                "verbose_name_plural": "决策卷宗",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "occasion"), name="one_dossier_an_occasion"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="dossier_has_its_fingerprint",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="awardwalk",
            trigger=pgtrigger.compiler.Trigger(
                name="award_walks_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="c457913c9e999a64c9c107caca75b27880ac9847",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_award_walks_append_only_50b9e",
                    table="ventures_awardwalk",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="awardwalk",
            trigger=pgtrigger.compiler.Trigger(
                name="award_walks_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="3c853f5fc65ce4b641841b8280381d5b1e30d014",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_award_walks_append_only_whole_cf159",
                    table="ventures_awardwalk",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="awardwithdrawal",
            trigger=pgtrigger.compiler.Trigger(
                name="award_withdrawals_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="ec0688f1125556909448a1487b2bc9e1510e1ea2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_award_withdrawals_append_only_a30b8",
                    table="ventures_awardwithdrawal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="awardwithdrawal",
            trigger=pgtrigger.compiler.Trigger(
                name="award_withdrawals_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="37e854930e357e2e32928bd53c1246260312936a",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_award_withdrawals_append_only_whole_61c65",
                    table="ventures_awardwithdrawal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="letter",
            trigger=pgtrigger.compiler.Trigger(
                name="letters_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="38ba8f4c02ee07ac89d9072d0feb7ad6d3be7f5c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_letters_append_only_bfd1f",
                    table="ventures_letter",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="letter",
            trigger=pgtrigger.compiler.Trigger(
                name="letters_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="18ba1514a8563c4b4522bf8ebd2a8dd4022e2ab5",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_letters_append_only_whole_c286f",
                    table="ventures_letter",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dossier",
            trigger=pgtrigger.compiler.Trigger(
                name="dossiers_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="beda8c67d7f8b618e29661093b983e324fce8be4",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_dossiers_append_only_15742",
                    table="ventures_dossier",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dossier",
            trigger=pgtrigger.compiler.Trigger(
                name="dossiers_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="dbc180f562fb5ecdbc9b40e589091a6020ea11ff",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_dossiers_append_only_whole_3fec4",
                    table="ventures_dossier",
                    when="BEFORE",
                ),
            ),
        ),
        revoke_rewriting("ventures_awardwalk"),
        revoke_rewriting("ventures_awardwithdrawal"),
        revoke_rewriting("ventures_letter"),
        revoke_rewriting("ventures_dossier"),
    ]
