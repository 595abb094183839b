"""When what happens in a round: the stages after its call, and closings of single groups.

The call itself is no row here: from `Round.opens_at` to `Round.closes_at` a round takes proposals,
and those two columns are what the clock judges. Who was given more time is in `extensions`.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ventures.models.rounds import Round
from ventures.models.tracks import Track


class Stage(models.Model):
    """阶段. One step of a round's timetable with its two instants; a round without it skips it."""

    class Kind(models.TextChoices):
        QUESTIONS = "questions", _("提问与答疑")
        SELECTION = "selection", _("概要遴选")
        SCREENING = "screening", _("形式审查")
        REVIEW = "review", _("评审")
        DEFENCE = "defence", _("路演答辩")
        MEETING = "meeting", _("集体决策")
        NOTICE = "notice", _("公示")
        SIGNING = "signing", _("签订协议")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="stages")
    kind = models.CharField(_("阶段"), max_length=12, choices=Kind)
    begins_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    place = models.CharField(_("地点"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("阶段")
        verbose_name_plural = _("阶段")
        ordering: ClassVar = ["begins_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "kind"], name="stage_once_per_round"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")), name="stage_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class TrackClosing(models.Model):
    """分组截止. One group of a round closes at an instant of its own, never after the round."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="track_closings")
    track = models.ForeignKey(
        Track, on_delete=models.PROTECT, related_name="+", verbose_name=_("服务人群")
    )
    closes_at = models.DateTimeField(_("截止申报"))

    class Meta:
        verbose_name = _("分组截止")
        verbose_name_plural = _("分组截止")
        ordering: ClassVar = ["closes_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "track"], name="track_closes_once_per_round")
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.track_id}"
