"""Everything a decision used, frozen for whoever audits it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.append_only import append_only
from accounts.models import User
from ventures.models.rounds import Round


class Dossier(models.Model):
    """决策卷宗. Everything a decision used, frozen with its fingerprint, for the auditor.

    Of a round that went on after its end, because somebody moved up, there are several final ones.
    """

    class Occasion(models.TextChoices):
        MEETING = "meeting", _("集体决策")
        FINAL = "final", _("公告")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="dossiers")
    occasion = models.CharField(max_length=8, choices=Occasion)
    number = models.PositiveSmallIntegerField(db_default=1, default=1)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("决策卷宗")
        verbose_name_plural = _("决策卷宗")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "occasion", "number"], name="dossier_of_an_occasion_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="dossier_has_its_fingerprint"
            ),
        ]
        triggers: ClassVar = append_only("dossiers_append_only")

    def __str__(self) -> str:
        return f"{self.round} {self.get_occasion_display()}"

    @property
    def slug(self) -> str:
        """How an address names it: `final`, then `final-2`."""
        return self.occasion if self.number == 1 else f"{self.occasion}-{self.number}"
