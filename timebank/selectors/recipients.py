"""Find the people a station serves."""

from django.db.models import Q, QuerySet

from accounts.models import Person, Region, Station

SHOWN = 10


def recipients_named(station: Station, words: str = "") -> QuerySet[Person]:
    """People of the station's town by name or the end of their phone number."""
    region = station.region
    is_community = region.level == Region.Level.COMMUNITY and region.parent_id is not None
    town = region.parent_id if is_community else region.pk
    people = Person.objects.filter(region__lineage__contains=[town]).order_by("real_name", "pk")
    if words:
        people = people.filter(
            Q(real_name__contains=words) | Q(phone__endswith=words) | Q(pinyin__startswith=words)
        )[:SHOWN]
    return people
