"""Giving hours to a pool: once per request, never more than one has, both sides told."""

from uuid import uuid4

import pytest

from accounts.models import Message, Station
from config.demo.cast import Cast
from tests.factories.timebank_orders import give_hours
from timebank.errors.ledger import NothingToMove
from timebank.errors.orders import GiftTooLarge
from timebank.errors.records import StationNotOpen
from timebank.models import Entry, Transfer
from timebank.selectors.board import available_in_pool, available_to
from timebank.services.pools import give_to_pool

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(cast: Cast) -> Station:
    return cast.stations["nanguanxiang"]


def test_a_gift_moves_to_the_pool_and_is_thanked_for(cast: Cast, station: Station) -> None:
    give_hours(cast.anan, 60, station=station)

    transfer = give_to_pool(station, minutes=25, request_key=uuid4(), acting_user=cast.anan)

    assert (available_to(cast.anan, station), available_in_pool(station)) == (35, 25)
    assert transfer.kind == "gift"
    assert sum(Entry.objects.filter(transfer=transfer).values_list("amount", flat=True)) == 0
    told = Message.objects.values_list("to_user", "kind")
    assert set(told) == {(cast.anan.pk, "pool_thanks"), (cast.chen.pk, "pool_gift")}


def test_the_same_gift_is_given_once(cast: Cast, station: Station) -> None:
    give_hours(cast.anan, 60, station=station)
    key = uuid4()

    first = give_to_pool(station, minutes=25, request_key=key, acting_user=cast.anan)
    second = give_to_pool(station, minutes=25, request_key=key, acting_user=cast.anan)

    assert first.pk == second.pk
    assert available_in_pool(station) == 25
    assert Message.objects.filter(kind="pool_thanks").count() == 1


def test_more_than_one_has_is_refused_with_the_most(cast: Cast, station: Station) -> None:
    give_hours(cast.anan, 20, station=station)
    before = Transfer.objects.count()

    with pytest.raises(GiftTooLarge) as refusal:
        give_to_pool(station, minutes=21, request_key=uuid4(), acting_user=cast.anan)

    assert refusal.value.facts["available"] == 20
    assert "最多可捐 20 分" in str(refusal.value)
    assert Transfer.objects.count() == before
    assert Message.objects.count() == 0


@pytest.mark.parametrize("minutes", [0, -5])
def test_nothing_is_not_a_gift(cast: Cast, station: Station, minutes: int) -> None:
    give_hours(cast.anan, 20, station=station)

    with pytest.raises(NothingToMove):
        give_to_pool(station, minutes=minutes, request_key=uuid4(), acting_user=cast.anan)


def test_a_station_that_is_not_open_takes_no_gifts(cast: Cast, station: Station) -> None:
    station.state = Station.State.COMING

    with pytest.raises(StationNotOpen):
        give_to_pool(station, minutes=5, request_key=uuid4(), acting_user=cast.anan)
