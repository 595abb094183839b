"""Points are given to people for a reason, by two people, each row posted for itself."""

import uuid
from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies: ClassVar = [
        ("timebank", "0020_insured_menu_and_told_numbers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="PointGrant",
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
                "verbose_name": "积分发放",
                "verbose_name_plural": "积分发放",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="point_grant_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            ("decided_by__isnull", False),
                            _connector="OR",
                        ),
                        name="point_grant_approved_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PointGrantRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("points", models.PositiveIntegerField(verbose_name="积分")),
                ("transfer_id", models.BigIntegerField(null=True, verbose_name="凭证号")),
                (
                    "refusal",
                    models.CharField(blank=True, max_length=200, verbose_name="没有入账的原因"),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="timebank.pointgrant",
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
                "verbose_name": "积分发放的一行",
                "verbose_name_plural": "积分发放的行",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("grant", "person"), name="point_row_once_per_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("points__gt", 0)), name="point_row_gives_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("transfer_id__isnull", True), ("refusal", ""), _connector="OR"
                        ),
                        name="point_row_posted_or_refused",
                    ),
                ],
            },
        ),
    ]
