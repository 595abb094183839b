"""A correction names its book, so that points and the money of rounds are put right too."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

from accounts.migrating import WholeMigration

SAYS_WHAT_MOVES = models.CheckConstraint(
    condition=models.Q(
        kind="reversal",
        transfer__isnull=False,
        from_account__isnull=True,
        to_account__isnull=True,
        amount__isnull=True,
    )
    | models.Q(
        kind="adjustment",
        transfer__isnull=True,
        from_account__isnull=False,
        to_account__isnull=False,
        amount__gt=0,
        allows_debt=False,
    ),
    name="adjustment_says_what_moves",
)


def book_of_its_bank(apps: Any, editor: Any) -> None:
    banks = apps.get_model("timebank", "TimeBank").objects.filter(pk=OuterRef("bank_id"))
    adjustments = apps.get_model("timebank", "Adjustment").objects.using(editor.connection.alias)
    adjustments.update(book_id=Subquery(banks.values("book_id")[:1]))


def bank_of_its_book(apps: Any, editor: Any) -> None:
    banks = apps.get_model("timebank", "TimeBank").objects.filter(book_id=OuterRef("book_id"))
    adjustments = apps.get_model("timebank", "Adjustment").objects.using(editor.connection.alias)
    adjustments.update(bank_id=Subquery(banks.values("pk")[:1]))


class Migration(WholeMigration):
    dependencies: ClassVar = [("timebank", "0016_words_of_recipients_and_what_is_held")]
    operations: ClassVar = [
        migrations.AddField(
            "adjustment",
            "book",
            models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="timebank.book",
            ),
        ),
        migrations.AlterField(
            "adjustment",
            "bank",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="timebank.timebank",
            ),
        ),
        migrations.RunPython(book_of_its_bank, bank_of_its_book),
        migrations.AlterField(
            "adjustment",
            "book",
            models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="timebank.book",
            ),
        ),
        migrations.RemoveIndex("adjustment", "adjustment_by_state"),
        migrations.RemoveField("adjustment", "bank"),
        migrations.AddIndex(
            "adjustment",
            models.Index(fields=["book", "state", "-id"], name="adjustment_by_book_and_state"),
        ),
        migrations.RemoveConstraint("adjustment", "adjustment_says_what_moves"),
        migrations.RenameField("adjustment", "minutes", "amount"),
        migrations.AlterField(
            "adjustment",
            "amount",
            models.BigIntegerField(null=True, verbose_name="数量"),
        ),
        migrations.AddConstraint("adjustment", SAYS_WHAT_MOVES),
    ]
