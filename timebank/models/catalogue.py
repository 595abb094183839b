"""The catalogue: what kinds of service the time bank counts, and what it never counts.

Rows come from data (`services.catalogue.load_catalogue`), so that a city keeps its own list.
"""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.append_only import append_only
from accounts.models import User
from timebank.models.banks import TimeBank
from timebank.models.qualifications import Qualification


def written_coefficient(hundredths: int) -> str:
    """1.5, 1.25, 1: as people write it."""
    return f"{hundredths / 100:g}"


def weighed(minutes: int, hundredths: int) -> int:
    """So much time with a coefficient, half up to the whole minute, at least one: as the database
    reckons a record's."""
    return max(1, (minutes * hundredths + 50) // 100)


class ServiceTypeQuerySet(models.QuerySet["ServiceType"]):
    def active(self) -> Self:
        return self.filter(is_active=True)


class ServiceType(models.Model):
    """服务类型. One kind of service: how long it usually takes, where, for whom, at what risk."""

    class Risk(models.TextChoices):
        LOW = "low", _("低")
        MEDIUM = "medium", _("中")
        HIGH = "high", _("高")

    code = models.CharField(_("编号"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=40)
    group = models.CharField(_("类别"), max_length=20)
    usual_minutes = models.BigIntegerField(_("通常时长"))
    min_minutes = models.BigIntegerField(_("最短时长"))
    max_minutes = models.BigIntegerField(_("最长时长"))
    place = models.CharField(_("服务地点"), max_length=40)
    for_whom = models.CharField(_("服务对象"), max_length=60, blank=True)
    risk = models.CharField(_("风险"), max_length=8, choices=Risk, default=Risk.LOW)
    requires = models.CharField(_("要求"), max_length=120, blank=True)
    qualification = models.CharField(
        _("要求的培训或资质"), max_length=16, choices=Qualification.Kind, blank=True
    )
    presence = models.CharField(_("到场凭据"), max_length=80, blank=True)
    not_included = models.CharField(_("不包括"), max_length=120, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = ServiceTypeQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务类型")
        verbose_name_plural = _("服务类型")
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    min_minutes__gt=0,
                    usual_minutes__gte=F("min_minutes"),
                    max_minutes__gte=F("usual_minutes"),
                ),
                name="usual_minutes_between_least_and_most",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def carries_risk(self) -> bool:
        """More than a low one: nobody serves without insurance (志愿服务条例 art. 17)."""
        return self.risk != self.Risk.LOW

    @property
    def is_dangerous(self) -> bool:
        """Never without danger: no minors, whoever consents (浙江省志愿服务条例 art. 9)."""
        return self.risk == self.Risk.HIGH

    def is_usual(self, minutes: int) -> bool:
        """Whether a service of this kind usually takes about so long."""
        return self.min_minutes <= minutes <= self.max_minutes


class ServiceCoefficientQuerySet(models.QuerySet["ServiceCoefficient"]):
    def in_force(self, bank: TimeBank, day: date) -> Self:
        """One row for each kind of service: the latest that had begun on that day."""
        return (
            self.filter(bank=bank, starts_on__lte=day)
            .order_by("service_type_id", "-starts_on", "-id")
            .distinct("service_type_id")
        )


class ServiceCoefficient(models.Model):
    """服务系数. How a bank weighs an hour of one kind of service, from a day on.

    In hundredths: 150 is one and a half. Where a bank has said nothing an hour is an hour. Only
    what the ledger credits is weighed, never the time served. Never changed: a new row follows.
    """

    USUAL: ClassVar = 100

    bank = models.ForeignKey(TimeBank, on_delete=models.PROTECT, related_name="coefficients")
    service_type = models.ForeignKey(
        ServiceType,
        on_delete=models.PROTECT,
        related_name="coefficients",
        verbose_name=_("服务类型"),
    )
    hundredths = models.PositiveSmallIntegerField(_("系数（百分之）"))
    starts_on = models.DateField(_("开始日期"))
    basis = models.CharField(_("依据"), max_length=120)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    objects = ServiceCoefficientQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务系数")
        verbose_name_plural = _("服务系数")
        ordering: ClassVar = ["-starts_on", "-id"]
        triggers: ClassVar = append_only("service_coefficients_append_only")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(hundredths__gte=10, hundredths__lte=500),
                name="coefficient_between_a_tenth_and_five",
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="coefficient_says_its_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.service_type_id}: {self.hundredths}"

    @property
    def words(self) -> str:
        return written_coefficient(self.hundredths)


class ExcludedService(models.Model):
    """不计入时间银行的事项. What is never counted as volunteer service, in one line each."""

    words = models.CharField(_("事项"), max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(_("次序"), default=0)

    class Meta:
        verbose_name = _("不计入的事项")
        verbose_name_plural = _("不计入的事项")
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.words
