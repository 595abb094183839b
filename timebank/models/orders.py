"""Service orders: somebody chose from the menu, minutes are set aside, a volunteer serves.

Also the recipient's word on it (评单). The minutes themselves move in the ledger; what may follow
what stands in `lifecycles`, who sees how much of an order in `rules`.
"""

from datetime import datetime
from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Attachment, Person, Region, Role, Station, User
from accounts.rules import has_role, regions_of, roles_of_kind, stations_of
from timebank.models.catalogue import weighed, written_coefficient
from timebank.models.ledger import Hold
from timebank.models.listings import Listing

CODE_TRIES = 5


class ServiceOrderQuerySet(models.QuerySet["ServiceOrder"]):
    def open(self) -> Self:
        """Waiting for a volunteer."""
        return self.filter(state=ServiceOrder.State.PLACED)

    def lapsed(self, now: datetime) -> Self:
        """Those that end by themselves now, the longest due first."""
        return self.filter(lapses_at__lte=now).order_by("lapses_at", "pk")

    def under_way(self) -> Self:
        """Neither settled nor given back."""
        return self.exclude(state__in=ServiceOrder.ENDED)

    def of_requester(self, user: User) -> Self:
        """What the person asked for, or what was asked for them."""
        return self.filter(Q(requested_by=user) | Q(recipient__user=user))

    def near(self, user: User) -> Self:
        """In the towns where the person volunteers."""
        return self.filter(station__region__lineage__overlap=volunteer_towns(user))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own (asked, received, served), one's stations', and for those who oversee a region
        all of it; for the social workers of a town what was disputed there. Volunteers near see
        what is open, and that it was just taken, in outline."""
        if not user.is_authenticated:
            return self.none()
        overseen = regions_of(user, Role.Kind.OFFICER, Role.Kind.AUDITOR, Role.Kind.ADMINISTRATOR)
        mine = (
            Q(requested_by=user)
            | Q(recipient__user=user)
            | Q(volunteer=user)
            | Q(station__in=stations_of(user))
        )
        if overseen:
            mine |= Q(station__region__lineage__overlap=overseen)
        towns = [
            role.region_id
            for role in roles_of_kind(user, Role.Kind.LEAD_WORKER, Role.Kind.COMMUNITY_WORKER)
            if role.region is not None and role.region.level != Region.Level.COMMUNITY
        ]
        if towns:
            mine |= Q(disputed_by__isnull=False, station__region__lineage__overlap=towns)
        if has_role(user, Role.Kind.VOLUNTEER):
            mine |= Q(
                state__in=[ServiceOrder.State.PLACED, ServiceOrder.State.ACCEPTED],
                station__region__lineage__overlap=volunteer_towns(user),
            )
        return self.filter(mine)

    def with_names(self) -> Self:
        """What lists and pages show of an order, in the same query."""
        return self.select_related(
            "listing__service_type",
            "station__region__parent",
            "recipient",
            "requested_by",
            "volunteer",
        )


class ServiceOrder(models.Model):
    """服务订单. A choice from the menu for one recipient: asked, taken, served, confirmed.

    `minutes` is how long it may take; what is set aside and settled is that time weighed by the
    `coefficient` its bank set for the wanted day, as `weighed` says.

    `hold` is the set-aside minutes. It is on the account the minutes are drawn from: the asking
    person's own, or the station's pool. While nobody has taken the order it is meant for the
    bank's clearing account; from then on for the volunteer. The service code is told by the
    recipient at the door; the volunteer never reads it here. `lapses_at` is the instant from which
    `services.order_lapses` ends it by itself, set by each step as the terms of that day say.
    """

    class State(models.TextChoices):
        PLACED = "placed", _("等待接单")
        ACCEPTED = "accepted", _("已接单")
        DELIVERED = "delivered", _("待确认")
        SETTLED = "settled", _("已完成")
        CANCELLED = "cancelled", _("已取消")
        DECLINED = "declined", _("未能安排")
        DISPUTED = "disputed", _("争议处理中")

    class DrawnFrom(models.TextChoices):
        OWN = "own", _("自己的时间")
        POOL = "pool", _("爱心时间库")

    ENDED: ClassVar = (State.SETTLED, State.CANCELLED, State.DECLINED)

    listing = models.ForeignKey(
        Listing, on_delete=models.PROTECT, related_name="orders", verbose_name=_("菜单项")
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="service_orders", verbose_name=_("站点")
    )
    requested_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="orders_placed", verbose_name=_("点单人")
    )
    recipient = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="service_orders",
        verbose_name=_("服务对象"),
    )
    volunteer = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="orders_taken",
        null=True,
        blank=True,
        verbose_name=_("志愿者"),
    )
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PLACED)
    minutes = models.PositiveSmallIntegerField(_("预计用时（分钟）"))
    coefficient = models.PositiveSmallIntegerField(_("系数（百分之）"), default=100)
    wanted_on = models.DateField(_("希望日期"))
    wanted_from = models.TimeField(_("从"))
    wanted_to = models.TimeField(_("到"))
    place = models.CharField(_("服务地点"), max_length=60)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    drawn_from = models.CharField(_("时间来源"), max_length=4, choices=DrawnFrom)
    hold = models.OneToOneField(
        Hold,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        editable=False,
        related_name="service_order",
    )
    request_key = models.UUIDField(unique=True, editable=False)
    service_code = models.CharField(_("服务码"), max_length=4, editable=False)
    code_tries = models.PositiveSmallIntegerField(default=0, editable=False)
    code_matched_at = models.DateTimeField(_("服务码核对时间"), null=True, editable=False)
    placed_at = models.DateTimeField(_("点单时间"), db_default=Now())
    accepted_at = models.DateTimeField(_("接单时间"), null=True, blank=True)
    served_from = models.DateTimeField(_("实际开始"), null=True, blank=True)
    served_to = models.DateTimeField(_("实际结束"), null=True, blank=True)
    settled_minutes = models.PositiveSmallIntegerField(_("结算分钟"), null=True, blank=True)
    ended_at = models.DateTimeField(_("了结时间"), null=True, blank=True)
    lapses_at = models.DateTimeField(_("到期自动了结的时间"), null=True, editable=False)
    disputed_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
        verbose_name=_("提出异议的人"),
    )
    photos = models.ManyToManyField(
        Attachment, blank=True, related_name="service_orders", verbose_name=_("照片")
    )

    objects = ServiceOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务订单")
        verbose_name_plural = _("服务订单")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=1440),
                name="order_takes_minutes_of_one_day",
            ),
            models.CheckConstraint(
                condition=Q(coefficient__gte=10, coefficient__lte=500),
                name="order_coefficient_between_a_tenth_and_five",
            ),
            models.CheckConstraint(
                condition=Q(wanted_to__gt=F("wanted_from")), name="order_window_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["placed", "cancelled", "declined"])
                | Q(volunteer__isnull=False),
                name="order_under_way_has_volunteer",
            ),
            models.CheckConstraint(
                condition=~Q(state="placed") | Q(volunteer__isnull=True),
                name="open_order_has_no_volunteer",
            ),
            models.CheckConstraint(
                condition=Q(volunteer__isnull=True) | ~Q(volunteer=F("requested_by")),
                name="nobody_serves_own_order",
            ),
            models.CheckConstraint(
                condition=Q(served_from__isnull=True, served_to__isnull=True)
                | Q(served_to__gt=F("served_from")),
                name="order_service_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["delivered", "disputed", "settled"])
                | Q(served_from__isnull=False),
                name="delivered_order_says_when",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="settled", settled_minutes__gte=1, settled_minutes__lte=F("minutes")
                )
                | ~Q(state="settled") & Q(settled_minutes__isnull=True),
                name="settled_order_within_its_minutes",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["settled", "cancelled", "declined"], ended_at__isnull=False)
                | ~Q(state__in=["settled", "cancelled", "declined"]) & Q(ended_at__isnull=True),
                name="ended_order_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["placed", "accepted", "delivered"], lapses_at__isnull=False)
                | ~Q(state__in=["placed", "accepted", "delivered"]) & Q(lapses_at__isnull=True),
                name="order_under_way_says_when_it_lapses",
            ),
            models.CheckConstraint(
                condition=Q(service_code__regex=r"^[0-9]{4}$"), name="service_code_has_4_digits"
            ),
            models.CheckConstraint(
                condition=Q(code_tries__lte=CODE_TRIES), name="service_code_tried_5_times_at_most"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["station", "state", "wanted_on"], name="order_by_station"),
            models.Index(fields=["requested_by", "-id"], name="order_by_requester"),
            models.Index(fields=["volunteer", "state"], name="order_by_volunteer"),
            models.Index(
                fields=["wanted_on"], condition=Q(state="placed"), name="order_open_by_day"
            ),
            models.Index(
                fields=["lapses_at"], condition=Q(lapses_at__isnull=False), name="order_by_lapse"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("timebank:order-detail", args=[self.pk])

    @property
    def source(self) -> str:
        """The name under which the ledger and the service record know this order."""
        return f"timebank.serviceorder:{self.pk}"

    @property
    def window_starts_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.wanted_on, self.wanted_from))

    @property
    def window_ends_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.wanted_on, self.wanted_to))

    @property
    def code_tries_left(self) -> int:
        return CODE_TRIES - self.code_tries

    @property
    def served_minutes(self) -> int | None:
        """Whole minutes between the actual start and end."""
        if self.served_from is None or self.served_to is None:
            return None
        return int((self.served_to - self.served_from).total_seconds() // 60)

    def weighed(self, minutes: int) -> int:
        """What so much service moves, by the coefficient of the wanted day."""
        return weighed(minutes, self.coefficient)

    @property
    def set_aside_minutes(self) -> int:
        """What the order sets aside."""
        return self.weighed(self.minutes)

    @property
    def moved_minutes(self) -> int | None:
        """What was posted to the volunteer; nothing while it is not settled."""
        return None if self.settled_minutes is None else self.weighed(self.settled_minutes)

    @property
    def is_weighted(self) -> bool:
        return self.coefficient != 100

    @property
    def written_coefficient(self) -> str:
        return written_coefficient(self.coefficient)

    @property
    def due_minutes(self) -> int | None:
        """What would settle: the time served, never more than was set aside."""
        return None if self.served_minutes is None else min(self.served_minutes, self.minutes)


class Feedback(models.Model):
    """服务评价（评单）. The recipient's word on one settled order, given once."""

    order = models.OneToOneField(ServiceOrder, on_delete=models.PROTECT, related_name="feedback")
    stars = models.PositiveSmallIntegerField(_("满意程度"))
    words = models.CharField(_("一句话"), max_length=200, blank=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="feedback_given")
    is_relayed = models.BooleanField(_("由站点代为记录"), default=False)
    given_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("服务评价")
        verbose_name_plural = _("服务评价")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stars__gte=1, stars__lte=5), name="feedback_has_1_to_5_stars"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.stars}"


def volunteer_towns(user: User) -> list[int]:
    """Ids of the towns the person volunteers in: for a community its town, else the region."""
    towns: set[int] = set()
    for role in roles_of_kind(user, Role.Kind.VOLUNTEER):
        region = role.region
        assert region is not None, "role_bound_to_its_place"
        is_community = region.level == Region.Level.COMMUNITY and region.parent_id is not None
        towns.add(region.parent_id if is_community else region.pk)  # type: ignore[arg-type]
    return sorted(towns)
