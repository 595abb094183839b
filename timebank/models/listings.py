"""The menu: the services a station offers now, each with the minutes it usually takes.

What may be offered at all stands in the catalogue (`models.catalogue`); what became of somebody's
choice stands in `models.orders`.
"""

from datetime import date
from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, Role, Station, User
from accounts.rules import regions_of, stations_of


class ListingQuerySet(models.QuerySet["Listing"]):
    def published(self) -> Self:
        """On the menu now, at a station that is open."""
        return self.filter(state=Listing.State.PUBLISHED, station__state=Station.State.OPEN)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The menu is public; the rest is the station's own, and open to who audits its region."""
        public = Q(state=Listing.State.PUBLISHED)
        if not user.is_authenticated:
            return self.filter(public)
        overseen = regions_of(user, Role.Kind.AUDITOR, Role.Kind.ADMINISTRATOR)
        if overseen:
            public |= Q(station__region__lineage__overlap=overseen)
        return self.filter(public | Q(station__in=stations_of(user)))

    def offered_within(self, region: Region) -> Self:
        return self.filter(station__region__lineage__contains=[region.pk])


class Listing(models.Model):
    """菜单项（服务项目）. A kind of service that one station offers, and for how many minutes.

    One of a kind that carries risk is offered with insurance on record only (条例 art. 17).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        PUBLISHED = "published", _("可点单")
        PAUSED = "paused", _("暂停点单")
        CLOSED = "closed", _("已下架")

    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("所有居民")
        ELDERS = "elders", _("60 岁及以上老人")
        BY_STATION = "by_station", _("由站点代为点单")

    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="listings", verbose_name=_("服务站点")
    )
    service_type = models.ForeignKey(
        "timebank.ServiceType",
        on_delete=models.PROTECT,
        related_name="listings",
        verbose_name=_("服务类别"),
    )
    title = models.CharField(_("名称"), max_length=40)
    minutes = models.PositiveSmallIntegerField(_("每次用时（分钟）"))
    description = models.TextField(_("服务说明"), max_length=600)
    audience = models.CharField(
        _("谁可以点"), max_length=12, choices=Audience, default=Audience.EVERYONE
    )
    insurance = models.CharField(_("保险（公司、保单号）"), max_length=80, blank=True)
    insured_until = models.DateField(_("保险有效期至"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    published_at = models.DateTimeField(_("上架时间"), null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = ListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("菜单项")
        verbose_name_plural = _("菜单项")
        ordering: ClassVar = ["station", "service_type", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=1440),
                name="listing_takes_minutes_of_one_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "paused"]) | Q(published_at__isnull=False),
                name="listing_on_menu_was_published",
            ),
            models.CheckConstraint(
                condition=Q(insurance="", insured_until__isnull=True)
                | ~Q(insurance="") & Q(insured_until__isnull=False),
                name="listing_insurance_says_until_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["station", "service_type"],
                condition=Q(state="published"),
                name="listing_on_menu",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("timebank:listing-detail", args=[self.pk])

    def is_insured_on(self, day: date) -> bool:
        """Whether it may be given on that day: without a risk always, else while it is insured."""
        if not self.service_type.carries_risk:
            return True
        return self.insured_until is not None and day <= self.insured_until
