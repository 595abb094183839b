"""Badges of volunteers and service cards of recipients: make, read, replace.

What stands in the QR is the row's name and a signature that only the product can make.
"""

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models.functions import Now
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Person, User
from accounts.services.changes import record_change
from accounts.services.system_user import the_product
from timebank.errors.presence import CardUnknown, NothingToServeHere
from timebank.models import Badge, ServiceCard, ServiceOrder
from timebank.rules import presence as rules
from timebank.services.order_steps import locked_order

BADGE_SALT = "timebank.badge"
CARD_SALT = "timebank.service_card"
SIGNATURE_LETTERS = 32


# Badges -------------------------------------------------------------------------------


@transaction.atomic
def badge_of(user: User) -> Badge:
    """The volunteer's badge; made the first time it is looked at."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    badge = Badge.objects.filter(user=user, revoked_at=None).first()
    if badge is None:
        badge = Badge.objects.create(user=user, nonce=uuid4())
        record_change(badge, "make", acting_user=user)
    return badge


@transaction.atomic
def badges_of(users: Sequence[User]) -> dict[int, Badge]:
    """Everybody's badge by number of the person; made for who never looked at theirs."""
    known = set(
        Badge.objects.filter(user__in=users, revoked_at=None).values_list("user_id", flat=True)
    )
    missing = [Badge(user=user, nonce=uuid4()) for user in users if user.pk not in known]
    made = {badge.nonce for badge in missing}
    Badge.objects.bulk_create(missing, ignore_conflicts=True)
    badges = {
        badge.user_id: badge for badge in Badge.objects.filter(user__in=users, revoked_at=None)
    }
    for badge in badges.values():
        if badge.nonce in made:
            record_change(badge, "make", acting_user=the_product())
    return badges


@transaction.atomic
def replace_badge(user: User) -> Badge:
    """A lost or copied badge opens nothing any more; a new one is made."""
    for badge in Badge.objects.filter(user=user, revoked_at=None):
        Badge.objects.filter(pk=badge.pk).update(revoked_at=Now())
        record_change(badge, "revoke", acting_user=user)
    return badge_of(user)


def token_of_badge(badge: Badge) -> str:
    return _token(BADGE_SALT, badge.nonce)


def badge_of_token(token: str) -> Badge | None:
    nonce = _nonce(BADGE_SALT, token)
    if nonce is None:
        return None
    return (
        Badge.objects.filter(nonce=nonce, revoked_at=None, user__is_active=True)
        .select_related("user__person")
        .first()
    )


# Service cards --------------------------------------------------------------------------


@transaction.atomic
def make_card(person: Person, *, acting_user: User) -> ServiceCard:
    """Make the recipient's card; an older one stops working. Refused: `NotAllowed`."""
    if not rules.may_make_card(acting_user, person):
        raise NotAllowed()
    Person.objects.select_for_update(no_key=True).only("pk").get(pk=person.pk)
    for card in ServiceCard.objects.filter(person=person, revoked_at=None):
        ServiceCard.objects.filter(pk=card.pk).update(revoked_at=Now())
        record_change(card, "revoke", acting_user=acting_user)
    card = ServiceCard.objects.create(person=person, nonce=uuid4(), made_by=acting_user)
    record_change(card, "make", acting_user=acting_user)
    return card


def card_in_use(person: Person) -> ServiceCard | None:
    cards = ServiceCard.objects.filter(person=person, revoked_at=None)
    return cards.select_related("made_by").first()


def token_of_card(card: ServiceCard) -> str:
    return _token(CARD_SALT, card.nonce)


def card_of_token(token: str) -> ServiceCard | None:
    nonce = _nonce(CARD_SALT, token)
    if nonce is None:
        return None
    return ServiceCard.objects.filter(nonce=nonce, revoked_at=None).select_related("person").first()


def order_at_card(card: ServiceCard, volunteer: User) -> ServiceOrder | None:
    """The order this volunteer has taken for this recipient: the one that comes next."""
    return (
        ServiceOrder.objects.filter(
            recipient=card.person, volunteer=volunteer, state=ServiceOrder.State.ACCEPTED
        )
        .order_by("wanted_on", "wanted_from")
        .first()
    )


@transaction.atomic
def show_card(token: str, *, acting_user: User) -> ServiceOrder:
    """The volunteer scanned the card at the recipient's home: as good as the service code.

    Refused: `CardUnknown`, `NothingToServeHere`.
    """
    card = card_of_token(token)
    if card is None:
        raise CardUnknown()
    order = order_at_card(card, acting_user)
    if order is None:
        raise NothingToServeHere()
    order = locked_order(order)
    if order.volunteer_id != acting_user.pk or order.state != ServiceOrder.State.ACCEPTED:
        raise NothingToServeHere()
    if order.code_matched_at is None:
        order.code_matched_at = database_now()
        order.save(update_fields=["code_matched_at"])
        record_change(order, "show_card", acting_user=acting_user, facts={"card": card.pk})
    return order


# What stands in the QR --------------------------------------------------------------------


def _token(salt: str, nonce: UUID) -> str:
    return f"{nonce.hex}{_signature(salt, nonce)}"


def _nonce(salt: str, token: str) -> UUID | None:
    try:
        nonce = UUID(hex=token[:32])
    except ValueError:
        return None
    return nonce if constant_time_compare(token[32:], _signature(salt, nonce)) else None


def _signature(salt: str, nonce: UUID) -> str:
    digest = salted_hmac(salt, nonce.hex, algorithm="sha256").hexdigest()
    return digest[:SIGNATURE_LETTERS]
