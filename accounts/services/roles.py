"""Hand out and take back responsibilities."""

from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from accounts import rules
from accounts.models.organisations import Membership, Organisation, Station
from accounts.models.people import User
from accounts.models.regions import Region
from accounts.models.roles import Role
from accounts.services.changes import record_change


@transaction.atomic
def grant_role(
    user: User,
    kind: str,
    *,
    region: Region | None = None,
    station: Station | None = None,
    organisation: Organisation | None = None,
    ends_on: date | None = None,
    reason: str = "",
    acting_user: User,
) -> Role:
    """Give a role, once; giving it again returns the one that is held, with its new term.

    The step below invitations and appointments: it asks nobody. A member or manager of an
    organisation also gets (or keeps) the membership.
    """
    role, is_new = Role.objects.get_or_create(
        user=user,
        kind=kind,
        region=region,
        station=station,
        organisation=organisation,
        ended_at=None,
        defaults={"ends_on": ends_on},
    )
    if is_new:
        record_change(role, "grant", after=kind, reason=reason, acting_user=acting_user)
    elif role.ends_on != ends_on:
        _set_term(role, ends_on, reason=reason, acting_user=acting_user)
    if organisation is not None and kind in (Role.Kind.MEMBER, Role.Kind.MANAGER):
        Membership.objects.get_or_create(
            user=user, organisation=organisation, ended_at=None, defaults={"duty": kind}
        )
    rules.forget_roles(user)
    return role


def _set_term(role: Role, ends_on: date | None, *, reason: str, acting_user: User) -> None:
    before, role.ends_on = role.ends_on, ends_on
    role.save(update_fields=["ends_on"])
    record_change(
        role,
        "set_term",
        before=str(before or ""),
        after=str(ends_on or ""),
        reason=reason,
        acting_user=acting_user,
    )


@transaction.atomic
def end_role(role: Role, *, reason: str, acting_user: User) -> Role:
    """Take a role back; what was done under it stays attributed. Ending twice changes nothing."""
    ended = Role.objects.filter(pk=role.pk, ended_at__isnull=True).update(ended_at=Now())
    if ended:
        record_change(role, "end", before=role.kind, reason=reason, acting_user=acting_user)
    role.refresh_from_db()
    rules.forget_roles(role.user)
    return role
