"""Who was asked and appointed: open invitations, an office with a history, a group and its host."""

from datetime import date, timedelta

from accounts.models import Organisation, Region, Role, User
from accounts.services.appointments import end_appointment
from accounts.services.invitations import accept_invitation, invite_member, invite_to_office
from accounts.services.organisations import register_organisation
from accounts.services.roles import grant_role
from config.demo.cast import NANGUANXIANG, XIASHI, Cast, phone_of

Kind = Role.Kind
STRANGER = phone_of(98)
HOSTS_MANAGER = phone_of(97)


def load_offices(cast: Cast, *, today: date) -> None:
    """Through the services people use, so that messages and trail are there too."""
    invite_member(
        cast.organisations["enze"], cast.zhu.phone or "", duty="member", acting_user=cast.en
    )
    invite_member(cast.organisations["enze"], STRANGER, duty="member", acting_user=cast.en)
    register_organisation(
        name="半日闲书友会（演示）",
        kind=Organisation.Kind.FILED,
        region=Region.objects.current().get(code=NANGUANXIANG),
        host=cast.organisations["enze"],
        contact_name="潘队长",
        contact_phone="100-0000-0000",
        filing_number="备-硖石-演示-019",
        acting_user=cast.pan,
    )
    _manager_of_the_host(cast)
    _appointments(cast, today)


def _manager_of_the_host(cast: Cast) -> None:
    """佘主任 answers for the body that hosts the filed groups, and may end that with notice."""
    manager = User.objects.create_user(
        display_name="佘主任",
        phone=HOSTS_MANAGER,
        email="she@demo.invalid",
        phone_verified=True,
        email_verified=True,
        home_region=cast.organisations["shelifang"].region,
        is_demo=True,
    )
    grant_role(
        manager,
        Kind.MANAGER,
        organisation=cast.organisations["shelifang"],
        acting_user=cast.people["system"],
    )


def _appointments(cast: Cast, today: date) -> None:
    """戴社工 held a second office for a while; 夏社工 is asked to share the station."""
    ends_on = today + timedelta(days=365)
    held = accept_invitation(
        invite_to_office(
            cast.dai.phone or "",
            kind=Kind.COMMUNITY_WORKER,
            region=Region.objects.current().get(code=XIASHI),
            starts_on=today,
            ends_on=ends_on,
            reason="硖石街道社工站（演示）〔2026〕2 号",
            acting_user=cast.fan,
        ),
        acting_user=cast.dai,
    )
    assert held.role is not None, "the term has begun"
    end_appointment(held.role, reason="专任带队社工，不再兼任窗口", acting_user=cast.fan)
    invite_to_office(
        cast.xia.phone or "",
        kind=Kind.COORDINATOR,
        station=cast.stations["nanguanxiang"],
        starts_on=today,
        ends_on=ends_on,
        reason="轮值站长名单（演示）〔2026〕5 号",
        acting_user=cast.fan,
    )
