"""我的时间 and the passbook: each line leads to what caused it."""

import pytest
from django.urls import reverse

from tests.factories.timebank import at, make_bank, make_confirmed_record, make_record
from timebank.services.corrections import reverse_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(cast):
    make_bank()
    return cast.stations["nanguanxiang"]


def test_statement_shows_balance_and_leads_to_the_record(cast, station, client):
    record = make_confirmed_record(cast.anan, station, cast.chen)
    client.force_login(cast.anan)

    page = client.get(reverse("timebank:statement")).content.decode()

    assert "1 小时" in page
    assert f'href="{record.get_absolute_url()}"' in page
    assert "由陈站长确认" in page


def test_statement_before_the_first_hour_says_what_to_do(cast, station, client):
    client.force_login(cast.anan)

    answer = client.get(reverse("timebank:statement"))

    assert answer.status_code == 200
    assert "还没有明细" in answer.content.decode()


def test_unconfirmed_service_is_not_in_the_statement(cast, station, client):
    make_record(cast.anan, station)
    client.force_login(cast.anan)

    account = client.get(reverse("timebank:statement")).context["account"]

    assert account.lines == []
    assert account.balance.available == 0


def test_reversed_hour_shows_both_ways(cast, station, client):
    record = make_confirmed_record(cast.anan, station, cast.chen)
    reverse_record(record, reason="登记错了人", acting_user=cast.fan)
    client.force_login(cast.anan)

    account = client.get(reverse("timebank:statement")).context["account"]

    assert [line.amount for line in account.lines] == [-60, 60]
    assert account.lines[0].words.startswith("冲正")
    assert account.lines[1].is_reversed
    assert account.balance.available == 0


def test_passbook_is_oldest_first(cast, station, client):
    make_confirmed_record(cast.anan, station, cast.chen, started_at=at(9), ended_at=at(10))
    make_confirmed_record(cast.anan, station, cast.chen, started_at=at(14), ended_at=at(16))
    client.force_login(cast.anan)

    (account,) = client.get(reverse("timebank:passbook")).context["accounts"]

    assert [(line.amount, line.balance_after) for line in account.lines] == [(60, 60), (120, 180)]


@pytest.mark.parametrize("count", [1, 3])
def test_statement_takes_a_fixed_number_of_questions(
    cast, station, client, django_assert_num_queries, count
):
    for hour in range(9, 9 + count):
        make_confirmed_record(
            cast.anan, station, cast.chen, started_at=at(hour), ended_at=at(hour + 1)
        )
    client.force_login(cast.anan)
    client.get(reverse("timebank:statement"))

    with django_assert_num_queries(19):
        client.get(reverse("timebank:statement"))


@pytest.mark.parametrize("who", ["anan", "chen", "fan", "en", "shu"])
def test_home_opens_for_everyone(cast, station, client, who):
    make_confirmed_record(cast.anan, station, cast.chen)
    make_record(cast.anan, station, started_at=at(9), ended_at=at(10))
    client.force_login(getattr(cast, who))

    assert client.get("/home/").status_code == 200


@pytest.mark.parametrize("before", ["²", "x\x00", "9" * 30, "9" * 5000, "-1"])
def test_what_is_no_position_opens_the_first_page(cast, station, client, before):
    make_confirmed_record(cast.anan, station, cast.chen)
    client.force_login(cast.anan)

    answer = client.get(reverse("timebank:statement"), {"before": before})

    account = answer.context["account"]
    assert len(account.lines) == 1
