"""Photos that came with a form which could not be taken yet."""

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Attachment, User


class PhotoDraftQuerySet(models.QuerySet["PhotoDraft"]):
    def of(self, user: User) -> Self:
        """A person's own; nobody else ever sees them."""
        return self.filter(person=user)


class PhotoDraft(models.Model):
    """待提交的照片. Kept for the person while they put the rest of a form right, a day at most.

    The time the camera wrote is kept here only so that it can be compared once the form says when
    the service was; it goes with this row.
    """

    attachment = models.OneToOneField(
        Attachment, on_delete=models.PROTECT, related_name="photo_draft"
    )
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="photo_drafts")
    taken_at = models.DateTimeField(_("拍摄时间"), null=True)
    kept_at = models.DateTimeField(db_default=Now(), db_index=True)

    objects = PhotoDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("待提交的照片")
        verbose_name_plural = _("待提交的照片")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return str(self.attachment)
