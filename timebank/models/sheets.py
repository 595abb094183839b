"""Sheets of paper on which people signed in, as they were entered afterwards."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Attachment, Region, Role, User
from accounts.rules import regions_of, roles_of_kind
from timebank.models.activities import Activity
from timebank.models.records import ServiceRecord
from timebank.models.shifts import Shift

TOWN_WORKERS = (Role.Kind.LEAD_WORKER, Role.Kind.COMMUNITY_WORKER)


def overseen_by(user: User) -> list[int]:
    """The places over whose stations the person stands as the second pair of eyes: an officer's,
    a town's for its social workers. The same in one question as `rules.stations.stands_over`."""
    workers = [
        role.region.pk
        for role in roles_of_kind(user, *TOWN_WORKERS)
        if role.region is not None and role.region.level != Region.Level.COMMUNITY
    ]
    return [*regions_of(user, Role.Kind.OFFICER), *workers]


class PaperSheetQuerySet(models.QuerySet["PaperSheet"]):
    def visible_to(self, user: User) -> Self:
        """Those of the activities one answers for, and of the stations one stands over as the
        second pair of eyes: names and signatures are nobody else's."""
        seen = Q(shift__activity__in=Activity.objects.organised_by(user))
        overseen = overseen_by(user)
        if overseen:
            seen |= Q(shift__activity__station__region__lineage__overlap=overseen)
        return self.filter(seen)

    def to_compare(self) -> Self:
        """Those whose hours nobody but who typed them has looked at."""
        waits = Q(attendances__record__state=ServiceRecord.State.SUBMITTED)
        typed_once = Q(attendances__state="left")
        return self.filter(waits | typed_once, compared_at__isnull=True).distinct()


class PaperSheet(models.Model):
    """纸质签到表. One signed list of a shift: its scan, who kept it, who looked it over.

    `kept_by` (记录人) and `checked_by` (审核人) are the names on the paper; `entered_by` typed it
    in. `compared_by` is another person who held the scan against what was typed and confirmed it.
    """

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="sheets")
    scans = models.ManyToManyField(
        Attachment, related_name="paper_sheets", verbose_name=_("扫描件")
    )
    kept_by = models.CharField(_("记录人"), max_length=40)
    checked_by = models.CharField(_("审核人"), max_length=40)
    entered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("录入人")
    )
    entered_at = models.DateTimeField(_("录入时间"), db_default=Now())
    compared_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("核对人"),
    )
    compared_at = models.DateTimeField(_("核对时间"), null=True, blank=True)

    objects = PaperSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("纸质签到表")
        verbose_name_plural = _("纸质签到表")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(kept_by="") & ~Q(checked_by=""), name="sheet_names_keeper_and_checker"
            ),
            models.CheckConstraint(
                condition=Q(compared_by__isnull=True, compared_at__isnull=True)
                | Q(compared_by__isnull=False, compared_at__isnull=False)
                & ~Q(compared_by=F("entered_by")),
                name="sheet_compared_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shift} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("timebank:sheet-detail", args=[self.pk])
