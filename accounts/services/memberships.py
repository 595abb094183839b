"""Let people act for organisations, and stop them."""

from django.db import transaction
from django.db.models.functions import Now

from accounts import rules
from accounts.errors import LastManager, NotAllowed
from accounts.models.organisations import Membership, Organisation
from accounts.models.people import User
from accounts.models.roles import Role
from accounts.services.roles import end_role, grant_role


@transaction.atomic
def take_up_membership(
    organisation: Organisation, person: User, *, duty: str, acting_user: User
) -> Role:
    """Let a person who has agreed act for the organisation; the step below invitations.

    A member who becomes manager is no longer listed as member; whoever is as much already keeps
    the role they have.
    """
    held = organisation.memberships.filter(user=person, ended_at__isnull=True).first()
    if held is not None and held.duty == Membership.Duty.MANAGER:
        duty = Membership.Duty.MANAGER
    role = grant_role(person, duty, organisation=organisation, acting_user=acting_user)
    if held is not None and held.duty != duty:
        _promote(held, acting_user=acting_user)
    return role


def _promote(membership: Membership, *, acting_user: User) -> None:
    """A member who became manager is no longer listed as member."""
    membership.duty = Membership.Duty.MANAGER
    membership.save(update_fields=["duty"])
    for role in Role.objects.active().filter(
        user=membership.user_id,
        organisation=membership.organisation_id,
        kind=Role.Kind.MEMBER,
    ):
        end_role(role, reason="", acting_user=acting_user)


@transaction.atomic
def end_membership(membership: Membership, *, reason: str = "", acting_user: User) -> Membership:
    """Stop a person acting for the organisation: a manager ends anybody's, a member their own.

    What they did stays attributed to them. Raises LastManager rather than leave an organisation
    with members and nobody to answer for it. Ending twice changes nothing.
    """
    organisation = Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    if membership.user_id != acting_user.pk and not rules.is_manager_of(acting_user, organisation):
        raise NotAllowed()
    current = organisation.memberships.filter(ended_at__isnull=True)
    managers = current.filter(duty=Membership.Duty.MANAGER).values_list("user_id", flat=True)
    if list(managers) == [membership.user_id]:
        raise LastManager(organisation=organisation.name)
    for role in Role.objects.active().filter(
        user=membership.user_id,
        organisation=organisation,
        kind__in=[Role.Kind.MEMBER, Role.Kind.MANAGER],
    ):
        end_role(role, reason=reason, acting_user=acting_user)
    current.filter(pk=membership.pk).update(ended_at=Now())
    membership.refresh_from_db()
    return membership
