"""Shifts: when an activity takes place, where, and with how many seats.

Who takes a seat stands in `models.signups`. `timebank.lifecycles.activities` says what follows
what.
"""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, User
from timebank.models.activities import Activity


class ShiftQuerySet(models.QuerySet["Shift"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """As its activity is."""
        return self.filter(activity__in=Activity.objects.visible_to(user))

    def taking_signups(self) -> Self:
        """Open, of an open activity; whether it has begun is asked of the clock."""
        return self.filter(state=Shift.State.OPEN, activity__state=Activity.State.OPEN)

    def with_taken(self) -> Self:
        """How many seats are taken (`taken`) and how many people wait (`waiting`)."""
        return self.annotate(
            taken=Count("signups", filter=Q(signups__state__in=["seated", "offered"])),
            waiting=Count("signups", filter=Q(signups__state="waiting")),
        )

    def with_activity(self) -> Self:
        return self.select_related(
            "activity__service_type",
            "activity__station__region",
            "activity__organisation",
            "activity__community",
            "region__parent",
        )


class Shift(models.Model):
    """场次. A time and place of an activity with a number of seats.

    `recurs_at` is the instant the rule of a recurring activity gave it (RECURRENCE-ID of RFC 5545):
    it stays when the shift itself is moved. `postponed_from` is where it stood before it was
    postponed.
    """

    class State(models.TextChoices):
        OPEN = "open", _("报名中")
        CLOSED = "closed", _("停止报名")
        CANCELLED = "cancelled", _("已取消")
        HELD = "held", _("已结束")

    LONGEST: ClassVar = timedelta(hours=14)

    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="shifts", verbose_name=_("活动")
    )
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="shifts", verbose_name=_("所在地")
    )
    place = models.CharField(_("地点"), max_length=60)
    seats = models.PositiveSmallIntegerField(_("名额"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    recurs_at = models.DateTimeField(null=True, blank=True, editable=False)
    postponed_from = models.DateTimeField(_("原定时间"), null=True, blank=True)
    notice = models.CharField(_("取消或改期的原因"), max_length=120, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("场次")
        verbose_name_plural = _("场次")
        ordering: ClassVar = ["starts_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("starts_at") + timedelta(hours=14)),
                name="shift_within_14_hours",
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1, seats__lte=2000), name="shift_has_seats"
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") & Q(postponed_from__isnull=True) | ~Q(notice=""),
                name="cancelled_or_postponed_shift_says_why",
            ),
            models.UniqueConstraint(
                fields=["activity", "recurs_at"], name="shift_once_per_recurrence"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["activity", "starts_at"], name="shift_by_activity"),
            models.Index(fields=["starts_at"], name="shift_by_time"),
            models.Index(fields=["region", "starts_at"], name="shift_by_region"),
        ]

    def __str__(self) -> str:
        return f"{self.activity} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("timebank:shift-detail", args=[self.pk])

    @property
    def minutes(self) -> int:
        """How long it lasts; nobody's service there is longer."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def cancel_until(self) -> datetime:
        """Until when a volunteer gives the seat back alone; once postponed, until it begins."""
        if self.postponed_from is not None:
            return self.starts_at
        return self.starts_at - timedelta(hours=self.activity.cancel_hours)

    @property
    def source(self) -> str:
        """The name under which the ledger and service records know this shift."""
        return f"timebank.shift:{self.pk}"
