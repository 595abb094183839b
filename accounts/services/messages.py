"""Tell one person something: in the product at once, by mail and SMS after the commit."""

from collections.abc import Callable, Sequence

from celery import current_app
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import override

from accounts.models.messages import Delivery, Message
from accounts.models.people import User

# A sentence, or what says it once the language of its reader is known.
type Words = str | Callable[[], str]
TITLE_LENGTH = 120  # what a message holds; a title names rounds and proposals of any length


@transaction.atomic
def tell(
    user: User,
    *,
    kind: str,
    title: Words,
    body: Words,
    link: str = "",
    key: str,
    channels: Sequence[str] = (Delivery.Channel.MAIL,),
) -> Message:
    """Leave a message in its reader's language, once per `key`; the same key again returns the
    first.

    Mail goes out if the person has a verified address, SMS if asked for and the number is
    verified. What could not go out at once is found by a sweeper.
    """
    message, is_new = Message.objects.get_or_create(
        key=key,
        defaults={
            "to_user": user,
            "kind": kind,
            "title": _said(title, user)[:TITLE_LENGTH],
            "body": _said(body, user),
            "link": link,
        },
    )
    if is_new:
        for channel in channels:
            if _reachable(user, channel):
                delivery = Delivery.objects.create(message=message, channel=channel)
                deliver_after_commit(delivery.pk)
    return message


def _said(words: Words, reader: User) -> str:
    if isinstance(words, str):
        return words
    with override(reader.language):
        return words()


def _reachable(user: User, channel: str) -> bool:
    if channel == Delivery.Channel.MAIL:
        return bool(user.email and user.email_verified)
    return bool(user.phone and user.phone_verified)


def deliver_after_commit(delivery_id: int) -> None:
    """By the task's name: services stand below tasks and do not import them.

    Robust: what was committed stands even if the queue cannot be reached; the sweeper finds it.
    """
    transaction.on_commit(
        lambda: current_app.tasks["accounts.tasks.deliver"].delay(delivery_id), robust=True
    )


def mark_read(message: Message) -> None:
    """Note that the person has opened it; the first time counts."""
    Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=Now())


def mark_all_read(user: User) -> int:
    """Note that the person has seen everything; returns how many were unread."""
    return Message.objects.filter(to_user=user, read_at__isnull=True).update(read_at=Now())
