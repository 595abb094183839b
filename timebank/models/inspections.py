"""双随机: records and inspectors drawn by lot, what was found, and what became of it.

民政部令第67号 art. 20–22: civil affairs checks records at random and publishes the result. How the
lot falls stands in `standalone.draw`, which anyone can run again.
"""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, User
from accounts.rules import regions_of, stations_of
from timebank.models.adjustments import READERS_OF_BOOKS
from timebank.models.banks import TimeBank
from timebank.models.records import ServiceRecord


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def visible_to(self, user: User) -> Self:
        """Officers, administrators and auditors of the bank's place; who inspects in it."""
        return self.filter(
            Q(bank__region__lineage__overlap=regions_of(user, *READERS_OF_BOOKS))
            | Q(items__inspector=user)
        ).distinct()

    def published(self) -> Self:
        return self.filter(state=Inspection.State.PUBLISHED)


class Inspection(models.Model):
    """双随机抽查. One draw: from which records and inspectors, by which lot.

    In two steps, so that nobody can choose the lot: first the pool and the hash of a secret are
    laid down; then a witness says a word, and secret and word together are the seed.
    """

    class State(models.TextChoices):
        PREPARED = "prepared", _("已备库，待抽取")
        DRAWN = "drawn", _("检查中")
        PUBLISHED = "published", _("结果已公开")

    number = models.GeneratedField(
        expression=Concat(Value("CJ"), Cast(F("id") + 1_000, models.CharField())),
        output_field=models.CharField(max_length=24),
        db_persist=True,
        verbose_name=_("编号"),
    )
    bank = models.ForeignKey(TimeBank, on_delete=models.PROTECT, related_name="inspections")
    since = models.DateField(_("从"))
    until = models.DateField(_("到"))
    per_mille = models.PositiveSmallIntegerField(_("抽取比例（千分之）"))
    at_least = models.PositiveSmallIntegerField(_("每个镇街至少"))
    pool = models.JSONField(default=dict)
    pool_hash = models.CharField(max_length=64)
    inspectors = models.JSONField(default=dict)
    secret = models.CharField(max_length=64)
    secret_hash = models.CharField(max_length=64)
    witness = models.CharField(_("见证人"), max_length=40, blank=True)
    word = models.CharField(_("见证人说的话"), max_length=40, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PREPARED)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(_("备库时间"), db_default=Now())
    drawn_at = models.DateTimeField(_("抽取时间"), null=True, blank=True)
    published_at = models.DateTimeField(_("公开时间"), null=True, blank=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("双随机抽查")
        verbose_name_plural = _("双随机抽查")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bank", "since", "until"], name="one_draw_for_a_period"
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="inspection_period_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(state="prepared", word="", drawn_at__isnull=True)
                | ~Q(state="prepared") & ~Q(word="") & Q(drawn_at__isnull=False),
                name="draw_has_a_witness",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="published_inspection_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("timebank:inspection-detail", args=[self.pk])

    @property
    def seed(self) -> str:
        """Secret and word together; empty before the draw."""
        return f"{self.secret}:{self.word}" if self.word else ""


class InspectionItemQuerySet(models.QuerySet["InspectionItem"]):
    def visible_to(self, user: User) -> Self:
        """The inspector's own, those of one's stations once there is a notice, those overseen."""
        noticed = [state for state in InspectionItem.State if state != "assigned"]
        return self.filter(
            Q(inspector=user)
            | Q(record__station__in=stations_of(user), state__in=noticed)
            | Q(inspection__bank__region__lineage__overlap=regions_of(user, *READERS_OF_BOOKS))
        )

    def with_record(self) -> Self:
        return self.select_related(
            "inspection__bank__region",
            "inspector",
            "town",
            "record__volunteer",
            "record__service_type",
            "record__station__region",
            "record__region",
            "record__recipient",
            "record__confirmed_by",
        )


class InspectionItem(models.Model):
    """抽查件. One drawn record and the inspector drawn for it: checklist, notice, reply, re-check.

    `answers` holds the word to each question of the checklist in force when it was filled in.
    """

    class State(models.TextChoices):
        ASSIGNED = "assigned", _("待检查")
        PASSED = "passed", _("检查通过")
        NOTIFIED = "notified", _("已发整改通知")
        REPLIED = "replied", _("已回复，待复查")
        CLOSED = "closed", _("整改完成")
        FALSE = "false", _("记录不实")

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="items")
    record = models.ForeignKey(ServiceRecord, on_delete=models.PROTECT, related_name="inspections")
    town = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    inspector = models.ForeignKey(User, on_delete=models.PROTECT, related_name="inspections")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ASSIGNED)
    answers = models.JSONField(default=dict)
    remarks = models.CharField(_("检查情况"), max_length=400, blank=True)
    checked_at = models.DateTimeField(_("检查时间"), null=True, blank=True)
    demand = models.CharField(_("整改要求"), max_length=400, blank=True)
    reply_by = models.DateField(_("整改期限"), null=True, blank=True)
    reply = models.CharField(_("整改回复"), max_length=400, blank=True)
    replied_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    replied_at = models.DateTimeField(_("回复时间"), null=True, blank=True)
    outcome = models.CharField(_("复查意见"), max_length=400, blank=True)
    closed_at = models.DateTimeField(_("复查时间"), null=True, blank=True)

    objects = InspectionItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("抽查件")
        verbose_name_plural = _("抽查件")
        ordering: ClassVar = ["inspection", "town__code", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inspection", "record"], name="record_drawn_once_in_a_draw"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["notified", "replied", "closed"])
                | ~Q(demand="") & Q(reply_by__isnull=False),
                name="notice_says_what_and_until_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="replied") | ~Q(reply="") & Q(replied_by__isnull=False),
                name="reply_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection_id}: {self.record_id}"

    def get_absolute_url(self) -> str:
        return reverse("timebank:inspection-item", args=[self.pk])
