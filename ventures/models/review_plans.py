"""评审办法: what a round does beyond the plain meeting. No row: five to seven people score all."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ventures.models.rounds import Round


class ReviewPlan(models.Model):
    """评审办法. The options a round has switched on, and the figures they work with."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="review_plan")
    by_invitation = models.BooleanField(_("先发邀请，接受的才任评委"), default=False)
    by_draw = models.BooleanField(_("从专家库随机抽取"), default=False)
    divides = models.BooleanField(_("项目分给评委，不是人人全评"), default=False)
    readers = models.PositiveSmallIntegerField(_("每个项目几人评"), default=5)
    least = models.PositiveSmallIntegerField(_("每人至少几份"), default=0)
    most = models.PositiveSmallIntegerField(_("每人至多几份"), default=30)
    answer_days = models.PositiveSmallIntegerField(_("邀请几天内答复"), default=5)
    # What speaks against a pair, weighed against one another; 0 is not asked.
    field_weight = models.PositiveSmallIntegerField(_("领域不对口"), default=60)
    place_weight = models.PositiveSmallIntegerField(_("不熟悉当地"), default=20)
    again_weight = models.PositiveSmallIntegerField(_("以前评过这家"), default=30)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("评审办法")
        verbose_name_plural = _("评审办法")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(least__lte=F("most")),
                name="review_plan_least_below_most",
                violation_error_message=_("至少的份数不能多于至多的份数。"),
            ),
            models.CheckConstraint(
                condition=Q(readers__gte=1, most__gte=1, answer_days__gte=1),
                name="review_plan_counts_from_one",
                violation_error_message=_("人数、份数和天数都要从 1 起。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.round)
