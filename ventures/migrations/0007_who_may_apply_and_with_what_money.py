"""Who may apply to a round, with what money, and who publishes it; purchases; level budgets."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0002_database_roles"),
        ("ventures", "0006_parts_of_proposals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="award",
            name="award_gives_something",
        ),
        migrations.RemoveConstraint(
            model_name="decision",
            name="only_awards_have_an_amount",
        ),
        migrations.RemoveConstraint(
            model_name="round",
            name="round_has_a_fund",
        ),
        migrations.RemoveConstraint(
            model_name="round",
            name="round_cap_within_fund",
        ),
        migrations.RemoveConstraint(
            model_name="round",
            name="published_round_says_when",
        ),
        migrations.RemoveConstraint(
            model_name="round",
            name="reviewed_round_has_rubric",
        ),
        migrations.AddField(
            model_name="round",
            name="year",
            field=models.PositiveSmallIntegerField(default=2026, verbose_name="年度"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="round",
            name="copied_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="ventures.round",
                verbose_name="复制自",
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="edited_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="honour",
            field=models.CharField(blank=True, max_length=60, verbose_name="授予名称"),
        ),
        migrations.AddField(
            model_name="round",
            name="proposed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="提请发布时间"),
        ),
        migrations.AddField(
            model_name="round",
            name="proposed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="提请发布的人",
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="published_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="审核发布的人",
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("grant", "公益创投（给资金）"),
                    ("designation", "评选授牌（不给资金）"),
                    ("prize", "金点子征集（给奖金）"),
                ],
                default="grant",
                max_length=12,
                verbose_name="征集类型",
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="returned_for",
            field=models.CharField(blank=True, max_length=300, verbose_name="退回修改的原因"),
        ),
        migrations.AddField(
            model_name="round",
            name="sponsor_names",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=80),
                blank=True,
                default=list,
                verbose_name="主办单位",
            ),
        ),
        migrations.AddField(
            model_name="tier",
            name="agreement_kind",
            field=models.CharField(
                choices=[("one_page", "一页三方协议"), ("full", "三方协议")],
                default="one_page",
                max_length=8,
                verbose_name="协议形式",
            ),
        ),
        migrations.AddField(
            model_name="tier",
            name="audit_percent",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="抽查审计（%）"),
        ),
        migrations.AddField(
            model_name="tier",
            name="closing_kind",
            field=models.CharField(
                choices=[
                    ("one_page", "一页结项表"),
                    ("report", "结项报告加财务收支表"),
                    ("third_party", "第三方评估"),
                ],
                default="one_page",
                max_length=12,
                verbose_name="结项",
            ),
        ),
        migrations.AddField(
            model_name="tier",
            name="final_percent",
            field=models.PositiveSmallIntegerField(default=100, verbose_name="尾款（%）"),
        ),
        migrations.AddField(
            model_name="tier",
            name="first_percent",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="首款（%）"),
        ),
        migrations.AddField(
            model_name="tier",
            name="is_budget_checked",
            field=models.BooleanField(default=False, verbose_name="评审前做财务预审"),
        ),
        migrations.AddField(
            model_name="tier",
            name="midterm_kind",
            field=models.CharField(
                choices=[
                    ("none", "不做中期评估"),
                    ("visit", "走访一次"),
                    ("phone", "自评表加电话核实"),
                    ("on_site", "实地中期评估"),
                ],
                default="visit",
                max_length=8,
                verbose_name="中期",
            ),
        ),
        migrations.AddField(
            model_name="tier",
            name="midterm_pass_points",
            field=models.PositiveSmallIntegerField(default=60, verbose_name="中期合格分"),
        ),
        migrations.AddField(
            model_name="tier",
            name="midterm_percent",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="中期款（%）"),
        ),
        migrations.AddField(
            model_name="tier",
            name="panel_size",
            field=models.PositiveSmallIntegerField(default=3, verbose_name="评委人数"),
        ),
        migrations.AddField(
            model_name="tier",
            name="review_kind",
            field=models.CharField(
                choices=[
                    ("council", "居民议事会评议"),
                    ("meeting", "评审会"),
                    ("defence", "评审会加路演答辩"),
                ],
                default="council",
                max_length=8,
                verbose_name="怎么评",
            ),
        ),
        migrations.AlterField(
            model_name="award",
            name="transfer_id",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="入账编号"),
        ),
        migrations.AlterField(
            model_name="round",
            name="cap_fen",
            field=models.BigIntegerField(default=0, verbose_name="单个项目申请上限"),
        ),
        migrations.AlterField(
            model_name="round",
            name="fund_fen",
            field=models.BigIntegerField(default=0, verbose_name="资金总额"),
        ),
        migrations.AlterField(
            model_name="round",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "筹备中"),
                    ("proposed", "待审核发布"),
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
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount_fen__gt", 0), ("transfer_id__isnull", False)),
                    models.Q(("amount_fen", 0), ("transfer_id__isnull", True)),
                    _connector="OR",
                ),
                name="award_of_money_has_its_transfer",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount_fen__gte", 0), ("outcome", "award")),
                    models.Q(models.Q(("outcome", "award"), _negated=True), ("amount_fen", 0)),
                    _connector="OR",
                ),
                name="only_awards_have_an_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("fund_fen", 0), ("purpose", "designation")),
                    models.Q(
                        models.Q(("purpose", "designation"), _negated=True), ("fund_fen__gt", 0)
                    ),
                    _connector="OR",
                ),
                name="round_has_a_fund",
                violation_error_message="评选授牌不设资金；其他征集要有资金总额。",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cap_fen", 0), ("purpose", "designation")),
                    models.Q(
                        models.Q(("purpose", "designation"), _negated=True),
                        ("cap_fen__gt", 0),
                        ("cap_fen__lte", models.F("fund_fen")),
                    ),
                    _connector="OR",
                ),
                name="round_cap_within_fund",
                violation_error_message="单个项目上限要大于 0，且不超过资金总额。",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "proposed"]),
                    ("published_at__isnull", False),
                    _connector="OR",
                ),
                name="published_round_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "proposed"), _negated=True),
                    models.Q(("proposed_at__isnull", False), ("proposed_by__isnull", False)),
                    _connector="OR",
                ),
                name="proposed_round_says_by_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("published_by__isnull", True),
                    models.Q(
                        ("proposed_by__isnull", False),
                        models.Q(("published_by", models.F("proposed_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="round_published_by_another_than_proposed",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "proposed", "open"]),
                    ("rubric__isnull", False),
                    _connector="OR",
                ),
                name="reviewed_round_has_rubric",
            ),
        ),
        migrations.AddConstraint(
            model_name="tier",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    django.db.models.expressions.CombinedExpression(
                        django.db.models.expressions.CombinedExpression(
                            models.F("first_percent"), "+", models.F("midterm_percent")
                        ),
                        "+",
                        models.F("final_percent"),
                    ),
                    100,
                ),
                name="tier_tranches_sum_to_hundred",
                violation_error_message="三笔拨款的百分比合计要等于 100。",
            ),
        ),
        migrations.AddConstraint(
            model_name="tier",
            constraint=models.CheckConstraint(
                condition=models.Q(("panel_size__gte", 1), ("panel_size__lte", 30)),
                name="tier_panel_has_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="tier",
            constraint=models.CheckConstraint(
                condition=models.Q(("audit_percent__lte", 100), ("midterm_pass_points__lte", 100)),
                name="tier_percentages_in_hundred",
            ),
        ),
        migrations.CreateModel(
            name="FundSource",
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
                        related_name="sources",
                        to="ventures.round",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="次序")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("budget", "财政预算"),
                            ("lottery", "福彩公益金"),
                            ("community", "社区专项工作经费"),
                            ("collective", "股份经济合作社公益性支出"),
                            ("foundation", "基金会"),
                            ("company", "企业"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="来源",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="具体名称")),
                ("amount_fen", models.BigIntegerField(verbose_name="金额")),
            ],
            options={
                "verbose_name": "资金来源",
                "verbose_name_plural": "资金来源",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "position"), name="fund_source_has_its_own_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0)),
                        name="fund_source_brings_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LevelBudget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budgets",
                        to="ventures.programme",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.region",
                        verbose_name="地区",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("amount_fen", models.BigIntegerField(verbose_name="年度预算")),
                (
                    "cap_fen",
                    models.BigIntegerField(blank=True, null=True, verbose_name="单个项目最多"),
                ),
                ("document_number", models.CharField(max_length=60, verbose_name="依据文号")),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "verbose_name": "年度预算",
                "verbose_name_plural": "年度预算",
                "ordering": ["-year", "region__level", "region__code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("programme", "region", "year"), name="level_budget_once_a_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_fen__gt", 0),
                            models.Q(
                                ("cap_fen__isnull", True),
                                models.Q(
                                    ("cap_fen__gt", 0), ("cap_fen__lte", models.F("amount_fen"))
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="level_budget_is_sound",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 2000), ("year__lte", 2099)),
                        name="level_budget_of_a_sound_year",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Purchase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchases",
                        to="ventures.programme",
                        verbose_name="创投品牌",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.region",
                        verbose_name="地区",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="项目名称")),
                ("buyer", models.CharField(max_length=80, verbose_name="购买单位")),
                ("about", models.TextField(blank=True, max_length=800, verbose_name="内容简介")),
                (
                    "amount_fen",
                    models.BigIntegerField(blank=True, null=True, verbose_name="预算金额"),
                ),
                ("closes_on", models.DateField(blank=True, null=True, verbose_name="报名截止日")),
                (
                    "link",
                    models.URLField(
                        max_length=300,
                        validators=[django.core.validators.URLValidator(schemes=["https", "http"])],
                        verbose_name="官方平台网址",
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示")),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="发布时间",
                    ),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="撤下时间"),
                ),
            ],
            options={
                "verbose_name": "政府购买服务信息",
                "verbose_name_plural": "政府购买服务信息",
                "ordering": ["-published_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_fen__isnull", True), ("amount_fen__gt", 0), _connector="OR"
                        ),
                        name="purchase_amount_positive",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Condition",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conditions",
                        to="ventures.round",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conditions",
                        to="ventures.programme",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.region",
                    ),
                ),
                (
                    "check_name",
                    models.CharField(
                        choices=[
                            ("kinds", "哪些主体可以申报"),
                            ("age", "登记或备案满多少个月"),
                            ("rating", "评估等级不低于几 A"),
                            ("annual_check", "最近一次年检合格"),
                            ("abnormal", "几年内未列入活动异常名录"),
                            ("dishonest", "几年内未列入严重违法失信名单"),
                            ("violation", "几年内没有重大违法违规"),
                            ("cap", "最多申请多少"),
                            ("own_share", "自筹（配套）不少于预算的百分之几"),
                            ("region", "须在本地登记或备案"),
                            ("one_project", "同年各级合计最多几个项目"),
                            ("no_double", "同一项目不重复资助"),
                        ],
                        max_length=16,
                        verbose_name="条件",
                    ),
                ),
                (
                    "applicant_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("registered", "登记的社会组织"),
                            ("filed", "备案的社区社会组织（由代管单位签约收款）"),
                            ("initiator", "实名发起人"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="只对",
                    ),
                ),
                ("figure", models.BigIntegerField(default=0, verbose_name="数值")),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("registered", "登记的社会组织"),
                                ("filed", "备案的社区社会组织（由代管单位签约收款）"),
                                ("initiator", "实名发起人"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        verbose_name="申报主体",
                    ),
                ),
                (
                    "above_fen",
                    models.BigIntegerField(default=0, verbose_name="申请额超过多少才适用"),
                ),
                ("is_hard", models.BooleanField(default=True, verbose_name="不符合就不能提交")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="自")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="至")),
                (
                    "document_number",
                    models.CharField(blank=True, max_length=60, verbose_name="依据文号"),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "verbose_name": "申报条件",
                "verbose_name_plural": "申报条件",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("programme__isnull", True),
                                ("region__isnull", True),
                                ("round__isnull", False),
                            ),
                            models.Q(
                                ("programme__isnull", False),
                                ("region__isnull", True),
                                ("round__isnull", True),
                            ),
                            models.Q(
                                ("programme__isnull", True),
                                ("region__isnull", False),
                                ("round__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="condition_stands_in_one_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("above_fen__gte", 0), ("figure__gte", 0)),
                        name="condition_figures_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("check_name", "kinds"), models.Q(("kinds", []), _negated=True)
                            ),
                            models.Q(
                                models.Q(("check_name", "kinds"), _negated=True), ("kinds", [])
                            ),
                            _connector="OR",
                        ),
                        name="condition_of_kinds_names_them",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("round__isnull", False), ("valid_from__isnull", False), _connector="OR"
                        ),
                        name="standing_condition_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="condition_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("round__isnull", False)),
                        fields=("round", "check_name", "applicant_kind"),
                        name="round_asks_each_thing_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StandingFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standing_facts",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rating", "评估等级"),
                            ("annual_check", "年检（年报）"),
                            ("abnormal", "列入活动异常名录"),
                            ("dishonest", "列入严重违法失信名单"),
                            ("violation", "重大违法违规"),
                        ],
                        max_length=12,
                        verbose_name="哪一项",
                    ),
                ),
                (
                    "rating",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="等级（几 A）"
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="哪个年度"
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("passed", "合格"),
                            ("basic", "基本合格"),
                            ("failed", "不合格"),
                            ("missing", "未参加"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="结果",
                    ),
                ),
                ("from_on", models.DateField(verbose_name="自")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="至")),
                ("source", models.CharField(max_length=100, verbose_name="信息来源")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("struck_at", models.DateTimeField(blank=True, null=True, verbose_name="更正时间")),
                (
                    "struck_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "struck_for",
                    models.CharField(blank=True, max_length=200, verbose_name="更正原因"),
                ),
            ],
            options={
                "verbose_name": "资信信息",
                "verbose_name_plural": "资信信息",
                "ordering": ["-from_on", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("struck_at__isnull", True)),
                        fields=["organisation", "kind"],
                        name="standing_fact_in_force",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "rating"), ("rating__gte", 1), ("rating__lte", 5)),
                            models.Q(
                                models.Q(("kind", "rating"), _negated=True),
                                ("rating__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="rating_fact_says_how_many_a",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "annual_check"),
                                ("year__isnull", False),
                                models.Q(("result", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("kind", "annual_check"), _negated=True),
                                ("result", ""),
                                ("year__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="annual_check_says_year_and_result",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True),
                            ("until_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="standing_fact_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("struck_at__isnull", True),
                                ("struck_by__isnull", True),
                                ("struck_for", ""),
                            ),
                            models.Q(
                                ("struck_at__isnull", False),
                                ("struck_by__isnull", False),
                                models.Q(("struck_for", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="struck_fact_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Bar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bars",
                        to="accounts.organisation",
                        verbose_name="组织",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.region",
                        verbose_name="作出决定的地区",
                    ),
                ),
                ("from_on", models.DateField(verbose_name="自")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="至")),
                ("reason", models.CharField(max_length=300, verbose_name="原因")),
                ("document_number", models.CharField(max_length=60, verbose_name="决定文号")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.attachment",
                    ),
                ),
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
                ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="解除时间")),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lifted_for",
                    models.CharField(blank=True, max_length=300, verbose_name="解除原因"),
                ),
            ],
            options={
                "verbose_name": "限制申报",
                "verbose_name_plural": "限制申报",
                "ordering": ["-from_on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="application_bar_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True),
                            ("until_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="application_bar_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("lifted_at__isnull", True),
                                ("lifted_by__isnull", True),
                                ("lifted_for", ""),
                            ),
                            models.Q(
                                ("lifted_at__isnull", False),
                                ("lifted_by__isnull", False),
                                models.Q(("lifted_for", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="lifted_application_bar_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.region",
                        verbose_name="地区",
                    ),
                ),
                ("verb", models.CharField(max_length=20, verbose_name="步骤")),
                ("working_days", models.PositiveSmallIntegerField(verbose_name="工作日")),
                ("valid_from", models.DateField(verbose_name="自")),
                ("basis", models.CharField(max_length=100, verbose_name="依据")),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "verbose_name": "办理时限",
                "verbose_name_plural": "办理时限",
                "ordering": ["valid_from", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "verb", "valid_from"), name="step_limit_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("working_days__gte", 1), ("working_days__lte", 250)),
                        name="step_limit_of_some_days",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("year__gte", 2000), ("year__lte", 2099)),
                name="round_of_a_sound_year",
            ),
        ),
        migrations.RunSQL(
            """
            UPDATE ventures_round
               SET sponsor_names = array_remove(string_to_array(sponsors, '、'), ''),
                   year = extract(year FROM closes_at AT TIME ZONE 'Asia/Shanghai')
            """,
            """
            UPDATE ventures_round SET sponsors = array_to_string(sponsor_names, '、')
            """,
        ),
        migrations.RunSQL(
            """
            INSERT INTO ventures_fundsource (round_id, position, kind, name, amount_fen)
            SELECT id, 1, 'other', left(fund_sources, 60), fund_fen
              FROM ventures_round
             WHERE fund_sources <> '' AND fund_fen > 0;
            SET CONSTRAINTS ALL IMMEDIATE;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RemoveField(model_name="round", name="fund_sources"),
        migrations.RemoveField(model_name="round", name="sponsors"),
    ]
