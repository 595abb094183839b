"""Programmes (七彩社区), their rounds, and what a round offers: tracks, kinds and tiers.

How proposals are judged is in `rubrics`; what applicants hand in is in `proposals`.
"""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Region, Role, User
from accounts.rules import operated_organisations_of, regions_of
from ventures.models.rubrics import Rubric

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

STAFF_KINDS = (Role.Kind.OFFICER, Role.Kind.FINANCE, Role.Kind.AUDITOR)


class ProjectKind(models.TextChoices):
    """项目类型. A second dimension beside the track."""

    GOVERNANCE = "governance", _("治理型")
    SERVICE = "service", _("服务型")


class Programme(models.Model):
    """创投品牌. The lasting brand under which rounds run; 七彩社区 is one row of it."""

    code = models.SlugField(_("代号"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    about = models.TextField(_("简介"), blank=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="programmes", verbose_name=_("地区")
    )
    is_demo = models.BooleanField(_("演示"), default=False)

    class Meta:
        verbose_name = _("创投品牌")
        verbose_name_plural = _("创投品牌")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


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


class RoundQuerySet(models.QuerySet["Round"]):
    def public(self) -> Self:
        """Rounds whose call was published."""
        return self.exclude(state=Round.State.DRAFT)

    def open_at(self, now: datetime) -> Self:
        """Rounds that take proposals at this instant."""
        return self.filter(state=Round.State.OPEN, opens_at__lte=now, closes_at__gt=now)

    def run_by(self, user: "User | AnonymousUser") -> Self:
        """Rounds the person has a duty in: staff of the region or above, or the operator."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Q(region__lineage__overlap=regions_of(user, *STAFF_KINDS))
            | Q(operator__in=operated_organisations_of(user))
        )

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Everything published; unpublished rounds only to those who run them."""
        if not user.is_authenticated:
            return self.public()
        return self.filter(
            ~Q(state=Round.State.DRAFT)
            | Q(region__lineage__overlap=regions_of(user, *STAFF_KINDS))
            | Q(operator__in=operated_organisations_of(user))
        )


class Round(models.Model):
    """届 / 批次. One cycle of a programme: a call with its conditions, dates and money.

    Whether it is still open for proposals is not a state but a question to the database's clock:
    `state` says open until review begins, `closes_at` says until when proposals are taken.
    """

    class Level(models.TextChoices):
        CITY = "city", _("市级")
        TOWN = "town", _("镇（街道）级")
        COMMUNITY = "community", _("村（社区）级")

    class State(models.TextChoices):
        DRAFT = "draft", _("筹备中")
        OPEN = "open", _("征集")
        IN_REVIEW = "in_review", _("评审中")
        DECIDED = "decided", _("已集体决策")
        NOTICED = "noticed", _("公示中")
        CONCLUDED = "concluded", _("已公告")

        @property
        def public_label(self) -> str | Promise:
            """What applicants and the public read: a decision is not theirs before the notice."""
            return Round.State.IN_REVIEW.label if self == Round.State.DECIDED else self.label

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="rounds", verbose_name=_("创投品牌")
    )
    code = models.SlugField(_("网址代号"), max_length=40, unique=True)
    number_prefix = models.CharField(
        _("申报编号前缀"),
        max_length=16,
        validators=[RegexValidator(r"^[A-Z0-9-]+$", _("只用大写字母、数字和短横线，如 QC2027-S"))],
        unique=True,
    )
    name = models.CharField(_("名称"), max_length=80)
    level = models.CharField(_("层级"), max_length=10, choices=Level)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="rounds", verbose_name=_("地区")
    )
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    sponsors = models.CharField(_("主办单位"), max_length=120)
    operator = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rounds_operated",
        verbose_name=_("承办单位"),
    )
    about = models.TextField(_("征集说明"), blank=True)
    eligibility = models.TextField(_("谁可以申报"), blank=True)
    not_funded = models.TextField(_("不予资助的支出"), blank=True)
    timetable = models.TextField(_("后续安排"), blank=True)
    coaching = models.CharField(_("辅导时间与地点"), max_length=200, blank=True)
    fund_sources = models.CharField(_("资金来源"), max_length=120, blank=True)
    contact_name = models.CharField(_("联系人"), max_length=40)
    contact_phone = models.CharField(_("联系电话"), max_length=20)
    supervision_phone = models.CharField(_("监督电话"), max_length=20)
    address = models.CharField(_("受理地址"), max_length=120, blank=True)
    fund_fen = models.BigIntegerField(_("资金总额"))
    cap_fen = models.BigIntegerField(_("单个项目申请上限"))
    tracks = models.ManyToManyField(Track, related_name="rounds", verbose_name=_("服务人群"))
    kinds = ArrayField(
        models.CharField(max_length=12, choices=ProjectKind), verbose_name=_("项目类型")
    )
    rubric = models.ForeignKey(
        Rubric,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rounds",
        verbose_name=_("评分标准"),
    )
    opens_at = models.DateTimeField(_("开始申报"))
    closes_at = models.DateTimeField(_("截止申报"))
    signature_due_on = models.DateField(_("签章页补交截止日"), null=True, blank=True)
    notice_working_days = models.PositiveSmallIntegerField(_("公示工作日"), default=5)
    publishes_scores = models.BooleanField(_("公布得分"), default=False)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.DRAFT)
    proposals_numbered = models.PositiveIntegerField(default=0, editable=False)
    is_demo = models.BooleanField(_("演示"), default=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("届")
        verbose_name_plural = _("届")
        ordering: ClassVar = ["-closes_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="round_closes_after_it_opens"
            ),
            models.CheckConstraint(condition=Q(fund_fen__gt=0), name="round_has_a_fund"),
            models.CheckConstraint(
                condition=Q(cap_fen__gt=0, cap_fen__lte=F("fund_fen")),
                name="round_cap_within_fund",
                violation_error_message=_("单个项目上限要大于 0，且不超过资金总额。"),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False),
                name="published_round_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "open"]) | Q(rubric__isnull=False),
                name="reviewed_round_has_rubric",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "closes_at"], name="round_by_state")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("ventures:round-detail", kwargs={"code": self.code})

    @property
    def fund_key(self) -> str:
        """The name the time bank's ledger knows this round's money by."""
        return f"ventures.round:{self.pk}"


class Tier(models.Model):
    """档次. How light or heavy a round's apparatus is for amounts up to a figure."""

    class Form(models.TextChoices):
        SHORT = "short", _("一页简表")
        STANDARD = "standard", _("标准申报书")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="tiers")
    name = models.CharField(_("名称"), max_length=20)
    upto_fen = models.BigIntegerField(_("申请额不超过"))
    form = models.CharField(_("申报表"), max_length=8, choices=Form, default=Form.SHORT)
    budget_line_limit = models.PositiveSmallIntegerField(_("预算行数上限"), default=8)
    review_words = models.CharField(_("评审方式"), max_length=60, blank=True)
    agreement_words = models.CharField(_("协议"), max_length=60, blank=True)
    tranche_words = models.CharField(_("拨款方式"), max_length=60, blank=True)
    follow_up_words = models.CharField(_("过程与结项"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("档次")
        verbose_name_plural = _("档次")
        ordering: ClassVar = ["upto_fen"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "upto_fen"], name="tier_ends_once_per_round"),
            models.UniqueConstraint(fields=["round", "name"], name="tier_named_once_per_round"),
            models.CheckConstraint(condition=Q(upto_fen__gt=0), name="tier_upto_positive"),
            models.CheckConstraint(
                condition=Q(budget_line_limit__gte=1, budget_line_limit__lte=60),
                name="tier_allows_some_budget_lines",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_short(self) -> bool:
        return self.form == self.Form.SHORT
