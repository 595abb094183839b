"""积分发放: points given to people for a reason, proposed by one and decided by another.

Points stand in a book of their own, one for each time bank; they never become hours or money. What
became of each row in the ledger stands in the row: its transfer, or why it was refused.
"""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import regions_of
from timebank.models.adjustments import (
    READERS_OF_BOOKS,
    CorrectionState,
    TwoPerson,
    TwoPersonQuerySet,
)
from timebank.models.banks import TimeBank


class PointGrantQuerySet(TwoPersonQuerySet["PointGrant"]):
    def visible_to(self, user: User) -> Self:
        """Who keeps or audits the bank's books; who proposed it."""
        over = Q(bank__region__lineage__overlap=regions_of(user, *READERS_OF_BOOKS))
        return self.filter(over | Q(proposed_by=user))


class PointGrant(TwoPerson):
    """积分发放. Points for several people with one reason; each row is posted for itself."""

    bank = models.ForeignKey(TimeBank, on_delete=models.PROTECT, related_name="+")

    objects = PointGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("积分发放")
        verbose_name_plural = _("积分发放")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="point_grant_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state=CorrectionState.APPROVED) | Q(decided_by__isnull=False),
                name="point_grant_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason}:{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("timebank:point-grant-detail", args=[self.pk])

    @property
    def ledger_source(self) -> str:
        return f"timebank.pointgrant:{self.pk}"


class PointGrantRow(models.Model):
    """积分发放的一行. One person's points, and what the ledger answered."""

    grant = models.ForeignKey(PointGrant, on_delete=models.PROTECT, related_name="rows")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    points = models.PositiveIntegerField(_("积分"))
    transfer_id = models.BigIntegerField(_("凭证号"), null=True)
    refusal = models.CharField(_("没有入账的原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("积分发放的一行")
        verbose_name_plural = _("积分发放的行")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["grant", "person"], name="point_row_once_per_person"),
            models.CheckConstraint(condition=Q(points__gt=0), name="point_row_gives_something"),
            models.CheckConstraint(
                condition=Q(transfer_id__isnull=True) | Q(refusal=""),
                name="point_row_posted_or_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grant_id}:{self.person_id}"
