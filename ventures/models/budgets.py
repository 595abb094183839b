"""The budget of a proposal, line by line, and what a round lets a budget hold."""

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from ventures.models.proposals import Proposal
from ventures.models.rounds import Round


class BudgetLine(models.Model):
    """预算科目. One line of planned spending; it adds up to the fen, and so does its funding."""

    class CostClass(models.TextChoices):
        ACTIVITY = "activity", _("业务活动费")
        MANAGEMENT = "management", _("管理费用")
        TAX = "tax", _("税费")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="budget_lines")
    position = models.PositiveSmallIntegerField(_("序号"))
    cost_class = models.CharField(_("费用类别"), max_length=12, choices=CostClass)
    purpose = models.CharField(_("支出内容"), max_length=60)
    unit_price_fen = models.BigIntegerField(_("单价"))
    quantity_hundredths = models.BigIntegerField(_("数量（百分之一）"))
    unit = models.CharField(_("单位"), max_length=12)
    amount_fen = models.BigIntegerField(_("金额"))
    requested_fen = models.BigIntegerField(_("申请资助"))
    matching_fen = models.BigIntegerField(_("配套"))
    in_kind_fen = models.BigIntegerField(_("其中实物配套"), default=0, db_default=0)
    basis = models.CharField(_("测算依据"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("预算科目")
        verbose_name_plural = _("预算科目")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal", "position"], name="budget_line_has_its_own_place"
            ),
            models.CheckConstraint(
                condition=Q(
                    unit_price_fen__gt=0,
                    quantity_hundredths__gt=0,
                    requested_fen__gte=0,
                    matching_fen__gte=0,
                ),
                name="budget_line_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(in_kind_fen__gte=0, in_kind_fen__lte=F("matching_fen")),
                name="budget_line_in_kind_within_match",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen=F("requested_fen") + F("matching_fen")),
                name="budget_line_fully_funded",
            ),
            models.CheckConstraint(
                condition=Exact(
                    F("amount_fen") * 100, F("unit_price_fen") * F("quantity_hundredths")
                ),
                name="budget_line_price_times_quantity",
            ),
        ]

    def __str__(self) -> str:
        return self.purpose

    @property
    def quantity(self) -> Decimal:
        return Decimal(self.quantity_hundredths).scaleb(-2)

    @property
    def cash_fen(self) -> int:
        """The part of the match that is money."""
        return self.matching_fen - self.in_kind_fen


class BudgetRules(models.Model):
    """经费规则. What a round lets a budget hold: data of the round, never constants.

    A spending word that is not funded may stand in a line only where nothing is asked for it.
    """

    round = models.OneToOneField(Round, on_delete=models.CASCADE, related_name="budget_rules")
    not_funded_words = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name=_("不予资助的支出")
    )
    management_percent = models.PositiveSmallIntegerField(
        _("管理费用最多占申请资助的百分之几"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("经费规则")
        verbose_name_plural = _("经费规则")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(management_percent__isnull=True) | Q(management_percent__lte=100),
                name="budget_rules_within_hundred",
            )
        ]

    def __str__(self) -> str:
        return str(self.round_id)
