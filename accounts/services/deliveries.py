"""Send what waits: one delivery at a time, and a sweep for those whose task was lost."""

from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.clock import database_now
from accounts.models.invitations import Invitation
from accounts.models.messages import Delivery, Message
from accounts.selectors.people import user_by_contact
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
        .select_related("message__to_user", "invitation__invited_by")
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
            if delivery.message is not None:
                _send_message(delivery.message, delivery.channel)
            else:
                assert delivery.invitation is not None, "delivery_carries_one_thing"
                _send_invitation(delivery.invitation, delivery.channel)
    except Exception:  # a provider may raise anything; the next try is the answer
        log.warning("delivery_failed", delivery=delivery.pk, tries=delivery.tries, exc_info=True)
        return False
    return True


def _send_message(message: Message, channel: str) -> None:
    person = message.to_user
    contact = person.email if channel == Delivery.Channel.MAIL else person.phone
    assert contact, "only reachable people get deliveries"
    with translation.override(person.language):
        facts = {"message": message, "person": person, "link": _address(message.link)}
        _send(contact, channel, "message", message.title, facts, values={"title": message.title})


def _send_invitation(invitation: Invitation, channel: str) -> None:
    """In the language of whoever it is, if we know them; nothing else in it depends on that."""
    if invitation.state != Invitation.State.OPEN:
        return  # answered or taken back while the letter waited
    person = user_by_contact(invitation.contact)
    with translation.override(person.language if person else settings.LANGUAGE_CODE):
        what = f"{invitation.scope} · {invitation.get_kind_display()}"
        title = _("邀请您担任%(what)s") % {"what": what}
        facts = {
            "invitation": invitation,
            "what": what,
            "who": invitation.invited_by.display_name,
            "link": _address(invitation.get_absolute_url()),
        }
        _send(invitation.contact, channel, "invitation", title, facts, values={"what": what})


def _address(link: str) -> str:
    return f"{settings.PUBLIC_ADDRESS}{link}" if link else ""


def _send(
    contact: str,
    channel: str,
    template: str,
    subject: str,
    facts: dict[str, Any],
    *,
    values: dict[str, str],
) -> None:
    facts["site_name"] = settings.SITE_NAME
    text = render_to_string(f"accounts/{channel}/{template}.txt", facts).strip()
    if channel == Delivery.Channel.SMS:
        send_sms(contact, text, template=template, values=values)
        return
    send_mail(
        # A line break in somebody's words would make the letter one that cannot be sent.
        subject=" ".join(subject.split()),
        message=text + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        recipient_list=[contact],
    )
