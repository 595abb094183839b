"""Appointments: end an office, keep its term, and put the first administrator in place.

How an office begins is in `accounts.services.invitations`: whoever is appointed accepts first.
"""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import offices
from accounts.clock import database_now
from accounts.errors import (
    AdministratorThere,
    LastAdministrator,
    NobodyThere,
    NotAllowed,
    RolesConflict,
)
from accounts.language import OFFICIAL_LANGUAGE
from accounts.lifecycles import INVITATION
from accounts.models.invitations import Invitation, InvitationQuerySet
from accounts.models.people import User
from accounts.models.regions import Region
from accounts.models.roles import Role
from accounts.reasons import required
from accounts.selectors.people import user_by_contact
from accounts.services.compatibility import require_compatible
from accounts.services.invitations import begin_if_due, words_of
from accounts.services.messages import tell
from accounts.services.roles import end_role, grant_role
from accounts.services.system_user import the_product


@transaction.atomic
def end_appointment(role: Role, *, reason: str, acting_user: User) -> Role:
    """End an office, somebody's or one's own; the other side is told. Ending twice does nothing.

    What was done under it stays attributed. Refused without a reason (ReasonMissing), to whoever
    could not appoint to it (NotAllowed), and where nobody would be left who appoints
    (LastAdministrator).
    """
    reason = required(reason)
    if role.kind not in Role.OFFICE_KINDS or not offices.may_end(acting_user, role):
        raise NotAllowed()
    _keep_one_administrator(role)
    was_held = role.ended_at is None
    ended = end_role(role, reason=reason, acting_user=acting_user)
    if was_held and role.user_id != acting_user.pk:
        tell(
            role.user,
            kind="appointment_ended",
            title=lambda: (
                _("您不再担任%(what)s") % {"what": f"{role.scope} · {role.get_kind_display()}"}
            ),
            body=reason,
            link=f"/appointments/{role.pk}/",
            key=f"role:{role.pk}:ended",
        )
    return ended


def keep_terms() -> int:
    """Begin what was accepted for today, end what has run its term; returns how many changed."""
    today = timezone.localdate(database_now())
    begun = sum(1 for invitation in _accepted_for(today) if _begin(invitation, today))
    over = Role.objects.filter(ended_at__isnull=True, ends_on__lt=today)
    ended = 0
    for role in over.select_related("user"):
        end_role(role, reason=_("任期届满"), acting_user=the_product())
        ended += 1
        _tell_term_over(role)
    return begun + ended


@transaction.atomic
def _begin(accepted: Invitation, today: date) -> bool:
    """Give the role that was accepted for today, if nothing excludes it and nobody took it back."""
    Invitation.objects.select_for_update().only("pk").get(pk=accepted.pk)
    invitation = _accepted_for(today).filter(pk=accepted.pk).first()
    if invitation is None:
        return False
    assert invitation.answered_by is not None, "invitation_answered_by_somebody"
    try:
        require_compatible(invitation.answered_by, invitation.kind, besides=invitation)
    except RolesConflict as conflict:
        with override(OFFICIAL_LANGUAGE):  # the reason stays with the invitation
            reason = str(conflict)
        INVITATION.move(invitation, "lapse", reason=reason, acting_user=the_product())
        _tell_lapsed(invitation, conflict)
        return False
    return begin_if_due(invitation, today=today) is not None


def _tell_lapsed(invitation: Invitation, conflict: RolesConflict) -> None:
    assert invitation.answered_by is not None, "invitation_answered_by_somebody"
    for person in (invitation.answered_by, invitation.invited_by):
        tell(
            person,
            kind="invitation_answered",
            title=lambda: _("任命没有生效：%(what)s") % {"what": words_of(invitation)},
            body=lambda: str(conflict),
            link=invitation.get_absolute_url(),
            key=f"invitation:{invitation.pk}:lapsed:{person.pk}",
        )


def _tell_term_over(role: Role) -> None:
    tell(
        role.user,
        kind="appointment_ended",
        title=lambda: (
            _("任期届满：%(what)s") % {"what": f"{role.scope} · {role.get_kind_display()}"}
        ),
        body=lambda: _("您的任期到%(day)s为止。感谢您的付出。") % {"day": role.ends_on},
        link=f"/appointments/{role.pk}/",
        key=f"role:{role.pk}:ended",
    )


@transaction.atomic
def appoint_first_administrator(contact: str, *, region: Region) -> Role:
    """Let the first person appoint others; for the command line, once per place.

    The person has joined already and proved the contact. Raises NobodyThere, or
    AdministratorThere when the place (or one above it) has an administrator.
    """
    system = the_product()
    Region.objects.select_for_update().get(pk=region.pk)
    if _administrators_over(region).exists():
        raise AdministratorThere(place=region.name)
    person = user_by_contact(contact)
    if person is None:
        raise NobodyThere(contact=contact)
    role = grant_role(
        person,
        Role.Kind.ADMINISTRATOR,
        region=region,
        reason=_("系统启用，由部署人员在服务器上任命"),
        acting_user=system,
    )
    tell(
        person,
        kind="appointment",
        title=lambda: _("您现在是%(what)s") % {"what": f"{region} · {role.get_kind_display()}"},
        body=lambda: _("您可以在“岗位任免”页面任命经办人、站长和其他岗位。"),
        link="/appointments/",
        key=f"role:{role.pk}:given",
    )
    return role


def _accepted_for(today: date) -> InvitationQuerySet:
    return (
        Invitation.objects.to_begin()
        .filter(starts_on__lte=today)
        .select_related("answered_by", "invited_by", "region", "station", "organisation")
    )


def _administrators_over(region: Region) -> QuerySet[Role]:
    return Role.objects.active().filter(kind=Role.Kind.ADMINISTRATOR, region_id__in=region.lineage)


def _keep_one_administrator(role: Role) -> None:
    if role.kind != Role.Kind.ADMINISTRATOR or role.region is None:
        return
    Region.objects.select_for_update().get(pk=role.region.pk)
    if not _administrators_over(role.region).exclude(pk=role.pk).exists():
        raise LastAdministrator(place=role.region.name)
