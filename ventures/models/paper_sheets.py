"""纸质评分表: what a reviewer wrote by hand, typed in by two people one after the other.

What both agree on becomes her `Review`; what is here says who typed it and keeps the scan.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Attachment, User
from ventures.models.reviews import Assignment


class PaperScoreSheetQuerySet(models.QuerySet["PaperScoreSheet"]):
    def waiting(self) -> "PaperScoreSheetQuerySet":
        """Typed once: a second person has still to type the figures."""
        return self.filter(checked_at__isnull=True, assignment__state=Assignment.State.ASSIGNED)


class PaperScoreSheet(models.Model):
    """纸质评分表. One sheet on paper: as the first person typed it, and who typed it again."""

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="paper")
    content = models.JSONField()
    # 弃权: no figure was written, only why; the comment holds the reason.
    is_abstention = models.BooleanField(_("弃权"), default=False, db_default=False)
    scan = models.ForeignKey(
        Attachment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("评分表照片或扫描件"),
    )
    entered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("录入人")
    )
    entered_at = models.DateTimeField(_("录入时间"), db_default=Now())
    checked_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("核对人"),
    )
    checked_at = models.DateTimeField(_("核对时间"), null=True, blank=True)

    objects = PaperScoreSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("纸质评分表")
        verbose_name_plural = _("纸质评分表")
        ordering: ClassVar = ["assignment"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True, checked_at__isnull=True)
                | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="paper_sheet_checked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("entered_by")),
                name="paper_sheet_typed_by_two",
            ),
        ]

    def __str__(self) -> str:
        return str(self.assignment)
