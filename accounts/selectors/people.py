"""Find people, as seen by someone; what a person allowed; how old they are."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from accounts import rules
from accounts.models.people import Consent, User
from accounts.models.roles import Role
from accounts.phone_numbers import normalised_phone

LOOKS_AFTER_PEOPLE = (
    Role.Kind.OFFICER,
    Role.Kind.COMMUNITY_WORKER,
    Role.Kind.AUDITOR,
    Role.Kind.ADMINISTRATOR,
)
DEMO_PEOPLE_SHOWN = 40


@dataclass(frozen=True)
class ConsentStanding:
    """One use of data and whether the person allows it now."""

    purpose: str
    label: str
    given_at: datetime | None


def people_looked_after_by(user: User) -> QuerySet[User]:
    """People living or serving in the places the user answers for; nobody for everybody else."""
    places = rules.regions_of(user, *LOOKS_AFTER_PEOPLE)
    places += [
        role.station.region_id
        for role in rules.roles_of_kind(user, Role.Kind.COORDINATOR)
        if role.station is not None
    ]
    serving = Role.objects.active().filter(region__lineage__overlap=places).values("user")
    return User.objects.filter(kind=User.Kind.PERSON).filter(
        Q(home_region__lineage__overlap=places) | Q(pk__in=serving)
    )


def people_named(people: QuerySet[User], words: str) -> QuerySet[User]:
    """Those whose name, pinyin or whole phone number was typed."""
    words = words.strip()
    if not words:
        return people
    key = words.lower().replace(" ", "")
    found = (
        Q(display_name__contains=words)
        | Q(person__real_name__contains=words)
        | Q(person__pinyin__startswith=key)
        | Q(person__pinyin__contains=f" {key}")
    )
    if key.lstrip("+").isdigit() and len(key) >= 11:
        found |= Q(phone__endswith=key[-11:])
    return people.filter(found)


def user_by_contact(contact: str) -> User | None:
    """The active person who has proved this number (E.164) or address to be theirs."""
    people = User.objects.filter(kind=User.Kind.PERSON, is_active=True)
    if "@" in contact:
        return people.filter(email__iexact=contact, email_verified=True).first()
    return people.filter(phone=normalised_phone(contact), phone_verified=True).first()


def user_by_contact_and_name(contact: str, name: str) -> User | None:
    """The same, where the name fits it: for who asks about somebody they say they know."""
    person = user_by_contact(contact)
    name = name.strip()
    if person is None or not name:
        return None
    names = {person.display_name, person.person.real_name if person.person else ""}
    return person if name in names else None


def consents_of(user: User) -> list[ConsentStanding]:
    """Every use we may ask for, with the day it was allowed, if it is."""
    given = dict(
        Consent.objects.filter(user=user, withdrawn_at__isnull=True).values_list(
            "purpose", "given_at"
        )
    )
    return [
        ConsentStanding(str(value), str(label), given.get(value))
        for value, label in Consent.Purpose.choices
        if value != Consent.Purpose.PROXY
    ]


def has_consented(user: User, purpose: str) -> bool:
    return Consent.objects.filter(user=user, purpose=purpose, withdrawn_at__isnull=True).exists()


def age_on(born_on: date, day: date) -> int:
    """Whole years lived on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def is_minor(born_on: date, day: date) -> bool:
    """Under 18, when a guardian's consent is asked for (《未成年人保护法》 art. 2)."""
    return age_on(born_on, day) < 18


def demo_people() -> QuerySet[User]:
    """The people a demo may be entered as, each with roles and places."""
    return (
        User.objects.filter(is_demo=True, is_active=True, email_verified=True)
        .order_by("pk")
        .prefetch_related("roles__region", "roles__station", "roles__organisation")
    )[:DEMO_PEOPLE_SHOWN]
