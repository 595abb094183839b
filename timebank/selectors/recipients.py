"""Find the people a station serves."""

from django.db.models import Q, QuerySet

from accounts.models import Consent, Person, Region, Role, Station, User
from timebank.models.orders import ServiceOrder
from timebank.models.records import ServiceRecord
from timebank.models.service_cards import ServiceCard
from timebank.rules import records as record_rules

SHOWN = 10
FEWEST_LETTERS = 2
END_OF_PHONE = 4


def recipients_at(station: Station) -> QuerySet[Person]:
    """The people of the station's town whom it may order for.

    Those who never sign in, those who are recipients by role, who agreed to be asked for, or who
    were served in this town before: nobody else of the town is browsed here.
    """
    town = _town_of(station)
    agreed = Consent.objects.filter(
        purpose=Consent.Purpose.PROXY, withdrawn_at=None, person__isnull=False
    )
    here = {"station__region__lineage__contains": [town]}
    ordered = ServiceOrder.objects.filter(**here)
    recorded = ServiceRecord.objects.filter(**here, recipient__isnull=False)
    known = (
        Q(user=None)
        | Q(user__in=Role.objects.active().filter(kind=Role.Kind.RECIPIENT).values("user"))
        | Q(pk__in=agreed.values("person"))
        | Q(pk__in=ordered.values("recipient"))
        | Q(pk__in=recorded.values("recipient"))
    )
    return (
        Person.objects.filter(known, region__lineage__contains=[town])
        .select_related("region")
        .order_by("real_name", "pk")
    )


def recipients_named(station: Station, words: str) -> QuerySet[Person]:
    """Of those, who bears at least two letters of this name, or exactly these last four digits."""
    people = recipients_at(station)
    if words.isascii() and words.isdigit():
        return people.filter(phone__endswith=words)[:SHOWN] if _is_end(words) else people.none()
    if len(words) < FEWEST_LETTERS:
        return people.none()
    return people.filter(Q(real_name__contains=words) | Q(pinyin__startswith=words))[:SHOWN]


def records_at_card(card: ServiceCard, user: User) -> list[ServiceRecord]:
    """What waits that this person served or wrote down for the recipient of a card."""
    waiting = (
        ServiceRecord.objects.submitted()
        .filter(recipient=card.person)
        .with_parties()
        .order_by("started_at", "pk")
    )
    return [record for record in waiting if record_rules.may_carry_word(user, record)]


def _is_end(digits: str) -> bool:
    return len(digits) == END_OF_PHONE


def _town_of(station: Station) -> int:
    region = station.region
    is_community = region.level == Region.Level.COMMUNITY and region.parent_id is not None
    town: int | None = region.parent_id if is_community else region.pk
    assert town is not None, "a community's parent was asked for above"
    return town
