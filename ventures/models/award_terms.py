"""By which rules a round's awards are made and made public; stated in the call, fixed with it.

A round without a row has the usual way: the meeting decides by the ranking. The walk by these
rules is arithmetic (`reckoning.award_walk`); what it gave is in `award_walks`.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ventures.models.rounds import Round


class AwardTerms(models.Model):
    """立项规则. How the list is made from the ranking, and what of it the public is shown."""

    class Misfit(models.TextChoices):
        SKIP = "skip", _("跳过，继续看下一名")
        STOP = "stop", _("到此为止")

    class TieOrder(models.TextChoices):
        CRITERIA = "criteria", _("先比第一项指标的平均分，再依次往下比")
        SMALLER = "smaller", _("申请资助少的在前")
        EARLIER = "earlier", _("先提交的在前")

    class Counting(models.TextChoices):
        WORKING = "working", _("工作日")
        CALENDAR = "calendar", _("自然日")

    class MeetingVote(models.TextChoices):
        """Whether the deciding meeting must show that enough came and agreed (`rules.meetings`)."""

        FREE = "free", _("不要求，想记可以记")
        COUNTED = "counted", _("要记，人数和票数不够的不算通过")
        NAMED = "named", _("要记，而且记名表决")

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="award_terms")
    is_walked = models.BooleanField(_("按规则排出建议名单"), default=False)
    misfit = models.CharField(_("余额不够时"), max_length=4, choices=Misfit, default=Misfit.SKIP)
    partial_percent = models.PositiveSmallIntegerField(
        _("余额不够时可部分资助，至少为申请额的（%）"), null=True, blank=True
    )
    threshold_half_points = models.PositiveSmallIntegerField(
        _("入围线（半分）"), null=True, blank=True
    )
    releases_reserves = models.BooleanField(_("专项份额用不完时放开"), default=True)
    tie_order = models.CharField(
        _("同分先后"), max_length=8, choices=TieOrder, default=TieOrder.CRITERIA
    )
    meeting_vote = models.CharField(
        _("会议的到会人数和表决"), max_length=7, choices=MeetingVote, default=MeetingVote.FREE
    )
    notice_counting = models.CharField(
        _("公示天数按"), max_length=8, choices=Counting, default=Counting.WORKING
    )
    names_experts = models.BooleanField(_("公示评委姓名"), default=False)
    publishes_reasons = models.BooleanField(_("公布理由"), default=False)
    publishes_counterfactuals = models.BooleanField(_("公布差多少"), default=False)

    class Meta:
        verbose_name = _("立项规则")
        verbose_name_plural = _("立项规则")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(partial_percent__isnull=True)
                | Q(partial_percent__gte=1, partial_percent__lte=99),
                name="partial_award_of_a_share",
            ),
            models.CheckConstraint(
                condition=Q(threshold_half_points__isnull=True) | Q(threshold_half_points__lte=200),
                name="threshold_within_the_hundred",
            ),
            models.CheckConstraint(
                condition=~Q(misfit="stop") | Q(releases_reserves=False),
                name="ended_walk_releases_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.misfit}"


class AwardLimit(models.Model):
    """份额或上限. A share of the fund kept for a group, or the most one group may have.

    `value` names one group; blank means each one of its own (every organisation, every town).
    """

    class Kind(models.TextChoices):
        RESERVE = "reserve", _("专项份额")
        CEILING = "ceiling", _("上限")

    class Over(models.TextChoices):
        KIND = "kind", _("项目类型")
        TRACK = "track", _("服务人群")
        TIER = "tier", _("档次")
        TEAM = "team", _("每个组织（申报或执行）")
        TOWN = "town", _("每个镇（街道）")

    terms = models.ForeignKey(AwardTerms, on_delete=models.CASCADE, related_name="limits")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("类别"), max_length=8, choices=Kind)
    over = models.CharField(_("对谁"), max_length=8, choices=Over)
    value = models.CharField(_("哪一组"), max_length=60, blank=True)
    percent = models.PositiveSmallIntegerField(_("占资金总额（%）"), null=True, blank=True)
    fen = models.BigIntegerField(_("金额"), null=True, blank=True)
    projects = models.PositiveSmallIntegerField(_("项目数"), null=True, blank=True)

    class Meta:
        verbose_name = _("份额或上限")
        verbose_name_plural = _("份额或上限")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["terms", "kind", "over", "value"], name="award_limit_said_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="reserve", percent__gte=1, percent__lte=100)
                & Q(fen__isnull=True, projects__isnull=True)
                & ~Q(value="")
                | Q(kind="ceiling", percent__isnull=True) & (Q(fen__gt=0) | Q(projects__gte=1)),
                name="award_limit_says_how_much",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_over_display()} {self.value}"
