"""An account of a book that no bank keeps is frozen, closed or opened by two people."""

from typing import ClassVar

from django.db import migrations, models

from accounts.migrating import WholeMigration

STANDINGS = ["open", "suspended", "frozen", "closed"]


class Migration(WholeMigration):
    dependencies: ClassVar = [("timebank", "0018_ledger_knows_its_version")]
    operations: ClassVar = [
        migrations.RemoveConstraint("adjustment", "adjustment_posted_when_approved"),
        migrations.RemoveConstraint("adjustment", "adjustment_says_what_moves"),
        migrations.AddField(
            "adjustment",
            "standing",
            models.CharField(
                "账户改为",
                max_length=10,
                blank=True,
                choices=[
                    ("open", "正常"),
                    ("suspended", "停用（只进不出）"),
                    ("frozen", "冻结"),
                    ("closed", "已销户"),
                ],
            ),
        ),
        migrations.AlterField(
            "adjustment",
            "kind",
            models.CharField(
                "种类",
                max_length=10,
                choices=[
                    ("adjustment", "调账"),
                    ("reversal", "冲正"),
                    ("standing", "账户状态"),
                ],
            ),
        ),
        migrations.AddConstraint(
            "adjustment",
            models.CheckConstraint(
                condition=models.Q(
                    kind="reversal",
                    transfer__isnull=False,
                    from_account__isnull=True,
                    to_account__isnull=True,
                    amount__isnull=True,
                    standing="",
                )
                | models.Q(
                    models.Q(standing="closed") | models.Q(standing__in=STANDINGS, to_account=None),
                    kind="standing",
                    transfer__isnull=True,
                    from_account__isnull=False,
                    amount__isnull=True,
                    allows_debt=False,
                )
                | models.Q(
                    kind="adjustment",
                    transfer__isnull=True,
                    from_account__isnull=False,
                    to_account__isnull=False,
                    amount__gt=0,
                    allows_debt=False,
                    standing="",
                ),
                name="adjustment_says_what_moves",
            ),
        ),
        migrations.AddConstraint(
            "adjustment",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(posted__isnull=False) | models.Q(kind="standing"),
                    state="approved",
                    decided_by__isnull=False,
                )
                | models.Q(~models.Q(state="approved"), posted__isnull=True),
                name="adjustment_posted_when_approved",
            ),
        ),
        migrations.AddConstraint(
            "adjustment",
            models.UniqueConstraint(
                fields=["from_account"],
                condition=models.Q(kind="standing", state="proposed"),
                name="one_standing_asked_for_at_a_time",
            ),
        ),
    ]
