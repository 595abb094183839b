"""代管: no body answers for a group without its own word, and it may stop in good time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.db.models.functions import Now
from django.db.transaction import atomic
from django.utils import timezone

from accounts.errors import HostMustAgree, NotAllowed, NoticeTooShort, OutOfTurn, ReasonMissing
from accounts.models import Message, Organisation, Region
from accounts.services.hostings import (
    agree_to_host,
    ask_host,
    end_due_hostings,
    give_notice,
    refuse_to_host,
)
from accounts.services.organisations import (
    correct_organisation,
    register_organisation,
    verify_organisation,
)
from config.demo.cast import NANGUANXIANG, Cast


@pytest.fixture
def group(cast: Cast) -> Organisation:
    """What 安安 has entered; it names 恩泽社 as host."""
    return register_organisation(
        name="新邻里互助会",
        kind=Organisation.Kind.FILED,
        region=Region.objects.get(code=NANGUANXIANG),
        host=cast.organisations["enze"],
        contact_name="安安",
        contact_phone="100",
        acting_user=cast.anan,
    )


def titles(cast: Cast, key: str) -> list[str]:
    told = Message.objects.filter(to_user=cast.people[key]).order_by("id")
    return list(told.values_list("kind", flat=True))


def test_group_waits_for_its_host_before_an_officer_sees_it(
    cast: Cast, group: Organisation
) -> None:
    assert group.state == "waiting"
    assert titles(cast, "en") == ["hosting_asked"]
    with pytest.raises(OutOfTurn):
        verify_organisation(group, acting_user=cast.fan)
    with pytest.raises(NotAllowed):
        agree_to_host(group, acting_user=cast.enxiao)  # a member does not answer for the body
    with pytest.raises(NotAllowed):
        agree_to_host(group, acting_user=cast.anan)

    with pytest.raises(IntegrityError, match="verified_group_has_its_hosts_word"), atomic():
        Organisation.objects.filter(pk=group.pk).update(state="verified", verified_at=Now())

    agree_to_host(group, acting_user=cast.en)
    verify_organisation(group, acting_user=cast.fan)

    group.refresh_from_db()
    assert group.state == "verified"
    assert group.hosting_agreed_at is not None
    assert titles(cast, "anan") == ["hosting_agreed", "organisation_verified"]


def test_refused_group_asks_another(cast: Cast, group: Organisation) -> None:
    with pytest.raises(ReasonMissing):
        refuse_to_host(group, reason=" ", acting_user=cast.en)
    refuse_to_host(group, reason="人手不够", acting_user=cast.en)
    with pytest.raises(HostMustAgree):
        correct_organisation(
            group,
            name=group.name,
            credit_code=None,
            filing_number="",
            founded_on=None,
            acting_user=cast.anan,
        )

    ask_host(group, cast.organisations["shelifang"], acting_user=cast.anan)

    group.refresh_from_db()
    assert (group.state, group.host) == ("waiting", cast.organisations["shelifang"])


def test_host_ends_with_notice_and_the_group_finds_another(cast: Cast, group: Organisation) -> None:
    agree_to_host(group, acting_user=cast.en)
    verify_organisation(group, acting_user=cast.fan)
    today = timezone.localdate()
    last = today + timedelta(days=30)
    for why, day, who, refused in (
        ("停", today + timedelta(days=29), "en", NoticeTooShort),
        ("", last, "en", ReasonMissing),
        ("停", last, "anan", NotAllowed),
    ):
        with pytest.raises(refused):
            give_notice(group, ends_on=day, reason=why, acting_user=cast.people[who])

    give_notice(group, ends_on=last, reason="业务调整", acting_user=cast.en)

    assert end_due_hostings() == 0
    Organisation.objects.filter(pk=group.pk).update(hosting_ends_on=today - timedelta(days=1))
    assert end_due_hostings() == 1
    group.refresh_from_db()
    assert (group.state, group.hosting_agreed_at, group.hosting_ends_on) == ("returned", None, None)
    assert titles(cast, "anan")[-2:] == ["hosting_ends", "hosting_ended"]
    assert end_due_hostings() == 0


def test_verified_group_that_changes_its_host_is_looked_at_anew(
    cast: Cast, group: Organisation
) -> None:
    agree_to_host(group, acting_user=cast.en)
    verify_organisation(group, acting_user=cast.fan)

    ask_host(group, cast.organisations["shelifang"], acting_user=cast.anan)

    group.refresh_from_db()
    assert (group.state, group.verified_at, group.hosting_agreed_at) == ("waiting", None, None)
