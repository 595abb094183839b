"""How many working days a place gives each step of a round, and on what paper (小微权力清单)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, User


class StepLimit(models.Model):
    """办理时限. From a day on, a step takes at most so many working days; the newest row holds."""

    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("地区")
    )
    verb = models.CharField(_("步骤"), max_length=20)
    working_days = models.PositiveSmallIntegerField(_("工作日"))
    valid_from = models.DateField(_("自"))
    basis = models.CharField(_("依据"), max_length=100)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("办理时限")
        verbose_name_plural = _("办理时限")
        ordering: ClassVar = ["valid_from", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region", "verb", "valid_from"], name="step_limit_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(working_days__gte=1, working_days__lte=250),
                name="step_limit_of_some_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.working_days}"
