"""Who was asked and appointed: open invitations, an office with a history, a group and its host."""

from datetime import date, timedelta

from django.db.models import F

from accounts.models import Organisation, Region, Role
from accounts.services.appointments import end_appointment
from accounts.services.invitations import accept_invitation, invite_member, invite_to_office
from accounts.services.organisations import register_organisation
from config.demo.cast import NANGUANXIANG, XIASHI, Cast, phone_of

Kind = Role.Kind
STRANGER = phone_of(98)


def load_offices(cast: Cast, *, today: date) -> None:
    """Through the services people use, so that messages and trail are there too."""
    _take_hosts_as_agreed()
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
    _appointments(cast, today)


def _take_hosts_as_agreed() -> None:
    """Groups that come into the demo verified have had their host's word before that."""
    Organisation.objects.filter(
        kind=Organisation.Kind.FILED, state=Organisation.State.VERIFIED, hosting_agreed_at=None
    ).update(hosting_agreed_at=F("verified_at"))


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
