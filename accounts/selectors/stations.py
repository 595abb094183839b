"""Stations as those who oversee their places see them, each with its coordinators."""

from django.db.models import Prefetch, QuerySet

from accounts import rules
from accounts.models.organisations import Station
from accounts.models.people import User
from accounts.models.regions import Region
from accounts.models.roles import Role
from accounts.selectors.appointments import places_to_fill


def stations_overseen_by(user: User) -> QuerySet[Station]:
    """Those of the places the person oversees, with who coordinates them now."""
    places = rules.regions_of(user, *Role.OVERSEEING_KINDS)
    now = Role.objects.active().filter(kind=Role.Kind.COORDINATOR).select_related("user")
    return (
        Station.objects.filter(region__lineage__overlap=places)
        .select_related("region__parent")
        .prefetch_related(Prefetch("roles", queryset=now, to_attr="coordinators"))
        .order_by("region__code", "name")
    )


def places_for_stations(user: User) -> QuerySet[Region]:
    """The towns and communities this person may open a station in."""
    return places_to_fill(user, Role.Kind.COORDINATOR).filter(level__gte=Region.Level.TOWN)
