"""End an order: confirm, dispute, decide a dispute, cancel, decline.

What was set aside is posted to the volunteer or goes back; a dispute leaves it where it is until
somebody decides who is not party to it. How an order gets that far stands in `services.orders`,
what ends by itself in `services.order_lapses`.
"""

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as stored

from accounts.clock import database_now
from accounts.models import User
from accounts.reasons import required
from timebank.errors.orders import ServiceBegun
from timebank.errors.records import RelativeConfirmation, WordMissing
from timebank.lifecycles.orders import ORDER
from timebank.models import ServiceOrder, ServiceRecord
from timebank.rules import orders as rules
from timebank.selectors.evidence import is_demanded
from timebank.services.feedback import give_feedback
from timebank.services.order_news import tell_of_order
from timebank.services.order_outcomes import release_order, settle_order
from timebank.services.order_steps import asked_for, locked_order
from timebank.terms.provenance import Evidence, provenance_terms

Provenance = ServiceRecord.Provenance


@transaction.atomic
def confirm_order(
    order: ServiceOrder,
    *,
    stars: int,
    words: str = "",
    heard: str = Provenance.STATION,
    word: str = "",
    acting_user: User,
) -> ServiceOrder:
    """Say that it happened, and how it was (评单): the minutes become the volunteer's.

    The time served settles, up to what was set aside; the rest is free again. A confirmed service
    record is left, linked to that transfer, which says what really confirmed it; `heard` is how
    the station knows (`CALL_BACK` or `STATION`), where it speaks for a recipient who gave no code,
    and `word` whom it asked and what they said. Confirming again moves nothing.
    Refused: `OutOfTurn` (also: confirmed before), `NotAllowed` (also: by the volunteer),
    `RelativeConfirmation`, `WordMissing` (where the terms of that source demand one), `OverCeiling`
    (the volunteer's account is full), `RecordsOverlap` (the volunteer has since recorded another
    service then).
    """
    order = locked_order(order)
    if rules.may_judge_service(acting_user, order) and rules.is_kin_of_volunteer(
        acting_user, order
    ):
        raise RelativeConfirmation()
    ORDER.require(order, "confirm", acting_user=acting_user)
    provenance = _who_said_so(order, heard, acting_user)
    _require_word(order, provenance, word)
    settle_order(
        order,
        "confirm",
        minutes=order.due_minutes,
        provenance=provenance,
        word=word.strip()[: ServiceRecord.WORD_LENGTH],
        acting_user=acting_user,
    )
    give_feedback(order, stars=stars, words=words, acting_user=acting_user)
    return order


@transaction.atomic
def dispute_order(order: ServiceOrder, *, reason: str, acting_user: User) -> ServiceOrder:
    """Say that it did not happen, or not like that; nothing moves before somebody decides who is
    not party to it: the station, else the social workers of its town. Both are told.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`.
    """
    order = locked_order(order)
    reason = required(reason)
    change = ORDER.move(
        order,
        "dispute",
        acting_user=acting_user,
        on_behalf_of=asked_for(order, acting_user),
        reason=reason,
        disputed_by=acting_user,
        lapses_at=None,
    )
    tell_of_order(order, change)
    return order


@transaction.atomic
def uphold_order(
    order: ServiceOrder, *, minutes: int, reason: str, acting_user: User
) -> ServiceOrder:
    """Decide a dispute for the volunteer: these minutes settle, the rest is free again.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed` (also: party to it).
    """
    order = locked_order(order)
    reason = required(reason)
    most = order.due_minutes
    assert most is None or 1 <= minutes <= most, "the form offers no more than was served"
    return settle_order(
        order,
        "uphold",
        minutes=minutes,
        provenance=Provenance.DECISION,
        reason=reason,
        acting_user=acting_user,
    )


@transaction.atomic
def overturn_order(order: ServiceOrder, *, reason: str, acting_user: User) -> ServiceOrder:
    """Decide a dispute for the recipient: everything set aside goes back.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed` (also: party to it).
    """
    return _called_off(order, "overturn", reason, acting_user)


@transaction.atomic
def cancel_order(order: ServiceOrder, *, reason: str = "", acting_user: User) -> ServiceOrder:
    """Call it off before it was served: everything set aside goes back, the volunteer is told.

    Who asked need not say why; the station must.
    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`, and once the agreed time of a taken order
    has begun, to who asked: `ServiceBegun`.
    """
    order = locked_order(order)
    ORDER.require(order, "cancel", acting_user=acting_user)
    require_cancellable(order, acting_user=acting_user)
    if not rules.is_asking(acting_user, order):
        reason = required(reason)
    return release_order(
        order,
        "cancel",
        reason=reason,
        why_released=reason or stored("点单人取消"),
        acting_user=acting_user,
    )


def require_cancellable(order: ServiceOrder, *, acting_user: User) -> None:
    """Refuse with `ServiceBegun` what only the station still calls off; a page asks first too."""
    if rules.is_too_late_to_cancel(acting_user, order, now=database_now()):
        raise ServiceBegun(
            order=order.pk,
            began_at=order.window_starts_at,
            station=order.station.name,
            phone=order.station.phone,
        )


@transaction.atomic
def decline_order(order: ServiceOrder, *, reason: str, acting_user: User) -> ServiceOrder:
    """Nobody was found: everything set aside goes back, who asked is told why.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`.
    """
    return _called_off(order, "decline", reason, acting_user)


def _called_off(order: ServiceOrder, verb: str, reason: str, acting_user: User) -> ServiceOrder:
    order = locked_order(order)
    reason = required(reason)
    return release_order(order, verb, reason=reason, why_released=reason, acting_user=acting_user)


def _require_word(order: ServiceOrder, provenance: str, word: str) -> None:
    assert order.served_from is not None, "delivered_order_says_when"
    day = localdate(order.served_from)
    if is_demanded(Evidence.WORD, provenance, day) and not word.strip():
        evidence = provenance_terms(day).of(provenance).evidence
        raise WordMissing(source=Provenance(provenance).label, evidence=evidence)


def _who_said_so(order: ServiceOrder, heard: str, acting_user: User) -> str:
    """What the service record calls its source: what really happened, nothing better."""
    if rules.code_speaks(order):
        return Provenance.RECIPIENT_CODE
    if order.recipient.user_id == acting_user.pk:
        return Provenance.RECIPIENT
    if not rules.judges_for_recipient(acting_user, order):
        return Provenance.REQUESTER
    assert heard in (Provenance.CALL_BACK, Provenance.STATION), "the form offers nothing else"
    return heard
