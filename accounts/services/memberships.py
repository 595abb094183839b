"""Let people act for organisations, and stop them."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts import rules
from accounts.errors import LastManager, NobodyThere, NotAllowed
from accounts.models.organisations import Membership, Organisation
from accounts.models.people import User
from accounts.models.roles import Role
from accounts.selectors.people import user_by_contact
from accounts.services.messages import tell
from accounts.services.roles import end_role, grant_role


@transaction.atomic
def add_member(
    organisation: Organisation, contact: str, *, duty: str, acting_user: User
) -> Membership:
    """Let the person behind a number or address act for the organisation; they are told.

    A member who is added as manager becomes one; whoever is as much already stays as they are.
    Raises NotAllowed unless the acting person manages it, and for anyone who judges organisations:
    nobody may tie them to an applicant, and so shut them out, without being asked. NobodyThere
    when nobody has proved that contact to be theirs.
    """
    if not rules.is_manager_of(acting_user, organisation):
        raise NotAllowed()
    person = user_by_contact(contact)
    if person is None:
        raise NobodyThere(contact=contact)
    held = organisation.memberships.filter(user=person, ended_at__isnull=True).first()
    if held is not None and held.duty in (duty, Membership.Duty.MANAGER):
        return held
    if held is None and rules.judges_organisations(person):
        raise NotAllowed()
    role = grant_role(person, duty, organisation=organisation, acting_user=acting_user)
    membership = organisation.memberships.get(user=person, ended_at__isnull=True)
    if held is not None:
        _promote(membership, acting_user=acting_user)
    tell(
        person,
        kind="membership_given",
        title=_("您现在可以代表%(name)s办事") % {"name": organisation.name},
        body=_("%(who)s把您加为成员。如果这不是您的意思，可以在组织页面退出。")
        % {"who": acting_user.display_name},
        link=f"/me/organisations/{organisation.pk}/",
        key=f"role:{role.pk}:given",
    )
    return membership


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
