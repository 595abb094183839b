"""Invitations as pages ask for them: mine, those of an organisation."""

from accounts.models.invitations import Invitation, InvitationQuerySet
from accounts.models.organisations import Organisation
from accounts.models.people import User

JOINED = ("region", "station__region", "organisation__region", "invited_by", "answered_by")


def invitations_seen_by(user: User) -> InvitationQuerySet:
    return Invitation.objects.visible_to(user).select_related(*JOINED)


def invitations_to(user: User) -> InvitationQuerySet:
    """Sent to a contact the person has proved, newest first; never their own sending."""
    return Invitation.objects.addressed_to(user).exclude(invited_by=user).select_related(*JOINED)


def open_invitations_of(organisation: Organisation) -> InvitationQuerySet:
    """Who has been asked to join and has not answered."""
    return organisation.invitations.to_member().open().select_related(*JOINED)
