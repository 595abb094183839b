"""Organisations as pages ask for them: mine, those waiting for me, one with its people."""

from collections import Counter

from django.db.models import F, QuerySet

from accounts import rules
from accounts.models.organisations import Membership, Organisation
from accounts.models.people import User
from accounts.models.roles import Role


def organisations_of(user: User) -> QuerySet[Organisation]:
    """Those the person may act for."""
    return Organisation.objects.of_member(user).select_related("region", "host")


def organisations_overseen_by(user: User) -> QuerySet[Organisation]:
    """Those of the places the person oversees as officer, auditor or administrator."""
    places = rules.regions_of(user, Role.Kind.OFFICER, Role.Kind.AUDITOR, Role.Kind.ADMINISTRATOR)
    return Organisation.objects.filter(region__lineage__overlap=places).select_related(
        "region", "host"
    )


def organisations_to_verify(user: User) -> QuerySet[Organisation]:
    """Those an officer has to compare with their certificates, oldest first."""
    places = rules.regions_of(user, Role.Kind.OFFICER)
    return (
        Organisation.objects.submitted()
        .filter(region__lineage__overlap=places)
        .exclude(pk__in=rules.organisations_of(user))
        .order_by("created_at")
    )


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """The people who may act for it now, managers first."""
    return (
        organisation.memberships.filter(ended_at__isnull=True)
        .select_related("user")
        .order_by("-duty", "started_at")
    )


def groups_hosted_by(organisation: Organisation) -> QuerySet[Organisation]:
    """Filed groups that name this body as their host, those that wait for its answer first."""
    return (
        organisation.hosted_groups.exclude(
            state=Organisation.State.RETURNED, hosting_agreed_at__isnull=True
        )
        .select_related("region", "host")
        .order_by(F("hosting_agreed_at").desc(nulls_first=True), "name")
    )


def groups_asking_by_host(user: User) -> dict[int | None, int]:
    """How many of them wait for each organisation."""
    return Counter(groups_asking(user).values_list("host", flat=True))


def groups_asking(user: User) -> QuerySet[Organisation]:
    """Filed groups that wait for an organisation this person manages."""
    managed = [
        role.organisation_id
        for role in rules.roles_of_kind(user, Role.Kind.MANAGER)
        if role.organisation_id is not None
    ]
    return Organisation.objects.filter(state=Organisation.State.WAITING, host__in=managed)
