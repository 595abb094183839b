"""Time banks: one per city, with a book of minutes of its own."""

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from timebank.models.ledger import Book


class TimeBankQuerySet(models.QuerySet["TimeBank"]):
    def serving(self, region: Region) -> Self:
        """The banks of this place or of one above it, the nearest first."""
        return self.filter(region__in=region.lineage).order_by("-region__level")


class TimeBank(models.Model):
    """时间银行. The bank of a city: its stations are accounts in its one book of minutes.

    Opened by `services.banks.open_bank` together with its book, its issuance account and the
    city's 爱心时间库. Between two banks there is no transfer, only clearing.
    """

    name = models.CharField(_("名称"), max_length=40)
    region = models.OneToOneField(
        Region, on_delete=models.PROTECT, related_name="time_bank", verbose_name=_("服务范围")
    )
    book = models.OneToOneField(
        Book, on_delete=models.DO_NOTHING, db_constraint=False, related_name="time_bank"
    )
    opened_at = models.DateTimeField(_("开办时间"), db_default=Now())

    objects = TimeBankQuerySet.as_manager()

    class Meta:
        verbose_name = _("时间银行")
        verbose_name_plural = _("时间银行")
        ordering: ClassVar = ["region__code"]

    def __str__(self) -> str:
        return self.name
