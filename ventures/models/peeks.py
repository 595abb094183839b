"""Who looked into a sealed proposal before the close, and why."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.append_only import append_only
from accounts.models import User


class Peek(models.Model):
    """启封前查看. An officer opened one sealed proposal for some minutes, in an emergency.

    Written once; the applicant is told, and the auditor reads it after the close.
    """

    proposal = models.ForeignKey(
        "ventures.Proposal", on_delete=models.PROTECT, related_name="peeks"
    )
    peeked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("理由"), max_length=200)
    peeked_at = models.DateTimeField(_("查看时间"), db_default=Now())
    ends_at = models.DateTimeField(_("可看到"))

    class Meta:
        verbose_name = _("启封前查看")
        verbose_name_plural = _("启封前查看")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="peek_has_a_reason"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("peeked_at")), name="peek_ends_after_it_begins"
            ),
        ]
        triggers: ClassVar = append_only("peeks_append_only")

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.peeked_by_id}"
