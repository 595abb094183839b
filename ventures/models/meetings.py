"""记名表决: how each member of a deciding meeting voted, where the round asks for it. Written once.

How many came and how they voted stands with the meeting itself (`Resolution`).
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.append_only import append_only
from ventures.models.decisions import Resolution


class MeetingVote(models.Model):
    """记名表决的一票. A name as the minutes write it, and the vote; read by the office alone."""

    class Vote(models.TextChoices):
        FAVOUR = "favour", _("赞成")
        AGAINST = "against", _("反对")
        ABSTAIN = "abstain", _("弃权")

    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="votes")
    name = models.CharField(_("姓名"), max_length=40)
    vote = models.CharField(_("表决"), max_length=7, choices=Vote)

    class Meta:
        verbose_name = _("记名表决")
        verbose_name_plural = _("记名表决")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resolution", "name"], name="member_votes_once"),
            models.CheckConstraint(condition=~Q(name=""), name="named_vote_has_its_name"),
        ]
        triggers: ClassVar = append_only("meeting_votes_append_only")

    def __str__(self) -> str:
        return f"{self.name} {self.get_vote_display()}"
