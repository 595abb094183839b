"""修改稿期限: until when a revised budget is awaited. Rows are added, the last one holds."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.append_only import append_only
from accounts.models import User
from ventures.models.decisions import Award


class RevisionDay(models.Model):
    """修改稿期限. The first is counted when the award is announced, others say why they are later.

    Nothing is lost by a day that passes: the office is told, and may give more time.
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="revision_days")
    number = models.PositiveSmallIntegerField(_("第几次"))
    due_on = models.DateField(_("交修改稿的期限"))
    reason = models.CharField(_("延长的理由"), max_length=300, blank=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("修改稿期限")
        verbose_name_plural = _("修改稿期限")
        ordering: ClassVar = ["award", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["award", "number"], name="revision_day_numbered_once"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="later_revision_day_says_why"
            ),
        ]
        triggers: ClassVar = append_only("revision_days_append_only")

    def __str__(self) -> str:
        return f"{self.award} {self.due_on}"
