"""Who may not report their own hours for a while, because what they reported was false."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from timebank.models.adjustments import READERS_OF_BOOKS
from timebank.models.banks import TimeBank
from timebank.models.records import ServiceRecord


class SelfReportBarQuerySet(models.QuerySet["SelfReportBar"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and those of the banks one keeps or audits."""
        from_office = user.roles.active().filter(kind__in=READERS_OF_BOOKS, region__isnull=False)
        overseen = list(from_office.values_list("region_id", flat=True))
        seen = Q(volunteer=user)
        if overseen:
            seen |= Q(cause__region__lineage__overlap=overseen)
        return self.filter(seen)

    def standing(self) -> Self:
        return self.exclude(state=SelfReportBar.State.LIFTED)

    def appealed(self) -> Self:
        return self.filter(state=SelfReportBar.State.APPEALED)


class SelfReportBar(models.Model):
    """限制自报. After a false record: no self-report until the day has come and hours are there.

    Both are asked for: `ends_on` has passed and `minutes_needed` were served since, confirmed by
    others. It never keeps anybody from serving, and never takes an hour that was really served.
    """

    class State(models.TextChoices):
        IN_FORCE = "in_force", _("限制中")
        APPEALED = "appealed", _("限制中，已申诉")
        UPHELD = "upheld", _("申诉未成立，限制中")
        LIFTED = "lifted", _("已撤销")

    volunteer = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="bars", verbose_name=_("志愿者")
    )
    bank = models.ForeignKey(TimeBank, on_delete=models.PROTECT, related_name="+")
    cause = models.ForeignKey(ServiceRecord, on_delete=models.PROTECT, related_name="bars")
    reason = models.CharField(_("理由"), max_length=200)
    starts_on = models.DateField(_("从"))
    ends_on = models.DateField(_("到"))
    minutes_needed = models.PositiveIntegerField(_("需要的新时长"))
    imposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    imposed_at = models.DateTimeField(_("作出时间"), db_default=Now())
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.IN_FORCE)
    appeal = models.CharField(_("申诉理由"), max_length=400, blank=True)
    appealed_at = models.DateTimeField(_("申诉时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    decision = models.CharField(_("复核意见"), max_length=400, blank=True)

    objects = SelfReportBarQuerySet.as_manager()

    class Meta:
        verbose_name = _("限制自报")
        verbose_name_plural = _("限制自报")
        ordering: ClassVar = ["-imposed_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cause"],
                condition=~Q(state="lifted"),
                name="one_bar_for_a_false_record",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="bar_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="bar_says_why"),
            models.CheckConstraint(
                condition=~Q(imposed_by=F("volunteer")), name="bar_imposed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | ~Q(decided_by=F("imposed_by")) & ~Q(decided_by=F("volunteer")),
                name="appeal_decided_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["upheld", "lifted"])
                | Q(decided_by__isnull=False) & ~Q(decision=""),
                name="appeal_decided_with_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id}: {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("timebank:bar-detail", args=[self.pk])
