"""分派方案: who would read what, and how good that is, before anybody applies it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ventures.models.reviews import Panel


class AssignmentPlan(models.Model):
    """分派方案. The cheapest there is, with its proof; it changes nothing until it is applied."""

    class Mode(models.TextChoices):
        ENSURE = "ensure", _("补到每个项目都有这么多人")
        TOP_UP = "top_up", _("每个项目再加这么多人")

    class State(models.TextChoices):
        WAITING = "waiting", _("正在计算")
        READY = "ready", _("待采用")
        FAILED = "failed", _("排不出来")
        APPLIED = "applied", _("已采用")
        DROPPED = "dropped", _("未采用")

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="plans")
    mode = models.CharField(_("怎么分"), max_length=8, choices=Mode, default=Mode.ENSURE)
    readers = models.PositiveSmallIntegerField(_("每个项目几人"))
    least = models.PositiveSmallIntegerField(_("每人至少"), default=0)
    most = models.PositiveSmallIntegerField(_("每人至多"))
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    # Numbers of proposal and member, as they were found; what was short where nothing was.
    pairs = models.JSONField(default=list)
    short = models.JSONField(default=dict)
    cost = models.BigIntegerField(null=True, blank=True)
    bound = models.FloatField(null=True, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    # How far the task is that makes a large one.
    begun_at = models.DateTimeField(null=True, blank=True)
    times_begun = models.PositiveSmallIntegerField(default=0, db_default=0)
    ties_sought_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("分派方案")
        verbose_name_plural = _("分派方案")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["panel"],
                condition=Q(state__in=["waiting", "ready"]),
                name="one_assignment_plan_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(least__lte=F("most"), readers__gte=1, most__gte=1),
                name="assignment_plan_loads_make_sense",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ready", "applied"])
                | Q(cost__isnull=False, bound__isnull=False, made_at__isnull=False),
                name="made_plan_says_its_cost",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.panel} {self.get_mode_display()}"

    @property
    def steps_done(self) -> int:
        """Of two: ties are sought, then the proposals are divided."""
        return int(self.ties_sought_at is not None)
