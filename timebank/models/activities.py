"""Activities: what a station, an organisation or a community invites volunteers to.

When it takes place stands in `models.shifts`, who takes a seat in `models.signups`.
"""

from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Region, Role, Station, User
from accounts.rules import organisations_of, regions_of, stations_of
from timebank.models.catalogue import ServiceType
from timebank.models.qualifications import Qualification

OVERSEERS = (Role.Kind.OFFICER, Role.Kind.AUDITOR, Role.Kind.ADMINISTRATOR)
WORKERS = (Role.Kind.COMMUNITY_WORKER, Role.Kind.LEAD_WORKER)


class ActivityQuerySet(models.QuerySet["Activity"]):
    def announced(self) -> Self:
        """Everything that was opened once: open, closed, held, cancelled."""
        return self.exclude(state=Activity.State.DRAFT)

    def organised_by(self, user: User) -> Self:
        """Those the person answers for: of their station, organisation or community, or led."""
        own = (
            Q(led_by=user)
            | Q(lead_worker=user)
            | Q(owner=Activity.Owner.STATION, station__in=stations_of(user))
            | Q(organisation__in=organisations_of(user))
        )
        places = regions_of(user, *WORKERS)
        if places:
            own |= Q(community__lineage__overlap=places)
        return self.filter(own)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What was announced is public; drafts are their organisers' and overseers'."""
        public = self.announced()
        if not user.is_authenticated:
            return public
        seen = ~Q(state=Activity.State.DRAFT) | Q(pk__in=self.organised_by(user).values("pk"))
        overseen = regions_of(user, *OVERSEERS)
        if overseen:
            seen |= Q(region__lineage__overlap=overseen)
        return self.filter(seen)

    def with_owner(self) -> Self:
        """Whatever a list shows of an activity, in the same query."""
        return self.select_related(
            "service_type", "station__region", "organisation", "community", "region__parent"
        )


class Activity(models.Model):
    """活动. What volunteers are invited to: by whom, where, what may go wrong, who may come.

    The law asks that risks and protection are stated (条例 art. 12, 浙江条例 art. 14) and that
    insurance is bought before there is danger (条例 art. 17). `station` keeps its records, whoever
    owns it. Training, meetings, paid, compulsory and duty hours are no volunteering and never
    become service records (民政部令第67号 art. 19): `counts` says so, with the reason.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        OPEN = "open", _("报名中")
        CLOSED = "closed", _("停止报名")
        CANCELLED = "cancelled", _("已取消")
        HELD = "held", _("已结束")

    class Kind(models.TextChoices):
        ONE_OFF = "one_off", _("单次")
        RECURRING = "recurring", _("定期")
        ROVING = "roving", _("巡回")

    class Owner(models.TextChoices):
        STATION = "station", _("服务站点")
        ORGANISATION = "organisation", _("社会组织")
        COMMUNITY = "community", _("村（社区）")

    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("所有志愿者")
        NEIGHBOURS = "neighbours", _("本镇（街道）志愿者")
        MEMBERS = "members", _("本组织成员")
        SOCIAL_WORKERS = "social_workers", _("持证社工（红色社工）")

    class NotCounted(models.TextChoices):
        TRAINING = "training", _("培训学习")
        MEETING = "meeting", _("会议")
        PAID = "paid", _("有报酬")
        COMPULSORY = "compulsory", _("强制要求参加")
        DUTY = "duty", _("上班时间的本职工作")

    title = models.CharField(_("名称"), max_length=60)
    service_type = models.ForeignKey(
        ServiceType,
        on_delete=models.PROTECT,
        related_name="activities",
        verbose_name=_("服务类型"),
    )
    kind = models.CharField(_("形式"), max_length=10, choices=Kind, default=Kind.ONE_OFF)
    rrule = models.CharField(_("重复规则（RFC 5545）"), max_length=200, blank=True)
    owner = models.CharField(_("主办方"), max_length=12, choices=Owner, default=Owner.STATION)
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="activities", verbose_name=_("记录站点")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("主办组织"),
    )
    community = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="activities_owned",
        verbose_name=_("主办村（社区）"),
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="activities", verbose_name=_("所在地")
    )
    place = models.CharField(_("集合地点"), max_length=60)
    description = models.TextField(_("做什么"), max_length=1200)
    led_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("活动负责人")
    )
    lead_worker = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("带队社工"),
    )
    audience = models.CharField(
        _("谁可以参加"), max_length=16, choices=Audience, default=Audience.EVERYONE
    )
    welcomes_children = models.BooleanField(_("亲子活动（14 岁以下由监护人陪同）"), default=False)
    counts = models.BooleanField(_("计入志愿服务时间"), default=True)
    not_counted = models.CharField(_("不计入的原因"), max_length=12, choices=NotCounted, blank=True)
    risks = models.CharField(_("可能的风险"), max_length=200)
    protection = models.CharField(_("怎样防护"), max_length=200)
    is_dangerous = models.BooleanField(_("可能发生人身危险"), default=False)
    insurance = models.CharField(_("保险（公司、保单号）"), max_length=80, blank=True)
    insured_until = models.DateField(_("保险有效期至"), null=True, blank=True)
    required_qualification = models.CharField(
        _("要求的培训或资质"), max_length=16, choices=Qualification.Kind, blank=True
    )
    cancel_hours = models.PositiveSmallIntegerField(_("最晚提前几小时取消"), default=12)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    cancelled_for = models.CharField(_("取消原因"), max_length=120, blank=True)
    source = models.CharField(_("出处"), max_length=80, blank=True, db_index=True)
    opened_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("活动")
        verbose_name_plural = _("活动")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(owner="station", organisation__isnull=True, community__isnull=True)
                | Q(owner="organisation", organisation__isnull=False, community__isnull=True)
                | Q(owner="community", organisation__isnull=True, community__isnull=False),
                name="activity_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(counts=True, not_counted="") | Q(counts=False) & ~Q(not_counted=""),
                name="activity_counts_or_says_why_not",
            ),
            models.CheckConstraint(
                condition=Q(kind="recurring") & ~Q(rrule="") | ~Q(kind="recurring") & Q(rrule=""),
                name="recurring_activity_has_its_rule",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"])
                | Q(is_dangerous=False)
                | ~Q(insurance="") & Q(insured_until__isnull=False),
                name="dangerous_activity_insured_before_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | ~Q(risks="") & ~Q(protection=""),
                name="open_activity_states_risks_and_protection",
            ),
            models.CheckConstraint(
                condition=Q(is_dangerous=False) | Q(welcomes_children=False),
                name="no_children_where_there_is_danger",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(opened_at__isnull=False),
                name="open_activity_says_since_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_for=""),
                name="cancelled_activity_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["station", "state"], name="activity_by_station"),
            models.Index(fields=["organisation", "state"], name="activity_by_organisation"),
            models.Index(fields=["community", "state"], name="activity_by_community"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("timebank:activity-detail", args=[self.pk])

    @property
    def excludes_minors(self) -> bool:
        """Rescue and the like (浙江省志愿服务条例 art. 9): by its own word, or because its kind of
        service is never without danger.
        """
        return self.is_dangerous or self.service_type.is_dangerous

    @property
    def owner_name(self) -> str:
        """Who invites, in the words a page shows."""
        return str(self.organisation or self.community or self.station)


class PositionQuerySet(models.QuerySet["Position"]):
    def taking_people(self) -> Self:
        """Those that can still be chosen."""
        return self.filter(is_open=True)


class Position(models.Model):
    """岗位. One kind of seat in an activity, with what it asks of the person (菜单–点单–评单).

    One that is given up stays, closed: people may have served in it.
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="positions")
    title = models.CharField(_("岗位"), max_length=30)
    duties = models.CharField(_("做什么"), max_length=120, blank=True)
    seats = models.PositiveSmallIntegerField(_("每场名额"))
    required_qualification = models.CharField(
        _("要求"), max_length=16, choices=Qualification.Kind, blank=True
    )
    is_open = models.BooleanField(_("还招人"), default=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("岗位")
        verbose_name_plural = _("岗位")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(seats__gte=1), name="position_has_a_seat"),
            models.UniqueConstraint(
                fields=["activity", "title"], name="position_titled_once_per_activity"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Stop(models.Model):
    """停靠点. Where a roving activity (公益服务大巴) halts, and for how long."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="stops")
    number = models.PositiveSmallIntegerField(_("第几站"))
    place = models.CharField(_("停靠点"), max_length=60)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    arrives_after_minutes = models.PositiveSmallIntegerField(_("发车后几分钟到"))
    stays_minutes = models.PositiveSmallIntegerField(_("停多久（分钟）"))

    class Meta:
        verbose_name = _("停靠点")
        verbose_name_plural = _("停靠点")
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["activity", "number"], name="stop_numbered_once"),
            models.CheckConstraint(condition=Q(stays_minutes__gte=1), name="stop_lasts_a_minute"),
        ]

    def __str__(self) -> str:
        return self.place
