"""What the pages of orders and records say beforehand: when, by whom, and why not."""

from datetime import time

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.templatetags.kit import moment
from config.demo.cast import Cast
from tests.factories.timebank import make_bank, make_service
from tests.factories.timebank_orders import an_hour_ago, make_listing, make_order_in
from timebank.models import ServiceOrder, ServiceRecord
from timebank.services.order_endings import cancel_order, dispute_order
from timebank.services.records import submit_record

pytestmark = pytest.mark.django_db


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("placed", "还没有人接单，订单自动退回"),
        ("accepted", "志愿者还没有填写完成，订单自动取消"),
        ("delivered", "没有人提出异议，自动确认"),
    ],
)
def test_an_order_says_beforehand_what_happens_when(cast: Cast, state: str, words: str) -> None:
    order = make_order_in(state, cast)

    page = as_user(cast.fang).get(order.get_absolute_url()).text

    assert words in page
    assert moment(order.lapses_at) in page


def test_the_asker_is_told_until_when_to_cancel_and_whom_to_phone_then(cast: Cast) -> None:
    order = make_order_in("accepted", cast)
    cancel = reverse("timebank:order-act", args=[order.pk, "cancel"])

    before = as_user(cast.fang).get(order.get_absolute_url()).text
    ServiceOrder.objects.update(
        wanted_on=timezone.localdate(), wanted_from=time(0), wanted_to=time(23, 59, 59)
    )
    after = as_user(cast.fang).get(order.get_absolute_url()).text
    asked = as_user(cast.fang).get(cancel)
    at_the_station = as_user(cast.chen).get(order.get_absolute_url()).text

    assert ("以前可以自己取消" in before, cancel in before) == (True, True)
    assert ("不能自己取消" in after, cancel in after) == (True, False)
    assert asked.status_code == 409
    assert cancel in at_the_station


def test_what_has_ended_says_why_and_how_to_ask_again(cast: Cast) -> None:
    order = make_order_in("accepted", cast)
    ServiceOrder.objects.update(
        wanted_on=timezone.localdate(), wanted_from=time(0), wanted_to=time(23, 59, 59)
    )
    cancel_order(order, reason="奶奶住院了", acting_user=cast.chen)

    askers = as_user(cast.fang).get(order.get_absolute_url()).text
    volunteers = as_user(cast.anan).get(order.get_absolute_url()).text

    assert "奶奶住院了" in askers.split("接下来：")[0]
    assert reverse("timebank:order-place", args=[order.listing_id]) in askers
    assert reverse("timebank:order-place", args=[order.listing_id]) not in volunteers
    assert "不能自己取消" not in askers


def test_a_dispute_names_who_decides_and_finds_them(cast: Cast) -> None:
    order = dispute_order(make_order_in("delivered", cast), reason="没人来", acting_user=cast.chen)

    page = as_user(cast.chen).get(order.get_absolute_url()).text
    home = as_user(cast.dai).get(reverse("home")).text
    listed = as_user(cast.dai).get(reverse("timebank:dispute-list")).text

    assert "戴社工" in page
    assert "站点是当事一方" in page
    assert "裁定：服务成立" not in page
    assert reverse("timebank:dispute-list") in home
    assert order.get_absolute_url() in listed
    assert order.get_absolute_url() not in as_user(cast.chen).get(
        reverse("timebank:dispute-list")
    ).text  # fmt: skip


def test_the_station_says_how_it_knows_where_there_is_no_code(cast: Cast) -> None:
    order = make_order_in("delivered", cast)
    address = reverse("timebank:order-confirm", args=[order.pk])

    without = as_user(cast.chen).post(address, {"stars": 5})
    with_it = as_user(cast.chen).post(address, {"stars": 5, "heard": "call_back", "word": "来过"})

    assert (without.status_code, with_it.status_code) == (422, 302)
    assert "没有问过，请先打电话回访" in without.text
    assert "请写一句问了谁、怎么说的" in without.text
    assert ServiceRecord.objects.get().get_provenance_display() == "电话回访确认"


def test_a_record_says_why_there_is_no_button_and_who_confirms(cast: Cast) -> None:
    make_bank()
    station = cast.stations["nanguanxiang"]
    for_anan = submit_record(cast.anan, make_service(station), acting_user=cast.chen)
    own = submit_record(cast.chen, make_service(station), acting_user=cast.chen)
    ServiceRecord.objects.update(recorded_at=an_hour_ago())

    page = as_user(cast.chen).get(for_anan.get_absolute_url()).text
    own_page = as_user(cast.chen).get(own.get_absolute_url()).text
    volunteers = as_user(cast.anan).get(for_anan.get_absolute_url()).text
    address = reverse("timebank:record-confirm", args=[for_anan.pk])
    confirmed = as_user(cast.dai).post(address, {"word": "问过白奶奶"})

    assert "登记和确认不能是同一个人" in page
    assert "站长也不能确认自己的" in own_page
    for text in (page, own_page, volunteers):
        assert "戴社工" in text
    assert "等您确认" in as_user(cast.dai).get(reverse("home")).text
    assert confirmed.status_code == 302


def test_a_visitors_menu_begins_with_the_place_they_chose(client: Client, cast: Cast) -> None:
    for key in ("nanguanxiang", "xucun"):
        make_listing(cast.stations[key], title=f"理发 {key}")
    menu = reverse("timebank:menu")

    client.cookies["place"] = cast.stations["xucun"].region.code
    near_xucun = client.get(menu).text
    client.cookies["place"] = cast.stations["nanguanxiang"].region.code
    near_nanguanxiang = client.get(menu).text

    assert near_xucun.index("理发 xucun") < near_xucun.index("理发 nanguanxiang")
    assert near_nanguanxiang.index("理发 nanguanxiang") < near_nanguanxiang.index("理发 xucun")
    assert "离南关厢社区近的在前" in near_nanguanxiang
