"""A person's messages, and the demo's outbox."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models.messages import Message, OutboxItem
from accounts.models.people import User

CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


@dataclass(frozen=True)
class Letter:
    """A mail or short message as the outbox shows it, its one-time code set apart."""

    channel: str
    channel_label: str
    to: str
    subject: str
    body: str
    code: str
    sent_at: datetime


def messages_of(user: User) -> QuerySet[Message]:
    """What the person was told: unread first, then newest first."""
    return (
        Message.objects.filter(to_user=user)
        .annotate(is_read=Q(read_at__isnull=False))
        .order_by("is_read", "-id")
    )


def letter_of(item: OutboxItem) -> Letter:
    found = CODE.search(item.body)
    return Letter(
        channel=item.channel,
        channel_label=item.get_channel_display(),
        to=item.to,
        subject=item.subject,
        body=item.body,
        code=found.group() if found else "",
        sent_at=item.sent_at,
    )
