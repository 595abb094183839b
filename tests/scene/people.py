"""Messages, organisations, wards, invitations, offices, the calendar and the words."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import (
    Invitation,
    Membership,
    Message,
    Organisation,
    Region,
    Station,
    User,
)
from accounts.services.calendar import set_holiday
from accounts.services.hostings import agree_to_host
from accounts.services.invitations import invite_member, invite_to_office
from accounts.services.messages import tell
from accounts.services.organisations import register_organisation, return_organisation
from accounts.services.words import set_word
from config.demo.cast import XIASHI, XUCUN, Cast


def people_of_the_scene(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    """Messages, organisations, the people somebody looks after."""
    message: Message = tell(
        cast.anan, kind="hello", title="你好", body="欢迎。", link="/me/", key="scene:anan"
    )
    yield "message-anan", {"pk": message.pk}
    for purpose in ("photo", "proxy"):
        yield f"consent-{purpose}", {"purpose": purpose}
    yield "user-anan", {"object_id": cast.anan.pk}
    yield "person-anan", {"pk": cast.anan.pk}
    yield "person-cheng", {"pk": cast.cheng.pk}

    founder = User.objects.create_user(display_name="创办人", email="founder@example.com")
    enze = cast.organisations["enze"]
    submitted = agree_to_host(_registered("许村邻里社", XUCUN, founder), acting_user=cast.en)
    returned = agree_to_host(_registered("半日闲分队", XIASHI, cast.pan), acting_user=cast.en)
    return_organisation(returned, reason="编号与备案表不符", acting_user=cast.fan)
    for key, organisation in (
        ("org-enze", enze),
        ("org-submitted-xucun", submitted),
        ("org-returned-pan", returned),
    ):
        yield key, {"pk": organisation.pk}
    for key in ("en", "enxiao"):
        membership = Membership.objects.get(user=cast.people[key], organisation=enze)
        yield f"{key}-in-enze", {"pk": enze.pk, "membership": membership.pk}
    asking = _registered("半日闲二队", XIASHI, cast.pan)
    for key, group in (("asking", asking), ("hosted", submitted)):
        yield f"group-{key}", {"pk": enze.pk, "group": group.pk}
    yield "org-asking", {"pk": asking.pk}
    yield "org-banrixian", {"pk": cast.organisations["banrixian"].pk}
    yield "org-shelifang", {"pk": cast.organisations["shelifang"].pk}


def offices_of_the_scene(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    """诸阿姨 is asked to join 恩泽社 and to coach; offices to look at; a day and a word."""
    member = invite_member(
        cast.organisations["enze"], cast.zhu.phone, duty="member", acting_user=cast.en
    )
    coach = invite_to_office(
        cast.zhu.phone,
        kind="coach",
        region=Region.objects.get(code=XIASHI),
        starts_on=timezone.localdate(),
        ends_on=None,
        reason="聘请",
        acting_user=cast.fan,
    )
    Invitation.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    yield "invitation-member", {"token": member.token}
    yield "invitation-coach", {"token": coach.token}
    yield "office-chen", {"pk": cast.chen.roles.get(kind="coordinator").pk}
    yield "office-guo", {"pk": cast.guo.roles.get().pk}
    yield "membership-en", {"pk": cast.en.roles.get(kind="manager").pk}
    for kind in ("coach", "auditor", "officer"):
        yield f"kind-{kind}", {"kind": kind}
    holiday = set_holiday(date(2027, 2, 6), name="春节", is_working=False, acting_user=cast.guo)
    yield "year", {"year": 2027}
    yield "holiday", {"year": 2027, "pk": holiday.pk}
    coming = Station.objects.create(
        name="许村新站", region=Region.objects.get(code=XUCUN), state=Station.State.COMING
    )
    yield "station-xucun", {"pk": cast.stations["xucun"].pk}
    yield "station-coming", {"pk": coming.pk}
    word = set_word(None, chinese="理发", english="Haircut", acting_user=cast.guo)
    yield "word", {"pk": word.pk}


def _registered(name: str, region: str, by: User) -> Organisation:
    return register_organisation(
        name=name,
        kind=Organisation.Kind.FILED,
        region=Region.objects.get(code=region),
        host=Organisation.objects.get(name="恩泽社区服务社"),
        contact_name=by.display_name,
        contact_phone="10000000009",
        acting_user=by,
    )
