"""Sign-ups: who takes a seat, who waits for one, who exchanges seats; and calendar feeds.

What may follow what stands in `timebank.lifecycles.activities`; presence is no matter of these.
"""

from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from timebank.models.activities import Activity, Position
from timebank.models.records import ServedSpan
from timebank.models.shifts import Shift


class SignupQuerySet(models.QuerySet["Signup"]):
    def seated(self) -> Self:
        return self.filter(state=Signup.State.SEATED)

    def holding_seats(self) -> Self:
        """Seats that nobody else can have: taken, or offered to somebody."""
        return self.filter(state__in=Signup.HOLDING)

    def active(self) -> Self:
        """Seated, offered a seat, or waiting."""
        return self.filter(state__in=Signup.ACTIVE)

    def waiting(self) -> Self:
        """The waitlist, first come first."""
        return self.filter(state=Signup.State.WAITING).order_by("queued_at", "pk")

    def of_volunteer(self, user: User) -> Self:
        return self.filter(volunteer=user)

    def visible_to(self, user: User) -> Self:
        """One's own, and those of the activities one answers for."""
        led = Activity.objects.organised_by(user)
        return self.filter(Q(volunteer=user) | Q(shift__activity__in=led))

    def with_shift(self) -> Self:
        return self.select_related(
            "attendance",
            "position",
            "feedback",
            "shift__region",
            "shift__activity__service_type",
            "shift__activity__station",
            "shift__activity__organisation",
            "shift__activity__community",
        )


class Signup(models.Model):
    """报名. A volunteer takes a numbered seat in a shift, or waits for one.

    The number is unique among the seats held, so a seat never has two people; `starts_at` and
    `ends_at` are the shift's, kept here so that the database itself keeps a volunteer from being
    in two places at once.
    """

    class State(models.TextChoices):
        SEATED = "seated", _("已报名")
        WAITING = "waiting", _("候补中")
        OFFERED = "offered", _("有名额，等您确认")
        CANCELLED = "cancelled", _("已取消报名")
        LAPSED = "lapsed", _("候补名额已过期")
        RELEASED = "released", _("活动取消，不用来")

    class Came(models.TextChoices):
        SELF = "self", _("自己报名")
        WALK_IN = "walk_in", _("现场补报名")
        LIST = "list", _("接龙名单")
        SWAP = "swap", _("换班")

    HOLDING: ClassVar = ("seated", "offered")
    ACTIVE: ClassVar = ("seated", "offered", "waiting")

    shift = models.ForeignKey(
        Shift, on_delete=models.PROTECT, related_name="signups", verbose_name=_("场次")
    )
    volunteer = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="signups", verbose_name=_("志愿者")
    )
    position = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="signups",
        verbose_name=_("岗位"),
    )
    state = models.CharField(_("状态"), max_length=10, choices=State)
    seat = models.PositiveSmallIntegerField(_("座位号"), null=True, blank=True)
    came = models.CharField(_("来源"), max_length=8, choices=Came, default=Came.SELF)
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    queued_at = models.DateTimeField(_("报名时间"), db_default=Now())
    offer_ends_at = models.DateTimeField(_("请在此之前确认"), null=True, blank=True)
    ended_at = models.DateTimeField(_("了结时间"), null=True, blank=True)
    ended_for = models.CharField(_("原因"), max_length=120, blank=True)
    signed_up_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = SignupQuerySet.as_manager()

    class Meta:
        verbose_name = _("报名")
        verbose_name_plural = _("报名")
        ordering: ClassVar = ["queued_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shift", "volunteer"],
                condition=Q(state__in=["seated", "offered", "waiting"]),
                name="signed_up_once_per_shift",
            ),
            models.UniqueConstraint(
                fields=["shift", "seat"],
                condition=Q(state__in=["seated", "offered"]),
                name="seat_taken_by_one",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["seated", "offered"]) | Q(seat__gte=1),
                name="seated_signup_has_its_seat",
            ),
            models.CheckConstraint(
                condition=Q(state="offered", offer_ends_at__isnull=False) | ~Q(state="offered"),
                name="offer_says_until_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["seated", "offered", "waiting"], ended_at__isnull=True)
                | ~Q(state__in=["seated", "offered", "waiting"]) & Q(ended_at__isnull=False),
                name="ended_signup_says_when",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="signup_ends_after_it_starts"
            ),
            ExclusionConstraint(
                name="signed_up_for_one_place_at_a_time",
                expressions=[
                    ("volunteer", RangeOperators.EQUAL),
                    (
                        ServedSpan("starts_at", "ends_at", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state__in=["seated", "offered"]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["volunteer", "starts_at"], name="signup_by_volunteer"),
            models.Index(
                fields=["shift", "queued_at"],
                condition=Q(state="waiting"),
                name="signup_waiting_by_shift",
            ),
            models.Index(
                fields=["offer_ends_at"], condition=Q(state="offered"), name="signup_offer_by_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shift_id}: {self.volunteer_id}"

    def get_absolute_url(self) -> str:
        return self.shift.get_absolute_url()


class SignupFeedback(models.Model):
    """评单. The organiser's word on what was done in a seat; given once, the volunteer reads it.

    For the 红色社工 it closes 菜单–点单–评单: a position was offered, chosen, and is judged.
    """

    signup = models.OneToOneField(Signup, on_delete=models.PROTECT, related_name="feedback")
    stars = models.PositiveSmallIntegerField(_("满意程度"))
    words = models.CharField(_("一句话"), max_length=200, blank=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("场次评单")
        verbose_name_plural = _("场次评单")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stars__gte=1, stars__lte=5), name="signup_feedback_has_1_to_5_stars"
            )
        ]

    def __str__(self) -> str:
        return f"{self.signup_id}: {self.stars}"


class Swap(models.Model):
    """换班. One volunteer offers their seat to another, for the other's seat or for nothing."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("等对方同意")
        AGREED = "agreed", _("已换班")
        DECLINED = "declined", _("对方没有同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    given = models.ForeignKey(Signup, on_delete=models.PROTECT, related_name="swaps_offered")
    wanted = models.ForeignKey(
        Signup, on_delete=models.PROTECT, null=True, blank=True, related_name="swaps_asked"
    )
    to_volunteer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="swaps_received")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField(_("提出时间"), db_default=Now())
    ended_at = models.DateTimeField(_("了结时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("换班")
        verbose_name_plural = _("换班")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["given"], condition=Q(state="proposed"), name="seat_in_one_swap_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", ended_at__isnull=True)
                | ~Q(state="proposed") & Q(ended_at__isnull=False),
                name="ended_swap_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_id} → {self.to_volunteer_id}"


class CalendarFeed(models.Model):
    """日历订阅. A secret address under which a phone's calendar reads somebody's shifts.

    The address carries a signature over `nonce`, so that a copy of the table opens nothing.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="calendar_feeds")
    nonce = models.UUIDField(unique=True, editable=False)
    made_at = models.DateTimeField(_("开通时间"), db_default=Now())
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("日历订阅")
        verbose_name_plural = _("日历订阅")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(revoked_at__isnull=True),
                name="calendar_feed_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"
