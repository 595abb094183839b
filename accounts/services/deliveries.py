"""Send what waits: one delivery at a time, and a sweep for those whose task was lost."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation

from accounts.clock import database_now
from accounts.models.messages import Delivery, Message
from accounts.sms import send_sms

log = structlog.get_logger("accounts.deliveries")

# How long after the message the n-th try may begin; after the last one the delivery has failed.
TRIES_AFTER = (
    timedelta(0),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=3),
)
AT_ONCE = 200


@transaction.atomic
def deliver_message(delivery_id: int) -> bool:
    """Send one delivery unless it has been sent, given up, or is being sent; True when it left.

    The row is locked while the letter leaves, so that two workers never send it twice. If the
    process dies between the letter's leaving and the commit, it leaves once more: a second copy
    is better than none. After the fifth try that fails it is given up, which shows in `failed_at`.
    """
    delivery = (
        Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("message__to_user")
        .filter(pk=delivery_id, sent_at__isnull=True, failed_at__isnull=True)
        .first()
    )
    if delivery is None:
        return False
    delivery.tries += 1
    if _left(delivery):
        delivery.sent_at = database_now()
    elif delivery.tries >= len(TRIES_AFTER):
        delivery.failed_at = database_now()
    delivery.save(update_fields=["tries", "sent_at", "failed_at"])
    return delivery.sent_at is not None


def deliver_waiting_messages() -> int:
    """Try every delivery that is due, oldest first; returns how many left."""
    now = database_now()
    due = Q()
    for tries, delay in enumerate(TRIES_AFTER):
        # A first try belongs to the task that was sent with the message: leave it a moment.
        patience = delay or timedelta(seconds=20)
        due |= Q(tries=tries, created_at__lt=now - patience)
    waiting = (
        Delivery.objects.filter(due, sent_at__isnull=True, failed_at__isnull=True)
        .order_by("created_at")
        .values_list("pk", flat=True)[:AT_ONCE]
    )
    return sum(deliver_message(pk) for pk in list(waiting))


def _left(delivery: Delivery) -> bool:
    """Whether the provider took it. Whatever it raises counts as a failed try, and is logged."""
    try:
        with transaction.atomic():
            _send(delivery.message, delivery.channel)
    except Exception:  # a provider may raise anything; the next try is the answer
        log.warning("delivery_failed", delivery=delivery.pk, tries=delivery.tries, exc_info=True)
        return False
    return True


def _send(message: Message, channel: str) -> None:
    person = message.to_user
    with translation.override(person.language):
        facts = {
            "message": message,
            "person": person,
            "site_name": settings.SITE_NAME,
            "link": f"{settings.PUBLIC_ADDRESS}{message.link}" if message.link else "",
        }
        if channel == Delivery.Channel.MAIL:
            assert person.email, "only reachable people get deliveries"
            send_mail(
                # A line break in somebody's words would make the letter one that cannot be sent.
                subject=" ".join(message.title.split()),
                message=render_to_string("accounts/mail/message.txt", facts).strip() + "\n",
                from_email=settings.DEFAULT_FROM_EMAIL,
                recipient_list=[person.email],
            )
        else:
            assert person.phone, "only reachable people get deliveries"
            send_sms(person.phone, render_to_string("accounts/sms/message.txt", facts).strip())
