"""岗位任免: who appoints whom, terms, offices that exclude each other, the first administrator."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import offices
from accounts.errors import (
    AdministratorThere,
    InvitationRanOut,
    LastAdministrator,
    NotAllowed,
    NotYourOwn,
    OutOfTurn,
    ReasonMissing,
    RolesConflict,
)
from accounts.models import Change, Invitation, Message, Region, Role
from accounts.services.appointments import (
    appoint_first_administrator,
    end_appointment,
    keep_terms,
)
from accounts.services.invitations import (
    accept_invitation,
    invite_to_office,
    resend_invitation,
    withdraw_invitation,
)
from accounts.services.organisations import register_organisation
from accounts.services.roles import grant_role
from config.demo.cast import HAINING, NANGUANXIANG, XIASHI, XUCUN, Cast

UNKNOWN = "+8613900000000"


def place(code: str) -> Region:
    return Region.objects.get(code=code)


def appoint(
    cast: Cast, by: str, kind: str, where: Any, to: str = UNKNOWN, **term: Any
) -> Invitation:
    today = timezone.localdate()
    if kind in Role.STATION_KINDS:
        bound = {"station": where}
    elif kind in Role.ORGANISATION_KINDS:
        bound = {"organisation": where}
    else:
        bound = {"region": where}
    return invite_to_office(
        to,
        kind=kind,
        **bound,
        starts_on=term.get("starts_on", today),
        ends_on=term.get("ends_on"),
        reason=term.get("reason", "海民（演示）〔2026〕3 号"),
        acting_user=cast.people[by],
    )


LOCAL = {"reviewer", "coach", "operator", "coordinator", "community_worker", "lead_worker"}
INDEPENDENT = {"administrator", "officer", "finance", "auditor", "observer"}
ON_SITE = {"coordinator", "community_worker", "lead_worker"}
NONE: set[str] = set()

# who → offices they fill at: the city, 许村 (a town), 南关厢 (a community of another town)
POWER: dict[str, tuple[set[str], set[str], set[str]]] = {
    "guo": (INDEPENDENT | ON_SITE, INDEPENDENT | ON_SITE, INDEPENDENT | ON_SITE),
    "fan": (LOCAL, LOCAL | {"officer"}, LOCAL | {"officer"}),
    "xu": (NONE, LOCAL, NONE),
    "shu": (NONE, NONE, NONE),
    "chen": (NONE, NONE, NONE),
    "ou": (NONE, NONE, NONE),
}


@pytest.mark.parametrize("who", POWER)
def test_who_appoints_whom_where(cast: Cast, who: str) -> None:
    person = cast.people[who]

    found = tuple(
        {kind for kind in offices.OFFICES if offices.may_appoint(person, kind, place(code))}
        for code in (HAINING, XUCUN, NANGUANXIANG)
    )

    assert found == POWER[who]


def test_office_begins_when_it_is_accepted(cast: Cast) -> None:
    ends_on = timezone.localdate() + timedelta(days=365)
    invitation = appoint(cast, "fan", "officer", place(XIASHI), cast.zhu.phone, ends_on=ends_on)
    assert not cast.zhu.roles.filter(kind="officer").exists()

    accept_invitation(invitation, acting_user=cast.zhu)

    role = cast.zhu.roles.get(kind="officer")
    assert (role.region, role.ends_on) == (place(XIASHI), ends_on)
    change = Change.objects.get(object_id=role.pk, content_type__model="role", verb="grant")
    assert (change.acting_user, change.reason) == (cast.fan, invitation.reason)
    assert Message.objects.filter(to_user=cast.fan, kind="invitation_answered").count() == 1


def test_what_the_table_does_not_allow_is_refused(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        appoint(cast, "fan", "officer", place(HAINING))  # her own level
    with pytest.raises(NotAllowed):
        appoint(cast, "xu", "coordinator", cast.stations["nanguanxiang"])  # another town
    with pytest.raises(NotAllowed):
        appoint(cast, "guo", "volunteer", place(HAINING))  # no office
    with pytest.raises(NotYourOwn):
        appoint(cast, "guo", "finance", place(HAINING), cast.guo.email)
    with pytest.raises(ReasonMissing):
        appoint(cast, "guo", "finance", place(HAINING), reason=" ")

    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("by", "kind", "who"),
    [
        ("guo", "finance", "fan"),
        ("guo", "auditor", "chen"),
        ("guo", "observer", "ding"),
        ("fan", "coach", "shu"),
        ("fan", "reviewer", "jin"),
        ("guo", "officer", "ou"),
    ],
)
def test_offices_that_exclude_each_other(cast: Cast, by: str, kind: str, who: str) -> None:
    person = cast.people[who]
    invitation = appoint(cast, by, kind, place(XIASHI), person.phone)

    with pytest.raises(RolesConflict):
        accept_invitation(invitation, acting_user=person)

    assert not person.roles.filter(kind=kind).exists()


def test_conflicts_hold_both_ways_and_never_with_oneself() -> None:
    for one in Role.OFFICE_KINDS:
        assert not offices.conflict_with(one, one)
        for other in Role.OFFICE_KINDS:
            forth, back = offices.conflict_with(one, other), offices.conflict_with(other, one)
            assert bool(forth) == bool(back)


def test_term_to_come_begins_on_its_day_and_ends_after_its_last(cast: Cast) -> None:
    today = timezone.localdate()
    tomorrow = today + timedelta(days=1)
    invitation = appoint(
        cast, "fan", "reviewer", place(HAINING), cast.zhu.phone, starts_on=tomorrow
    )
    accept_invitation(invitation, acting_user=cast.zhu)
    assert keep_terms() == 0

    Invitation.objects.update(starts_on=today)
    assert keep_terms() == 1
    role = cast.zhu.roles.get(kind="reviewer")
    Role.objects.filter(pk=role.pk).update(ends_on=today - timedelta(days=1))
    assert not cast.zhu.roles.active().filter(kind="reviewer").exists()  # even before the sweep
    assert keep_terms() == 1

    role.refresh_from_db()
    assert role.ended_at is not None
    assert Message.objects.filter(to_user=cast.zhu, kind="appointment_ended").count() == 1
    assert keep_terms() == 0


def tomorrows(cast: Cast, by: str, kind: str) -> Invitation:
    """诸阿姨 said yes to an office that begins tomorrow."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    invitation = appoint(cast, by, kind, place(HAINING), cast.zhu.phone, starts_on=tomorrow)
    return accept_invitation(invitation, acting_user=cast.zhu)


def test_office_to_come_excludes_others_and_is_laid_down_by_either_side(cast: Cast) -> None:
    first = tomorrows(cast, "guo", "finance")
    with pytest.raises(RolesConflict):
        tomorrows(cast, "fan", "reviewer")
    with pytest.raises(NotAllowed):
        withdraw_invitation(first, acting_user=cast.chen)
    with pytest.raises(OutOfTurn):
        resend_invitation(first, acting_user=cast.guo)

    withdraw_invitation(first, acting_user=cast.zhu)
    second = accept_invitation(Invitation.objects.open().get(kind="reviewer"), acting_user=cast.zhu)
    withdraw_invitation(second, acting_user=cast.fan)
    Invitation.objects.update(starts_on=timezone.localdate())

    assert keep_terms() == 0
    told = Message.objects.filter(key__contains=":withdrawn:").order_by("pk")
    assert [(one.to_user, one.title) for one in told] == [
        (cast.guo, "诸阿姨不担任了：海宁市 · 财务"),
        (cast.zhu, "范科长收回了任命：海宁市 · 评委"),
    ]


def test_office_that_meanwhile_is_excluded_does_not_begin(cast: Cast) -> None:
    """An auditor to come who became a reviewer by another door, as old data may hold."""
    invitation = tomorrows(cast, "guo", "auditor")
    grant_role(cast.zhu, "reviewer", region=place(HAINING), acting_user=cast.fan)
    Invitation.objects.update(starts_on=timezone.localdate())

    assert keep_terms() == 0

    invitation.refresh_from_db()
    assert (invitation.state, invitation.role) == ("expired", None)
    assert Message.objects.filter(key__contains=":lapsed:").count() == 2
    assert keep_terms() == 0


def test_term_that_is_over_is_not_accepted_and_auditors_register_nothing(cast: Cast) -> None:
    invitation = appoint(cast, "fan", "reviewer", place(HAINING), cast.zhu.phone)
    Invitation.objects.update(
        starts_on=timezone.localdate() - timedelta(days=9),
        ends_on=timezone.localdate() - timedelta(days=1),
    )

    with pytest.raises(InvitationRanOut):
        accept_invitation(invitation, acting_user=cast.zhu)
    with pytest.raises(RolesConflict):
        register_organisation(
            name="示范协会",
            kind="association",
            region=place(HAINING),
            contact_name="舒",
            contact_phone="0573-1",
            acting_user=cast.shu,
        )


def test_ending_needs_the_power_and_a_reason_and_is_told(cast: Cast) -> None:
    role = cast.chen.roles.get(kind="coordinator")
    with pytest.raises(NotAllowed):
        end_appointment(role, reason="轮岗", acting_user=cast.xu)
    with pytest.raises(ReasonMissing):
        end_appointment(role, reason="", acting_user=cast.fan)

    end_appointment(role, reason="轮岗", acting_user=cast.fan)
    end_appointment(role, reason="轮岗", acting_user=cast.fan)

    assert Message.objects.get(to_user=cast.chen).body == "轮岗"
    assert Change.objects.filter(verb="end", object_id=role.pk).count() == 1


def test_holder_may_lay_an_office_down_but_not_a_membership_here(cast: Cast) -> None:
    end_appointment(cast.ding.roles.get(), reason="出国", acting_user=cast.ding)

    assert not cast.ding.roles.active().exists()
    with pytest.raises(NotAllowed):
        end_appointment(cast.en.roles.get(kind="manager"), reason="离开", acting_user=cast.en)


def test_somebody_who_appoints_is_always_left(cast: Cast) -> None:
    with pytest.raises(LastAdministrator):
        end_appointment(cast.guo.roles.get(), reason="离职", acting_user=cast.guo)

    assert cast.guo.roles.active().exists()


def test_first_administrator_comes_from_the_command_line_once(cast: Cast) -> None:
    with pytest.raises(AdministratorThere):
        appoint_first_administrator(cast.zhu.phone, region=place(XUCUN))
    with pytest.raises(CommandError, match="没有代码"):
        call_command("appoint_first_administrator", cast.zhu.phone, "--region", "999999999999")
    Role.objects.filter(kind="administrator").update(ended_at=timezone.now())
    with pytest.raises(CommandError, match="还没有人用"):
        call_command("appoint_first_administrator", "13900000000", "--region", HAINING)

    call_command("appoint_first_administrator", "10000000002", "--region", HAINING)

    assert cast.zhu.roles.active().get(kind="administrator").region == place(HAINING)
    assert Message.objects.filter(to_user=cast.zhu, kind="appointment").count() == 1
    with pytest.raises(CommandError, match="已经有系统管理员"):
        call_command("appoint_first_administrator", cast.anan.email, "--region", HAINING)


def test_appointed_again_has_the_new_term(cast: Cast) -> None:
    last = date(2030, 12, 31)
    invitation = appoint(cast, "fan", "reviewer", place(HAINING), cast.ding.phone, ends_on=last)

    accept_invitation(invitation, acting_user=cast.ding)

    role = cast.ding.roles.get(kind="reviewer")
    assert role.ends_on == last
    assert Change.objects.filter(object_id=role.pk, verb="set_term").count() == 1
