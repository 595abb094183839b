"""Stars are granted by a person; the board thanks who agreed, and cannot be gamed by splitting."""

import pytest
from django.utils import timezone

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Consent, Message
from accounts.services.consents import give_consent, withdraw_consent
from tests.factories.timebank import at, make_bank, make_confirmed_record
from timebank.errors.recognition import HoursGoneSince
from timebank.models import ServiceRecord, StarGrant, StarThreshold
from timebank.selectors.honours import badges_of, honour_board
from timebank.selectors.stars import stars_of
from timebank.services.honours import honour_picture, honour_poster
from timebank.services.stars import decide_star, propose_stars

pytestmark = pytest.mark.django_db


@pytest.fixture
def served(cast):
    """An hour of 安安's, and a first level that asks for no more since today."""
    make_bank()
    record = make_confirmed_record(cast.anan, cast.stations["nanguanxiang"], cast.chen)
    StarThreshold.objects.create(level=1, minutes=60, starts_on=timezone.localdate())
    return record


def board(**narrowing):
    asked = {"place": None, "period": "year", "today": timezone.localdate()}
    return honour_board(**asked | narrowing)


def test_the_law_s_levels_hold_until_newer_ones_begin(cast, served):
    steps = StarThreshold.objects.in_force(timezone.localdate())

    assert [step.minutes for step in steps] == [60, 18_000, 36_000, 60_000, 90_000]
    assert stars_of(cast.anan).next_minutes == 60


def test_hours_propose_and_a_person_grants(cast, served):
    assert propose_stars() == 1
    assert propose_stars() == 0
    grant = StarGrant.objects.get()
    assert stars_of(cast.anan).level == 0
    for stranger in (cast.anan, cast.chen, cast.xu, cast.shu):
        with pytest.raises(NotAllowed):
            decide_star(grant, "grant", acting_user=stranger)

    decide_star(grant, "grant", acting_user=cast.fan)

    assert stars_of(cast.anan).level == 1
    assert Message.objects.filter(to_user=cast.anan, kind="star_granted").count() == 1
    with pytest.raises(OutOfTurn):
        decide_star(grant, "decline", reason="晚了", acting_user=cast.fan)
    with pytest.raises(ReasonMissing):
        decide_star(grant, "withdraw", acting_user=cast.fan)
    withdrawn = decide_star(grant, "withdraw", reason="核查不实", acting_user=cast.fan)
    assert (withdrawn.state, stars_of(cast.anan).level) == ("withdrawn", 0)
    assert propose_stars() == 0  # not again before half a year is over


def test_hours_that_are_gone_grant_nothing(cast, served):
    propose_stars()
    ServiceRecord.objects.update(state="reversed")

    with pytest.raises(HoursGoneSince):
        decide_star(StarGrant.objects.get(), "grant", acting_user=cast.fan)


def test_board_shows_who_agreed_masked_and_capped(cast, served, django_assert_num_queries):
    station = cast.stations["nanguanxiang"]
    assert board() == []
    give_consent(cast.anan, Consent.Purpose.HONOUR, acting_user=cast.anan)
    for hour in range(0, 14):
        make_confirmed_record(
            cast.anan,
            station,
            cast.chen,
            started_at=at(hour, days_ago=2),
            ended_at=at(hour, 59, days_ago=2),
        )

    with django_assert_num_queries(2):
        (row,) = board(period="quarter")

    assert (row.minutes, row.days) == (480 + 60, 2)
    assert "*" in row.name
    assert board(period="quarter", place=cast.stations["xucun"].region) == []
    assert board(period="quarter", group="没有") == []
    withdraw_consent(cast.anan, Consent.Purpose.HONOUR, acting_user=cast.anan)
    assert board(period="quarter") == []


def test_poster_and_picture_are_made(cast, served):
    give_consent(cast.anan, Consent.Purpose.HONOUR, acting_user=cast.anan)
    rows = board(period="quarter")

    assert honour_poster(rows, title="全市", today=timezone.localdate()).startswith(b"%PDF")
    assert honour_picture(rows, title="全市").startswith(b"\x89PNG")
    assert [badge.icon for badge in badges_of(cast.anan, timezone.localdate())] == ["star"]
