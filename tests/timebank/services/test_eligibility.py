"""Who may take part: a table of people and activities; what is unknown counts as a minor's."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import Region
from config.demo.cast import XUCUN
from tests.factories.timebank import make_service_type
from tests.factories.timebank_activities import make_open_shift, make_volunteer
from timebank.errors.activities import OwnPaper
from timebank.services.eligibility import obstacle_to
from timebank.services.qualifications import (
    record_guardian_consent,
    verify_qualification,
    withdraw_guardian_consent,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(cast):
    return cast.stations["nanguanxiang"]


def born(years: int) -> date:
    return timezone.localdate() - timedelta(days=int(years * 365.25) + 20)


INSURED = {"insurance": "人保 P1", "insured_until": date(2099, 1, 1)}
PLAIN, FAMILY = {}, {"welcomes_children": True}
DANGER = {"is_dangerous": True, **INSURED}
RESCUE = {"of_high_risk": True, **INSURED}


@pytest.mark.parametrize(
    ("age", "consent", "activity", "refused"),
    [
        (30, None, PLAIN, ""),
        (30, None, DANGER, ""),
        (16, None, PLAIN, "guardian_missing"),
        (16, False, PLAIN, ""),
        (16, True, DANGER, "dangerous_for_minors"),
        (13, False, PLAIN, "too_young"),
        (13, True, PLAIN, "too_young"),
        (13, False, FAMILY, "too_young"),
        (13, True, FAMILY, ""),
        (None, None, PLAIN, "birth_unknown"),
        (None, False, PLAIN, "too_young"),
        (None, True, FAMILY, ""),
        (None, True, DANGER, "dangerous_for_minors"),
        (16, True, RESCUE, "dangerous_for_minors"),
    ],
)
def test_age_and_guardian(cast, station, age, consent, activity, refused):
    volunteer = make_volunteer(station.region, born_on=born(age) if age else None)
    if consent is not None:
        record_guardian_consent(
            volunteer,
            guardian_name="沈女士",
            guardian_phone="10000000077",
            relation="母亲",
            accepts_child_rule=consent,
            acting_user=cast.chen,
        )
    facts = dict(activity)
    if facts.pop("of_high_risk", False):
        facts["service_type"] = make_service_type("X1", name="应急救援", risk="high")
    shift = make_open_shift(station, **facts)

    refusal = obstacle_to(volunteer, shift)

    assert (refusal.code if refusal else "") == refused


def test_consent_is_withdrawn(cast, station):
    young = make_volunteer(station.region, born_on=born(16))
    facts = {"guardian_name": "沈", "guardian_phone": "10000000077", "relation": "母亲"}
    record_guardian_consent(young, acting_user=cast.chen, **facts)
    record_guardian_consent(young, acting_user=cast.chen, **facts)
    withdraw_guardian_consent(young, acting_user=cast.chen)

    assert obstacle_to(young, make_open_shift(station)).code == "guardian_missing"


def test_qualification_is_asked_and_checked_by_another(cast, station):
    escort = make_service_type("S02", name="陪同就医", qualification="escort")
    shift = make_open_shift(station, service_type=escort)
    with pytest.raises(OwnPaper):
        verify_qualification(cast.chen, "escort", acting_user=cast.chen)
    with pytest.raises(NotAllowed):
        verify_qualification(cast.anan, "escort", acting_user=cast.fang)
    before = obstacle_to(cast.anan, shift)
    yesterday = timezone.localdate() - timedelta(days=1)
    verify_qualification(cast.anan, "escort", valid_until=yesterday, acting_user=cast.chen)
    run_out = obstacle_to(cast.anan, shift)
    verify_qualification(cast.anan, "escort", acting_user=cast.chen)

    assert (before.code, run_out.code) == ("qualification_missing", "qualification_missing")
    assert obstacle_to(cast.anan, shift) is None


@pytest.mark.parametrize(
    ("audience", "may"),
    [
        ("everyone", {"anan", "enxiao", "stranger"}),
        ("neighbours", {"anan", "enxiao"}),
        ("members", {"enxiao"}),
        ("social_workers", set()),
    ],
)
def test_audience(cast, station, audience, may):
    enze = cast.organisations["enze"]
    far = make_volunteer(Region.objects.get(code=XUCUN))
    cast.enxiao.person.born_on = born(30)
    cast.enxiao.person.save()
    shift = make_open_shift(station, owner=enze, audience=audience)
    people = {"anan": cast.anan, "enxiao": cast.enxiao, "stranger": far, "xia": cast.xia}

    found = {key for key, person in people.items() if obstacle_to(person, shift) is None}

    assert found == may
