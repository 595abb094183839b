"""号码的来历: who says that a number is a recipient's own.

Whoever registers a recipient writes a number down; another member of staff calls it once and hears
the recipient. What somebody who is no staff wrote down is nobody's word yet. A code that stands for
the recipient's word goes only where somebody says so who has no part in the record: else a second
phone in the same hands would confirm what was invented.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.errors import NotAllowed, Overtaken
from accounts.models import Person, User
from accounts.phone_numbers import normalised_phone
from accounts.services.changes import record_change
from timebank.errors.records import NumberOfSomebodyNear, RecipientNotReachable
from timebank.models import RecipientNumber
from timebank.rules import presence as rules

SALT = "timebank.recipient_number"
How = RecipientNumber.How


def own_number(person: Person) -> str:
    """The number a code would go to, in E.164; empty where there is none."""
    if person.user is not None and is_proved(person):
        return person.user.phone or ""
    return readable(person.phone)


def is_proved(person: Person) -> bool:
    """The recipient signs in and has shown that the number is theirs: nobody else's word counts."""
    user = person.user
    return user is not None and bool(user.phone) and user.phone_verified


def readable(phone: str) -> str:
    """E.164 of a number however it was written down; empty where it is none."""
    try:
        return normalised_phone(phone)
    except ValidationError:
        return ""


def write_number(person: Person, *, acting_user: User) -> None:
    """Part of registering somebody: who of the staff wrote the number down."""
    number = readable(person.phone)
    if number and rules.may_make_card(acting_user, person):
        _tell(person, number, How.WRITTEN, acting_user)


@transaction.atomic
def check_number(person: Person, *, phone: str, acting_user: User) -> RecipientNumber:
    """Somebody called the number and the recipient answered.

    `phone` is the number the page showed. Refused: `NotAllowed`, `RecipientNotReachable` (there is
    none), `NumberOfSomebodyNear` (one's own), `Overtaken` (it is another one by now).
    """
    Person.objects.select_for_update(no_key=True).only("pk").get(pk=person.pk)
    person = Person.objects.select_related("user", "region").get(pk=person.pk)
    if not rules.may_make_card(acting_user, person):
        raise NotAllowed()
    number = own_number(person)
    if not number:
        raise RecipientNotReachable()
    if number != phone:
        raise Overtaken()
    if number == acting_user.phone:
        raise NumberOfSomebodyNear()
    told = _tell(person, number, How.CALLED, acting_user)
    record_change(person, "check_number", acting_user=acting_user)
    return told


def is_vouched_for(person: Person, number: str, *, besides: set[int]) -> bool:
    """Whether the number is proved, or somebody else than these says that it is the person's."""
    if is_proved(person):
        return True
    told = RecipientNumber.objects.filter(person=person, number_hash=_hash(number))
    return told.exclude(told_by__in=besides).exists()


def told_of(person: Person) -> list[RecipientNumber]:
    """Who stands for the number as it is now, for a page to say."""
    told = RecipientNumber.objects.filter(person=person, number_hash=_hash(own_number(person)))
    return list(told.select_related("told_by").order_by("told_at"))


def _tell(person: Person, number: str, how: str, acting_user: User) -> RecipientNumber:
    told, _is_new = RecipientNumber.objects.update_or_create(
        person=person, number_hash=_hash(number), told_by=acting_user, defaults={"how": how}
    )
    return told


def _hash(number: str) -> str:
    return salted_hmac(SALT, number, algorithm="sha256").hexdigest()
