"""Find or add the person a service is for, when somebody else asks for them.

A recipient needs neither a smartphone nor a sign-in; that they agreed to be asked for is recorded.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.models import Consent, Person, Region, User
from accounts.services.changes import record_change
from timebank.services.numbers import write_number


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientDetails:
    """What is asked of a recipient: no more than the visit needs."""

    real_name: str
    phone: str = ""
    address: str = ""
    born_on: date | None = None
    has_smartphone: bool = False


@transaction.atomic
def add_recipient(details: RecipientDetails, *, region: Region, acting_user: User) -> Person:
    """Register a recipient in a place, or return the one there with this name and phone."""
    known = (
        Person.objects.filter(
            region=region, real_name=details.real_name, phone=details.phone
        ).first()
        if details.phone
        else None
    )
    if known is not None:
        return known
    person = Person.objects.create(
        real_name=details.real_name,
        phone=details.phone,
        address=details.address,
        born_on=details.born_on,
        has_smartphone=details.has_smartphone,
        region=region,
    )
    record_change(person, "register", acting_user=acting_user)
    write_number(person, acting_user=acting_user)
    return person


@transaction.atomic
def note_agreement(person: Person, *, acting_user: User) -> Consent:
    """Record that the person agreed to be asked for by others, once while it stands."""
    consent, is_new = Consent.objects.get_or_create(
        person=person,
        user=None,
        purpose=Consent.Purpose.PROXY,
        withdrawn_at=None,
        defaults={"recorded_by": acting_user},
    )
    if is_new:
        record_change(consent, "consent", acting_user=acting_user)
    return consent


@transaction.atomic
def oneself(user: User) -> Person:
    """The person behind a user, for whoever asks for themselves."""
    person, is_new = Person.objects.get_or_create(
        user=user,
        defaults={"real_name": user.display_name, "region": user.home_region},
    )
    if is_new:
        record_change(person, "register", acting_user=user)
    return person
