"""What people are told, by which ways it went out, and the demo's visible outbox."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.invitations import Invitation
from accounts.models.people import User


class Message(models.Model):
    """站内消息. Told to one person; read or unread."""

    to_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="messages_received")
    kind = models.CharField(max_length=40)
    title = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("正文"))
    link = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(_("时间"), db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("站内消息")
        verbose_name_plural = _("站内消息")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["to_user", "-id"], name="message_by_reader"),
            models.Index(
                fields=["to_user"],
                condition=Q(read_at__isnull=True),
                name="message_unread",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Delivery(models.Model):
    """One letter on its way (mail or SMS): the row a sweeper finds when a task was lost.

    It carries a message to somebody here, or an invitation to a contact of whoever it may be.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", _("邮件")
        SMS = "sms", _("短信")

    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, related_name="deliveries", null=True, blank=True
    )
    invitation = models.ForeignKey(
        Invitation, on_delete=models.PROTECT, related_name="deliveries", null=True, blank=True
    )
    channel = models.CharField(max_length=4, choices=Channel)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("发送记录")
        verbose_name_plural = _("发送记录")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["message", "channel"], name="message_delivered_once_per_channel"
            ),
            models.CheckConstraint(
                condition=Q(message__isnull=False, invitation__isnull=True)
                | Q(message__isnull=True, invitation__isnull=False),
                name="delivery_carries_one_thing",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["created_at"],
                condition=Q(sent_at__isnull=True, failed_at__isnull=True),
                name="delivery_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel}:{self.message_id or self.invitation_id}"


class OutboxItem(models.Model):
    """A mail or short message as it left the product, shown to everyone in demo mode only."""

    channel = models.CharField(max_length=4, choices=Delivery.Channel)
    to = models.CharField(_("收件人"), max_length=120)
    subject = models.CharField(_("主题"), max_length=200, blank=True)
    body = models.TextField(_("内容"))
    sent_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("演示发件箱")
        verbose_name_plural = _("演示发件箱")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.channel} → {self.to}"
