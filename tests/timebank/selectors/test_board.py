"""What is on offer and who could take it: the board, the menu's places, matches with reasons."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from accounts.models import Station
from accounts.services.roles import grant_role
from config.demo.cast import Cast
from tests.factories.timebank_orders import (
    fill_pool,
    make_listing,
    make_order,
    make_order_in,
    make_wish,
)
from timebank.models import ServiceOrder
from timebank.selectors.board import (
    menu,
    menu_communities,
    menu_groups,
    open_orders_near,
    pool_figures,
    pools,
)
from timebank.selectors.matching import matches_for
from timebank.services.order_endings import confirm_order
from timebank.services.orders import accept_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(cast: Cast) -> Station:
    return cast.stations["nanguanxiang"]


def test_the_menu_offers_what_open_stations_published(cast: Cast, station: Station) -> None:
    item = make_listing(station)
    make_listing(station, state="paused")
    make_listing(cast.stations["xucun"])
    Station.objects.filter(pk=cast.stations["xucun"].pk).update(state=Station.State.COMING)

    assert list(menu()) == [item]
    assert list(menu_communities()) == [station.region]
    assert menu_groups() == ["生活照料"]
    assert list(menu(within_minutes=15)) == []


def test_the_menu_puts_what_is_near_first(cast: Cast, station: Station, places) -> None:
    far, near = make_listing(cast.stations["xucun"]), make_listing(station)

    assert [item.pk for item in menu(near=station.region)] == [near.pk, far.pk]
    assert [item.pk for item in menu(near=places["330481101000"])] == [far.pk, near.pk]


def test_the_board_puts_ones_own_community_first(cast: Cast, station: Station, places) -> None:
    grant_role(cast.zhu, "volunteer", region=places["330481101000"], acting_user=cast.system)
    far = make_order(
        cast,
        listing=make_listing(cast.stations["xucun"]),
        requested_by=cast.cheng,
        recipient=cast.persons["bai"],
        wish=make_wish(start=time(8), end=time(9)),
    )
    near = make_order(cast, wish=make_wish(start=time(14), end=time(16)))

    assert list(open_orders_near(cast.anan)) == [near]
    assert set(open_orders_near(cast.zhu)) == {near, far}
    assert list(open_orders_near(cast.fang)) == []


def test_the_board_leaves_out_days_that_have_passed(cast: Cast) -> None:
    order = make_order(cast)
    ServiceOrder.objects.filter(pk=order.pk).update(
        wanted_on=timezone.localdate() - timedelta(days=1)
    )

    assert list(open_orders_near(cast.anan)) == []


def test_matches_say_why_and_leave_out_who_asked(cast: Cast) -> None:
    make_order_in("settled", cast)
    order = make_order(cast)

    matches = matches_for(order)

    assert matches[0].volunteer == cast.anan
    assert [str(reason) for reason in matches[0].reasons] == [
        "为这位服务对象服务过",
        "做过 1 次这项服务",
        "在本社区服务",
    ]
    assert cast.fang not in [match.volunteer for match in matches]
    assert {cast.baijia, cast.zhu} <= {match.volunteer for match in matches}


def test_who_is_busy_then_comes_last(cast: Cast) -> None:
    taken = make_order(cast, requested_by=cast.chen, recipient=cast.persons["bai"])
    accept_order(taken, acting_user=cast.anan)
    order = make_order(cast)

    matches = matches_for(order)

    assert matches[-1].volunteer == cast.anan
    assert matches[-1].is_busy


def test_a_volunteer_is_found_by_name(cast: Cast) -> None:
    order = make_order(cast)

    assert [match.volunteer for match in matches_for(order, words="诸")] == [cast.zhu]
    assert matches_for(order, words="程站长") == []


def test_a_pools_figures_add_up(cast: Cast, station: Station) -> None:
    fill_pool(station, 100)
    order = make_order_in(
        "delivered", cast, requested_by=cast.chen, recipient=cast.persons["bai"], drawn_from="pool"
    )
    confirm_order(order, stars=5, word="问过，来过", acting_user=cast.chen)
    make_order(cast, requested_by=cast.chen, recipient=cast.persons["bai"], drawn_from="pool")

    figures = pool_figures(station)

    assert (figures.given, figures.used, figures.held, figures.available) == (160, 30, 30, 100)
    assert figures.recipients == 1
    assert figures in pools()
    assert len(pools()) == 2
