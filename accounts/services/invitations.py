"""Invitations: ask somebody to join an organisation or to take an office, and hear the answer.

The one who asks learns nothing about the contact: the same row, the same letter and the same words
whether or not it belongs to somebody here. Nobody holds a role before they have said yes.
"""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts import offices, rules
from accounts.clashes import constraint_of
from accounts.clock import database_now
from accounts.errors import (
    AlreadyInvited,
    InvitationRanOut,
    NotAllowed,
    NotYourOwn,
    TooManyTries,
)
from accounts.lifecycles import INVITATION
from accounts.models.changes import Change
from accounts.models.invitations import Invitation, contacts_of
from accounts.models.messages import Delivery
from accounts.models.organisations import Organisation, Station
from accounts.models.people import User
from accounts.models.regions import Region
from accounts.models.roles import Role
from accounts.reasons import required
from accounts.selectors.people import user_by_contact
from accounts.services.changes import record_change
from accounts.services.compatibility import require_compatible
from accounts.services.memberships import take_up_membership
from accounts.services.messages import deliver_after_commit, tell
from accounts.services.roles import grant_role
from accounts.services.system_user import the_product
from accounts.templatetags.kit import day as day_words

VALID_FOR = timedelta(days=14)
RESEND_AFTER = timedelta(minutes=10)
MOST_SENDS = 5
MOST_A_DAY = 30
OPEN_ONCE = "invitation_open_once_at_a_time"


@transaction.atomic
def invite_member(
    organisation: Organisation, contact: str, *, duty: str, acting_user: User
) -> Invitation:
    """Ask whoever answers the contact to act for the organisation.

    Refused: to all but its managers (NotAllowed), to oneself (NotYourOwn), while the same is
    asked already (AlreadyInvited), after too many in a day (TooManyTries).
    """
    if not rules.is_manager_of(acting_user, organisation):
        raise NotAllowed()
    return _invite(
        Invitation(kind=duty, organisation=organisation, contact=contact), acting_user=acting_user
    )


@transaction.atomic
def invite_to_office(
    contact: str,
    *,
    kind: str,
    region: Region | None = None,
    station: Station | None = None,
    organisation: Organisation | None = None,
    starts_on: date,
    ends_on: date | None,
    reason: str,
    acting_user: User,
) -> Invitation:
    """Appoint whoever answers the contact, from the day they accept or the term begins.

    Refused: without a reason (ReasonMissing), beyond the acting person's place or power by the
    table of `accounts.offices` (NotAllowed), to oneself (NotYourOwn), and as `invite_member` is.
    """
    reason = required(reason)
    invitation = Invitation(
        kind=kind,
        region=region,
        station=station,
        organisation=organisation,
        contact=contact,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
    )
    if not offices.may_appoint(acting_user, kind, offices.place_of(invitation)):
        raise NotAllowed()
    return _invite(invitation, acting_user=acting_user)


@transaction.atomic
def resend_invitation(invitation: Invitation, *, acting_user: User) -> Invitation:
    """Send the letter again and let it be valid anew. Not at once, and not for ever."""
    invitation = _locked(invitation)
    INVITATION.require(invitation, "resend", acting_user=acting_user)
    now = database_now()
    too_soon = invitation.sent_at is not None and now - invitation.sent_at < RESEND_AFTER
    if too_soon or invitation.sends >= MOST_SENDS:
        raise TooManyTries()
    _send(invitation, now)
    INVITATION.move(
        invitation, "resend", acting_user=acting_user, facts={"sends": invitation.sends}
    )
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, acting_user: User) -> Invitation:
    """Take it back before it is answered, or before the office that was accepted has begun: then
    whoever accepted may lay it down too, and the other side is told.

    Refused: `OutOfTurn`, `NotAllowed`.
    """
    invitation = _locked(invitation)
    was_accepted = invitation.answered_by is not None
    change = INVITATION.move(invitation, "withdraw", acting_user=acting_user)
    if was_accepted:
        _tell_withdrawn(invitation, change, by=acting_user)
    return invitation


@transaction.atomic
def accept_invitation(invitation: Invitation, *, acting_user: User) -> Invitation:
    """Say yes: the membership or the office begins, at once or on its first day.

    Refused: when it has run out (InvitationRanOut), for one's own invitation (NotYourOwn), and
    for an office that must not be held beside another, one accepted for later included
    (RolesConflict). The one who asked is told.
    """
    invitation = _locked(invitation)
    INVITATION.require(invitation, "accept", acting_user=acting_user)
    now = database_now()
    today = timezone.localdate(now)
    if invitation.has_run_out(now):
        raise InvitationRanOut(day=day_words(invitation.expires_at))
    if invitation.ends_on is not None and invitation.ends_on < today:
        raise InvitationRanOut(day=day_words(invitation.ends_on))
    if invitation.invited_by_id == acting_user.pk:
        raise NotYourOwn()
    require_compatible(acting_user, invitation.kind, besides=invitation)
    INVITATION.move(
        invitation, "accept", acting_user=acting_user, answered_by=acting_user, answered_at=now
    )
    begin_if_due(invitation, today=today)
    _tell_asker(invitation, gettext_noop("%(who)s接受了邀请：%(what)s"))
    return invitation


@transaction.atomic
def decline_invitation(
    invitation: Invitation, *, reason: str = "", acting_user: User
) -> Invitation:
    """Say no, with or without a reason; the one who asked is told."""
    INVITATION.move(
        invitation,
        "decline",
        acting_user=acting_user,
        reason=reason,
        answered_by=acting_user,
        answered_at=database_now(),
    )
    _tell_asker(invitation, gettext_noop("%(who)s谢绝了邀请：%(what)s"), reason)
    return invitation


def expire_invitations() -> int:
    """Close those nobody answered in time; returns how many."""
    run_out = Invitation.objects.open().filter(expires_at__lte=database_now())
    return sum(1 for invitation in run_out if _expire(invitation))


def begin_if_due(invitation: Invitation, *, today: date) -> Role | None:
    """Give the role that was accepted, unless its first day is still to come."""
    user = invitation.answered_by
    assert user is not None, "invitation_answered_by_somebody"
    if not invitation.is_to_office:
        assert invitation.organisation is not None, "invitation_bound_to_its_place"
        role = take_up_membership(
            invitation.organisation, user, duty=invitation.kind, acting_user=user
        )
    elif invitation.starts_on is not None and invitation.starts_on > today:
        return None
    else:
        role = grant_role(
            user,
            invitation.kind,
            region=invitation.region,
            station=invitation.station,
            organisation=invitation.organisation,
            ends_on=invitation.ends_on,
            reason=invitation.reason,
            acting_user=invitation.invited_by,
        )
    invitation.role = role
    invitation.save(update_fields=["role"])
    return role


def _invite(invitation: Invitation, *, acting_user: User) -> Invitation:
    if invitation.contact in contacts_of(acting_user):
        raise NotYourOwn()
    now = database_now()
    _refuse_too_many(acting_user, now)
    _make_way(invitation, now)
    invitation.invited_by = acting_user
    invitation.expires_at = now + VALID_FOR
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError as clash:
        if constraint_of(clash) != OPEN_ONCE:
            raise
        raise AlreadyInvited(contact=invitation.contact) from clash
    record_change(
        invitation,
        "invite",
        after=invitation.kind,
        reason=invitation.reason,
        acting_user=acting_user,
    )
    _send(invitation, now)
    return invitation


def _send(invitation: Invitation, now: datetime) -> None:
    """A letter to the contact, whosever it is; a message in the product if it is somebody's."""
    invitation.sends += 1
    invitation.sent_at = now
    invitation.expires_at = now + VALID_FOR
    invitation.save(update_fields=["sends", "sent_at", "expires_at"])
    channel = Delivery.Channel.MAIL if "@" in invitation.contact else Delivery.Channel.SMS
    deliver_after_commit(Delivery.objects.create(invitation=invitation, channel=channel).pk)
    person = user_by_contact(invitation.contact)
    if person is not None:
        tell(
            person,
            kind="invitation",
            title=lambda: _("邀请您担任%(what)s") % {"what": words_of(invitation)},
            body=lambda: (
                _("%(who)s发出的邀请，请在%(day)s前答复。您接受后才会生效。")
                % {
                    "who": invitation.invited_by.display_name,
                    "day": day_words(invitation.expires_at),
                }
            ),
            link=invitation.get_absolute_url(),
            key=f"invitation:{invitation.pk}:{invitation.sends}",
            channels=(),
        )


def words_of(invitation: Invitation) -> str:
    """What one is asked to be, and where: 恩泽社区服务社 · 组织成员."""
    return f"{invitation.scope} · {invitation.get_kind_display()}"


def _refuse_too_many(acting_user: User, now: datetime) -> None:
    lately = Invitation.objects.filter(
        invited_by=acting_user, created_at__gt=now - timedelta(days=1)
    )
    if lately.count() >= MOST_A_DAY:
        raise TooManyTries()


def _make_way(invitation: Invitation, now: datetime) -> None:
    """An earlier one of the same kind that ran out does not stand in the way of a new one."""
    for earlier in Invitation.objects.open().filter(
        contact=invitation.contact,
        kind=invitation.kind,
        region=invitation.region,
        station=invitation.station,
        organisation=invitation.organisation,
        expires_at__lte=now,
    ):
        _expire(earlier)


@transaction.atomic
def _expire(invitation: Invitation) -> bool:
    invitation = _locked(invitation)
    if not invitation.has_run_out(database_now()):
        return False
    INVITATION.move(invitation, "expire", acting_user=the_product())
    return True


def _locked(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_for_update().get(pk=invitation.pk)


def _tell_asker(invitation: Invitation, title: str, reason: str = "") -> None:
    assert invitation.answered_by is not None, "invitation_answered_by_somebody"
    who = invitation.answered_by.display_name

    def said() -> str:
        return _(title) % {"who": who, "what": words_of(invitation)}

    tell(
        invitation.invited_by,
        kind="invitation_answered",
        title=said,
        body=reason or said,
        link=invitation.get_absolute_url(),
        key=f"invitation:{invitation.pk}:answered",
    )


def _tell_withdrawn(invitation: Invitation, change: Change, *, by: User) -> None:
    """The side that did not take it back: who accepted, or who asked."""
    assert invitation.answered_by is not None, "only what was accepted"
    laid_down = by.pk == invitation.answered_by_id
    tell(
        invitation.invited_by if laid_down else invitation.answered_by,
        kind="invitation_answered",
        title=lambda: (
            (_("%(who)s不担任了：%(what)s") if laid_down else _("%(who)s收回了任命：%(what)s"))
            % {"who": by.display_name, "what": words_of(invitation)}
        ),
        body=lambda: _("任期还没有开始，不会生效。"),
        link=invitation.get_absolute_url(),
        key=f"invitation:{invitation.pk}:withdrawn:{change.pk}",
    )
