"""How near two places are, in minutes on foot or by bicycle, told from where they lie.

An estimate from the map of communities, streets and towns, not from anybody's position: nothing
is known of where a person is. Pages say so.
"""

from typing import NamedTuple

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Region

FAR, VERY_FAR = 30, 60


class Circle(NamedTuple):
    """One of the circles of daily life, by its minutes."""

    minutes: int
    label: str | Promise


CIRCLES = (
    Circle(5, _("5 分钟圈 · 本村（社区）")),
    Circle(10, _("10 分钟圈 · 本街道")),
    Circle(15, _("15 分钟圈 · 本镇或邻近街道")),
)


def town_of(place: Region) -> int:
    """The id of the town a community lies in; of the place itself otherwise."""
    if place.level == Region.Level.COMMUNITY and place.parent_id is not None:
        return place.parent_id
    return place.pk


def _is_street(place: Region) -> bool:
    """Streets (街道) are built up and adjoin each other; towns (镇) are wide."""
    town = place.parent if place.level == Region.Level.COMMUNITY else place
    return town is not None and town.kind == Region.Kind.STREET


def _county(place: Region) -> int | None:
    return place.lineage[2] if len(place.lineage) > 2 else None


def minutes_between(here: Region, there: Region) -> int:
    """5 in the same community, 10 in one street, 15 in one town or from street to street."""
    if here.pk == there.pk:
        return 5
    if town_of(here) == town_of(there):
        return 10 if _is_street(here) else 15
    if _county(here) != _county(there):
        return VERY_FAR
    return 15 if _is_street(here) and _is_street(there) else FAR


def minutes_away(place: Region | None, field: str = "region") -> Case | Value:
    """The same as an annotation of rows whose `field` is a region; 0 without a place."""
    if place is None:
        return Value(0, output_field=IntegerField())
    own_town = town_of(place)
    in_street = _is_street(place)
    near = Q(**{f"{field}__lineage__contains": [own_town]})
    whens = [
        When(**{field: place.pk}, then=Value(5)),
        When(near, then=Value(10 if in_street else 15)),
    ]
    if in_street:
        street = Region.Kind.STREET
        adjoining = Q(**{f"{field}__kind": street}) | Q(**{f"{field}__parent__kind": street})
        county = _county(place)
        if county is not None:
            adjoining &= Q(**{f"{field}__lineage__contains": [county]})
        whens.append(When(adjoining, then=Value(15)))
    return Case(*whens, default=Value(FAR), output_field=IntegerField())


def circle_of(minutes: int) -> str:
    """The smallest circle that holds so many minutes, in short; empty beyond all of them."""
    for circle in CIRCLES:
        if minutes <= circle.minutes:
            return gettext("%(minutes)d 分钟圈") % {"minutes": circle.minutes}
    return ""
