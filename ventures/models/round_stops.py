"""How a round ends before its awards (流标, 终止征集): asked by one person, agreed by another."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ventures.models.rounds import Round


class RoundStop(models.Model):
    """终止征集. The wish to end a round without awards, with its public reason, and its answer.

    Until a second person agrees the round goes on as if nothing had been asked. `cause`, `reason`
    and `next_words` are read by everybody once it is agreed to.
    """

    class Cause(models.TextChoices):
        NOBODY = "nobody", _("没有人申报（流标）")
        TOO_FEW = "too_few", _("有效申报太少（流标）")
        OTHER = "other", _("其他原因终止")

    class State(models.TextChoices):
        ASKED = "asked", _("等另一人审核")
        AGREED = "agreed", _("已终止")
        REFUSED = "refused", _("没有同意")
        TAKEN_BACK = "taken_back", _("已收回")

    STANDING: ClassVar = ("asked", "agreed")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="stops")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    cause = models.CharField(_("为什么终止"), max_length=10, choices=Cause)
    reason = models.CharField(_("说明"), max_length=300)
    next_words = models.CharField(_("接下来怎么办"), max_length=300, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("不同意的理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("终止征集")
        verbose_name_plural = _("终止征集")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(state__in=["asked", "agreed"]),
                name="one_standing_stop_per_round",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="round_stop_says_why"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by__isnull=True)
                | ~Q(state="asked") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="round_stop_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "refused"]) | ~Q(decided_by=F("asked_by")),
                name="round_stop_agreed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(answer=""), name="refused_round_stop_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.cause}"

    @property
    def is_failed_call(self) -> bool:
        """流标: nobody, or too few, came; else somebody ended it."""
        return self.cause != self.Cause.OTHER
