"""Services with a risk are offered with insurance; a recipient's number says who vouches for it."""

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies: ClassVar = [
        ("accounts", "0009_office_documents"),
        ("timebank", "0019_accounts_held_still_by_two"),
    ]
    operations: ClassVar = [
        migrations.AddField(
            "listing",
            "insurance",
            models.CharField("保险（公司、保单号）", max_length=80, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "listing", "insured_until", models.DateField("保险有效期至", null=True, blank=True)
        ),
        migrations.AddConstraint(
            "listing",
            models.CheckConstraint(
                condition=models.Q(insurance="", insured_until__isnull=True)
                | models.Q(models.Q(insurance="", _negated=True), insured_until__isnull=False),
                name="listing_insurance_says_until_when",
            ),
        ),
        migrations.CreateModel(
            "RecipientNumber",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number_hash", models.CharField(max_length=64, editable=False)),
                (
                    "how",
                    models.CharField(
                        "凭什么",
                        max_length=8,
                        choices=[("written", "登记时写下"), ("called", "打电话核对过")],
                    ),
                ),
                (
                    "told_at",
                    models.DateTimeField(
                        "时间", db_default=django.db.models.functions.datetime.Now()
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "号码的来历",
                "verbose_name_plural": "号码的来历",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "number_hash", "told_by"),
                        name="number_told_once_by_each",
                    )
                ],
            },
        ),
    ]
