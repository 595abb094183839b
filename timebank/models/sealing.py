"""The seal on the ledger: blocks of transfers, chained per book, and where each chain stands.

Like all of the ledger these are tables of the schema `ledger`, written by its functions alone
(`services.sealing` calls them), and models for reading. The byte format of what is hashed stands
in `timebank/sql/ledger.sql`, section 6, and in `docs/ledger.md`.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from timebank.models.ledger import Book, Transfer


class Block(models.Model):
    """封存区块. Some transfers of a book in their order, a SHA-256 of each, and the chain's link.

    Keyed by (book, number) in the database; read it with both, `hash` is the key only here.
    """

    hash = models.BinaryField(_("区块指纹"), primary_key=True)
    book = models.ForeignKey(
        Book, on_delete=models.DO_NOTHING, db_constraint=False, related_name="blocks"
    )
    number = models.BigIntegerField(_("区块号"))
    transfers = ArrayField(models.BigIntegerField(), verbose_name=_("划转"))
    leaves = models.BinaryField(_("划转指纹"))
    previous_hash = models.BinaryField(_("上一区块指纹"))
    sealed_at = models.DateTimeField(_("封存时间"))

    class Meta:
        managed = False
        db_table = '"ledger"."block"'
        verbose_name = _("封存区块")
        verbose_name_plural = _("封存区块")

    def __str__(self) -> str:
        return f"{self.book_id}:{self.number}"


class Head(models.Model):
    """封存位置. The last block of a book: number, hash, and how many transfers lie under it.

    `sealed_at` is when the sealer last looked, also when there was nothing to seal.
    """

    book = models.OneToOneField(
        Book,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="head",
    )
    number = models.BigIntegerField(_("区块号"))
    hash = models.BinaryField(_("区块指纹"))
    transfers = models.BigIntegerField(_("已封存划转"))
    sealed_at = models.DateTimeField(_("封存时间"))

    class Meta:
        managed = False
        db_table = '"ledger"."head"'
        verbose_name = _("封存位置")
        verbose_name_plural = _("封存位置")

    def __str__(self) -> str:
        return f"{self.book_id}:{self.number}"


class Erasure(models.Model):
    """说明清除记录. Whose words were taken out of which transfer, by whom and why."""

    transfer = models.OneToOneField(
        Transfer,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="erasure",
    )
    book = models.ForeignKey(
        Book, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    why = models.TextField(_("原因"))
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    recorded_at = models.DateTimeField(_("入账时间"))

    class Meta:
        managed = False
        db_table = '"ledger"."erasure"'
        verbose_name = _("说明清除记录")
        verbose_name_plural = _("说明清除记录")

    def __str__(self) -> str:
        return f"{self.transfer_id}"
