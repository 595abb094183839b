"""Who may apply, as data: conditions of rounds, programmes and places; what is known of
organisations; and bars after a breach.

The checks themselves are pure functions in `rules/eligibility.py`, named by `Condition.Check`.
"""

from datetime import date
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Attachment, Organisation, Region, User
from ventures.models.programmes import Programme
from ventures.models.rounds import Round


class ApplicantKind(models.TextChoices):
    """申报主体. What stands behind a proposal."""

    REGISTERED = "registered", _("登记的社会组织")
    FILED = "filed", _("备案的社区社会组织（由代管单位签约收款）")
    INITIATOR = "initiator", _("实名发起人")


class Condition(models.Model):
    """申报条件. One check with its figure, of a round, of a programme, or standing in a place.

    What a programme or a higher place asks holds below unless the lower asks for more. A hard one
    is enforced when a proposal is handed in; the others are hints for the office.
    """

    class Check(models.TextChoices):
        KINDS = "kinds", _("哪些主体可以申报")
        AGE = "age", _("登记或备案满多少个月")
        RATING = "rating", _("评估等级不低于几 A")
        ANNUAL_CHECK = "annual_check", _("最近一次年检合格")
        ABNORMAL = "abnormal", _("几年内未列入活动异常名录")
        DISHONEST = "dishonest", _("几年内未列入严重违法失信名单")
        VIOLATION = "violation", _("几年内没有重大违法违规")
        CAP = "cap", _("最多申请多少")
        OWN_SHARE = "own_share", _("自筹（配套）不少于预算的百分之几")
        REGION = "region", _("须在本地登记或备案")
        ONE_PROJECT = "one_project", _("同年各级合计最多几个项目")
        NO_DOUBLE = "no_double", _("同一项目不重复资助")

    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, null=True, blank=True, related_name="conditions"
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="conditions"
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    check_name = models.CharField(_("条件"), max_length=16, choices=Check)
    applicant_kind = models.CharField(
        _("只对"), max_length=12, choices=ApplicantKind, blank=True, default=""
    )
    figure = models.BigIntegerField(_("数值"), default=0)
    kinds = ArrayField(
        models.CharField(max_length=12, choices=ApplicantKind),
        default=list,
        blank=True,
        verbose_name=_("申报主体"),
    )
    above_fen = models.BigIntegerField(_("申请额超过多少才适用"), default=0)
    is_hard = models.BooleanField(_("不符合就不能提交"), default=True)
    valid_from = models.DateField(_("自"), null=True, blank=True)
    valid_until = models.DateField(_("至"), null=True, blank=True)
    document_number = models.CharField(_("依据文号"), max_length=60, blank=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("申报条件")
        verbose_name_plural = _("申报条件")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(round__isnull=False, programme__isnull=True, region__isnull=True)
                | Q(round__isnull=True, programme__isnull=False, region__isnull=True)
                | Q(round__isnull=True, programme__isnull=True, region__isnull=False),
                name="condition_stands_in_one_place",
            ),
            models.CheckConstraint(
                condition=Q(figure__gte=0, above_fen__gte=0), name="condition_figures_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(check_name="kinds") & ~Q(kinds=[])
                | ~Q(check_name="kinds") & Q(kinds=[]),
                name="condition_of_kinds_names_them",
            ),
            models.CheckConstraint(
                condition=Q(round__isnull=False) | Q(valid_from__isnull=False),
                name="standing_condition_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="condition_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["round", "check_name", "applicant_kind"],
                condition=Q(round__isnull=False),
                name="round_asks_each_thing_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_name} {self.figure}"


class StandingFact(models.Model):
    """资信信息. One thing known of an organisation from a named source, with the days it holds.

    A correction ends the row with its reason and adds another; nothing is overwritten.
    """

    class Kind(models.TextChoices):
        RATING = "rating", _("评估等级")
        ANNUAL_CHECK = "annual_check", _("年检（年报）")
        ABNORMAL = "abnormal", _("列入活动异常名录")
        DISHONEST = "dishonest", _("列入严重违法失信名单")
        VIOLATION = "violation", _("重大违法违规")

    class Result(models.TextChoices):
        PASSED = "passed", _("合格")
        BASIC = "basic", _("基本合格")
        FAILED = "failed", _("不合格")
        MISSING = "missing", _("未参加")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="standing_facts"
    )
    kind = models.CharField(_("哪一项"), max_length=12, choices=Kind)
    rating = models.PositiveSmallIntegerField(_("等级（几 A）"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("哪个年度"), null=True, blank=True)
    result = models.CharField(_("结果"), max_length=8, choices=Result, blank=True, default="")
    from_on = models.DateField(_("自"))
    until_on = models.DateField(_("至"), null=True, blank=True)
    source = models.CharField(_("信息来源"), max_length=100)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    struck_at = models.DateTimeField(_("更正时间"), null=True, blank=True)
    struck_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    struck_for = models.CharField(_("更正原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("资信信息")
        verbose_name_plural = _("资信信息")
        ordering: ClassVar = ["-from_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="rating", rating__gte=1, rating__lte=5)
                | ~Q(kind="rating") & Q(rating__isnull=True),
                name="rating_fact_says_how_many_a",
            ),
            models.CheckConstraint(
                condition=Q(kind="annual_check", year__isnull=False) & ~Q(result="")
                | ~Q(kind="annual_check") & Q(year__isnull=True, result=""),
                name="annual_check_says_year_and_result",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="standing_fact_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True, struck_by__isnull=True, struck_for="")
                | Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_for=""),
                name="struck_fact_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organisation", "kind"],
                condition=Q(struck_at__isnull=True),
                name="standing_fact_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind}"


class BarQuerySet(models.QuerySet["Bar"]):
    def in_force(self, day: date) -> Self:
        return self.filter(
            Q(until_on__isnull=True) | Q(until_on__gte=day),
            from_on__lte=day,
            lifted_at__isnull=True,
        )


class Bar(models.Model):
    """限制申报期. Until a day, or until it is lifted, an organisation may apply at no level."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="bars", verbose_name=_("组织")
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("作出决定的地区")
    )
    from_on = models.DateField(_("自"))
    until_on = models.DateField(_("至"), null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=300)
    document_number = models.CharField(_("决定文号"), max_length=60)
    document = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    lifted_at = models.DateTimeField(_("解除时间"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_for = models.CharField(_("解除原因"), max_length=300, blank=True)

    objects = BarQuerySet.as_manager()

    class Meta:
        verbose_name = _("限制申报")
        verbose_name_plural = _("限制申报")
        ordering: ClassVar = ["-from_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="application_bar_says_why"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="application_bar_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_for="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_for=""),
                name="lifted_application_bar_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.from_on}"
