"""What people carry on paper or on a phone: a volunteer's badge, a recipient's service card.

Each is an address with a signature over `nonce` (`services.service_cards`), so that a copy of these
tables opens nothing; a lost one is revoked and another is made.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, User


class Badge(models.Model):
    """志愿者码. A volunteer shows it, staff scan it: it says who, and opens nothing by itself."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="badges")
    nonce = models.UUIDField(unique=True, editable=False)
    made_at = models.DateTimeField(_("制作时间"), db_default=Now())
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("志愿者码")
        verbose_name_plural = _("志愿者码")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(revoked_at__isnull=True),
                name="badge_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"


class ServiceCard(models.Model):
    """服务卡. A recipient keeps it at home; the volunteer scans it to show having been there."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="service_cards")
    nonce = models.UUIDField(unique=True, editable=False)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("制作时间"), db_default=Now())
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("服务卡")
        verbose_name_plural = _("服务卡")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(revoked_at__isnull=True),
                name="service_card_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"
