"""Tiers: how light or heavy a round's apparatus is for amounts up to a figure."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from ventures.models.rounds import Round


class Tier(models.Model):
    """档次. How light or heavy a round's apparatus is for amounts up to a figure."""

    class Form(models.TextChoices):
        SHORT = "short", _("一页简表")
        STANDARD = "standard", _("标准申报书")

    class ReviewKind(models.TextChoices):
        COUNCIL = "council", _("居民议事会评议")
        MEETING = "meeting", _("评审会")
        DEFENCE = "defence", _("评审会加路演答辩")

    class AgreementKind(models.TextChoices):
        ONE_PAGE = "one_page", _("一页三方协议")
        FULL = "full", _("三方协议")

    class MidtermKind(models.TextChoices):
        NONE = "none", _("不做中期评估")
        VISIT = "visit", _("走访一次")
        PHONE = "phone", _("自评表加电话核实")
        ON_SITE = "on_site", _("实地中期评估")

    class ClosingKind(models.TextChoices):
        ONE_PAGE = "one_page", _("一页结项表")
        REPORT = "report", _("结项报告加财务收支表")
        THIRD_PARTY = "third_party", _("第三方评估")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="tiers")
    name = models.CharField(_("名称"), max_length=20)
    upto_fen = models.BigIntegerField(_("申请额不超过"))
    form = models.CharField(_("申报表"), max_length=8, choices=Form, default=Form.SHORT)
    budget_line_limit = models.PositiveSmallIntegerField(_("预算行数上限"), default=8)
    review_kind = models.CharField(
        _("怎么评"), max_length=8, choices=ReviewKind, default=ReviewKind.COUNCIL
    )
    panel_size = models.PositiveSmallIntegerField(_("评委人数"), default=3)
    is_budget_checked = models.BooleanField(_("评审前做财务预审"), default=False)
    agreement_kind = models.CharField(
        _("协议形式"), max_length=8, choices=AgreementKind, default=AgreementKind.ONE_PAGE
    )
    first_percent = models.PositiveSmallIntegerField(_("首款（%）"), default=0)
    midterm_percent = models.PositiveSmallIntegerField(_("中期款（%）"), default=0)
    final_percent = models.PositiveSmallIntegerField(_("尾款（%）"), default=100)
    midterm_kind = models.CharField(
        _("中期"), max_length=8, choices=MidtermKind, default=MidtermKind.VISIT
    )
    midterm_pass_points = models.PositiveSmallIntegerField(_("中期合格分"), default=60)
    closing_kind = models.CharField(
        _("结项"), max_length=12, choices=ClosingKind, default=ClosingKind.ONE_PAGE
    )
    audit_percent = models.PositiveSmallIntegerField(_("抽查审计（%）"), default=0)
    review_words = models.CharField(_("评审方式"), max_length=60, blank=True)
    agreement_words = models.CharField(_("协议"), max_length=60, blank=True)
    tranche_words = models.CharField(_("拨款方式"), max_length=60, blank=True)
    follow_up_words = models.CharField(_("过程与结项"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("档次")
        verbose_name_plural = _("档次")
        ordering: ClassVar = ["upto_fen"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "upto_fen"], name="tier_ends_once_per_round"),
            models.UniqueConstraint(fields=["round", "name"], name="tier_named_once_per_round"),
            models.CheckConstraint(condition=Q(upto_fen__gt=0), name="tier_upto_positive"),
            models.CheckConstraint(
                condition=Q(budget_line_limit__gte=1, budget_line_limit__lte=60),
                name="tier_allows_some_budget_lines",
            ),
            models.CheckConstraint(
                condition=Exact(
                    F("first_percent") + F("midterm_percent") + F("final_percent"), 100
                ),
                name="tier_tranches_sum_to_hundred",
                violation_error_message=_("三笔拨款的百分比合计要等于 100。"),
            ),
            models.CheckConstraint(
                condition=Q(panel_size__gte=1, panel_size__lte=30), name="tier_panel_has_somebody"
            ),
            models.CheckConstraint(
                condition=Q(audit_percent__lte=100, midterm_pass_points__lte=100),
                name="tier_percentages_in_hundred",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_short(self) -> bool:
        return self.form == self.Form.SHORT

    @property
    def tranches(self) -> list[int]:
        """The percentages that are paid, in order: [60, 40]."""
        parts = (self.first_percent, self.midterm_percent, self.final_percent)
        return [part for part in parts if part]
