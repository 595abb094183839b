"""What was given to the national or provincial system, and what it took.

Which elements are given stands in `terms.exchange`; only records of people who allowed it are ever
in a batch (个人信息保护法 art. 23).
"""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import regions_of
from timebank.models.adjustments import READERS_OF_BOOKS
from timebank.models.banks import TimeBank
from timebank.models.records import ServiceRecord


class ExchangeQuerySet(models.QuerySet["Exchange"]):
    def visible_to(self, user: User) -> Self:
        """Officers, administrators and auditors of the bank's place, or of one above it."""
        return self.filter(bank__region__lineage__overlap=regions_of(user, *READERS_OF_BOOKS))


class Exchange(models.Model):
    """数据报送批次. One file of records for another system; reconciled with what came back."""

    class State(models.TextChoices):
        SENT = "sent", _("已生成，等回执")
        RECONCILED = "reconciled", _("已对账")

    bank = models.ForeignKey(TimeBank, on_delete=models.PROTECT, related_name="+")
    mapping = models.CharField(_("数据元映射"), max_length=40)
    since = models.DateField(_("从"), null=True, blank=True)
    until = models.DateField(_("到"), null=True, blank=True)
    sent = models.PositiveIntegerField(_("报送条数"))
    people = models.PositiveIntegerField(_("涉及人数"))
    without_consent = models.PositiveIntegerField(_("未授权没有报送"), default=0)
    accepted = models.PositiveIntegerField(_("接收"), default=0)
    rejected = models.PositiveIntegerField(_("退回"), default=0)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.SENT)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("生成时间"), db_default=Now())
    reconciled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reconciled_at = models.DateTimeField(_("对账时间"), null=True)

    objects = ExchangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("数据报送批次")
        verbose_name_plural = _("数据报送批次")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(sent__gt=0), name="exchange_sends_something"),
            models.CheckConstraint(
                condition=Q(state="sent", accepted=0, rejected=0)
                | Q(state="reconciled", sent=models.F("accepted") + models.F("rejected")),
                name="exchange_reconciled_to_the_last_row",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank_id}:{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("timebank:exchange-detail", args=[self.pk])


class ExchangeLine(models.Model):
    """报送的一条. The words that were sent of one record, and whether they were taken."""

    class Operation(models.TextChoices):
        ADD = "add", _("新增")
        WITHDRAW = "withdraw", _("撤销")

    class State(models.TextChoices):
        SENT = "sent", _("等回执")
        ACCEPTED = "accepted", _("已接收")
        REJECTED = "rejected", _("被退回")

    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, related_name="lines")
    record = models.ForeignKey(
        ServiceRecord, on_delete=models.PROTECT, related_name="exchange_lines"
    )
    operation = models.CharField(_("操作"), max_length=8, choices=Operation)
    content = models.JSONField()
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.SENT)
    reason = models.CharField(_("退回原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("报送的一条")
        verbose_name_plural = _("报送的条目")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "operation"],
                condition=Q(state__in=["sent", "accepted"]),
                name="record_exchanged_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reason=""), name="rejected_line_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exchange_id}: {self.record_id}"
