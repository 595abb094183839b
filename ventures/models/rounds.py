"""Rounds (届): one cycle of a programme with its conditions, dates and money.

Tiers, fund sources and conditions of a round are in files of their own; how proposals are judged is
in `rubrics`; what applicants hand in is in `proposals`.
"""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Region, Role, User
from accounts.rules import operated_organisations_of, regions_of
from ventures.models.rubrics import Rubric
from ventures.models.tracks import ProjectKind, Track

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

# Being prepared, or waiting for the second person: nobody outside the office knows of it.
UNPUBLISHED = ("draft", "proposed")
# Between the call and the review: one step, or concepts and then full proposals.
FILING = ("open", "full")
# Nothing more happens in them: the final list is out, or the round was ended without one.
OVER = ("concluded", "stopped")
STAFF_KINDS = (Role.Kind.OFFICER, Role.Kind.FINANCE, Role.Kind.AUDITOR)


class RoundQuerySet(models.QuerySet["Round"]):
    def public(self) -> Self:
        """Rounds whose call was published."""
        return self.exclude(state__in=UNPUBLISHED)

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
            ~Q(state__in=UNPUBLISHED)
            | Q(region__lineage__overlap=regions_of(user, *STAFF_KINDS))
            | Q(operator__in=operated_organisations_of(user))
        )


class Round(models.Model):
    """届 / 批次. One cycle of a programme: a call with its conditions, dates and money.

    Whether it is still open for proposals is not a state but a question to the database's clock:
    `state` says open until review begins, `closes_at` says until when proposals are taken. What it
    gives decides whether there is a fund at all: a designation gives a name and no money. One
    person prepares and proposes the call, another publishes it.
    """

    class Purpose(models.TextChoices):
        GRANT = "grant", _("公益创投（给资金）")
        DESIGNATION = "designation", _("评选授牌（不给资金）")
        PRIZE = "prize", _("金点子征集（给奖金）")

    class Level(models.TextChoices):
        CITY = "city", _("市级")
        TOWN = "town", _("镇（街道）级")
        COMMUNITY = "community", _("村（社区）级")

    class Selects(models.TextChoices):
        """Who says which concepts go on to the full proposal."""

        OFFICE = "office", _("主办方经办人")
        REVIEWERS = "reviewers", _("评委，过半同意的入围")

    class State(models.TextChoices):
        DRAFT = "draft", _("筹备中")
        PROPOSED = "proposed", _("待审核发布")
        OPEN = "open", _("征集")
        FULL = "full", _("完整申报")
        IN_REVIEW = "in_review", _("评审中")
        DECIDED = "decided", _("已集体决策")
        NOTICED = "noticed", _("公示中")
        CONCLUDED = "concluded", _("已公告")
        # Ended before any award: nobody came, too few, or another reason (`RoundStop`).
        STOPPED = "stopped", _("已终止")

        @property
        def public_label(self) -> str | Promise:
            """What applicants and the public read: a decision is not theirs before the notice."""
            return Round.State.IN_REVIEW.label if self == Round.State.DECIDED else self.label

    programme = models.ForeignKey(
        "ventures.Programme",
        on_delete=models.PROTECT,
        related_name="rounds",
        verbose_name=_("创投品牌"),
    )
    code = models.SlugField(_("网址代号"), max_length=40, unique=True)
    number_prefix = models.CharField(
        _("申报编号前缀"),
        max_length=16,
        validators=[RegexValidator(r"^[A-Z0-9-]+$", _("只用大写字母、数字和短横线，如 QC2027-S"))],
        unique=True,
    )
    name = models.CharField(_("名称"), max_length=80)
    purpose = models.CharField(_("征集类型"), max_length=12, choices=Purpose, default=Purpose.GRANT)
    honour = models.CharField(_("授予名称"), max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(_("年度"))
    level = models.CharField(_("层级"), max_length=10, choices=Level)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="rounds", verbose_name=_("地区")
    )
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    sponsor_names = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, verbose_name=_("主办单位")
    )
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
    contact_name = models.CharField(_("联系人"), max_length=40)
    contact_phone = models.CharField(_("联系电话"), max_length=20)
    supervision_phone = models.CharField(_("监督电话"), max_length=20)
    address = models.CharField(_("受理地址"), max_length=120, blank=True)
    fund_fen = models.BigIntegerField(_("资金总额"), default=0)
    cap_fen = models.BigIntegerField(_("单个项目申请上限"), default=0)
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
    # In two steps: a concept until `closes_at`, the full proposal of those selected until here.
    full_closes_at = models.DateTimeField(_("截止提交完整申报书"), null=True, blank=True)
    selected_by = models.CharField(
        _("概要由谁遴选"), max_length=10, choices=Selects, default=Selects.OFFICE
    )
    # What was begun before the close may still be handed in so long.
    grace_minutes = models.PositiveSmallIntegerField(_("宽限（分钟）"), default=0)
    # Until the close and its grace nobody but the applicants opens what was handed in.
    is_sealed = models.BooleanField(_("封存到截止"), default=False)
    # For how long an officer may open a sealed proposal in an emergency; 0: nobody may.
    peek_minutes = models.PositiveSmallIntegerField(_("紧急查看（分钟）"), default=0)
    signature_due_on = models.DateField(_("签章页补交截止日"), null=True, blank=True)
    notice_working_days = models.PositiveSmallIntegerField(_("公示工作日"), default=5)
    publishes_scores = models.BooleanField(_("公布得分"), default=False)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.DRAFT)
    proposals_numbered = models.PositiveIntegerField(default=0, editable=False)
    is_demo = models.BooleanField(_("演示"), default=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    edited_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("提请发布的人"),
    )
    proposed_at = models.DateTimeField(_("提请发布时间"), null=True, blank=True)
    returned_for = models.CharField(_("退回修改的原因"), max_length=300, blank=True)
    published_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审核发布的人"),
    )
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    copied_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name=_("复制自"),
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("届")
        verbose_name_plural = _("届")
        ordering: ClassVar = ["-closes_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="round_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(purpose="designation", fund_fen=0)
                | ~Q(purpose="designation") & Q(fund_fen__gt=0),
                name="round_has_a_fund",
                violation_error_message=_("评选授牌不设资金；其他征集要有资金总额。"),
            ),
            models.CheckConstraint(
                condition=Q(purpose="designation", cap_fen=0)
                | ~Q(purpose="designation") & Q(cap_fen__gt=0, cap_fen__lte=F("fund_fen")),
                name="round_cap_within_fund",
                violation_error_message=_("单个项目上限要大于 0，且不超过资金总额。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed"]) | Q(published_at__isnull=False),
                name="published_round_says_when",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2099), name="round_of_a_sound_year"
            ),
            models.CheckConstraint(
                condition=~Q(state="proposed")
                | Q(proposed_by__isnull=False, proposed_at__isnull=False),
                name="proposed_round_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True)
                | Q(proposed_by__isnull=False) & ~Q(published_by=F("proposed_by")),
                name="round_published_by_another_than_proposed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed", "open", "full"])
                | Q(rubric__isnull=False),
                name="reviewed_round_has_rubric",
            ),
            models.CheckConstraint(
                condition=Q(full_closes_at__isnull=True) | Q(full_closes_at__gt=F("closes_at")),
                name="full_proposals_close_after_concepts",
                violation_error_message=_("完整申报书的截止要晚于概要的截止。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="full") | Q(full_closes_at__isnull=False),
                name="full_stage_follows_concepts",
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

    @property
    def sponsors(self) -> str:
        """Who holds the round, as one line: 海宁市民政局、海宁市委社会工作部."""
        return "、".join(self.sponsor_names)

    @property
    def is_published(self) -> bool:
        return self.state not in UNPUBLISHED

    @property
    def is_stopped(self) -> bool:
        """Ended without awards; `stops` says why."""
        return self.state == self.State.STOPPED

    @property
    def has_concepts(self) -> bool:
        """Whether it is filed in two steps: a concept first, the full proposal when selected."""
        return self.full_closes_at is not None

    @property
    def close_label(self) -> str | Promise:
        """What the close it stands before, or had last, is called."""
        if not self.has_concepts:
            return _("申报截止")
        is_first_step = self.state in (*UNPUBLISHED, self.State.OPEN)
        return _("概要截止") if is_first_step else _("完整申报书截止")

    @property
    def takes_full(self) -> bool:
        """Whether the full proposals of those selected come in now; the clock says until when."""
        return self.state == self.State.FULL

    @property
    def is_filing(self) -> bool:
        """Published and not in review: what comes in, is screened, given time, asked about."""
        return self.state in FILING

    @property
    def has_money(self) -> bool:
        """Whether there is a fund, and so an amount in every decision."""
        return self.purpose != self.Purpose.DESIGNATION

    def most_for(self, requested_fen: int) -> int:
        """What one project may be awarded: a grant never more than was asked for."""
        if self.has_budget:
            return min(requested_fen, self.cap_fen)
        return self.cap_fen

    @cached_property
    def goes_above_hundred(self) -> bool:
        """Whether a proposal may have more than a hundred points (加分)."""
        terms = getattr(self, "composite_terms", None)
        return terms is not None and (terms.pledge_bonus > 0 or self.bonus_kinds.exists())

    @property
    def has_budget(self) -> bool:
        """Whether a proposal plans its spending; an idea is rewarded, not financed."""
        return self.purpose == self.Purpose.GRANT
