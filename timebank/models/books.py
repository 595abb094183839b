"""What is made out of the books for somebody to take along: exports too long for one request."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from timebank.models.ledger import Book, LedgerAccount


def stored_under(export: "BookExport", _name: str) -> str:
    """A name that cannot be guessed; only who asked is handed the file."""
    return f"exports/{export.token.hex[:2]}/{export.token.hex}.{export.format}"


class BookExport(models.Model):
    """导出. A statement or the movements of a book as a file, made later by a task.

    `done` of `total` is how far it has come. The narrowing is kept as the page's own query.
    """

    class Format(models.TextChoices):
        CSV = "csv", _("CSV 表格")
        XLSX = "xlsx", _("Excel 表格（XLSX）")
        PDF = "pdf", _("PDF 打印稿")

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("正在生成")
        READY = "ready", _("已生成")
        FAILED = "failed", _("没有生成")

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    book = models.ForeignKey(
        Book, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    account = models.ForeignKey(
        LedgerAccount,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        null=True,
    )
    narrowing = models.JSONField(_("筛选条件"), default=dict)
    format = models.CharField(_("格式"), max_length=4, choices=Format)
    language = models.CharField(max_length=10)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    file = models.FileField(upload_to=stored_under, max_length=200, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(_("申请时间"), db_default=Now())
    ended_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("导出")
        verbose_name_plural = _("导出")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["asked_at"],
                condition=Q(state__in=["waiting", "running"]),
                name="export_unfinished",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="ready") | ~Q(file=""), name="export_ready_with_its_file"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.format}:{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("timebank:export-detail", args=[self.pk])
