"""The recipient's own word as the second pair of eyes of a station that is one person.

A code goes to the recipient's own phone and says what was written down; whoever brings it back
shows that the recipient agreed. That the number is theirs is known from somebody else
(`services.numbers`). Or the recipient's card is scanned, if somebody else made it. Then
the record is confirmed in the recipient's name: nobody near it confirms anything.
"""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import Refusal
from accounts.models import Person, User
from accounts.services.changes import record_change
from accounts.services.messages import tell
from accounts.services.system_user import the_product
from accounts.sms import send_sms
from accounts.templatetags.kit import hours, masked_phone, short_day
from timebank.errors.presence import CardUnknown
from timebank.errors.records import (
    AskedOftenEnough,
    CardIsNoWitness,
    HeldForLook,
    NothingAsked,
    NumberNotChecked,
    NumberOfSomebodyNear,
    RecipientNotReachable,
)
from timebank.lifecycles.records import RECORD
from timebank.models import RecipientWord, ServiceCard, ServiceRecord
from timebank.rules import records as rules
from timebank.selectors.evidence import term_of, worth_of
from timebank.selectors.orders import coordinators_of
from timebank.services.numbers import is_vouched_for, own_number, readable
from timebank.services.record_decisions import credited, tell_confirmed
from timebank.services.records import locked_record
from timebank.services.service_cards import card_of_token
from timebank.terms.provenance import Redeemable

How = RecipientWord.How


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of bringing a code."""

    is_right: bool
    tries_left: int


@transaction.atomic
def ask_recipient(record: ServiceRecord, *, acting_user: User) -> RecipientWord:
    """Send a new code to the recipient's own phone, with what was written down.

    The older code stops working. It is sent three times at most.
    Refused: `NotAllowed`, `HeldForLook`, `OutOfTurn`, `RecipientNotReachable`,
    `NumberOfSomebodyNear`, `NumberNotChecked`, `AskedOftenEnough`, `ShortMessageNotSent`.
    """
    record = _locked(record, acting_user)
    phone = own_number_of(record, acting_user)
    word, _is_new = RecipientWord.objects.select_for_update().get_or_create(
        record=record, defaults={"asked_by": acting_user}
    )
    if word.sendings_left <= 0 or word.tries_left <= 0:
        raise AskedOftenEnough()
    word.code = f"{secrets.randbelow(10_000):04d}"
    word.sent_to = masked_phone(phone)
    word.sendings += 1
    word.asked_by, word.asked_at = acting_user, database_now()
    word.save()
    record_change(
        record, "ask_recipient", acting_user=acting_user, facts={"sending": word.sendings}
    )
    _send(record, word, phone)
    return word


@transaction.atomic
def hear_code(record: ServiceRecord, code: str, *, acting_user: User) -> Heard:
    """The code came back: a right one confirms the record; five tries, each remembered.

    Refused: `NotAllowed`, `HeldForLook`, `OutOfTurn`, `NothingAsked`, `AskedOftenEnough`, and what
    the ledger refuses.
    """
    record = _locked(record, acting_user)
    word = RecipientWord.objects.select_for_update().filter(record=record).first()
    if word is None or not word.code:
        raise NothingAsked()
    if word.tries_left <= 0:
        raise AskedOftenEnough()
    if not secrets.compare_digest(code.encode(), word.code.encode()):
        word.tries += 1
        word.save(update_fields=["tries"])
        record_change(record, "miss_code", acting_user=acting_user, facts={"left": word.tries_left})
        return Heard(False, word.tries_left)
    _heard(record, word, How.CODE, None, acting_user)
    return Heard(True, word.tries_left)


@transaction.atomic
def hear_card(record: ServiceRecord, token: str, *, acting_user: User) -> ServiceRecord:
    """The recipient's card was scanned: it confirms the record, if somebody else made the card.

    Refused: `CardUnknown` (also: somebody else's card), `CardIsNoWitness`, `NotAllowed`,
    `HeldForLook`, `OutOfTurn`, and what the ledger refuses.
    """
    record = _locked(record, acting_user)
    card = card_of_token(token)
    if card is None or card.person_id != record.recipient_id:
        raise CardUnknown()
    if not is_witness(card, record, acting_user):
        raise CardIsNoWitness()
    word, _is_new = RecipientWord.objects.select_for_update().get_or_create(
        record=record, defaults={"asked_by": acting_user}
    )
    return _heard(record, word, How.CARD, card, acting_user)


def is_witness(card: ServiceCard, record: ServiceRecord, acting_user: User) -> bool:
    """Whether a card says anything beyond the word of who wrote the record down: only who made it
    ever sees what stands in it."""
    return card.made_by_id not in (record.recorded_by_id, record.volunteer_id, acting_user.pk)


def own_number_of(record: ServiceRecord, acting_user: User) -> str:
    """The recipient's number, which must not be that of anybody whose word stands already, and
    which somebody else knows to be the recipient's.

    Refused: `RecipientNotReachable`, `NumberOfSomebodyNear`, `NumberNotChecked`.
    """
    assert record.recipient is not None, "rules.may_carry_word asks for one"
    number = own_number(record.recipient)
    if not number:
        raise RecipientNotReachable()
    if number in _numbers_near(record, acting_user):
        raise NumberOfSomebodyNear()
    near = {record.volunteer_id, record.recorded_by_id, acting_user.pk}
    if not is_vouched_for(record.recipient, number, besides=near):
        raise NumberNotChecked()
    return number


def obstacle_to_asking(record: ServiceRecord, acting_user: User) -> Refusal | None:
    """What stands against sending a code, for a page to say beforehand; None where nothing does."""
    try:
        own_number_of(record, acting_user)
    except (RecipientNotReachable, NumberOfSomebodyNear, NumberNotChecked) as refusal:
        return refusal
    return None


def _numbers_near(record: ServiceRecord, acting_user: User) -> set[str]:
    """What a code must not be sent to: numbers of who served, wrote it down or carries the word,
    of everybody who runs the station, and the station's own, however they were written down."""
    people = [record.volunteer, record.recorded_by, acting_user, *coordinators_of(record.station)]
    written = Person.objects.filter(user__in=people).values_list("phone", flat=True)
    numbers = {readable(phone) for phone in (*written, record.station.phone)}
    return (numbers | {one.phone for one in people if one.phone}) - {""}


def _locked(record: ServiceRecord, acting_user: User) -> ServiceRecord:
    record = locked_record(record)
    if rules.is_held(record) and rules.brings_words(acting_user, record):
        raise HeldForLook()
    RECORD.require(record, "confirm_by_word", acting_user=acting_user)
    return record


def _heard(
    record: ServiceRecord,
    word: RecipientWord,
    how: str,
    card: ServiceCard | None,
    acting_user: User,
) -> ServiceRecord:
    assert record.recipient is not None, "rules.may_carry_word asks for one"
    now = database_now()
    word.how, word.card, word.told_by, word.heard_at = how, card, acting_user, now
    word.save()
    _let_count(record)
    credit = credited(record, acting_user)
    RECORD.move(
        record,
        "confirm_by_word",
        acting_user=acting_user,
        facts={
            "minutes": record.minutes,
            "credit_minutes": record.credit_minutes,
            "transfer": credit.pk if credit else None,
            "how": str(how),
            "provenance_before": record.provenance,
        },
        provenance=ServiceRecord.Provenance.RECIPIENT_CODE,
        led_by=record.led_by or acting_user.display_name[:40],
        confirmed_by=record.recipient.user or the_product(),
        confirmed_at=now,
        credit=credit,
    )
    tell_confirmed(record, by=record.recipient.real_name)
    return record


def _let_count(record: ServiceRecord) -> None:
    """Its source is another now: where hours of the old one bring nothing, those of this may."""
    if term_of(record).redeemable is not Redeemable.NEVER:
        return
    day = localdate(record.started_at)
    source = ServiceRecord.Provenance.RECIPIENT_CODE
    record.coefficient = worth_of(source, record.service_type, record.bank, day)
    record.save(update_fields=["coefficient"])
    record.refresh_from_db(fields=["credit_minutes"])


def _send(record: ServiceRecord, word: RecipientWord, phone: str) -> None:
    """By SMS, and for who signs in also in the product."""
    user = record.recipient.user if record.recipient else None
    with override(user.language if user else settings.LANGUAGE_CODE):
        title = _("服务码%(code)s：%(day)s服务%(minutes)s，属实才告诉站点") % {
            "code": word.code,
            "day": short_day(record.started_at),
            "minutes": hours(record.minutes),
        }
        body = _("%(volunteer)s，%(service)s。没有这回事，请不要告诉任何人，打电话给站点。") % {
            "volunteer": record.volunteer.display_name,
            "service": record.service_type.name,
        }
        if user is not None:
            tell(
                user,
                kind="recipient_asked",
                title=title,
                body=body,
                key=f"record:{record.pk}:asked:{word.sendings}",
                channels=(),
            )
        text = render_to_string(
            "accounts/sms/message.txt",
            {"site_name": settings.SITE_NAME, "message": {"title": f"{title}。{body}"}},
        ).strip()
        send_sms(phone, text, template="message", values={"title": title})
