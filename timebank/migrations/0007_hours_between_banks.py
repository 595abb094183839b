"""Hours between banks: what two banks agreed, and each movement from one to the other."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("timebank", "0006_activities_shifts_signups"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClearingAgreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "first_bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="timebank.timebank",
                        verbose_name="甲方",
                    ),
                ),
                (
                    "second_bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="timebank.timebank",
                        verbose_name="乙方",
                    ),
                ),
                ("limit_minutes", models.BigIntegerField(verbose_name="净额上限")),
                ("is_open", models.BooleanField(default=True, verbose_name="开通")),
                (
                    "agreed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="约定时间",
                    ),
                ),
            ],
            options={
                "verbose_name": "通兑约定",
                "verbose_name_plural": "通兑约定",
                "ordering": ["first_bank_id", "second_bank_id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("first_bank", "second_bank"), name="one_agreement_per_pair"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first_bank__lt", models.F("second_bank"))),
                        name="agreement_names_the_lower_first",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("limit_minutes__gt", 0)), name="agreement_leaves_room"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Crossing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("request_key", models.UUIDField(unique=True, verbose_name="办理编号")),
                (
                    "from_bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sent",
                        to="timebank.timebank",
                        verbose_name="转出银行",
                    ),
                ),
                (
                    "to_bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="received",
                        to="timebank.timebank",
                        verbose_name="转入银行",
                    ),
                ),
                (
                    "from_account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timebank.ledgeraccount",
                        verbose_name="转出账户",
                    ),
                ),
                (
                    "to_account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timebank.ledgeraccount",
                        verbose_name="转入账户",
                    ),
                ),
                ("minutes", models.BigIntegerField(verbose_name="分钟")),
                ("reason", models.CharField(max_length=200, verbose_name="说明")),
                (
                    "state",
                    models.CharField(
                        choices=[("sent", "在途"), ("credited", "已转入"), ("returned", "已退回")],
                        default="sent",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "sent_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="转出时间",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="了结时间")),
                (
                    "refused_as",
                    models.CharField(blank=True, max_length=40, verbose_name="退回原因"),
                ),
                (
                    "outward",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="crossing",
                        to="timebank.transfer",
                        verbose_name="转出划转",
                    ),
                ),
                (
                    "inward",
                    models.OneToOneField(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="crossing_credited",
                        to="timebank.transfer",
                        verbose_name="转入划转",
                    ),
                ),
                (
                    "sent_back",
                    models.OneToOneField(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="crossing_returned",
                        to="timebank.transfer",
                        verbose_name="退回划转",
                    ),
                ),
                (
                    "acting_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "通兑",
                "verbose_name_plural": "通兑",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["from_bank", "to_bank", "state"], name="crossing_by_pair"),
                    models.Index(
                        condition=models.Q(("state", "sent")),
                        fields=["sent_at"],
                        name="crossing_under_way",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gt", 0)), name="crossing_moves_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_bank", models.F("to_bank")), _negated=True),
                        name="crossing_is_between_two_banks",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True),
                                ("inward__isnull", True),
                                ("sent_back__isnull", True),
                                ("state", "sent"),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("inward__isnull", False),
                                ("sent_back__isnull", True),
                                ("state", "credited"),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("inward__isnull", True),
                                ("sent_back__isnull", False),
                                ("state", "returned"),
                            ),
                            _connector="OR",
                        ),
                        name="crossing_ends_in_one_way",
                    ),
                ],
            },
        ),
    ]
