"""Corrections by two people, opening balances, and exports made later."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import timebank.models.books
from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0003_organisation_verification"),
        ("timebank", "0003_menu_and_orders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OpeningImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(max_length=400, verbose_name="理由")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "待复核"),
                            ("approved", "已入账"),
                            ("refused", "未通过"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("request_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "proposed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="提出时间",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="办结时间")),
                (
                    "decision_reason",
                    models.TextField(blank=True, max_length=400, verbose_name="复核意见"),
                ),
                ("origin", models.CharField(max_length=40, verbose_name="原系统或台账")),
                ("as_of", models.DateField(verbose_name="结转日期")),
                ("file_name", models.CharField(max_length=120, verbose_name="文件名")),
                ("digest", models.CharField(max_length=64)),
                ("row_count", models.PositiveIntegerField(verbose_name="人数")),
                ("minutes", models.BigIntegerField(verbose_name="合计（分钟）")),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="timebank.timebank",
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
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "期初导入",
                "verbose_name_plural": "期初导入",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="opening_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            ("decided_by__isnull", False),
                            _connector="OR",
                        ),
                        name="opening_approved_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gt", 0), ("row_count__gt", 0)),
                        name="opening_brings_something",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "approved"])),
                        fields=("bank", "digest"),
                        name="opening_file_taken_in_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpeningRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="行")),
                ("minutes", models.BigIntegerField(verbose_name="时长（分钟）")),
                ("reference", models.CharField(max_length=40, verbose_name="原编号")),
                ("note", models.CharField(blank=True, max_length=80, verbose_name="备注")),
                (
                    "opening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="timebank.openingimport",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "期初导入的一行",
                "verbose_name_plural": "期初导入的行",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("opening", "number"), name="opening_row_numbered_once"
                    ),
                    models.UniqueConstraint(
                        fields=("opening", "reference"), name="opening_row_referenced_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gt", 0)), name="opening_row_brings_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(max_length=400, verbose_name="理由")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "待复核"),
                            ("approved", "已入账"),
                            ("refused", "未通过"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("request_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "proposed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="提出时间",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="办结时间")),
                (
                    "decision_reason",
                    models.TextField(blank=True, max_length=400, verbose_name="复核意见"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("adjustment", "调账"), ("reversal", "冲正")],
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("minutes", models.BigIntegerField(null=True, verbose_name="时长（分钟）")),
                (
                    "allows_debt",
                    models.BooleanField(default=False, verbose_name="余额不足时记为欠额"),
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
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.attachment",
                    ),
                ),
                (
                    "from_account",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timebank.ledgeraccount",
                    ),
                ),
                (
                    "posted",
                    models.OneToOneField(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="correction",
                        to="timebank.transfer",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to_account",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timebank.ledgeraccount",
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="reversals_asked_for",
                        to="timebank.transfer",
                    ),
                ),
            ],
            options={
                "verbose_name": "更正",
                "verbose_name_plural": "更正",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["bank", "state", "-id"], name="adjustment_by_state")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("from_account__isnull", True),
                                ("kind", "reversal"),
                                ("minutes__isnull", True),
                                ("to_account__isnull", True),
                                ("transfer__isnull", False),
                            ),
                            models.Q(
                                ("allows_debt", False),
                                ("from_account__isnull", False),
                                ("kind", "adjustment"),
                                ("minutes__gt", 0),
                                ("to_account__isnull", False),
                                ("transfer__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="adjustment_says_what_moves",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="adjustment_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_by__isnull", False),
                                ("posted__isnull", False),
                                ("state", "approved"),
                            ),
                            models.Q(
                                models.Q(("state", "approved"), _negated=True),
                                ("posted__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="adjustment_posted_when_approved",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "approved"])),
                        fields=("transfer",),
                        name="one_reversal_asked_for_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BookExport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("narrowing", models.JSONField(default=dict, verbose_name="筛选条件")),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("csv", "CSV 表格"),
                            ("xlsx", "Excel 表格（XLSX）"),
                            ("pdf", "PDF 打印稿"),
                        ],
                        max_length=4,
                        verbose_name="格式",
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "排队中"),
                            ("running", "正在生成"),
                            ("ready", "已生成"),
                            ("failed", "没有生成"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                (
                    "file",
                    models.FileField(
                        blank=True, max_length=200, upload_to=timebank.models.books.stored_under
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="申请时间",
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="完成时间")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timebank.ledgeraccount",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timebank.book",
                    ),
                ),
            ],
            options={
                "verbose_name": "导出",
                "verbose_name_plural": "导出",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=["asked_at"],
                        name="export_unfinished",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True),
                            models.Q(("file", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="export_ready_with_its_file",
                    )
                ],
            },
        ),
    ]
