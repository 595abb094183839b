"""Government purchase (政府购买服务): has its own law and platform; shown and linked out."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, Role, User
from accounts.rules import regions_of
from ventures.models.programmes import Programme

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class PurchaseQuerySet(models.QuerySet["Purchase"]):
    def public(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Everything that stands; what was taken back only to the officers of its place."""
        if not user.is_authenticated:
            return self.public()
        own = regions_of(user, Role.Kind.OFFICER, Role.Kind.AUDITOR)
        return self.filter(Q(withdrawn_at__isnull=True) | Q(region__lineage__overlap=own))


class Purchase(models.Model):
    """政府购买服务信息. An entry that leads to the official platform, where it is really run."""

    programme = models.ForeignKey(
        Programme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="purchases",
        verbose_name=_("创投品牌"),
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("地区")
    )
    name = models.CharField(_("项目名称"), max_length=80)
    buyer = models.CharField(_("购买单位"), max_length=80)
    about = models.TextField(_("内容简介"), max_length=800, blank=True)
    amount_fen = models.BigIntegerField(_("预算金额"), null=True, blank=True)
    closes_on = models.DateField(_("报名截止日"), null=True, blank=True)
    link = models.URLField(
        _("官方平台网址"), max_length=300, validators=[URLValidator(schemes=["https", "http"])]
    )
    is_demo = models.BooleanField(_("演示"), default=False)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(_("发布时间"), db_default=Now())
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    objects = PurchaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("政府购买服务信息")
        verbose_name_plural = _("政府购买服务信息")
        ordering: ClassVar = ["-published_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_fen__isnull=True) | Q(amount_fen__gt=0),
                name="purchase_amount_positive",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("ventures:purchase-detail", kwargs={"pk": self.pk})
