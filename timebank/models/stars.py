"""Star levels: how many hours each asks for since when, and who was granted which."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.models import User
from timebank.models.banks import TimeBank


class StarThresholdQuerySet(models.QuerySet["StarThreshold"]):
    def in_force(self, day: date) -> Self:
        """One row for each level: the latest that had begun on that day, the lowest level first."""
        return (
            self.filter(starts_on__lte=day).order_by("level", "-starts_on", "-id").distinct("level")
        )


class StarThreshold(models.Model):
    """星级标准. The hours a level asks for, from a day on; a change is a new row."""

    level = models.PositiveSmallIntegerField(_("星级"))
    minutes = models.BigIntegerField(_("需要的服务时长"))
    starts_on = models.DateField(_("开始日期"))
    basis = models.CharField(_("依据"), max_length=120, blank=True)

    objects = StarThresholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("星级标准")
        verbose_name_plural = _("星级标准")
        ordering: ClassVar = ["level", "-starts_on"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=5), name="star_level_one_to_five"
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="star_asks_for_some_time"),
            models.UniqueConstraint(
                fields=["level", "starts_on"], name="star_level_set_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level}: {self.minutes}"


class StarGrantQuerySet(models.QuerySet["StarGrant"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and those of the places one stands over."""
        overseen = rules.regions_of(user, "officer", "auditor")
        mine = Q(volunteer=user)
        if overseen:
            mine |= Q(bank__region__lineage__overlap=overseen)
            mine |= Q(volunteer__home_region__lineage__overlap=overseen)
        return self.filter(mine)

    def proposed(self) -> Self:
        return self.filter(state=StarGrant.State.PROPOSED)

    def granted(self) -> Self:
        return self.filter(state=StarGrant.State.GRANTED)


class StarGrant(models.Model):
    """星级评定. Proposed by the hours, granted by a person who looked at the quality too.

    民政部令第67号 art. 10: by service time **and** quality. `minutes` and `quality` are what was
    known when it was decided; a declined level may be proposed again from `again_from`.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待评定")
        GRANTED = "granted", _("已评定")
        DECLINED = "declined", _("暂不评定")
        WITHDRAWN = "withdrawn", _("已撤销")

    bank = models.ForeignKey(TimeBank, on_delete=models.PROTECT, related_name="star_grants")
    volunteer = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="star_grants", verbose_name=_("志愿者")
    )
    level = models.PositiveSmallIntegerField(_("星级"))
    threshold = models.ForeignKey(StarThreshold, on_delete=models.PROTECT, related_name="+")
    minutes = models.BigIntegerField(_("服务时长"))
    quality = models.JSONField(default=dict)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField(_("提出时间"), db_default=Now())
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("评定时间"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    again_from = models.DateField(_("再次提出"), null=True, blank=True)

    objects = StarGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("星级评定")
        verbose_name_plural = _("星级评定")
        ordering: ClassVar = ["proposed_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bank", "volunteer", "level"],
                condition=Q(state__in=["proposed", "granted"]),
                name="star_level_once_per_volunteer",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="star_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("volunteer")),
                name="star_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "granted"]) | ~Q(reason=""),
                name="star_refused_with_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id}: {self.level}"

    def get_absolute_url(self) -> str:
        return reverse("timebank:star-detail", args=[self.pk])
