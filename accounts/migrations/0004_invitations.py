"""Ask before somebody holds a role; roles may have a term; letters may carry invitations."""

import uuid
from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies: ClassVar = [
        ("accounts", "0003_organisation_verification"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="role",
            name="ends_on",
            field=models.DateField(blank=True, null=True, verbose_name="任期至"),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="message",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="accounts.message",
            ),
        ),
        migrations.AlterField(
            model_name="role",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="离任时间"),
        ),
        migrations.AlterField(
            model_name="role",
            name="started_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), verbose_name="自"
            ),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("contact", models.CharField(max_length=120, verbose_name="手机号或电子邮箱")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("volunteer", "志愿者"),
                            ("recipient", "服务对象"),
                            ("proxy", "代办人"),
                            ("coordinator", "站长"),
                            ("community_worker", "社区社工"),
                            ("lead_worker", "带队社工"),
                            ("member", "组织成员"),
                            ("manager", "组织负责人"),
                            ("operator", "承办单位"),
                            ("officer", "经办人"),
                            ("coach", "辅导人"),
                            ("reviewer", "评委"),
                            ("finance", "财务"),
                            ("observer", "监督员"),
                            ("auditor", "审计人员"),
                            ("administrator", "系统管理员"),
                        ],
                        max_length=20,
                        verbose_name="角色",
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="任期自")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="任期至")),
                ("reason", models.TextField(blank=True, verbose_name="理由")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待接受"),
                            ("accepted", "已接受"),
                            ("declined", "已谢绝"),
                            ("withdrawn", "已撤回"),
                            ("expired", "已过期"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="时间"
                    ),
                ),
                ("expires_at", models.DateTimeField(verbose_name="有效期至")),
                ("sends", models.PositiveSmallIntegerField(default=0, verbose_name="发送次数")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="最近发送")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="答复时间"),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations_answered",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations_sent",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="accounts.region",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="accounts.role",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="accounts.station",
                    ),
                ),
            ],
            options={
                "verbose_name": "邀请",
                "verbose_name_plural": "邀请",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["contact"],
                        name="invitation_open_by_contact",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "coordinator"),
                                ("organisation__isnull", True),
                                ("region__isnull", True),
                                ("station__isnull", False),
                            ),
                            models.Q(
                                ("kind__in", ["member", "manager", "operator"]),
                                ("organisation__isnull", False),
                                ("region__isnull", True),
                                ("station__isnull", True),
                            ),
                            models.Q(
                                models.Q(
                                    ("kind__in", ["coordinator", "member", "manager", "operator"]),
                                    _negated=True,
                                ),
                                ("organisation__isnull", True),
                                ("region__isnull", False),
                                ("station__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="invitation_bound_to_its_place",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("contact", "kind", "region", "station", "organisation"),
                        name="invitation_open_once_at_a_time",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("state__in", ["accepted", "declined"]),
                            ),
                            models.Q(
                                models.Q(("state__in", ["accepted", "declined"]), _negated=True),
                                ("answered_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="invitation_answered_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__isnull", True), ("state", "accepted"), _connector="OR"
                        ),
                        name="invitation_became_role_when_accepted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("starts_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="invitation_term_runs_forward",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="invitation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="accounts.invitation",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("invitation__isnull", True), ("message__isnull", False)),
                    models.Q(("invitation__isnull", False), ("message__isnull", True)),
                    _connector="OR",
                ),
                name="delivery_carries_one_thing",
            ),
        ),
    ]
