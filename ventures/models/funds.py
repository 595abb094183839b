"""Where a round's money comes from, and how much a level may spend in a year.

What is really set aside stands in the time bank's ledger (`timebank.doors`), not here.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, User
from ventures.models.programmes import Programme
from ventures.models.rounds import Round


class FundSource(models.Model):
    """资金来源. One source of a round's money with its amount; all of them add up to the fund."""

    class Kind(models.TextChoices):
        BUDGET = "budget", _("财政预算")
        LOTTERY = "lottery", _("福彩公益金")
        COMMUNITY = "community", _("社区专项工作经费")
        COLLECTIVE = "collective", _("股份经济合作社公益性支出")
        FOUNDATION = "foundation", _("基金会")
        COMPANY = "company", _("企业")
        OTHER = "other", _("其他")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="sources")
    position = models.PositiveSmallIntegerField(_("次序"))
    kind = models.CharField(_("来源"), max_length=12, choices=Kind)
    name = models.CharField(_("具体名称"), max_length=60, blank=True)
    amount_fen = models.BigIntegerField(_("金额"))

    class Meta:
        verbose_name = _("资金来源")
        verbose_name_plural = _("资金来源")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "position"], name="fund_source_has_its_own_place"
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0), name="fund_source_brings_something"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.get_kind_display()


class LevelBudget(models.Model):
    """年度预算. What one place may spend on the rounds of a programme in a year, and per project.

    A place without a row is not limited by one.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="budgets")
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("地区")
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    amount_fen = models.BigIntegerField(_("年度预算"))
    cap_fen = models.BigIntegerField(_("单个项目最多"), null=True, blank=True)
    document_number = models.CharField(_("依据文号"), max_length=60)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("年度预算")
        verbose_name_plural = _("年度预算")
        ordering: ClassVar = ["-year", "region__level", "region__code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "region", "year"], name="level_budget_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0)
                & (Q(cap_fen__isnull=True) | Q(cap_fen__gt=0, cap_fen__lte=F("amount_fen"))),
                name="level_budget_is_sound",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2099), name="level_budget_of_a_sound_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.year}"
