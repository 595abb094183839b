"""How a round's proposals are to be judged: the rubric and its criteria. Scores are elsewhere.

Points are integers of half a point: 17.5 points are stored as 35 (百分制, steps of 0.5).
"""

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

FULL_HALF_POINTS = 200


class Rubric(models.Model):
    """评分标准. The set of criteria of a round; presets are copied when a call is published."""

    class Aggregate(models.TextChoices):
        TRIMMED_MEAN = "trimmed_mean", _("5 名及以上评委去掉一个最高分和一个最低分后平均")
        MEAN = "mean", _("全部评委平均")
        MEDIAN = "median", _("取全部评委的中位数")

    name = models.CharField(_("名称"), max_length=60)
    is_preset = models.BooleanField(_("可供选用"), default=False)
    step_half_points = models.PositiveSmallIntegerField(_("打分步长（半分）"), default=1)
    pass_half_points = models.PositiveSmallIntegerField(_("及格线（半分）"), default=120)
    aggregate = models.CharField(
        _("汇总方式"), max_length=16, choices=Aggregate, default=Aggregate.TRIMMED_MEAN
    )
    # One highest and one lowest are left out from so many reviews on (trimmed mean only).
    drop_from = models.PositiveSmallIntegerField(_("几份评分表起去掉最高最低分"), default=5)
    comment_below_percent = models.PositiveSmallIntegerField(
        _("低于该项满分百分之几须写理由"), default=60
    )
    needs_comment = models.BooleanField(_("每份都要写评审意见"), default=True)
    vetoes = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("一票否决")
    )

    class Meta:
        verbose_name = _("评分标准")
        verbose_name_plural = _("评分标准")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(is_preset=True), name="rubric_preset_named_once"
            ),
            models.CheckConstraint(
                condition=Q(step_half_points__in=[1, 2]), name="rubric_step_half_or_whole"
            ),
            models.CheckConstraint(
                condition=Q(pass_half_points__lte=FULL_HALF_POINTS), name="rubric_pass_in_hundred"
            ),
            models.CheckConstraint(
                condition=Q(comment_below_percent__lte=100), name="rubric_comment_percent"
            ),
            models.CheckConstraint(
                condition=Q(drop_from__gte=3, drop_from__lte=25), name="rubric_drops_from_three_on"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Criterion(models.Model):
    """评审指标. One thing scored, against its own full mark.

    `bands` is a list of `{"label": "优", "from": 34, "to": 40}` in half points, best first.
    """

    rubric = models.ForeignKey(Rubric, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(_("次序"))
    name = models.CharField(_("指标"), max_length=30)
    ask = models.CharField(_("看什么"), max_length=120, blank=True)
    max_half_points = models.PositiveSmallIntegerField(_("满分（半分）"))
    bands = models.JSONField(_("分档"), default=list, blank=True)
    # Its share of the hundred, where that differs from its own full mark; all or none have one.
    weight_percent = models.PositiveSmallIntegerField(_("权重（%）"), null=True, blank=True)
    is_outside_total = models.BooleanField(_("不计入总分"), default=False)
    # A reason is written whatever the score; elsewhere only below the rubric's percentage.
    needs_words = models.BooleanField(_("必须写理由"), default=False)
    # Codes of the groups it is asked of; empty: of all.
    only_tracks = ArrayField(
        models.CharField(max_length=8), default=list, blank=True, verbose_name=_("只问这些人群")
    )

    class Meta:
        verbose_name = _("评审指标")
        verbose_name_plural = _("评审指标")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rubric", "position"], name="criterion_has_its_own_place"
            ),
            models.CheckConstraint(
                condition=Q(max_half_points__gt=0, max_half_points__lte=FULL_HALF_POINTS),
                name="criterion_within_the_hundred",
            ),
            models.CheckConstraint(
                condition=Q(weight_percent__isnull=True)
                | Q(weight_percent__gte=1, weight_percent__lte=100, is_outside_total=False),
                name="weight_of_what_counts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_asked_of(self, track_code: str | None) -> bool:
        """Whether proposals of this group are scored on it."""
        return not self.only_tracks or track_code in self.only_tracks

    @property
    def max_points(self) -> Decimal:
        return Decimal(self.max_half_points) / 2
