"""The blocks of a volunteer's record besides service: training and commendations.

Service stands in `models.records`, evaluation in `models.orders` and `models.stars`, what is known
of the person in `accounts.models.people`.
"""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.models import Attachment, Region, User
from timebank.models.records import READERS_OF_A_REGION


class DossierEntryQuerySet(models.QuerySet["DossierEntry"]):
    def visible_to(self, user: User) -> Self:
        """One's own, those one entered, those of the places and stations one answers for."""
        places = rules.regions_of(user, *READERS_OF_A_REGION) + [
            role.station.region_id
            for role in rules.roles_of_kind(user, "coordinator")
            if role.station is not None
        ]
        mine = Q(volunteer=user) | Q(entered_by=user)
        if places:
            mine |= Q(region__lineage__overlap=places)
        return self.filter(mine)

    def of_volunteer(self, user: User) -> Self:
        return self.filter(volunteer=user)

    def confirmed(self) -> Self:
        return self.filter(state=DossierEntry.State.CONFIRMED)

    def waiting(self) -> Self:
        return self.filter(state=DossierEntry.State.ENTERED)


class DossierEntry(models.Model):
    """培训与表彰. One finished training or one award of a volunteer, entered by one person and
    checked by another (the volunteer may be either).

    民政部令第67号 art. 8 asks of a training 名称, 主要内容, 学习时长, 培训举办单位, 日期; art. 9 of
    an award 名称, 日期, 授予单位. Learning time is a block of its own and never service time.
    """

    class Kind(models.TextChoices):
        TRAINING = "training", _("培训")
        COMMENDATION = "commendation", _("表彰奖励")

    class State(models.TextChoices):
        ENTERED = "entered", _("待核对")
        CONFIRMED = "confirmed", _("已核对")
        REFUSED = "refused", _("未采用")
        WITHDRAWN = "withdrawn", _("已撤回")

    volunteer = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="dossier_entries", verbose_name=_("志愿者")
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("种类"), max_length=12, choices=Kind)
    title = models.CharField(_("名称"), max_length=60)
    content = models.CharField(_("主要内容"), max_length=200, blank=True)
    minutes = models.BigIntegerField(_("学习时长"), null=True, blank=True)
    body = models.CharField(_("举办或授予单位"), max_length=80)
    held_on = models.DateField(_("日期"))
    evidence = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ENTERED)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("登记时间"), db_default=Now())
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("核对时间"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True)

    objects = DossierEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("培训与表彰")
        verbose_name_plural = _("培训与表彰")
        ordering: ClassVar = ["-held_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="training", minutes__gt=0) & ~Q(content="")
                | Q(kind="commendation", minutes__isnull=True),
                name="training_says_content_and_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("entered_by")),
                name="dossier_entry_checked_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["confirmed", "refused"], decided_by__isnull=False)
                | Q(state__in=["entered", "withdrawn"], decided_by__isnull=True),
                name="dossier_entry_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["volunteer", "kind", "title", "held_on", "body"],
                condition=Q(state__in=["entered", "confirmed"]),
                name="dossier_entry_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["volunteer", "kind", "-held_on"], name="dossier_by_volunteer"),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id}: {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("timebank:dossier-entry", args=[self.pk])

    @property
    def is_training(self) -> bool:
        return self.kind == self.Kind.TRAINING
