"""评审材料包: a reviewer's proposals with blank score sheets, as one PDF to print or read offline.

What may go into it is asked when it is made, and again when it is fetched.
"""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User


def stored_under(_pack: "ReviewPack", _name: str) -> str:
    """A name that says nothing and cannot be guessed."""
    token = uuid4().hex
    return f"review_packs/{token[:2]}/{token}.pdf"


class ReviewPack(models.Model):
    """评审材料包. What was asked for, how far it is, and the file when it is there."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待生成")
        RUNNING = "running", _("正在生成")
        READY = "ready", _("可以下载")

    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="review_packs")
    # Assignments in it, with whether the applicant's name stands there.
    contents = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(upload_to=stored_under, max_length=200, blank=True)
    size_bytes = models.BigIntegerField(default=0)
    asked_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("评审材料包")
        verbose_name_plural = _("评审材料包")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reviewer"],
                condition=Q(state__in=["waiting", "running"]),
                name="one_review_pack_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | ~Q(file="") & Q(ended_at__isnull=False),
                name="ready_review_pack_has_its_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} {self.done}/{self.total}"
