"""A volunteer's question about a record, and the correction that answers it.

民政部令第67号 art. 12–13: who finds an error or an omission in their record may ask, and the
organisation checks in time and puts it right.
"""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import regions_of, stations_of
from timebank.models.records import READERS_OF_A_REGION, ServiceRecord


class RecordQueryQuerySet(models.QuerySet["RecordQuery"]):
    def visible_to(self, user: User) -> Self:
        """One's own, those of one's stations, those of the places one answers for."""
        seen = Q(raised_by=user) | Q(record__station__in=stations_of(user))
        overseen = regions_of(user, *READERS_OF_A_REGION)
        if overseen:
            seen |= Q(record__region__lineage__overlap=overseen)
        return self.filter(seen)

    def unanswered(self) -> Self:
        return self.filter(
            state__in=[
                RecordQuery.State.OPEN,
                RecordQuery.State.PROPOSED,
                RecordQuery.State.ESCALATED,
            ]
        )

    def with_record(self) -> Self:
        return self.select_related(
            "raised_by",
            "proposed_by",
            "decided_by",
            "corrected",
            "record__volunteer",
            "record__service_type",
            "record__station__region",
            "record__region",
            "record__bank__book",
        )


class RecordQuery(models.Model):
    """记录异议. The volunteer says what is wrong with a record; one proposes, another decides.

    A correction is never a change of the record: the old one is reversed, a new row stands.
    """

    class State(models.TextChoices):
        OPEN = "open", _("等站点核对")
        PROPOSED = "proposed", _("已提出更正，等另一人复核")
        KEPT = "kept", _("核对后维持原记录")
        ESCALATED = "escalated", _("不服站点答复，等经办人复核")
        CORRECTED = "corrected", _("已更正")
        WITHDRAWN = "withdrawn", _("本人已撤回")

    class Wrong(models.TextChoices):
        TIME = "time", _("服务时间不对")
        WHAT = "what", _("服务内容或地点不对")
        REVERSED = "reversed", _("不该冲正或不该不予认定")
        OTHER = "other", _("其他")

    record = models.ForeignKey(ServiceRecord, on_delete=models.PROTECT, related_name="queries")
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="record_queries")
    raised_at = models.DateTimeField(_("提出时间"), db_default=Now())
    wrong = models.CharField(_("哪里不对"), max_length=10, choices=Wrong)
    words = models.CharField(_("说明"), max_length=400)
    answer_by = models.DateField(_("最迟答复"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN)
    answer = models.CharField(_("答复"), max_length=400, blank=True)
    what = models.CharField(_("服务内容"), max_length=200, blank=True)
    place = models.CharField(_("服务地点"), max_length=60, blank=True)
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    proposed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    corrected = models.OneToOneField(
        ServiceRecord, on_delete=models.PROTECT, null=True, blank=True, related_name="correction_of"
    )

    objects = RecordQueryQuerySet.as_manager()

    class Meta:
        verbose_name = _("记录异议")
        verbose_name_plural = _("记录异议")
        ordering: ClassVar = ["-raised_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(state__in=["open", "proposed", "escalated"]),
                name="one_query_at_a_time_about_a_record",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="query_says_what_is_wrong"),
            models.CheckConstraint(
                condition=~Q(state="proposed")
                | Q(proposed_by__isnull=False, started_at__isnull=False, ended_at__isnull=False),
                name="proposed_correction_says_what_is_right",
            ),
            models.CheckConstraint(
                condition=~Q(state="corrected")
                | Q(corrected__isnull=False, decided_by__isnull=False)
                & ~Q(decided_by=F("proposed_by")),
                name="correction_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("raised_by")),
                name="query_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("timebank:query-detail", args=[self.pk])
