"""Stations open where an officer or administrator serves, once by a name, and begin when told."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.errors import CodeTaken, NotAllowed, OutOfTurn
from accounts.models import Change, Region, Station, User
from accounts.selectors.stations import stations_overseen_by
from accounts.services.stations import (
    StationDetails,
    edit_station,
    open_station,
    start_station,
)
from config.demo.cast import DONGSHAN, XUCUN, Cast

type ClientOf = Callable[[User], Client]

DETAILS = StationDetails("东山邻里站", "东山路 1 号一楼", "0573-1", "周一至周五")


def verbs_of(station: Station) -> list[str]:
    changes = Change.objects.filter(content_type__model="station", object_id=station.pk)
    return list(changes.values_list("verb", flat=True))


def test_station_is_announced_then_serves(cast: Cast) -> None:
    place = Region.objects.get(code=DONGSHAN)

    station = open_station(place, DETAILS, serves_now=False, acting_user=cast.fan)
    station = edit_station(
        station, StationDetails("东山邻里站", "东山路 2 号", "", ""), acting_user=cast.guo
    )
    start_station(station, acting_user=cast.guo)

    station.refresh_from_db()
    assert (station.state, station.address, station.region) == ("open", "东山路 2 号", place)
    assert verbs_of(station)[-3:] == ["open_station", "edit_station", "start"]
    with pytest.raises(OutOfTurn):
        start_station(station, acting_user=cast.guo)
    with pytest.raises(CodeTaken):
        open_station(place, DETAILS, serves_now=True, acting_user=cast.fan)


@pytest.mark.parametrize("who", ["xu", "shu", "chen", "anan"])
def test_nobody_else_opens_or_changes_one(cast: Cast, who: str) -> None:
    user = cast.people[who]
    station = cast.stations["nanguanxiang"]

    with pytest.raises(NotAllowed):
        open_station(station.region, DETAILS, serves_now=True, acting_user=user)
    with pytest.raises(NotAllowed):
        edit_station(station, DETAILS, acting_user=user)


def test_officer_opens_one_and_goes_on_to_its_coordinator(cast: Cast, client_of: ClientOf) -> None:
    xu = client_of(cast.xu)
    sent = {
        "region": Region.objects.get(code=XUCUN).pk,
        "name": "许村镇中心站",
        "address": "便民服务中心一楼",
        "serves_now": "yes",
    }

    refused = xu.post("/stations/new/", sent | {"address": ""})
    opened = xu.post("/stations/new/", sent, follow=True)
    twice = xu.post("/stations/new/", sent)

    station = Station.objects.get(name="许村镇中心站")
    link = f"/appointments/new/coordinator/?station={station.pk}"
    assert (refused.status_code, twice.status_code) == (422, 409)
    assert link in opened.content.decode()
    assert f'value="{station.pk}" selected' in xu.get(link).content.decode()
    assert "许村镇中心站" in xu.get("/stations/").content.decode()
    assert set(stations_overseen_by(cast.xu)) == {station, cast.stations["xucun"]}
