"""What a project is about: for whom (track) and of which kind. Two dimensions, never mixed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ProjectKind(models.TextChoices):
    """项目类型. A second dimension beside the track."""

    GOVERNANCE = "governance", _("治理型")
    SERVICE = "service", _("服务型")


class Track(models.Model):
    """服务人群（6+1）. For whom a project is, or the town's central work; data, never coded."""

    code = models.CharField(_("代号"), max_length=8, unique=True)
    name = models.CharField(_("名称"), max_length=20)
    hint = models.CharField(_("说明"), max_length=60, blank=True)
    colour = models.PositiveSmallIntegerField(_("颜色序号"))
    position = models.PositiveSmallIntegerField(_("次序"))

    class Meta:
        verbose_name = _("服务人群")
        verbose_name_plural = _("服务人群")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(colour__lte=7), name="track_colour_has_a_token")
        ]

    def __str__(self) -> str:
        return self.name
