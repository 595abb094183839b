"""The trail: one row per thing that changed, written once."""

from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.append_only import append_only


class Change(models.Model):
    """变更记录. What changed, from what to what, who did it, for whom, and why.

    Append-only: the web role may insert and read, nothing else, and a trigger refuses the rest.
    `facts` keeps references and figures, never personal text.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    verb = models.CharField(_("动作"), max_length=40)
    before = models.CharField(_("之前"), max_length=40, blank=True)
    after = models.CharField(_("之后"), max_length=40, blank=True)
    reason = models.TextField(_("理由"), blank=True)
    facts = models.JSONField(_("事实"), default=dict, blank=True)
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="changes_made"
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="changes_made_for",
        null=True,
        blank=True,
    )
    at = models.DateTimeField(_("时间"), db_default=Now())

    class Meta:
        verbose_name = _("变更记录")
        verbose_name_plural = _("变更记录")
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["content_type", "object_id", "id"], name="change_by_subject"),
            models.Index(fields=["acting_user", "-id"], name="change_by_acting_user"),
        ]
        triggers: ClassVar = append_only("changes_are_append_only")

    def __str__(self) -> str:
        return f"{self.content_type_id}:{self.object_id} {self.verb}"
