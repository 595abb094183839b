"""What a score sheet said each time it was kept; written once, shown as its history."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.append_only import append_only
from ventures.models.reviews import Review


class ReviewVersion(models.Model):
    """评分表存档. What a sheet said when it was saved, handed in or abstained from; written once.

    The total counts as the rubric says, in hundredths of a point: 8250 is 82.5.
    """

    class Kind(models.TextChoices):
        SAVED = "saved", _("保存")
        SUBMITTED = "submitted", _("交表")
        ABSTAINED = "abstained", _("弃权")

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SUBMITTED)
    content = models.JSONField()
    total_hundredths = models.PositiveIntegerField()
    kept_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("评分表存档")
        verbose_name_plural = _("评分表存档")
        ordering: ClassVar = ["review", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["review", "number"], name="review_version_numbered_once"
            ),
        ]
        triggers: ClassVar = append_only("review_versions_append_only")

    def __str__(self) -> str:
        return f"{self.review_id}.{self.number}"
