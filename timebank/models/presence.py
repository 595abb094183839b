"""Presence: when somebody with a seat came and went, how that is known, and who was not there.

What may follow what stands in `timebank.lifecycles.presence`; the figures (which share of a shift
counts, how early one may come) in `timebank.terms.presence`. Sheets of paper are in
`models.sheets`, cards in `models.service_cards`, scans made without a network in
`models.check_ins`.
"""

from typing import ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import regions_of
from timebank.models.activities import Activity
from timebank.models.records import READERS_OF_A_REGION, MinutesAsInterval, ServiceRecord
from timebank.models.sheets import PaperSheet
from timebank.models.shifts import Shift
from timebank.models.signups import Signup

CODE_TRIES = 5
BY_STAFF = ("badge", "staff", "paper", "offline")


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def visible_to(self, user: User) -> Self:
        """One's own, those of the activities one answers for, of the places one looks after."""
        seen = Q(volunteer=user) | Q(shift__activity__in=Activity.objects.organised_by(user))
        overseen = regions_of(user, *READERS_OF_A_REGION)
        if overseen:
            seen |= Q(shift__region__lineage__overlap=overseen)
        return self.filter(seen)

    def of_volunteer(self, user: User) -> Self:
        return self.filter(volunteer=user)

    def there(self) -> Self:
        """Came and has not gone yet, or never told so."""
        return self.filter(state=Attendance.State.PRESENT)

    def contested(self) -> Self:
        return self.filter(state=Attendance.State.CONTESTED)

    def with_shift(self) -> Self:
        return self.select_related(
            "volunteer__person", "signup", "record", "absent_by", "shift__activity__station__region"
        )


class Attendance(models.Model):
    """到场记录. What is known of one person's presence at one shift; at most one of each.

    The instants are the database's; what a device says about time stands beside them as evidence
    (`device_at`). Nobody is tracked: of a place only "in range" and the distance are kept, and only
    where the person consented. `shift_minutes` and `share_percent` are the terms it is judged by.
    """

    class State(models.TextChoices):
        PRESENT = "present", _("已签到")
        LEFT = "left", _("已签退，待核实")
        COUNTED = "counted", _("已记时长")
        SHORT = "short", _("在场时间不够，不计")
        NOTED = "noted", _("已到场，不计入志愿服务时间")
        ABSENT = "absent", _("未到")
        CONTESTED = "contested", _("未到，本人有异议")
        CLEARED = "cleared", _("未到已撤销")

    class How(models.TextChoices):
        CODE = "code", _("扫动态二维码")
        DIGITS = "digits", _("输入六位数字")
        BADGE = "badge", _("工作人员扫志愿者码")
        STAFF = "staff", _("工作人员登记")
        PAPER = "paper", _("纸质签到表")
        OFFLINE = "offline", _("离线扫码")

    signup = models.OneToOneField(Signup, on_delete=models.PROTECT, related_name="attendance")
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="attendances")
    volunteer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="attendances")
    state = models.CharField(_("状态"), max_length=10, choices=State)
    arrived_at = models.DateTimeField(_("签到时间"), null=True, blank=True)
    arrived_how = models.CharField(_("签到方式"), max_length=8, choices=How, blank=True)
    arrived_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    arrived_window = models.BigIntegerField(null=True, blank=True, editable=False)
    left_at = models.DateTimeField(_("签退时间"), null=True, blank=True)
    left_how = models.CharField(_("签退方式"), max_length=8, choices=How, blank=True)
    left_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    left_window = models.BigIntegerField(null=True, blank=True, editable=False)
    reason = models.CharField(_("登记原因"), max_length=120, blank=True)
    device = models.CharField(
        max_length=16,
        blank=True,
        editable=False,
        db_index=True,
        validators=[RegexValidator(r"^[0-9a-f]{16}$")],
    )
    device_at = models.DateTimeField(_("设备时间"), null=True, blank=True, editable=False)
    in_range = models.BooleanField(_("在活动地点附近"), null=True, blank=True)
    distance_metres = models.PositiveIntegerField(_("相距（米）"), null=True, blank=True)
    shift_minutes = models.PositiveIntegerField(editable=False)
    share_percent = models.PositiveSmallIntegerField(editable=False)
    minutes = models.PositiveIntegerField(_("在场时长"), null=True, blank=True)
    record = models.OneToOneField(
        ServiceRecord, on_delete=models.PROTECT, null=True, blank=True, related_name="attendance"
    )
    sheet = models.ForeignKey(
        PaperSheet, on_delete=models.PROTECT, null=True, blank=True, related_name="attendances"
    )
    hindrance = models.CharField(_("没有记时长的原因"), max_length=200, blank=True)
    absent_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    absent_at = models.DateTimeField(_("登记未到的时间"), null=True, blank=True)
    contested_at = models.DateTimeField(_("提出异议的时间"), null=True, blank=True)
    contested_for = models.CharField(_("本人说明"), max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("到场记录")
        verbose_name_plural = _("到场记录")
        ordering: ClassVar = ["signup__seat", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shift", "volunteer"], name="presence_once_per_person_and_shift"
            ),
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=False, arrived_by__isnull=False) & ~Q(arrived_how="")
                | Q(arrived_at__isnull=True, arrived_by__isnull=True, arrived_how=""),
                name="arrival_says_how_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=False, left_by__isnull=False) & ~Q(left_how="")
                | Q(left_at__isnull=True, left_by__isnull=True, left_how=""),
                name="leaving_says_how_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("arrived_at")),
                name="nobody_leaves_before_arriving",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["left", "counted", "short", "noted"],
                    arrived_at__isnull=False,
                    left_at__isnull=False,
                )
                | Q(state="present", arrived_at__isnull=False, left_at__isnull=True)
                | Q(state__in=["absent", "contested", "cleared"], arrived_at__isnull=True),
                name="presence_times_fit_its_state",
            ),
            models.CheckConstraint(
                condition=Q(state="counted", minutes__isnull=False, record__isnull=False)
                | ~Q(state="counted") & Q(record__isnull=True),
                name="counted_presence_has_its_record",
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True)
                | Q(minutes__lte=F("shift_minutes"))
                & Q(left_at__gte=F("arrived_at") + MinutesAsInterval("minutes")),
                name="presence_minutes_within_shift_and_span",
            ),
            models.CheckConstraint(
                condition=~Q(state="counted")
                | Q(minutes__gte=(F("shift_minutes") * F("share_percent") + 99) / 100),
                name="counted_presence_reaches_the_share",
            ),
            models.CheckConstraint(
                condition=Q(share_percent__gte=1, share_percent__lte=100, shift_minutes__gte=1),
                name="presence_terms_make_sense",
            ),
            models.CheckConstraint(
                condition=~Q(arrived_how__in=BY_STAFF) | ~Q(arrived_by=F("volunteer")),
                name="arrival_marked_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(left_how__in=BY_STAFF) | ~Q(left_by=F("volunteer")),
                name="leaving_marked_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(arrived_how="staff") & ~Q(left_how="staff") | ~Q(reason=""),
                name="marking_by_staff_says_why",
            ),
            models.CheckConstraint(
                condition=Q(left_window__isnull=True)
                | Q(arrived_window__isnull=True)
                | Q(left_window__gt=F("arrived_window")),
                name="code_used_once_per_person",
            ),
            models.CheckConstraint(
                condition=Q(in_range__isnull=True, distance_metres__isnull=True)
                | Q(in_range__isnull=False, distance_metres__isnull=False),
                name="range_comes_with_its_distance",
            ),
            models.CheckConstraint(
                condition=Q(absent_by__isnull=True, absent_at__isnull=True)
                & ~Q(state__in=["absent", "contested"])
                | Q(absent_by__isnull=False, absent_at__isnull=False)
                & ~Q(absent_by=F("volunteer")),
                name="absence_says_who_marked_it",
            ),
            models.CheckConstraint(
                condition=~Q(state="contested")
                | Q(contested_at__isnull=False) & ~Q(contested_for=""),
                name="contested_absence_says_why",
            ),
            models.CheckConstraint(
                condition=Q(device="") | Q(device__regex=r"^[0-9a-f]{16}$"),
                name="device_is_a_hash",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["volunteer", "-id"], name="presence_by_volunteer"),
        ]

    def __str__(self) -> str:
        return f"{self.shift_id}: {self.volunteer_id}"

    def get_absolute_url(self) -> str:
        return reverse("timebank:attendance-detail", args=[self.pk])


class CodeTries(models.Model):
    """输码次数. How often somebody typed wrong digits at a shift; after five, staff."""

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="code_tries")
    volunteer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    wrong = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("输码次数")
        verbose_name_plural = _("输码次数")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shift", "volunteer"], name="code_tries_once_per_person_and_shift"
            ),
            models.CheckConstraint(
                condition=Q(wrong__lte=CODE_TRIES), name="digits_tried_5_times_at_most"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shift_id}: {self.volunteer_id}"

    @property
    def left(self) -> int:
        return CODE_TRIES - self.wrong


class MeetingPoint(models.Model):
    """集合点. Where a shift meets, as its leader's phone saw it there; not where people are."""

    shift = models.OneToOneField(Shift, on_delete=models.PROTECT, related_name="meeting_point")
    latitude = models.FloatField()
    longitude = models.FloatField()
    metres = models.PositiveSmallIntegerField(_("范围（米）"), default=300)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("集合点")
        verbose_name_plural = _("集合点")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(latitude__gte=-90, latitude__lte=90)
                & Q(longitude__gte=-180, longitude__lte=180),
                name="meeting_point_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(metres__gte=50, metres__lte=5000), name="meeting_point_has_a_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shift_id}"
