"""Screening: what looked unusual about a record, and the person who looked at it.

The rules stand in `services.screening`, their figures in `terms.screening`. Nothing here refuses a
record: it waits for a person.
"""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Attachment, User
from timebank.models.ledger import Hold
from timebank.models.records import ServiceRecord


class ScreeningQuerySet(models.QuerySet["Screening"]):
    def held(self) -> Self:
        return self.filter(state=Screening.State.HELD)


class Screening(models.Model):
    """筛查. A record that stood out; held until a person has looked at it and said so.

    `looks` says who may: whoever may confirm it, or only those over the station. A record that
    nothing stood out about has no row. Where the record was confirmed before, `hold` sets aside
    in the ledger what is left of its minutes, until somebody has looked.
    """

    class State(models.TextChoices):
        HELD = "held", _("待核查")
        CLEARED = "cleared", _("已核查，属实")
        FALSE = "false", _("已核查，不实")

    class Looks(models.TextChoices):
        STATION = "station", _("站点核查")
        TOWN = "town", _("镇街社工站或经办人核查")

    record = models.OneToOneField(ServiceRecord, on_delete=models.PROTECT, related_name="screening")
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.HELD)
    looks = models.CharField(max_length=8, choices=Looks, default=Looks.STATION)
    held_at = models.DateTimeField(_("筛出时间"), db_default=Now())
    looked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    looked_at = models.DateTimeField(_("核查时间"), null=True, blank=True)
    finding = models.CharField(_("核查情况"), max_length=200, blank=True)
    hold = models.OneToOneField(
        Hold,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        editable=False,
        related_name="screening",
    )

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("筛查")
        verbose_name_plural = _("筛查")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="held", looked_by__isnull=True, looked_at__isnull=True)
                | ~Q(state="held") & Q(looked_by__isnull=False, looked_at__isnull=False),
                name="screening_looked_at_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="held") | ~Q(finding=""), name="screening_ends_with_a_finding"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state"], condition=Q(state="held"), name="screening_held"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.state}"


class Flag(models.Model):
    """疑点. One rule that a record met, with the facts a person is told; once per rule."""

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="flags")
    rule = models.CharField(max_length=20)
    facts = models.JSONField(default=dict)
    terms = models.CharField(max_length=32)
    found_at = models.DateTimeField(_("发现时间"), db_default=Now())

    class Meta:
        verbose_name = _("疑点")
        verbose_name_plural = _("疑点")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["screening", "rule"], name="flag_once_per_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.screening_id}: {self.rule}"


class PhotoPrint(models.Model):
    """照片指纹. How a picture looks, in 64 bits, so that one used twice is found again.

    Nothing of the picture can be made from it. `bits` is null where a picture is too plain to tell.
    """

    photo = models.OneToOneField(Attachment, on_delete=models.CASCADE, related_name="print")
    bits = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("照片指纹")
        verbose_name_plural = _("照片指纹")

    def __str__(self) -> str:
        return f"{self.photo_id}"
