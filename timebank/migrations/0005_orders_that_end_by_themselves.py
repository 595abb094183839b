"""When an order ends by itself, who raised a dispute, photos of a delivery, photos kept meanwhile,
and what really confirmed a service."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0003_organisation_verification"),
        ("timebank", "0004_corrections_openings_exports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PhotoDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("taken_at", models.DateTimeField(null=True, verbose_name="拍摄时间")),
                (
                    "kept_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), db_index=True
                    ),
                ),
                (
                    "attachment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photo_draft",
                        to="accounts.attachment",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photo_drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "待提交的照片",
                "verbose_name_plural": "待提交的照片",
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="serviceorder",
            name="lapses_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="到期自动了结的时间"
            ),
        ),
        migrations.AddField(
            model_name="serviceorder",
            name="disputed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="提出异议的人",
            ),
        ),
        migrations.AddField(
            model_name="serviceorder",
            name="photos",
            field=models.ManyToManyField(
                blank=True,
                related_name="service_orders",
                to="accounts.attachment",
                verbose_name="照片",
            ),
        ),
        migrations.AddIndex(
            model_name="serviceorder",
            index=models.Index(
                condition=models.Q(("lapses_at__isnull", False)),
                fields=["lapses_at"],
                name="order_by_lapse",
            ),
        ),
        migrations.AlterField(
            model_name="servicerecord",
            name="provenance",
            field=models.CharField(
                choices=[
                    ("check_in", "站点签到"),
                    ("paper", "纸质签到表现场确认"),
                    ("recipient_code", "服务对象服务码确认"),
                    ("recipient", "服务对象在平台确认"),
                    ("requester", "代办人在平台确认"),
                    ("call_back", "电话回访确认"),
                    ("station", "站点代为确认"),
                    ("decision", "争议裁定成立"),
                    ("lapsed", "到期无异议，自动确认"),
                    ("self_reported", "自报"),
                    ("backfilled", "补录"),
                ],
                default="self_reported",
                max_length=16,
                verbose_name="记录来源",
            ),
        ),
    ]
