"""Service recorded elsewhere, brought in from a file: tried out row by row, then all or nothing.

Balances of an earlier system are another matter (`models.adjustments.OpeningImport`): here come the
records themselves, marked as history.
"""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Station, User
from accounts.rules import regions_of, stations_of
from timebank.models.adjustments import READERS_OF_BOOKS
from timebank.models.banks import TimeBank
from timebank.models.catalogue import ServiceType
from timebank.models.records import ServiceRecord


class HistoryImportQuerySet(models.QuerySet["HistoryImport"]):
    def visible_to(self, user: User) -> Self:
        """One's own, those for one's stations, those of the banks one keeps or audits."""
        return self.filter(
            Q(brought_by=user)
            | Q(station__in=stations_of(user))
            | Q(bank__region__lineage__overlap=regions_of(user, *READERS_OF_BOOKS))
        )

    def waiting(self) -> Self:
        return self.filter(state=HistoryImport.State.PROPOSED)

    def under_way(self) -> Self:
        """What a task is to carry on with."""
        return self.filter(state__in=HistoryImport.UNDER_WAY)


class HistoryImport(models.Model):
    """历史数据导入. A file of service records from another system or a sheet.

    Where the heads of its columns are not known, somebody says what each is (`MAPPING`), once for
    all files with these heads (`HistoryMapping`).
    Every row is looked at first (`READING`), with what is wrong beside it; a clean file is proposed
    by one person, decided by another where the terms say so, and written whole by a task. An import
    is undone as a whole too.
    """

    class Origin(models.TextChoices):
        ZHEJIANG = "zhejiang", _("志愿浙江")
        ZHIYUANHUI = "zhiyuanhui", _("志愿汇")
        SHEET = "sheet", _("普通表格")
        OTHER = "other", _("其他系统")

    class State(models.TextChoices):
        MAPPING = "mapping", _("等您指明各列")
        READING = "reading", _("正在逐行核对")
        FAULTY = "faulty", _("有错，没有导入")
        CLEAN = "clean", _("没有错，等提交")
        PROPOSED = "proposed", _("待复核")
        POSTING = "posting", _("正在写入")
        POSTED = "posted", _("已导入")
        REFUSED = "refused", _("未通过")
        WITHDRAWN = "withdrawn", _("已撤回")
        UNDOING = "undoing", _("正在撤销")
        UNDONE = "undone", _("已撤销")

    UNDER_WAY: ClassVar = ("reading", "posting", "undoing")
    TAKEN: ClassVar = ("proposed", "posting", "posted", "undoing")

    bank = models.ForeignKey(TimeBank, on_delete=models.PROTECT, related_name="+")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(_("来自"), max_length=12, choices=Origin)
    file_name = models.CharField(_("文件名"), max_length=120)
    digest = models.CharField(max_length=64)
    heads = models.JSONField(default=dict)
    troubles = models.JSONField(default=list)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    faulty = models.PositiveIntegerField(default=0)
    minutes = models.BigIntegerField(_("合计（分钟）"), default=0)
    is_redeemable = models.BooleanField(_("记入可用时间"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.READING)
    reason = models.TextField(_("导入说明"), max_length=400, blank=True)
    brought_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField(_("上传时间"), db_default=Now())
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("办结时间"), null=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decision_reason = models.TextField(_("意见"), max_length=400, blank=True)

    objects = HistoryImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("历史数据导入")
        verbose_name_plural = _("历史数据导入")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bank", "digest"],
                condition=Q(state__in=["proposed", "posting", "posted", "undoing"]),
                name="history_file_taken_in_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["reading", "faulty"]) | Q(faulty=0),
                name="history_taken_in_without_faults",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["posting", "posted", "undoing", "undone"])
                | Q(decided_by__isnull=False),
                name="history_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True) | ~Q(undone_by=F("decided_by")),
                name="history_undone_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin}:{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("timebank:history-detail", args=[self.pk])

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY


class HistoryRow(models.Model):
    """历史数据的一行. What the file said, how it was read, what is wrong, what came of it."""

    history = models.ForeignKey(HistoryImport, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField(_("行"))
    cells = models.JSONField()
    volunteer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    service_type = models.ForeignKey(
        ServiceType, on_delete=models.PROTECT, null=True, related_name="+"
    )
    name = models.CharField(_("姓名"), max_length=40, blank=True)
    what = models.CharField(_("服务内容"), max_length=200, blank=True)
    place = models.CharField(_("服务地点"), max_length=60, blank=True)
    led_by = models.CharField(_("活动负责人"), max_length=40, blank=True)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    minutes = models.BigIntegerField(_("服务时长"), default=0)
    key = models.CharField(max_length=48, blank=True)
    errors = models.JSONField(default=list)
    record = models.OneToOneField(
        ServiceRecord, on_delete=models.PROTECT, null=True, related_name="history_row"
    )

    class Meta:
        verbose_name = _("历史数据的一行")
        verbose_name_plural = _("历史数据的行")
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["history", "number"], name="history_row_numbered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.history_id}:{self.number}"


class HistoryMapping(models.Model):
    """列的对应. Which column of a bank's files with these heads is what, as somebody once said."""

    bank = models.ForeignKey(TimeBank, on_delete=models.PROTECT, related_name="+")
    heads_digest = models.CharField(max_length=64)
    origin = models.CharField(_("来自"), max_length=12, choices=HistoryImport.Origin)
    columns = models.JSONField(default=dict)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("列的对应")
        verbose_name_plural = _("列的对应")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bank", "heads_digest"], name="mapping_once_per_bank_and_heads"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank_id}: {self.origin}"
