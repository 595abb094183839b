"""The rest of a volunteer's record, history from elsewhere, exchange, the board as drawn."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0008_consent_to_the_exchange_of_records"),
        ("timebank", "0014_scans_settled_by_a_person"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Exchange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mapping", models.CharField(max_length=40, verbose_name="数据元映射")),
                ("since", models.DateField(blank=True, null=True, verbose_name="从")),
                ("until", models.DateField(blank=True, null=True, verbose_name="到")),
                ("sent", models.PositiveIntegerField(verbose_name="报送条数")),
                ("people", models.PositiveIntegerField(verbose_name="涉及人数")),
                (
                    "without_consent",
                    models.PositiveIntegerField(default=0, verbose_name="未授权没有报送"),
                ),
                ("accepted", models.PositiveIntegerField(default=0, verbose_name="接收")),
                ("rejected", models.PositiveIntegerField(default=0, verbose_name="退回")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("sent", "已生成，等回执"), ("reconciled", "已对账")],
                        default="sent",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="生成时间",
                    ),
                ),
                ("reconciled_at", models.DateTimeField(null=True, verbose_name="对账时间")),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="timebank.timebank",
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
                    "reconciled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "数据报送批次",
                "verbose_name_plural": "数据报送批次",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sent__gt", 0)), name="exchange_sends_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted", 0), ("rejected", 0), ("state", "sent")),
                            models.Q(
                                (
                                    "sent",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("accepted"), "+", models.F("rejected")
                                    ),
                                ),
                                ("state", "reconciled"),
                            ),
                            _connector="OR",
                        ),
                        name="exchange_reconciled_to_the_last_row",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExchangeLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "operation",
                    models.CharField(
                        choices=[("add", "新增"), ("withdraw", "撤销")],
                        max_length=8,
                        verbose_name="操作",
                    ),
                ),
                ("content", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "等回执"),
                            ("accepted", "已接收"),
                            ("rejected", "被退回"),
                        ],
                        default="sent",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="退回原因")),
                (
                    "exchange",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="timebank.exchange",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exchange_lines",
                        to="timebank.servicerecord",
                    ),
                ),
            ],
            options={
                "verbose_name": "报送的一条",
                "verbose_name_plural": "报送的条目",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["sent", "accepted"])),
                        fields=("record", "operation"),
                        name="record_exchanged_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "rejected"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="rejected_line_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoryImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("zhejiang", "志愿浙江"),
                            ("zhiyuanhui", "志愿汇"),
                            ("sheet", "普通表格"),
                        ],
                        max_length=12,
                        verbose_name="来自",
                    ),
                ),
                ("file_name", models.CharField(max_length=120, verbose_name="文件名")),
                ("digest", models.CharField(max_length=64)),
                ("heads", models.JSONField(default=dict)),
                ("troubles", models.JSONField(default=list)),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("faulty", models.PositiveIntegerField(default=0)),
                ("minutes", models.BigIntegerField(default=0, verbose_name="合计（分钟）")),
                ("is_redeemable", models.BooleanField(default=False, verbose_name="记入可用时间")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "正在逐行核对"),
                            ("faulty", "有错，没有导入"),
                            ("clean", "没有错，等提交"),
                            ("proposed", "待复核"),
                            ("posting", "正在写入"),
                            ("posted", "已导入"),
                            ("refused", "未通过"),
                            ("withdrawn", "已撤回"),
                            ("undoing", "正在撤销"),
                            ("undone", "已撤销"),
                        ],
                        default="reading",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=400, verbose_name="导入说明")),
                (
                    "brought_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="上传时间",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="办结时间")),
                (
                    "decision_reason",
                    models.TextField(blank=True, max_length=400, verbose_name="意见"),
                ),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="timebank.timebank",
                    ),
                ),
                (
                    "brought_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.station",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "历史数据导入",
                "verbose_name_plural": "历史数据导入",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "posting", "posted", "undoing"])
                        ),
                        fields=("bank", "digest"),
                        name="history_file_taken_in_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["reading", "faulty"]), ("faulty", 0), _connector="OR"
                        ),
                        name="history_taken_in_without_faults",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["posting", "posted", "undoing", "undone"]),
                                _negated=True,
                            ),
                            ("decided_by__isnull", False),
                            _connector="OR",
                        ),
                        name="history_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("undone_by__isnull", True),
                            models.Q(("undone_by", models.F("decided_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="history_undone_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoryRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="行")),
                ("cells", models.JSONField()),
                ("name", models.CharField(blank=True, max_length=40, verbose_name="姓名")),
                ("what", models.CharField(blank=True, max_length=200, verbose_name="服务内容")),
                ("place", models.CharField(blank=True, max_length=60, verbose_name="服务地点")),
                ("led_by", models.CharField(blank=True, max_length=40, verbose_name="活动负责人")),
                ("started_at", models.DateTimeField(null=True, verbose_name="开始时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                ("minutes", models.BigIntegerField(default=0, verbose_name="服务时长")),
                ("key", models.CharField(blank=True, max_length=48)),
                ("errors", models.JSONField(default=list)),
                (
                    "history",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="timebank.historyimport",
                    ),
                ),
                (
                    "record",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="history_row",
                        to="timebank.servicerecord",
                    ),
                ),
                (
                    "service_type",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="timebank.servicetype",
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "历史数据的一行",
                "verbose_name_plural": "历史数据的行",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("history", "number"), name="history_row_numbered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HonourStanding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("period", models.CharField(max_length=8, verbose_name="时间")),
                ("group", models.CharField(blank=True, max_length=20, verbose_name="服务类别")),
                ("minutes", models.BigIntegerField(verbose_name="服务时长")),
                ("days", models.PositiveIntegerField(verbose_name="天数")),
                ("drawn_at", models.DateTimeField(verbose_name="更新时间")),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.region",
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "积德榜的一行",
                "verbose_name_plural": "积德榜的行",
                "ordering": ["-minutes", "-days", "volunteer"],
                "indexes": [
                    models.Index(
                        fields=["period", "place", "group", "-minutes"],
                        name="honour_standing_by_board",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("period", "place", "group", "volunteer"),
                        name="honoured_once_on_a_board",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DossierEntry",
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
                        choices=[("training", "培训"), ("commendation", "表彰奖励")],
                        max_length=12,
                        verbose_name="种类",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="名称")),
                ("content", models.CharField(blank=True, max_length=200, verbose_name="主要内容")),
                ("minutes", models.BigIntegerField(blank=True, null=True, verbose_name="学习时长")),
                ("body", models.CharField(max_length=80, verbose_name="举办或授予单位")),
                ("held_on", models.DateField(verbose_name="日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("entered", "待核对"),
                            ("confirmed", "已核对"),
                            ("refused", "未采用"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="entered",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "entered_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="登记时间",
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="核对时间"),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
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
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.attachment",
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
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dossier_entries",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="志愿者",
                    ),
                ),
            ],
            options={
                "verbose_name": "培训与表彰",
                "verbose_name_plural": "培训与表彰",
                "ordering": ["-held_on", "-id"],
                "indexes": [
                    models.Index(
                        fields=["volunteer", "kind", "-held_on"], name="dossier_by_volunteer"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "training"),
                                ("minutes__gt", 0),
                                models.Q(("content", ""), _negated=True),
                            ),
                            models.Q(("kind", "commendation"), ("minutes__isnull", True)),
                            _connector="OR",
                        ),
                        name="training_says_content_and_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("entered_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="dossier_entry_checked_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_by__isnull", False),
                                ("state__in", ["confirmed", "refused"]),
                            ),
                            models.Q(
                                ("decided_by__isnull", True),
                                ("state__in", ["entered", "withdrawn"]),
                            ),
                            _connector="OR",
                        ),
                        name="dossier_entry_decided_by_somebody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["entered", "confirmed"])),
                        fields=("volunteer", "kind", "title", "held_on", "body"),
                        name="dossier_entry_once",
                    ),
                ],
            },
        ),
    ]
