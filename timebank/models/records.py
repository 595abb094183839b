"""Service records: what a volunteer gave, where, when, for whom, and who confirmed it."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, Func, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.models import Attachment, Person, Region, Role, Station, User
from timebank.models.banks import TimeBank
from timebank.models.catalogue import ServiceType, written_coefficient
from timebank.models.ledger import Transfer
from timebank.models.relations import Relation

READERS_OF_A_REGION = (
    Role.Kind.OFFICER,
    Role.Kind.AUDITOR,
    Role.Kind.COMMUNITY_WORKER,
    Role.Kind.LEAD_WORKER,
    Role.Kind.ADMINISTRATOR,
)


class ServedSpan(Func):
    """The span a record covers, its end not included: back to back is no overlap."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class MinutesAsInterval(Func):
    """Whole minutes as a span of time."""

    template = "make_interval(mins => (%(expressions)s)::integer)"
    output_field = models.DurationField()


class ServiceRecordQuerySet(models.QuerySet["ServiceRecord"]):
    def visible_to(self, user: User) -> Self:
        """One's own records, those of one's stations, those of the places one answers for."""
        mine = Q(volunteer=user) | Q(station__in=rules.stations_of(user))
        overseen = rules.regions_of(user, *READERS_OF_A_REGION)
        if overseen:
            mine |= Q(region__lineage__overlap=overseen)
        return self.filter(mine)

    def of_volunteer(self, user: User) -> Self:
        return self.filter(volunteer=user)

    def awaiting(self, user: User) -> Self:
        """What waits for this person: handed in at their stations by and for other people."""
        here = self.submitted().filter(station__in=rules.stations_of(user))
        kin = Relation.objects.standing()
        return here.exclude(
            Q(volunteer=user)
            | Q(recorded_by=user)
            | Q(volunteer__in=kin.filter(declared_by=user).values("relative"))
            | Q(volunteer__in=kin.filter(relative=user).values("declared_by"))
        )

    def needing_second_eyes(self, regions: list[int]) -> Self:
        """Handed in at stations of these places where nobody but who served or wrote it down could
        confirm it."""
        volunteer = OuterRef(OuterRef("volunteer"))
        kin = Relation.objects.standing().filter(
            Q(declared_by=OuterRef("user"), relative=volunteer)
            | Q(relative=OuterRef("user"), declared_by=volunteer)
        )
        others = (
            Role.objects.active()
            .filter(kind=Role.Kind.COORDINATOR, station=OuterRef("station"))
            .exclude(user=OuterRef("volunteer"))
            .exclude(user=OuterRef("recorded_by"))
            .exclude(Exists(kin))
        )
        return self.submitted().filter(~Exists(others), region__lineage__overlap=regions)

    def submitted(self) -> Self:
        return self.filter(state=ServiceRecord.State.SUBMITTED)

    def returned(self) -> Self:
        return self.filter(state=ServiceRecord.State.RETURNED)

    def confirmed(self) -> Self:
        return self.filter(state=ServiceRecord.State.CONFIRMED)

    def proven(self) -> Self:
        """Confirmed, and nothing open about it: what certificates, stars and boards count.

        What screening holds, or was found false and not yet reversed, waits outside.
        """
        return self.confirmed().exclude(screening__state__in=("held", "false"))

    def standing(self) -> Self:
        """Records that still claim their time: handed in, sent back or confirmed."""
        return self.filter(state__in=ServiceRecord.STANDING)

    def overlapping(self, started_at: Any, ended_at: Any) -> Self:
        """Records whose time meets this time; back to back is not meeting."""
        return self.filter(started_at__lt=ended_at, ended_at__gt=started_at)

    def with_parties(self) -> Self:
        """Read along whatever a list shows of a record."""
        return self.select_related(
            "volunteer", "station", "service_type", "recipient", "confirmed_by", "screening"
        )


class ServiceRecord(models.Model):
    """志愿服务记录. The legal record of service given (条例 art. 19, 民政部令第67号 art. 7).

    The law asks for 活动名称 (`service_type`), 日期 and 服务时间 (`started_at`, `ended_at`,
    `minutes`: time actually given, without travel), 地点 (`place`), 服务内容 (`what`), 活动组织单位
    (`station`) and 活动负责人 (`led_by`, else who confirmed it). Its state moves only through
    `lifecycles.RECORD`; hours are born when it is confirmed, by someone else than the volunteer.
    `verified_how` is the word of who confirmed it, where it lacked what its source demands.

    Two numbers: `minutes`, the fact (`served_minutes`: certificate, stars, honour), and
    `credit_minutes`, what the ledger posts: the fact times the coefficient of that day (in
    hundredths), rounded half up to the whole minute. A record of coefficient 0 credits nothing.
    """

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("待确认")
        RETURNED = "returned", _("已退回")
        WITHDRAWN = "withdrawn", _("已撤回")
        CONFIRMED = "confirmed", _("已确认")
        REVERSED = "reversed", _("已冲正")
        REFUSED = "refused", _("不予认定")

    class Provenance(models.TextChoices):
        CHECK_IN = "check_in", _("站点签到")
        PAPER = "paper", _("纸质签到表现场确认")
        RECIPIENT_CODE = "recipient_code", _("服务对象服务码确认")
        RECIPIENT = "recipient", _("服务对象在平台确认")
        REQUESTER = "requester", _("代办人在平台确认")
        CALL_BACK = "call_back", _("电话回访确认")
        STATION = "station", _("站点代为确认")
        DECISION = "decision", _("争议裁定成立")
        LAPSED = "lapsed", _("到期无异议，自动确认")
        SELF_REPORTED = "self_reported", _("自报")
        BACKFILLED = "backfilled", _("补录")
        HISTORY = "history", _("历史数据导入")

    STANDING: ClassVar = ("submitted", "returned", "confirmed")
    LONGEST: ClassVar = timedelta(hours=24)
    WORD_LENGTH: ClassVar = 200
    ORDERED: ClassVar = "timebank.serviceorder:"

    number = models.GeneratedField(
        expression=Concat(Value("FW"), Cast(F("id") + 10_000_000, models.CharField())),
        output_field=models.CharField(max_length=24),
        db_persist=True,
        verbose_name=_("编号"),
    )
    bank = models.ForeignKey(TimeBank, on_delete=models.PROTECT, related_name="records")
    volunteer = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="service_records",
        verbose_name=_("志愿者"),
    )
    station = models.ForeignKey(
        Station,
        on_delete=models.PROTECT,
        related_name="service_records",
        verbose_name=_("服务站点"),
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="service_records", verbose_name=_("所在地")
    )
    service_type = models.ForeignKey(
        ServiceType,
        on_delete=models.PROTECT,
        related_name="records",
        verbose_name=_("服务类型"),
    )
    what = models.CharField(_("服务内容"), max_length=200)
    place = models.CharField(_("服务地点"), max_length=60)
    led_by = models.CharField(_("活动负责人"), max_length=40, blank=True)
    started_at = models.DateTimeField(_("开始时间"))
    ended_at = models.DateTimeField(_("结束时间"))
    minutes = models.BigIntegerField(_("服务时长"))
    coefficient = models.PositiveSmallIntegerField(_("系数（百分之）"), default=100)
    credit_minutes = models.GeneratedField(
        expression=ExpressionWrapper(
            (F("minutes") * F("coefficient") + Value(50)) / Value(100),
            output_field=models.BigIntegerField(),
        ),
        output_field=models.BigIntegerField(),
        db_persist=True,
        verbose_name=_("记入时间"),
    )
    recipient = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="service_received",
        verbose_name=_("服务对象"),
    )
    for_whom = models.CharField(_("为谁服务"), max_length=40, blank=True)
    provenance = models.CharField(
        _("记录来源"),
        max_length=16,
        choices=Provenance,
        default=Provenance.SELF_REPORTED,
    )
    photos = models.ManyToManyField(
        Attachment, blank=True, related_name="service_records", verbose_name=_("照片")
    )
    late_reason = models.CharField(_("晚报原因"), max_length=120, blank=True)
    verified_how = models.CharField(_("怎么核实的"), max_length=WORD_LENGTH, blank=True)
    source = models.CharField(_("出处"), max_length=80, blank=True, db_index=True)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.SUBMITTED)
    returned_for = models.TextField(_("退回原因"), blank=True)
    confirmed_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="records_confirmed",
        verbose_name=_("确认人"),
    )
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    credit = models.ForeignKey(
        Transfer,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        blank=True,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("登记时间"), db_default=Now())
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = ServiceRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("志愿服务记录")
        verbose_name_plural = _("志愿服务记录")
        ordering: ClassVar = ["-started_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_at__gt=F("started_at")), name="record_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__lte=F("started_at") + timedelta(hours=24)),
                name="record_within_24_hours",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gt=0)
                & Q(ended_at__gte=F("started_at") + MinutesAsInterval("minutes")),
                name="record_minutes_within_its_span",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("volunteer")),
                name="record_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(
                    Q(credit__isnull=False) | Q(credit_minutes=0),
                    state__in=["confirmed", "reversed"],
                    confirmed_by__isnull=False,
                    confirmed_at__isnull=False,
                )
                | Q(
                    state__in=["submitted", "returned", "withdrawn", "refused"],
                    confirmed_by__isnull=True,
                    confirmed_at__isnull=True,
                    credit__isnull=True,
                ),
                name="record_confirmed_with_confirmer_and_credit",
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False) | ~Q(for_whom=""),
                name="record_says_for_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "refused"]) | ~Q(returned_for=""),
                name="returned_record_says_why",
            ),
            models.CheckConstraint(
                condition=Q(verified_how="") | Q(state__in=["confirmed", "reversed"]),
                name="record_verified_by_who_confirmed",
            ),
            models.UniqueConstraint(fields=["credit"], name="record_credited_by_its_own_transfer"),
            models.UniqueConstraint(
                fields=["source", "volunteer"],
                condition=~Q(source="") & ~Q(state="withdrawn"),
                name="record_once_per_source_and_volunteer",
            ),
            ExclusionConstraint(
                name="volunteer_in_one_place_at_a_time",
                expressions=[
                    ("volunteer", RangeOperators.EQUAL),
                    (
                        ServedSpan("started_at", "ended_at", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state__in=["submitted", "returned", "confirmed"]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["volunteer", "-started_at"], name="record_by_volunteer"),
            models.Index(fields=["station", "-started_at"], name="record_by_station"),
            models.Index(
                fields=["station", "recorded_at"],
                condition=Q(state="submitted"),
                name="record_awaiting_by_station",
            ),
            models.Index(
                fields=["ended_at"],
                condition=Q(state="confirmed"),
                include=["minutes", "volunteer"],
                name="record_confirmed_by_time",
            ),
            models.Index(
                fields=["region"], condition=Q(state="confirmed"), name="record_confirmed_by_region"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("timebank:record-detail", args=[self.pk])

    @property
    def ledger_source(self) -> str:
        """The name by which the ledger knows this record as the cause of a transfer."""
        return f"timebank.servicerecord:{self.pk}"

    @property
    def is_paid_by_order(self) -> bool:
        """Whether its hours came from who ordered the service, not from the bank."""
        return self.source.startswith(self.ORDERED)

    @property
    def served_minutes(self) -> int:
        """The time actually given: what certificates, stars and the board count."""
        return self.minutes

    @property
    def is_weighted(self) -> bool:
        """Whether what was credited differs from what was served."""
        return self.coefficient != 100

    @property
    def written_coefficient(self) -> str:
        return written_coefficient(self.coefficient)

    @property
    def recipient_words(self) -> str:
        """Whom the service was for, in the words a page shows."""
        return self.for_whom or (self.recipient.real_name if self.recipient else "")
