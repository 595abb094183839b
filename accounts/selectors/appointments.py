"""Offices as pages ask for them: those of my places, whom I could appoint where."""

from django.db.models import Q, QuerySet

from accounts import offices, rules
from accounts.models.invitations import Invitation
from accounts.models.organisations import Organisation, Station
from accounts.models.people import User
from accounts.models.regions import Region
from accounts.models.roles import Role
from accounts.offices import OFFICES, Reach

JOINED = ("user", "region", "station__region", "organisation__region")


def places_overseen_by(user: User) -> list[int]:
    return rules.regions_of(user, *Role.OVERSEEING_KINDS)


def offices_overseen_by(user: User) -> QuerySet[Role]:
    """Every office held or once held in the places the person oversees, newest first."""
    return (
        Role.objects.of_office()
        .within(places_overseen_by(user))
        .select_related(*JOINED)
        .order_by("-id")
    )


def offices_seen_by(user: User) -> QuerySet[Role]:
    """The same, and one's own."""
    return Role.objects.visible_to(user).select_related(*JOINED)


def appointments_waiting(user: User) -> QuerySet[Invitation]:
    """Asked and not answered, or accepted for a day still to come, in the places overseen."""
    return (
        Invitation.objects.within(places_overseen_by(user))
        .filter(
            Q(state=Invitation.State.OPEN) | Q(state=Invitation.State.ACCEPTED, role__isnull=True)
        )
        .select_related("region", "station", "organisation", "invited_by", "answered_by")
    )


def places_to_fill(user: User, kind: str) -> QuerySet[Region]:
    """Where the table of offices lets this person appoint to this kind."""
    office = OFFICES[kind]
    held = [
        (role.region_id, office.appointed_by[role.kind])
        for role in rules.roles_of_kind(user, *office.appointed_by)
        if role.region_id is not None
    ]
    here = [place for place, reach in held if reach is Reach.HERE]
    below = [place for place, reach in held if reach is Reach.BELOW]
    return Region.objects.current().filter(
        Q(lineage__overlap=here) | Q(lineage__overlap=below) & ~Q(pk__in=below)
    )


def stations_to_fill(user: User) -> QuerySet[Station]:
    return Station.objects.filter(
        region__in=places_to_fill(user, Role.Kind.COORDINATOR)
    ).select_related("region")


def operators_to_fill(user: User) -> QuerySet[Organisation]:
    return Organisation.objects.verified().filter(
        is_operator=True, region__in=places_to_fill(user, Role.Kind.OPERATOR)
    )


def may_end(user: User, role: Role) -> bool:
    """Whether a page may offer to end it: it is held, and the table lets the person."""
    return role.ended_at is None and offices.may_end(user, role)
