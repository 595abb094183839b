"""综合得分: what decides besides the sheets, stated with the call and fixed with it.

A round without a row has the usual way: the sheets alone. How the parts are put together is
arithmetic (`reckoning.composite`).
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from ventures.models.rounds import Round
from ventures.models.rubrics import Rubric


class CompositeTerms(models.Model):
    """综合得分办法. The share of each part, and by which rule it becomes points of a hundred.

    A part with a share of nought is switched off.
    """

    class VoteRule(models.TextChoices):
        TOP = "top", _("得票最多的 100 分，其余按得票比例")
        SHARE = "share", _("投给它的人占投票人数的百分之几，就得几分")

    class PledgeRule(models.TextChoices):
        CAPPED = "capped", _("占满分金额的百分之几就得几分，最多 100 分")
        LOG = "log", _("按金额的对数折算，越往上加分越慢，最多 100 分")

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="composite_terms")
    paper_percent = models.PositiveSmallIntegerField(_("书面评审占（%）"))
    defence_percent = models.PositiveSmallIntegerField(_("路演答辩占（%）"), default=0)
    vote_percent = models.PositiveSmallIntegerField(_("公众投票占（%）"), default=0)
    pledge_percent = models.PositiveSmallIntegerField(_("配资承诺占（%）"), default=0)
    # The sheet of the hall; its criteria are the round's own.
    defence_rubric = models.OneToOneField(
        Rubric, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    least_judges = models.PositiveSmallIntegerField(_("每个项目至少几名评委打分"), default=3)
    # So many of the best by the sheets; nobody is left out where it is empty.
    shortlist = models.PositiveSmallIntegerField(_("前几名入围答辩"), null=True, blank=True)
    choices = models.PositiveSmallIntegerField(_("每人最多选几个项目"), default=1)
    vote_rule = models.CharField(
        _("得票怎么折成分"), max_length=6, choices=VoteRule, default=VoteRule.TOP
    )
    pledge_rule = models.CharField(
        _("承诺金额怎么折成分"), max_length=6, choices=PledgeRule, default=PledgeRule.CAPPED
    )
    # What the pledges bring above the hundred, instead of a share of it; 募捐加分.
    pledge_bonus = models.PositiveSmallIntegerField(_("配资承诺最多加几分"), default=0)
    pledge_full_fen = models.BigIntegerField(_("承诺到多少得满分"), null=True, blank=True)
    pledges_until = models.DateTimeField(_("承诺书交到什么时候"), null=True, blank=True)

    class Meta:
        verbose_name = _("综合得分办法")
        verbose_name_plural = _("综合得分办法")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    paper_percent=Value(100)
                    - F("defence_percent")
                    - F("vote_percent")
                    - F("pledge_percent")
                ),
                name="shares_make_a_hundred",
                violation_error_message=_("几部分的占比加起来要等于 100%。"),
            ),
            models.CheckConstraint(
                condition=Q(defence_percent=0) | Q(defence_rubric__isnull=False),
                name="defence_has_its_criteria",
            ),
            models.CheckConstraint(
                condition=Q(pledge_percent=0, pledge_bonus=0)
                | Q(pledge_full_fen__gt=0, pledges_until__isnull=False),
                name="pledges_have_their_measure",
            ),
            models.CheckConstraint(
                condition=Q(pledge_percent=0) | Q(pledge_bonus=0),
                name="pledges_count_once",
                violation_error_message=_("配资承诺要么占一份，要么另外加分，不能算两次。"),
            ),
            models.CheckConstraint(
                condition=Q(least_judges__gte=1, choices__gte=1)
                & (Q(shortlist__isnull=True) | Q(shortlist__gte=1)),
                name="composite_counts_from_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.paper_percent}"

    @property
    def has_defence(self) -> bool:
        return self.defence_percent > 0

    @property
    def has_vote(self) -> bool:
        return self.vote_percent > 0

    @property
    def has_pledges(self) -> bool:
        return self.pledge_percent > 0 or self.pledge_bonus > 0
