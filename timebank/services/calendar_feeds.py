"""The secret address under which a phone's calendar reads somebody's shifts."""

from uuid import UUID, uuid4

from django.db import transaction
from django.db.models.functions import Now
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from accounts.services.changes import record_change
from timebank.models import CalendarFeed

SALT = "timebank.calendar_feed"


@transaction.atomic
def open_feed(user: User) -> CalendarFeed:
    """The person's feed; made the first time."""
    feed = CalendarFeed.objects.filter(user=user, revoked_at=None).first()
    if feed is None:
        feed = CalendarFeed.objects.create(user=user, nonce=uuid4())
        record_change(feed, "open", acting_user=user)
    return feed


@transaction.atomic
def revoke_feed(user: User) -> None:
    """Whoever has the old address reads nothing any more."""
    for feed in CalendarFeed.objects.filter(user=user, revoked_at=None):
        CalendarFeed.objects.filter(pk=feed.pk).update(revoked_at=Now())
        record_change(feed, "revoke", acting_user=user)


def token_of(feed: CalendarFeed) -> str:
    """What stands in the address: the row's name and a signature that only the product can make."""
    return f"{feed.nonce.hex}{_signature(feed.nonce)}"


def feed_of_token(token: str) -> CalendarFeed | None:
    """The feed an address opens; None for whatever was made up, altered or revoked."""
    try:
        nonce = UUID(hex=token[:32])
    except ValueError:
        return None
    if not constant_time_compare(token[32:], _signature(nonce)):
        return None
    return (
        CalendarFeed.objects.filter(nonce=nonce, revoked_at=None, user__is_active=True)
        .select_related("user")
        .first()
    )


def _signature(nonce: UUID) -> str:
    return salted_hmac(SALT, nonce.hex, algorithm="sha256").hexdigest()[:40]
