"""A transfer as one would write it with the ORM alone, to be measured against the ledger's own.

Same key, limit, running balance and order of locks; the tables stand in `sql/plain.sql`. The
models belong to no installed app: no migration and no page knows them.
"""

from datetime import UTC, datetime
from typing import ClassVar

from django.db import models, transaction

from timebank.errors.ledger import NotEnoughHours


class PlainAccount(models.Model):
    id = models.BigIntegerField(primary_key=True)
    posted = models.BigIntegerField()
    floor = models.BigIntegerField()
    seq = models.BigIntegerField()

    objects: ClassVar[models.Manager["PlainAccount"]] = models.Manager()

    class Meta:
        app_label = "trials"
        managed = False
        db_table = '"plain"."account"'

    def __str__(self) -> str:
        return str(self.pk)


class PlainTransfer(models.Model):
    id = models.BigAutoField(primary_key=True)
    key = models.TextField()
    kind = models.TextField()
    reason = models.TextField()
    source = models.TextField()
    acting_user_id = models.BigIntegerField()
    recorded_at = models.DateTimeField()

    objects: ClassVar[models.Manager["PlainTransfer"]] = models.Manager()

    class Meta:
        app_label = "trials"
        managed = False
        db_table = '"plain"."transfer"'

    def __str__(self) -> str:
        return self.key


class PlainEntry(models.Model):
    id = models.BigAutoField(primary_key=True)
    transfer = models.ForeignKey(PlainTransfer, on_delete=models.PROTECT)
    account = models.ForeignKey(PlainAccount, on_delete=models.PROTECT)
    amount = models.BigIntegerField()
    balance_after = models.BigIntegerField()
    seq = models.BigIntegerField()

    objects: ClassVar[models.Manager["PlainEntry"]] = models.Manager()

    class Meta:
        app_label = "trials"
        managed = False
        db_table = '"plain"."entry"'

    def __str__(self) -> str:
        return f"{self.amount:+d}"


@transaction.atomic
def post(
    *, payer: int, payee: int, amount: int, key: str, kind: str, reason: str, source: str, user: int
) -> PlainTransfer:
    """Move an amount from one account to another, once per key."""
    moved, is_new = PlainTransfer.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "reason": reason,
            "source": source,
            "acting_user_id": user,
            "recorded_at": datetime.now(UTC),
        },
    )
    if not is_new:
        return moved
    accounts = {
        account.pk: account
        for account in PlainAccount.objects.select_for_update()
        .filter(pk__in=[payer, payee])
        .order_by("pk")
    }
    if accounts[payer].posted - amount < accounts[payer].floor:
        raise NotEnoughHours(needed=amount, available=accounts[payer].posted)
    for account, change in ((accounts[payer], -amount), (accounts[payee], amount)):
        account.posted += change
        account.seq += 1
        account.save(update_fields=["posted", "seq"])
        PlainEntry.objects.create(
            transfer=moved,
            account=account,
            amount=change,
            balance_after=account.posted,
            seq=account.seq,
        )
    return moved
