"""Scans made at the door without a network, brought in later."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from timebank.models.activities import Activity
from timebank.models.sheets import overseen_by
from timebank.models.shifts import Shift


class OfflineScanQuerySet(models.QuerySet["OfflineScan"]):
    def visible_to(self, user: User) -> Self:
        """Those of the activities one answers for, and of the stations one stands over."""
        seen = Q(shift__activity__in=Activity.objects.organised_by(user))
        overseen = overseen_by(user)
        if overseen:
            seen |= Q(shift__activity__station__region__lineage__overlap=overseen)
        return self.filter(seen)

    def to_look_at(self) -> Self:
        """What could not be taken as it came: a person decides."""
        return self.filter(state=OfflineScan.State.CONFLICT)

    def with_shift(self) -> Self:
        return self.select_related(
            "volunteer__person",
            "scanned_by",
            "shift__activity__station__region",
            "shift__activity__organisation",
            "shift__activity__community",
        )


class OfflineScan(models.Model):
    """离线扫码. One badge scanned by staff without a network; sent twice, it is kept once.

    `client_id` is made by the device, which signs nothing: the list it scans against is signed
    (`services.manifests`), the badge is signed (`services.service_cards`), and who brings the scans
    in answers for them. `device_at` is evidence; `clock_off_seconds` is how far the device's clock
    was from the server's when it brought the scan in.
    """

    class State(models.TextChoices):
        TAKEN = "taken", _("已生效")
        CONFLICT = "conflict", _("待处理")
        DISMISSED = "dismissed", _("不予采用")

    class Verb(models.TextChoices):
        ARRIVE = "arrive", _("签到")
        LEAVE = "leave", _("签退")

    class Problem(models.TextChoices):
        """Why a person has to look; most are the refusal the same act meets with a network."""

        NO_SEAT = "no_seat", _("没有报名这一场")
        BADGE_UNKNOWN = "badge_unknown", _("志愿者码无效或已停用")
        OWN_BADGE = "not_their_own_presence", _("扫的是登记人自己的码")
        TWICE = "arrived_before", _("已经签到过，重复扫码")
        LEFT_TWICE = "left_before", _("已经签退过，重复扫码")
        NOT_ARRIVED = "not_arrived", _("没有签到，只有签退")
        DECIDED = "presence_decided", _("已登记为未到")
        TOO_EARLY = "too_early_to_arrive", _("早于签到时间")
        TOO_LATE = "too_late_to_arrive", _("晚于签到时间")
        LEFT_TOO_LATE = "too_late_to_leave", _("晚于签退时间")
        TIMES_WRONG = "presence_times_wrong", _("签退早于签到")
        CALLED_OFF = "shift_called_off", _("这一场已经取消")
        CLOCK_OFF = "clock_off", _("手机时间不准")
        BEFORE_LIST = "before_list", _("扫码时间早于下载名单的时间")
        BROUGHT_LATE = "brought_late", _("上传得太晚")
        OTHER = "other", _("没有收下，请核对")

    client_id = models.UUIDField(unique=True, editable=False)
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="offline_scans")
    volunteer = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    verb = models.CharField(_("签到或签退"), max_length=8, choices=Verb)
    device_at = models.DateTimeField(_("手机上的时间"))
    clock_off_seconds = models.IntegerField(_("手机时间相差（秒）"), default=0)
    listed_at = models.DateTimeField(_("名单下载时间"))
    device = models.CharField(max_length=16, blank=True, editable=False)
    scanned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(_("收到时间"), db_default=Now())
    state = models.CharField(_("状态"), max_length=10, choices=State)
    problem = models.CharField(_("问题"), max_length=24, choices=Problem, blank=True)
    settled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    settled_for = models.CharField(_("处理理由"), max_length=120, blank=True)

    objects = OfflineScanQuerySet.as_manager()

    class Meta:
        verbose_name = _("离线扫码")
        verbose_name_plural = _("离线扫码")
        ordering: ClassVar = ["device_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="conflict") | ~Q(problem=""), name="scan_in_conflict_says_why"
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True, settled_at__isnull=True, settled_for="")
                | Q(settled_by__isnull=False, settled_at__isnull=False) & ~Q(settled_for=""),
                name="settled_scan_says_who_when_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | Q(settled_by__isnull=False),
                name="scan_dismissed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True)
                | Q(volunteer__isnull=True)
                | ~Q(settled_by=models.F("volunteer")),
                name="scan_settled_by_another",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["shift"], condition=Q(state="conflict"), name="scan_to_look_at_by_shift"
            )
        ]

    def __str__(self) -> str:
        return f"{self.shift_id}: {self.client_id}"

    def get_absolute_url(self) -> str:
        return reverse("timebank:scan-detail", args=[self.pk])

    @property
    def by_server(self) -> datetime:
        """The device's instant put right by how far its clock was off: what it probably was."""
        return self.device_at - timedelta(seconds=self.clock_off_seconds)

    @property
    def off_minutes(self) -> int:
        return abs(self.clock_off_seconds) // 60
