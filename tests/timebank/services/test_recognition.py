"""Stars are granted by a person; the board thanks who agreed, and cannot be gamed by splitting."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Consent, Message
from accounts.services.consents import give_consent, withdraw_consent
from tests.factories.timebank import at, make_bank, make_confirmed_record, make_service_type
from timebank.errors.recognition import HoursGoneSince
from timebank.models import ServiceRecord, StarGrant, StarThreshold
from timebank.selectors.honours import badges_of, honour_board
from timebank.selectors.stars import stars_of
from timebank.services import honour_boards
from timebank.services.honour_boards import draw_boards
from timebank.services.honours import honour_picture, honour_poster
from timebank.services.stars import decide_star, propose_stars
from timebank.terms import recognition as terms

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


def served_rows(cast, who, station, *hours, days_ago=2, minutes=59):
    """Confirmed records of these hours, written as the board reads them, without the ledger."""
    ServiceRecord.objects.bulk_create(
        ServiceRecord(
            bank=make_bank(),
            volunteer=who,
            station=station,
            region=station.region,
            service_type=make_service_type(),
            what="理发",
            place="南关厢",
            for_whom="邻里",
            started_at=at(hour, days_ago=days_ago),
            ended_at=at(hour, 59, days_ago=days_ago),
            minutes=minutes,
            coefficient=0,
            state="confirmed",
            confirmed_by=cast.chen,
            confirmed_at=at(23),
            recorded_by=who,
        )
        for hour in hours
    )


def test_board_shows_who_agreed_masked_and_capped(cast, served, django_assert_num_queries):
    station = cast.stations["nanguanxiang"]
    town = station.region.parent
    served_rows(cast, cast.anan, station, *range(14))
    draw_boards()
    assert board() == []
    give_consent(cast.anan, Consent.Purpose.HONOUR, acting_user=cast.anan)

    assert draw_boards() > 0

    with django_assert_num_queries(1):
        (row,) = board(period="quarter")
    assert (row.minutes, row.days) == (480 + 60, 2)
    assert "*" in row.name
    (here,) = board(period="quarter", place=town, group="生活照料")
    assert here.minutes == 540
    assert board(period="quarter", place=cast.stations["xucun"].region) == []
    assert board(period="quarter", group="没有") == []
    withdraw_consent(cast.anan, Consent.Purpose.HONOUR, acting_user=cast.anan)
    assert board(period="quarter") == []


def test_splitting_a_day_into_many_records_adds_nothing(cast, served):
    give_consent(cast.anan, Consent.Purpose.HONOUR, acting_user=cast.anan)
    give_consent(cast.baijia, Consent.Purpose.HONOUR, acting_user=cast.baijia)
    station = cast.stations["nanguanxiang"]
    served_rows(cast, cast.anan, station, *range(20), days_ago=3)
    served_rows(cast, cast.baijia, station, *range(9), days_ago=3)

    draw_boards()

    by_split, honest = (row.minutes for row in board(period="quarter"))
    assert (by_split, honest) == (480 + 60, 480)  # 60 of the day before, by the fixture


def test_the_cap_is_that_of_the_day(cast, served, monkeypatch):
    give_consent(cast.anan, Consent.Purpose.HONOUR, acting_user=cast.anan)
    served_rows(cast, cast.anan, cast.stations["nanguanxiang"], *range(9), days_ago=3)
    lower = terms.HonourTerms(timezone.localdate() - timedelta(days=1), 30)
    monkeypatch.setattr(honour_boards, "HONOUR_TERMS", (*terms.HONOUR_TERMS, lower))

    draw_boards()

    assert board(period="quarter")[0].minutes == 480 + 30


def test_poster_and_picture_are_made(cast, served):
    give_consent(cast.anan, Consent.Purpose.HONOUR, acting_user=cast.anan)
    draw_boards()
    rows = board(period="quarter")

    assert honour_poster(rows, title="全市", today=timezone.localdate()).startswith(b"%PDF")
    assert honour_picture(rows, title="全市").startswith(b"\x89PNG")
    assert [badge.icon for badge in badges_of(cast.anan, timezone.localdate())] == ["star"]
