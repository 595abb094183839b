"""Scans made at the door without a network, brought in later."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from timebank.models.activities import Activity
from timebank.models.shifts import Shift


class OfflineScanQuerySet(models.QuerySet["OfflineScan"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(shift__activity__in=Activity.objects.organised_by(user))

    def to_look_at(self) -> Self:
        """What could not be taken as it came: a person decides."""
        return self.filter(state=OfflineScan.State.CONFLICT)


class OfflineScan(models.Model):
    """离线扫码. One badge scanned by staff without a network; sent twice, it is kept once.

    `client_id` is made by the device, which signs nothing: the list it scans against is signed
    (`services.check_ins`), and who brings the scans in answers for them. `device_at` is evidence.
    """

    class State(models.TextChoices):
        TAKEN = "taken", _("已生效")
        CONFLICT = "conflict", _("待处理")
        DISMISSED = "dismissed", _("不予采用")

    class Verb(models.TextChoices):
        ARRIVE = "arrive", _("签到")
        LEAVE = "leave", _("签退")

    client_id = models.UUIDField(unique=True, editable=False)
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="offline_scans")
    volunteer = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    verb = models.CharField(max_length=8, choices=Verb)
    device_at = models.DateTimeField(_("设备时间"))
    device = models.CharField(max_length=16, blank=True, editable=False)
    scanned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(_("收到时间"), db_default=Now())
    state = models.CharField(_("状态"), max_length=10, choices=State)
    problem = models.CharField(_("问题"), max_length=200, blank=True)
    settled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)

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
                condition=Q(settled_by__isnull=True, settled_at__isnull=True)
                | Q(settled_by__isnull=False, settled_at__isnull=False),
                name="settled_scan_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | Q(settled_by__isnull=False),
                name="scan_dismissed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shift_id}: {self.client_id}"
