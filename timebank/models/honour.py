"""The honour board as it was last drawn: who leads each board, kept so that a page reads few rows.

How it is drawn stands in `services.honour_boards`; who may be shown is asked again when it is read.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, User


class HonourStanding(models.Model):
    """积德榜的一行. A volunteer's minutes and days on one board; drawn anew, never corrected."""

    period = models.CharField(_("时间"), max_length=8)
    place = models.ForeignKey(
        Region, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    group = models.CharField(_("服务类别"), max_length=20, blank=True)
    volunteer = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    minutes = models.BigIntegerField(_("服务时长"))
    days = models.PositiveIntegerField(_("天数"))
    drawn_at = models.DateTimeField(_("更新时间"))

    class Meta:
        verbose_name = _("积德榜的一行")
        verbose_name_plural = _("积德榜的行")
        ordering: ClassVar = ["-minutes", "-days", "volunteer"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["period", "place", "group", "volunteer"],
                nulls_distinct=False,
                name="honoured_once_on_a_board",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["period", "place", "group", "-minutes"], name="honour_standing_by_board"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period}: {self.volunteer_id}"
