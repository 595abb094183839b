"""Files people hand in. Who may open one is decided by the thing it belongs to."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User


def stored_under(attachment: "Attachment", _name: str) -> str:
    """A name that says nothing about the file and cannot be guessed."""
    return f"attachments/{attachment.token.hex[:2]}/{attachment.token.hex}{attachment.suffix}"


def thumbnail_under(attachment: "Attachment", _name: str) -> str:
    return f"attachments/{attachment.token.hex[:2]}/{attachment.token.hex}.thumb.webp"


class Attachment(models.Model):
    """附件 / 佐证材料. A file handed in, checked by content and stored once.

    It has no page of its own: the thing it belongs to (a service record, a proposal) looks itself
    up as seen by the user and then hands the file out. What the photo's EXIF said is read once
    before re-encoding and kept only as "matches, does not, absent".
    """

    class Kind(models.TextChoices):
        IMAGE = "image", _("图片")
        PDF = "pdf", _("PDF 文件")
        DOCUMENT = "document", _("Office 文件")

    class Evidence(models.TextChoices):
        MATCHES = "matches", _("相符")
        DIFFERS = "differs", _("不符")
        ABSENT = "absent", _("照片没有这项信息")

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(_("文件名"), max_length=120)
    suffix = models.CharField(max_length=8)
    file = models.FileField(upload_to=stored_under, max_length=200)
    thumbnail = models.FileField(upload_to=thumbnail_under, max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    size_bytes = models.BigIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    taken_in_time = models.CharField(
        _("拍摄时间"), max_length=8, choices=Evidence, default=Evidence.ABSENT
    )
    taken_in_range = models.CharField(
        _("拍摄地点"), max_length=8, choices=Evidence, default=Evidence.ABSENT
    )
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="attachments")
    uploaded_at = models.DateTimeField(_("上传时间"), db_default=Now())

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(size_bytes__gt=0), name="attachment_not_empty"
            )
        ]

    def __str__(self) -> str:
        return self.name
