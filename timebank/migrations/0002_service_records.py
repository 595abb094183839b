"""Make time banks, the catalogue of services, and service records with their guards."""

import datetime
from typing import ClassVar

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import timebank.models.records
from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies: ClassVar = [
        ("accounts", "0002_database_roles"),
        ("timebank", "0001_ledger"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="ExcludedService",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.CharField(max_length=80, unique=True, verbose_name="事项")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
            ],
            options={
                "verbose_name": "不计入的事项",
                "verbose_name_plural": "不计入的事项",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="ServiceType",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=12, unique=True, verbose_name="编号")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("group", models.CharField(max_length=20, verbose_name="类别")),
                ("usual_minutes", models.BigIntegerField(verbose_name="通常时长")),
                ("min_minutes", models.BigIntegerField(verbose_name="最短时长")),
                ("max_minutes", models.BigIntegerField(verbose_name="最长时长")),
                ("place", models.CharField(max_length=40, verbose_name="服务地点")),
                ("for_whom", models.CharField(blank=True, max_length=60, verbose_name="服务对象")),
                (
                    "risk",
                    models.CharField(
                        choices=[("low", "低"), ("medium", "中"), ("high", "高")],
                        default="low",
                        max_length=8,
                        verbose_name="风险",
                    ),
                ),
                ("requires", models.CharField(blank=True, max_length=120, verbose_name="要求")),
                ("presence", models.CharField(blank=True, max_length=80, verbose_name="到场凭据")),
                (
                    "not_included",
                    models.CharField(blank=True, max_length=120, verbose_name="不包括"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
            ],
            options={
                "verbose_name": "服务类型",
                "verbose_name_plural": "服务类型",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("max_minutes__gte", models.F("usual_minutes")),
                            ("min_minutes__gt", 0),
                            ("usual_minutes__gte", models.F("min_minutes")),
                        ),
                        name="usual_minutes_between_least_and_most",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TimeBank",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                (
                    "opened_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="开办时间",
                    ),
                ),
                (
                    "book",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="time_bank",
                        to="timebank.book",
                    ),
                ),
                (
                    "region",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="time_bank",
                        to="accounts.region",
                        verbose_name="服务范围",
                    ),
                ),
            ],
            options={
                "verbose_name": "时间银行",
                "verbose_name_plural": "时间银行",
                "ordering": ["region__code"],
            },
        ),
        migrations.CreateModel(
            name="ServiceRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Concat(
                            models.Value("FW"),
                            django.db.models.functions.comparison.Cast(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("id"), "+", models.Value(10000000)
                                ),
                                models.CharField(),
                            ),
                        ),
                        output_field=models.CharField(max_length=24),
                        verbose_name="编号",
                    ),
                ),
                ("what", models.CharField(max_length=200, verbose_name="服务内容")),
                ("place", models.CharField(max_length=60, verbose_name="服务地点")),
                ("led_by", models.CharField(blank=True, max_length=40, verbose_name="活动负责人")),
                ("started_at", models.DateTimeField(verbose_name="开始时间")),
                ("ended_at", models.DateTimeField(verbose_name="结束时间")),
                ("minutes", models.BigIntegerField(verbose_name="服务时长")),
                ("for_whom", models.CharField(blank=True, max_length=40, verbose_name="为谁服务")),
                (
                    "provenance",
                    models.CharField(
                        choices=[
                            ("check_in", "站点签到"),
                            ("paper", "纸质签到表现场确认"),
                            ("recipient_code", "服务对象服务码确认"),
                            ("self_reported", "自报"),
                            ("backfilled", "补录"),
                        ],
                        default="self_reported",
                        max_length=16,
                        verbose_name="记录来源",
                    ),
                ),
                (
                    "late_reason",
                    models.CharField(blank=True, max_length=120, verbose_name="晚报原因"),
                ),
                (
                    "source",
                    models.CharField(blank=True, db_index=True, max_length=80, verbose_name="出处"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("submitted", "待确认"),
                            ("returned", "已退回"),
                            ("withdrawn", "已撤回"),
                            ("confirmed", "已确认"),
                            ("reversed", "已冲正"),
                        ],
                        default="submitted",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("returned_for", models.TextField(blank=True, verbose_name="退回原因")),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="确认时间"),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="登记时间",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records_confirmed",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
                    ),
                ),
                (
                    "credit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timebank.transfer",
                    ),
                ),
                (
                    "photos",
                    models.ManyToManyField(
                        blank=True,
                        related_name="service_records",
                        to="accounts.attachment",
                        verbose_name="照片",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_received",
                        to="accounts.person",
                        verbose_name="服务对象",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_records",
                        to="accounts.region",
                        verbose_name="所在地",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_records",
                        to="accounts.station",
                        verbose_name="服务站点",
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_records",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="志愿者",
                    ),
                ),
                (
                    "service_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="timebank.servicetype",
                        verbose_name="服务类型",
                    ),
                ),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="timebank.timebank",
                    ),
                ),
            ],
            options={
                "verbose_name": "志愿服务记录",
                "verbose_name_plural": "志愿服务记录",
                "ordering": ["-started_at", "-id"],
                "indexes": [
                    models.Index(fields=["volunteer", "-started_at"], name="record_by_volunteer"),
                    models.Index(fields=["station", "-started_at"], name="record_by_station"),
                    models.Index(
                        condition=models.Q(("state", "submitted")),
                        fields=["station", "recorded_at"],
                        name="record_awaiting_by_station",
                    ),
                    models.Index(
                        condition=models.Q(("state", "confirmed")),
                        fields=["ended_at"],
                        include=("minutes", "volunteer"),
                        name="record_confirmed_by_time",
                    ),
                    models.Index(
                        condition=models.Q(("state", "confirmed")),
                        fields=["region"],
                        name="record_confirmed_by_region",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ended_at__gt", models.F("started_at"))),
                        name="record_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "ended_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("started_at"),
                                    "+",
                                    models.Value(datetime.timedelta(days=1)),
                                ),
                            )
                        ),
                        name="record_within_24_hours",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minutes__gt", 0),
                            (
                                "ended_at__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("started_at"),
                                    "+",
                                    timebank.models.records.MinutesAsInterval("minutes"),
                                ),
                            ),
                        ),
                        name="record_minutes_within_its_span",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(("confirmed_by", models.F("volunteer")), _negated=True),
                            _connector="OR",
                        ),
                        name="record_confirmed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("confirmed_by__isnull", False),
                                ("credit__isnull", False),
                                ("state__in", ["confirmed", "reversed"]),
                            ),
                            models.Q(
                                ("confirmed_at__isnull", True),
                                ("confirmed_by__isnull", True),
                                ("credit__isnull", True),
                                ("state__in", ["submitted", "returned", "withdrawn"]),
                            ),
                            _connector="OR",
                        ),
                        name="record_confirmed_with_confirmer_and_credit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recipient__isnull", False),
                            models.Q(("for_whom", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="record_says_for_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "returned"), _negated=True),
                            models.Q(("returned_for", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="returned_record_says_why",
                    ),
                    models.UniqueConstraint(
                        fields=("credit",), name="record_credited_by_its_own_transfer"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("source", ""), _negated=True),
                            models.Q(("state", "withdrawn"), _negated=True),
                        ),
                        fields=("source", "volunteer"),
                        name="record_once_per_source_and_volunteer",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("state__in", ["submitted", "returned", "confirmed"])),
                        expressions=[
                            ("volunteer", "="),
                            (
                                timebank.models.records.ServedSpan(
                                    "started_at",
                                    "ended_at",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(),
                                ),
                                "&&",
                            ),
                        ],
                        name="volunteer_in_one_place_at_a_time",
                    ),
                ],
            },
        ),
    ]
