"""评审环节: from when to when reviewers may do what in a round. No row: the meeting, as ever.

What follows from a phase is asked of `ventures.rules.review_rights` alone.
"""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from ventures.models.rounds import Round


class PhaseSpan(Func):
    """From its beginning up to, not including, its end."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class ReviewPhase(models.Model):
    """评审环节. One stretch of the reviewing with its rights as data; two never run at once."""

    class Sees(models.TextChoices):
        ASSIGNED = "assigned", _("只看分给自己的")
        TRACK = "track", _("自己那几组的都能看")

    class Others(models.TextChoices):
        NEVER = "never", _("不给看")
        AFTER_OWN = "after_own", _("自己交表以后才能看")
        ALWAYS = "always", _("随时能看")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="review_phases")
    name = models.CharField(_("环节名称"), max_length=30)
    begins_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    sees = models.CharField(
        _("评委看得到哪些申报书"), max_length=10, choices=Sees, default=Sees.ASSIGNED
    )
    hides_applicant = models.BooleanField(_("隐去申报方（盲评）"), default=False)
    names_reviewers = models.BooleanField(_("评委之间显示姓名"), default=False)
    others_scores = models.CharField(
        _("别的评委的评分表"), max_length=10, choices=Others, default=Others.NEVER
    )
    scoring_open = models.BooleanField(_("可以评分、改分"), default=False)
    discussion_open = models.BooleanField(_("评委可以讨论"), default=False)
    answer_open = models.BooleanField(_("申报方可以答复评委意见"), default=False)
    # When it began, those who judge were looked at again for ties; once.
    ties_sought_at = models.DateTimeField(_("再查利害关系的时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("评审环节")
        verbose_name_plural = _("评审环节")
        ordering: ClassVar = ["begins_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")), name="phase_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="phase_has_a_name"),
            ExclusionConstraint(
                name="one_review_phase_at_a_time",
                expressions=[
                    ("round", RangeOperators.EQUAL),
                    (
                        PhaseSpan("begins_at", "ends_at", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name
