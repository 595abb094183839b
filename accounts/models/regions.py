"""Regions (province, prefecture, county, town, community) and the calendar of working days."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RegionQuerySet(models.QuerySet["Region"]):
    def within(self, *regions: "Region") -> Self:
        """The regions themselves and everything below them."""
        return self.filter(lineage__overlap=[region.pk for region in regions])

    def above(self, region: "Region") -> Self:
        """The region itself and everything above it, highest first."""
        return self.filter(pk__in=region.lineage).order_by("level")

    def current(self) -> Self:
        return self.filter(valid_to__isnull=True)

    def towns(self) -> Self:
        return self.filter(level=Region.Level.TOWN)

    def communities(self) -> Self:
        return self.filter(level=Region.Level.COMMUNITY)


class Region(models.Model):
    """行政区划. One row per place and validity, from province down to community or village.

    `lineage` holds the ids of all ancestors and of the region itself, so that "everything below"
    and "everything above" are each one indexed question.
    """

    class Level(models.IntegerChoices):
        PROVINCE = 1, _("省")
        PREFECTURE = 2, _("地级市")
        COUNTY = 3, _("县（市、区）")
        TOWN = 4, _("镇（街道）")
        COMMUNITY = 5, _("村（社区）")

    class Kind(models.TextChoices):
        PROVINCE = "province", _("省")
        PREFECTURE = "prefecture", _("地级市")
        COUNTY = "county", _("县级市")
        STREET = "street", _("街道")
        TOWN = "town", _("镇")
        COMMUNITY = "community", _("社区")
        VILLAGE = "village", _("村")
        QUASI = "quasi", _("类似居委会的单位")

    code = models.CharField(
        _("区划代码"),
        max_length=12,
        validators=[RegexValidator(r"^\d{12}$", _("应为 12 位数字"))],
    )
    name = models.CharField(_("全称"), max_length=60)
    short_name = models.CharField(_("简称"), max_length=40)
    pinyin = models.CharField(max_length=120, blank=True, db_index=True)
    level = models.PositiveSmallIntegerField(_("层级"), choices=Level)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    lineage = ArrayField(models.BigIntegerField(), default=list, editable=False)
    is_fictional = models.BooleanField(_("虚构（示范）"), default=False)
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("行政区划")
        verbose_name_plural = _("行政区划")
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(valid_to__isnull=True),
                name="region_code_unique_while_valid",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{12}$"),
                name="region_code_has_12_digits",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                name="region_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(level=1, parent__isnull=True) | Q(level__gt=1, parent__isnull=False),
                name="region_below_province_has_parent",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["lineage"], name="region_by_lineage"),
            models.Index(fields=["level", "pinyin"], name="region_by_level"),
        ]

    def __str__(self) -> str:
        return self.short_name

    def contains(self, other: "Region") -> bool:
        """Whether `other` is this region or lies below it."""
        return self.pk in other.lineage


class Holiday(models.Model):
    """节假日安排. A day that is off although a weekday, or worked although a weekend.

    The State Council publishes each year's arrangement; days without a row follow the weekday.
    """

    day = models.DateField(_("日期"), unique=True)
    name = models.CharField(_("名称"), max_length=40)
    is_working = models.BooleanField(_("调休上班"), default=False)

    class Meta:
        verbose_name = _("节假日安排")
        verbose_name_plural = _("节假日安排")
        ordering: ClassVar = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class CalendarYear(models.Model):
    """年度放假安排. A year whose arrangement by the State Council has been entered.

    Without it only weekends and the statutory days are known: bridging days are not.
    """

    year = models.PositiveSmallIntegerField(_("年份"), unique=True)
    document_number = models.CharField(_("发文字号"), max_length=60)
    published_on = models.DateField(_("发布日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("年度放假安排")
        verbose_name_plural = _("年度放假安排")
        ordering: ClassVar = ["year"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(document_number=""), name="calendar_year_names_its_document"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1949, year__lte=2200), name="calendar_year_plausible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.document_number}"
