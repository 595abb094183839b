"""The demo's visible outbox: mails and short messages are kept to be looked at, not sent."""

from collections.abc import Mapping, Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from accounts.models.messages import Delivery, OutboxItem


class OutboxEmailBackend(BaseEmailBackend):
    """A mail backend whose letters end on the outbox page."""

    shows_instead_of_sending = True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        items = [
            OutboxItem(
                channel=Delivery.Channel.MAIL,
                to=to[:120],
                subject=str(letter.subject)[:200],
                body=str(letter.body),
            )
            for letter in email_messages
            for to in letter.recipients()
        ]
        OutboxItem.objects.bulk_create(items)
        return len(email_messages)


class OutboxSmsAdapter:
    """An SMS adapter whose messages end on the outbox page."""

    shows_instead_of_sending = True

    def send(self, phone: str, text: str, *, template: str, values: Mapping[str, str]) -> None:
        OutboxItem.objects.create(channel=Delivery.Channel.SMS, to=phone, body=text)
