"""Recipients' words, withdrawn papers, hours held while looked into, weighed orders, named columns."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from accounts.migrating import WholeMigration

PROTECT = django.db.models.deletion.PROTECT


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0008_consent_to_the_exchange_of_records"),
        ("timebank", "0015_history_dossier_exchange_honour"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RecipientWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        blank=True, editable=False, max_length=4, verbose_name="服务码"
                    ),
                ),
                ("sent_to", models.CharField(blank=True, max_length=16, verbose_name="发到")),
                ("sendings", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("tries", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="发出时间",
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[("code", "四位服务码"), ("card", "服务卡")],
                        max_length=4,
                        verbose_name="凭什么",
                    ),
                ),
                (
                    "heard_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="核对时间"),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=PROTECT,
                        related_name="+",
                        to="timebank.servicecard",
                    ),
                ),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=PROTECT,
                        related_name="recipient_word",
                        to="timebank.servicerecord",
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "服务对象核对",
                "verbose_name_plural": "服务对象核对",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code", ""), ("code__regex", "^[0-9]{4}$"), _connector="OR"
                        ),
                        name="recipients_code_has_4_digits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sendings__lte", 3), ("tries__lte", 5)),
                        name="recipients_code_tried_and_sent_few_times",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("card__isnull", True),
                                ("heard_at__isnull", True),
                                ("how", ""),
                                ("told_by__isnull", True),
                            ),
                            models.Q(
                                ("heard_at__isnull", False),
                                ("told_by__isnull", False),
                                models.Q(
                                    models.Q(("card__isnull", True), ("how", "code")),
                                    models.Q(("card__isnull", False), ("how", "card")),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="recipients_word_says_how_and_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoryMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("heads_digest", models.CharField(max_length=64)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("zhejiang", "志愿浙江"),
                            ("zhiyuanhui", "志愿汇"),
                            ("sheet", "普通表格"),
                            ("other", "其他系统"),
                        ],
                        max_length=12,
                        verbose_name="来自",
                    ),
                ),
                ("columns", models.JSONField(default=dict)),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "bank",
                    models.ForeignKey(on_delete=PROTECT, related_name="+", to="timebank.timebank"),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "列的对应",
                "verbose_name_plural": "列的对应",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("bank", "heads_digest"), name="mapping_once_per_bank_and_heads"
                    ),
                ],
            },
        ),
        migrations.AlterField(
            model_name="historyimport",
            name="origin",
            field=models.CharField(
                choices=[
                    ("zhejiang", "志愿浙江"),
                    ("zhiyuanhui", "志愿汇"),
                    ("sheet", "普通表格"),
                    ("other", "其他系统"),
                ],
                max_length=12,
                verbose_name="来自",
            ),
        ),
        migrations.AlterField(
            model_name="historyimport",
            name="state",
            field=models.CharField(
                choices=[
                    ("mapping", "等您指明各列"),
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
        migrations.AddField(
            model_name="qualification",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="撤销人",
            ),
        ),
        migrations.AddField(
            model_name="qualification",
            name="withdrawn_for",
            field=models.CharField(blank=True, max_length=200, verbose_name="撤销原因"),
        ),
        migrations.AddField(
            model_name="screening",
            name="hold",
            field=models.OneToOneField(
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="screening",
                to="timebank.hold",
            ),
        ),
        migrations.AddField(
            model_name="serviceorder",
            name="coefficient",
            field=models.PositiveSmallIntegerField(default=100, verbose_name="系数（百分之）"),
        ),
        migrations.AddConstraint(
            model_name="qualification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_by__isnull", True), ("withdrawn_for", "")),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_by__isnull", False),
                        models.Q(("withdrawn_for", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="withdrawn_qualification_says_who_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="qualification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_by__isnull", True),
                    models.Q(("withdrawn_by", models.F("volunteer")), _negated=True),
                    _connector="OR",
                ),
                name="qualification_withdrawn_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("coefficient__gte", 10), ("coefficient__lte", 500)),
                name="order_coefficient_between_a_tenth_and_five",
            ),
        ),
    ]
