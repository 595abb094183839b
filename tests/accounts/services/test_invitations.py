"""Nobody is anything before they said yes, and whoever asks learns nothing about a contact."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from accounts.errors import (
    AlreadyInvited,
    InvitationRanOut,
    NotAllowed,
    NotYourOwn,
    OutOfTurn,
    RolesConflict,
    TooManyTries,
)
from accounts.models import Change, Delivery, Invitation, Membership, Message, OutboxItem, Role
from accounts.services import invitations
from accounts.services.deliveries import deliver_message
from accounts.services.invitations import (
    accept_invitation,
    decline_invitation,
    expire_invitations,
    invite_member,
    resend_invitation,
    withdraw_invitation,
)
from accounts.services.memberships import end_membership
from config.demo.cast import Cast

OUTBOX = override_settings(MAILERS={"default": {"BACKEND": "accounts.outbox.OutboxEmailBackend"}})
UNKNOWN = "+8613900000000"


def ask(cast: Cast, contact: str, duty: str = "member") -> Invitation:
    return invite_member(cast.organisations["enze"], contact, duty=duty, acting_user=cast.en)


def roles_in_enze(cast: Cast, key: str) -> list[str]:
    roles = Role.objects.active().filter(
        user=cast.people[key], organisation=cast.organisations["enze"]
    )
    return [role.kind for role in roles]


@pytest.mark.parametrize("contact", ["phone", "email"])
def test_person_asked_joins_by_accepting(cast: Cast, contact: str) -> None:
    invitation = ask(cast, getattr(cast.anan, contact))

    assert roles_in_enze(cast, "anan") == []
    accept_invitation(invitation, acting_user=cast.anan)

    assert roles_in_enze(cast, "anan") == ["member"]
    invitation.refresh_from_db()
    assert (invitation.state, invitation.answered_by) == ("accepted", cast.anan)
    assert invitation.role == cast.anan.roles.get(kind="member")
    assert Message.objects.get(to_user=cast.en).kind == "invitation_answered"
    verbs = Change.objects.filter(content_type__model="invitation").values_list("verb", flat=True)
    assert list(verbs) == ["invite", "accept"]


@OUTBOX
@pytest.mark.parametrize("channel", ["sms", "mail"])
def test_known_and_unknown_contact_are_asked_alike(cast: Cast, channel: str) -> None:
    known = cast.anan.phone if channel == "sms" else cast.anan.email
    unknown = UNKNOWN if channel == "sms" else "niemand@example.cn"

    letters = []
    for contact in (known, unknown):
        invitation = ask(cast, contact)
        delivery = invitation.deliveries.get()
        assert deliver_message(delivery.pk)
        item = OutboxItem.objects.get(to=contact)
        letters.append((item.channel, item.body.replace(str(invitation.token), "…")))

    assert letters[0] == letters[1]
    assert letters[0][0] == channel
    assert "/invitations/…/" in letters[0][1]
    assert [message.to_user for message in Message.objects.filter(kind="invitation")] == [cast.anan]


def test_declining_leaves_everything_as_it_was(cast: Cast) -> None:
    invitation = decline_invitation(
        ask(cast, cast.anan.phone), reason="没有时间", acting_user=cast.anan
    )

    assert roles_in_enze(cast, "anan") == []
    assert Message.objects.get(to_user=cast.en).body == "没有时间"
    with pytest.raises(OutOfTurn):
        accept_invitation(invitation, acting_user=cast.anan)


def test_only_who_proved_the_contact_may_answer(cast: Cast) -> None:
    invitation = ask(cast, cast.anan.phone)

    with pytest.raises(NotAllowed):
        accept_invitation(invitation, acting_user=cast.zhu)
    with pytest.raises(NotAllowed):
        decline_invitation(invitation, acting_user=cast.en)


def test_only_managers_ask_and_nobody_herself(cast: Cast) -> None:
    enze = cast.organisations["enze"]

    with pytest.raises(NotAllowed):
        invite_member(enze, UNKNOWN, duty="member", acting_user=cast.enxiao)
    with pytest.raises(NotYourOwn):
        ask(cast, cast.en.phone)

    assert not Invitation.objects.exists()


def test_same_question_is_asked_once_until_it_has_run_out(cast: Cast) -> None:
    first = ask(cast, UNKNOWN)
    with pytest.raises(AlreadyInvited):
        ask(cast, UNKNOWN)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    second = ask(cast, UNKNOWN)

    first.refresh_from_db()
    assert (first.state, second.state) == ("expired", "open")


def test_after_its_time_it_cannot_be_accepted_and_is_closed(cast: Cast) -> None:
    invitation = ask(cast, cast.anan.phone)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(InvitationRanOut):
        accept_invitation(invitation, acting_user=cast.anan)
    assert expire_invitations() == 1

    assert expire_invitations() == 0
    assert roles_in_enze(cast, "anan") == []


def test_withdrawn_cannot_be_accepted_and_its_letter_stays(cast: Cast) -> None:
    invitation = ask(cast, cast.anan.phone)
    delivery = Delivery.objects.get(invitation=invitation)

    withdraw_invitation(invitation, acting_user=cast.en)

    with pytest.raises(OutOfTurn):
        accept_invitation(invitation, acting_user=cast.anan)
    assert deliver_message(delivery.pk)
    assert not OutboxItem.objects.exists()


def test_sending_again_waits_and_has_an_end(cast: Cast) -> None:
    invitation = ask(cast, UNKNOWN)

    with pytest.raises(TooManyTries):
        resend_invitation(invitation, acting_user=cast.en)
    for _again in range(invitations.MOST_SENDS - 1):
        Invitation.objects.update(sent_at=timezone.now() - invitations.RESEND_AFTER)
        resend_invitation(invitation, acting_user=cast.en)
    Invitation.objects.update(sent_at=timezone.now() - invitations.RESEND_AFTER)
    with pytest.raises(TooManyTries):
        resend_invitation(invitation, acting_user=cast.en)

    assert invitation.deliveries.count() == invitations.MOST_SENDS
    with pytest.raises(NotAllowed):
        resend_invitation(invitation, acting_user=cast.enxiao)


def test_one_person_asks_only_so_many_a_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "MOST_A_DAY", 2)
    ask(cast, UNKNOWN)
    ask(cast, "+8613900000001")

    with pytest.raises(TooManyTries):
        ask(cast, "+8613900000002")


def test_member_made_manager_keeps_one_membership(cast: Cast) -> None:
    accept_invitation(ask(cast, cast.enxiao.phone, "manager"), acting_user=cast.enxiao)

    membership = cast.organisations["enze"].memberships.get(user=cast.enxiao)
    assert membership.duty == "manager"
    assert roles_in_enze(cast, "enxiao") == ["manager"]


def test_manager_asked_as_member_stays_manager(cast: Cast) -> None:
    enze = cast.organisations["enze"]
    accept_invitation(ask(cast, cast.enxiao.phone, "manager"), acting_user=cast.enxiao)

    again = invite_member(enze, cast.en.phone, duty="member", acting_user=cast.enxiao)
    accept_invitation(again, acting_user=cast.en)

    assert roles_in_enze(cast, "en") == ["manager"]
    assert enze.memberships.filter(user=cast.en).count() == 1


def test_ended_person_may_be_asked_anew(cast: Cast) -> None:
    enze = cast.organisations["enze"]
    end_membership(enze.memberships.get(user=cast.enxiao), acting_user=cast.en)

    accept_invitation(ask(cast, cast.enxiao.phone), acting_user=cast.enxiao)

    assert Membership.objects.filter(organisation=enze, user=cast.enxiao).count() == 2
    assert roles_in_enze(cast, "enxiao") == ["member"]


def test_those_who_judge_are_tied_only_by_their_own_word(cast: Cast) -> None:
    """A reviewer may choose to join and will stand aside; an auditor may not at all."""
    of_ding, of_shu = ask(cast, cast.ding.phone), ask(cast, cast.shu.phone)

    assert roles_in_enze(cast, "ding") == []
    accept_invitation(of_ding, acting_user=cast.ding)
    with pytest.raises(RolesConflict):
        accept_invitation(of_shu, acting_user=cast.shu)

    assert roles_in_enze(cast, "ding") == ["member"]
    assert roles_in_enze(cast, "shu") == []
