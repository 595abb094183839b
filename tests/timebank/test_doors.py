"""What ventures may ask: rewards once per source, and a fund that awards cannot exceed."""

from functools import partial

import pytest

from tests.at_once import said_at_once
from tests.factories.timebank import at, make_bank, make_confirmed_record
from timebank import doors
from timebank.errors.ledger import KeyUsedForOther
from timebank.services.corrections import reverse_record

pytestmark = pytest.mark.django_db

FUND = "ventures.round:7"


def commit(user, amount_fen, key):
    return doors.commit_fund(
        FUND,
        amount_fen=amount_fen,
        source=f"ventures.award:{key}",
        key=f"award:{key}",
        reason="立项资助",
        acting_user=user,
    )


def test_fund_is_opened_once_with_its_money(cast):
    doors.open_fund(FUND, "2026 年第二轮", 10_000_00, cast.fan)
    doors.open_fund(FUND, "2026 年第二轮", 10_000_00, cast.fan)

    assert doors.fund_position(FUND) == doors.FundPosition(
        total_fen=10_000_00, committed_fen=0, free_fen=10_000_00
    )


def test_fund_opened_with_another_amount_is_refused(cast):
    doors.open_fund(FUND, "2026 年第二轮", 10_000_00, cast.fan)

    with pytest.raises(KeyUsedForOther):
        doors.open_fund(FUND, "2026 年第二轮", 20_000_00, cast.fan)


def test_money_added_to_a_fund_can_be_committed(cast):
    doors.open_fund(FUND, "2026 年第二轮", 10_000_00, cast.fan)

    doors.add_to_fund(
        FUND, amount_fen=5_000_00, source=FUND, key="more", reason="追加", acting_user=cast.fan
    )
    commit(cast.fan, 15_000_00, "1")

    assert doors.fund_position(FUND) == doors.FundPosition(15_000_00, 15_000_00, 0)


def test_awards_never_exceed_the_fund(cast):
    doors.open_fund(FUND, "2026 年第二轮", 10_000_00, cast.fan)
    commit(cast.fan, 6_150_00, "1")

    with pytest.raises(doors.FundExceeded) as refused:
        commit(cast.fan, 3_850_01, "2")

    assert refused.value.facts == {"needed_fen": 3_850_01, "available_fen": 3_850_00}
    assert "¥3,850.00" in str(refused.value)
    assert doors.fund_position(FUND).committed_fen == 6_150_00


def test_same_award_commits_once(cast):
    doors.open_fund(FUND, "2026 年第二轮", 10_000_00, cast.fan)

    first = commit(cast.fan, 6_150_00, "1")
    again = commit(cast.fan, 6_150_00, "1")

    assert first == again
    assert doors.fund_position(FUND).committed_fen == 6_150_00


def test_released_commitment_is_free_again(cast):
    doors.open_fund(FUND, "2026 年第二轮", 10_000_00, cast.fan)
    commit(cast.fan, 6_150_00, "1")

    doors.release_commitment(
        FUND,
        amount_fen=6_150_00,
        source="ventures.award:1",
        key="release:1",
        reason="放弃立项",
        acting_user=cast.fan,
    )

    assert doors.fund_position(FUND) == doors.FundPosition(10_000_00, 0, 10_000_00)


def test_position_before_opening_is_nothing():
    assert doors.fund_position("nobody") == doors.FundPosition(0, 0, 0)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_officers_committing_the_last_money_at_once(cast):
    doors.open_fund(FUND, "2026 年第二轮", 10_000_00, cast.fan)

    outcomes = said_at_once(*(partial(commit, cast.fan, 6_000_00, key) for key in ("1", "2")))

    assert outcomes == ["done", doors.FundExceeded.code]
    assert doors.fund_position(FUND).committed_fen == 6_000_00


def test_reward_for_the_same_source_is_given_once(cast):
    make_bank()
    facts = {
        "minutes": 90,
        "source": "ventures.activity:7:user:3",
        "reason": "项目活动",
        "region": cast.stations["nanguanxiang"].region,
        "acting_user": cast.fan,
    }

    first = doors.reward_service(cast.anan, **facts)
    again = doors.reward_service(cast.anan, **facts)

    assert first == again
    assert doors.hours_by_source("ventures.activity:7:") == {"ventures.activity:7:user:3": 90}


def test_hours_total_counts_confirmed_service_only(cast):
    make_bank()
    station = cast.stations["nanguanxiang"]
    make_confirmed_record(cast.anan, station, cast.chen)
    wrong = make_confirmed_record(cast.anan, station, cast.chen, started_at=at(8), ended_at=at(10))

    reverse_record(wrong, reason="登记错了人", acting_user=cast.fan)

    assert doors.volunteer_hours_total(cast.anan) == 60
