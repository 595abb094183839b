"""The pages of the menu, orders, desk and pools: who sees them, what they say, what they refuse."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Consent, Message, Person, Station, User
from config.demo.cast import Cast
from tests.factories.timebank import make_service_type
from tests.factories.timebank_orders import (
    an_hour_ago,
    fill_pool,
    give_hours,
    make_listing,
    make_order,
    make_order_in,
    tomorrow,
)
from timebank.models import Listing, ServiceOrder

pytestmark = pytest.mark.django_db

State = ServiceOrder.State
STATES = ["placed", "accepted", "delivered", "settled", "cancelled", "declined", "disputed"]


@pytest.fixture
def station(cast: Cast) -> Station:
    return cast.stations["nanguanxiang"]


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def wish(**facts: object) -> dict[str, object]:
    return {
        "for_whom": "self",
        "wanted_on": tomorrow().isoformat(),
        "wanted_from": "09:00",
        "wanted_to": "11:00",
        "minutes": 30,
        "place": "南关厢老街 12 号",
        "note": "耳朵背",
        "request_key": str(uuid4()),
    } | facts


# The menu -----------------------------------------------------------------------


def test_the_menu_is_public(client: Client, station: Station) -> None:
    make_listing(station, title="上门理发")
    make_listing(station, title="草稿项", state="draft")

    page = client.get(reverse("timebank:menu"))

    assert page.status_code == 200
    assert "上门理发" in page.text
    assert "草稿项" not in page.text


def test_the_menu_is_narrowed_in_the_address(client: Client, cast: Cast, places) -> None:
    make_listing(cast.stations["nanguanxiang"], title="南关厢理发")
    make_listing(
        cast.stations["xucun"],
        title="许村读报",
        service_type=make_service_type("S06", name="陪聊读报", group="情感关怀", min_minutes=60,
                                       usual_minutes=60),
    )  # fmt: skip
    menu = reverse("timebank:menu")

    by_town = client.get(menu, {"town": places["330481101000"].pk}).text
    by_group = client.get(menu, {"group": "生活照料"}).text
    by_minutes = client.get(menu, {"within": "30"}).text
    nothing = client.get(menu, {"town": places["330481101000"].pk, "group": "生活照料"}).text
    nonsense = [
        client.get(menu, {"town": town, "community": town, "within": "y", "page": "z"}).status_code
        for town in ("x", "-1", "9" * 30, "²")
    ]

    assert ("许村读报" in by_town, "南关厢理发" in by_town) == (True, False)
    assert ("许村读报" in by_group, "南关厢理发" in by_group) == (False, True)
    assert ("许村读报" in by_minutes, "南关厢理发" in by_minutes) == (False, True)
    assert "没有符合条件的服务" in nothing
    assert nonsense == [200] * 4


def test_an_empty_menu_says_so(client: Client, cast: Cast) -> None:
    assert "菜单正在准备" in client.get(reverse("timebank:menu")).text


def test_a_visitor_reads_an_item_and_signs_in_to_order(client: Client, station: Station) -> None:
    listing = make_listing(station)

    page = client.get(listing.get_absolute_url())
    order = client.get(reverse("timebank:order-place", args=[listing.pk]))

    assert page.status_code == 200
    assert "点这一单" in page.text
    assert order.status_code == 302


def test_a_draft_is_its_stations_own(client: Client, cast: Cast, station: Station) -> None:
    url = make_listing(station, state="draft").get_absolute_url()

    assert client.get(url).status_code == 404
    assert as_user(cast.anan).get(url).status_code == 404
    assert as_user(cast.cheng).get(url).status_code == 404
    assert as_user(cast.chen).get(url).status_code == 200


def test_the_coordinator_keeps_the_menu(cast: Cast, station: Station) -> None:
    chen = as_user(cast.chen)
    kind = make_service_type()
    said = {
        "station": station.pk,
        "service_type": kind.pk,
        "title": "上门理发",
        "minutes": 30,
        "description": "自带工具",
        "audience": "elders",
    }

    too_long = chen.post(reverse("timebank:listing-new"), said | {"minutes": 500})
    made = chen.post(reverse("timebank:listing-new"), said)
    listing = Listing.objects.get()
    moves = [
        chen.post(reverse("timebank:listing-move", args=[listing.pk, verb])).status_code
        for verb in ("publish", "pause", "resume", "close", "publish")
    ]

    assert too_long.status_code == 422
    assert "自带工具" in too_long.text
    assert made.status_code == 302
    assert moves == [302, 302, 302, 302, 409]
    listing.refresh_from_db()
    assert listing.state == "closed"


def test_nobody_else_keeps_the_menu(cast: Cast, station: Station) -> None:
    listing = make_listing(station)

    for who in (cast.anan, cast.cheng, cast.fan):
        other = as_user(who)
        edit = other.get(reverse("timebank:listing-edit", args=[listing.pk]))
        move = other.post(reverse("timebank:listing-move", args=[listing.pk, "close"]))
        assert (edit.status_code, move.status_code) == (403, 403)
    for who in (cast.anan, cast.fan):
        assert as_user(who).get(reverse("timebank:desk-menu")).status_code == 403
        assert as_user(who).get(reverse("timebank:listing-new")).status_code == 403


# Asking ---------------------------------------------------------------------------


def test_ordering_shows_what_is_set_aside_before_it_is(cast: Cast, station: Station) -> None:
    give_hours(cast.fang, 90, station=station)
    url = reverse("timebank:order-place", args=[make_listing(station).pk])
    fang = as_user(cast.fang)
    asked = wish()

    first = fang.get(url)
    check = fang.post(url, asked)

    assert "1 小时 30 分" in first.text
    assert check.status_code == 200
    assert "1 小时" in check.text
    assert ServiceOrder.objects.count() == 0
    done = fang.post(url, asked | {"confirmed": "1"})
    again = fang.post(url, asked | {"confirmed": "1"})
    order = ServiceOrder.objects.get()
    assert done.headers["Location"] == again.headers["Location"] == order.get_absolute_url()
    assert order.recipient == cast.fang.person


def test_too_few_hours_are_said_before_confirming_with_ways_on(
    cast: Cast, station: Station
) -> None:
    give_hours(cast.fang, 20, station=station)
    url = reverse("timebank:order-place", args=[make_listing(station).pk])
    fang = as_user(cast.fang)
    asked = wish()

    check = fang.post(url, asked)
    forced = fang.post(url, asked | {"confirmed": "1"})

    assert "可用时间不够" in check.text
    assert "确认点单" not in check.text
    assert forced.status_code == 409
    assert "20 分" in forced.text
    assert reverse("timebank:menu") in forced.text
    assert ServiceOrder.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"wanted_on": "2020-01-01"}, "这一天已经过去"),
        ({"wanted_to": "08:00"}, "结束时间要晚于开始时间"),
        ({"wanted_to": "09:10"}, "把时间段放宽"),
        ({"minutes": 500}, "之间的分钟数"),
        ({"for_whom": "new"}, "请填写服务对象的姓名"),
        ({"for_whom": "p1"}, ""),
        ({"place": ""}, ""),
    ],
)
def test_a_wrong_form_keeps_the_text(
    cast: Cast, station: Station, change: dict[str, object], sentence: str
) -> None:
    give_hours(cast.fang, 90, station=station)
    url = reverse("timebank:order-place", args=[make_listing(station).pk])

    page = as_user(cast.fang).post(url, wish(**change) | {"confirmed": "1"})

    assert page.status_code == 422
    assert sentence in page.text
    assert "耳朵背" in page.text
    assert ServiceOrder.objects.count() == 0


def test_a_granddaughter_orders_for_a_neighbour_and_is_offered_her_again(
    cast: Cast, station: Station
) -> None:
    give_hours(cast.baijia, 90, station=station)
    url = reverse("timebank:order-place", args=[make_listing(station).pk])
    baijia = as_user(cast.baijia)
    named = {"for_whom": "new", "real_name": "李奶奶", "phone": "10012345678", "born_in": 1940}

    refused = baijia.post(url, wish(**named) | {"confirmed": "1"})
    placed = baijia.post(url, wish(**named, agreed="on") | {"confirmed": "1"})

    assert refused.status_code == 422
    assert placed.status_code == 302
    order = ServiceOrder.objects.get()
    assert order.recipient.real_name == "李奶奶"
    assert order.recipient.consents.get().recorded_by == cast.baijia
    assert "李奶奶" in baijia.get(url).text
    baijia.post(url, wish(for_whom=f"p{order.recipient.pk}") | {"confirmed": "1"})
    assert Person.objects.filter(real_name="李奶奶").count() == 1
    assert ServiceOrder.objects.filter(recipient=order.recipient).count() == 2


# One order --------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
def test_every_state_explains_itself(cast: Cast, state: str) -> None:
    order = make_order_in(state, cast)

    for who in (cast.fang, cast.chen, cast.fan):
        page = as_user(who).get(order.get_absolute_url())
        assert page.status_code == 200
        assert "接下来" in page.text
        assert order.get_state_display() in page.text


@pytest.mark.parametrize(
    ("state", "who", "codes"),
    [
        ("placed", "fang", 200), ("placed", "chen", 200), ("placed", "anan", 200),
        ("placed", "zhu", 200), ("placed", "fan", 200), ("placed", "shu", 200),
        ("placed", "cheng", 404), ("placed", "xu", 404), ("placed", "en", 404),
        ("delivered", "anan", 200), ("delivered", "zhu", 404), ("delivered", "cheng", 404),
        ("settled", "baijia", 404), ("settled", "fang", 200), ("settled", "guan", 404),
    ],
)  # fmt: skip
def test_who_sees_an_order(cast: Cast, state: str, who: str, codes: int) -> None:
    order = make_order_in(state, cast)

    page = as_user(getattr(cast, who)).get(order.get_absolute_url())

    assert page.status_code == codes


def test_volunteers_near_see_an_order_in_outline(cast: Cast) -> None:
    order = make_order(cast, recipient=cast.persons["bai"])

    page = as_user(cast.anan).get(order.get_absolute_url()).text
    board = as_user(cast.anan).get(reverse("timebank:board")).text

    for shown in (page, board):
        assert "白秀英" not in shown
        assert "白*英" in shown
        assert "老街 12 号" not in shown
        assert order.service_code not in shown.replace(str(order.pk), "")


def test_the_volunteer_learns_where_but_not_the_code(cast: Cast) -> None:
    order = make_order_in("accepted", cast)
    ServiceOrder.objects.filter(pk=order.pk).update(service_code="8642")

    volunteer = as_user(cast.anan).get(order.get_absolute_url()).text
    requester = as_user(cast.fang).get(order.get_absolute_url()).text
    slip = as_user(cast.anan).get(reverse("timebank:order-slip", args=[order.pk]))

    assert "老街 12 号" in volunteer
    assert "8642" not in volunteer
    assert "8642" in requester
    assert slip.status_code == 403


def test_the_slip_carries_the_code_on_the_recipients_half(cast: Cast) -> None:
    order = make_order_in("placed", cast)
    ServiceOrder.objects.filter(pk=order.pk).update(service_code="8642")

    slip = as_user(cast.chen).get(reverse("timebank:order-slip", args=[order.pk])).text

    recipients, volunteers = slip.split("slip-volunteer", 1)
    assert "8642" in recipients
    assert "8642" not in volunteers


# Serving ------------------------------------------------------------------------------


def test_the_second_to_accept_is_told_so(cast: Cast) -> None:
    order = make_order(cast)
    url = reverse("timebank:order-accept", args=[order.pk])

    first = as_user(cast.anan).post(url)
    second = as_user(cast.zhu).post(url)

    assert first.status_code == 302
    assert second.status_code == 409
    assert "已接单" in second.text


def test_the_board_leaves_out_own_and_foreign_orders(cast: Cast) -> None:
    own = make_order(cast)
    other = make_order(cast, requested_by=cast.baijia)
    board = reverse("timebank:board")

    shown = as_user(cast.fang).get(board).text
    far = as_user(cast.en).get(board).text

    assert own.get_absolute_url() not in shown
    assert other.get_absolute_url() in shown
    assert "附近没有等人接的单" in far


def test_delivering_with_a_wrong_code_keeps_the_times(cast: Cast) -> None:
    order = make_order_in("accepted", cast)
    ServiceOrder.objects.filter(pk=order.pk).update(service_code="8642")
    url = reverse("timebank:order-deliver", args=[order.pk])
    began, ended = timezone.localtime(an_hour_ago()), timezone.localtime(an_hour_ago(30))
    said = {
        "served_on": began.date().isoformat(),
        "served_from": began.strftime("%H:%M"),
        "served_to": ended.strftime("%H:%M"),
        "service_code": "1111",
    }
    anan = as_user(cast.anan)

    wrong = anan.post(url, said)
    right = anan.post(url, said | {"service_code": "８６４２"})

    assert wrong.status_code == 422
    assert "还可以试 4 次" in wrong.text
    assert said["served_from"] in wrong.text
    if began.date() == ended.date():
        assert right.status_code == 302
        order.refresh_from_db()
        assert order.state == State.DELIVERED
        assert order.code_matched_at is not None


def test_the_future_is_shown_at_its_field(cast: Cast) -> None:
    order = make_order_in("accepted", cast)
    url = reverse("timebank:order-deliver", args=[order.pk])

    page = as_user(cast.anan).post(
        url,
        {"served_on": tomorrow().isoformat(), "served_from": "09:00", "served_to": "09:30"},
    )

    assert page.status_code == 422
    assert "还没有到" in page.text
    ancient = as_user(cast.anan).post(
        url, {"served_on": "0001-01-01", "served_from": "00:00", "served_to": "09:30"}
    )
    assert ancient.status_code == 422
    assert "早于点单" in ancient.text


# Judging --------------------------------------------------------------------------------


def test_confirming_takes_stars_and_words(cast: Cast) -> None:
    order = make_order_in("delivered", cast)
    url = reverse("timebank:order-confirm", args=[order.pk])
    fang = as_user(cast.fang)

    without = fang.post(url, {"words": "理得清爽"})
    done = fang.post(url, {"stars": 5, "words": "理得清爽"})
    again = fang.post(url, {"stars": 1, "words": "反悔"})

    assert without.status_code == 422
    assert "理得清爽" in without.text
    assert done.status_code == 302
    assert again.status_code == 409
    assert "理得清爽" in as_user(cast.anan).get(order.get_absolute_url()).text


def test_acts_need_their_person_and_their_reason(cast: Cast) -> None:
    order = make_order_in("placed", cast)
    decline = reverse("timebank:order-act", args=[order.pk, "decline"])
    cancel = reverse("timebank:order-act", args=[order.pk, "cancel"])

    assert as_user(cast.fang).get(decline).status_code == 403
    assert as_user(cast.anan).post(cancel, {"reason": "x"}).status_code == 403
    assert as_user(cast.chen).post(cancel, {"reason": ""}).status_code == 422
    assert (
        as_user(cast.chen)
        .get(reverse("timebank:order-act", args=[order.pk, "dispute"]))
        .status_code
        == 409
    )
    assert (
        as_user(cast.chen)
        .get(reverse("timebank:order-act", args=[order.pk, "explode"]))
        .status_code
        == 404
    )
    assert as_user(cast.fang).post(cancel, {"reason": ""}).status_code == 302


def test_a_dispute_is_decided_on_its_page(cast: Cast) -> None:
    order = make_order_in("disputed", cast)
    url = reverse("timebank:order-uphold", args=[order.pk])
    chen = as_user(cast.chen)

    too_much = chen.post(url, {"minutes": 31, "reason": "有照片"})
    done = chen.post(url, {"minutes": 20, "reason": "有照片"})
    rated = as_user(cast.fang).post(
        reverse("timebank:order-rate", args=[order.pk]), {"stars": 3, "words": ""}
    )

    assert too_much.status_code == 422
    assert done.status_code == 302
    assert rated.status_code == 302
    order.refresh_from_db()
    assert order.settled_minutes == 20
    assert as_user(cast.anan).get(url).status_code == 409


# The desk ---------------------------------------------------------------------------------


def test_the_desk_is_for_those_who_run_a_station(cast: Cast) -> None:
    make_order(cast)
    desk = reverse("timebank:desk-orders")

    assert as_user(cast.anan).get(desk).status_code == 403
    assert "上门理发" in as_user(cast.chen).get(desk).text
    assert "上门理发" not in as_user(cast.cheng).get(desk).text


def test_ordering_for_bai_in_one_form(cast: Cast, station: Station) -> None:
    fill_pool(station, 60)
    bai = cast.persons["bai"]
    listing = make_listing(station, audience=Listing.Audience.ELDERS)
    url = reverse("timebank:order-for")
    chen = as_user(cast.chen)
    said = wish(listing=listing.pk, recipient=bai.pk)

    found = chen.get(url, {"q": "白秀"})
    chosen = chen.get(url, {"person": bai.pk})
    unagreed = chen.post(f"{url}?person={bai.pk}", said)
    done = chen.post(f"{url}?person={bai.pk}", said | {"agreed": "on"})

    assert f"person={bai.pk}" in found.text
    assert "白秀英" in chosen.text
    assert unagreed.status_code == 422
    assert done.status_code == 302
    order = ServiceOrder.objects.get()
    assert (order.recipient, order.drawn_from) == (bai, "pool")
    assert order.requested_by == cast.chen


def test_a_second_click_after_the_item_was_paused_shows_the_first_order(
    cast: Cast, station: Station
) -> None:
    order = make_order(cast)
    Listing.objects.filter(pk=order.listing_id).update(state="paused")
    url = reverse("timebank:order-place", args=[order.listing_id])
    said = wish(request_key=str(order.request_key), confirmed="1")

    own = as_user(cast.fang).post(url, said)
    other = as_user(cast.baijia).post(url, said)

    assert (own.status_code, own.url) == (302, order.get_absolute_url())
    assert other.status_code == 404
    assert ServiceOrder.objects.count() == 1


def test_a_second_click_at_the_desk_registers_nobody_twice(cast: Cast, station: Station) -> None:
    fill_pool(station, 60)
    listing = make_listing(station)
    said = wish(listing=listing.pk, real_name="陆爷爷", agreed="on")
    chen = as_user(cast.chen)

    first = chen.post(reverse("timebank:order-for"), said)
    Listing.objects.filter(pk=listing.pk).update(state="paused")
    second = chen.post(reverse("timebank:order-for"), said)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert Person.objects.filter(real_name="陆爷爷").count() == 1


def test_ordering_for_somebody_new(cast: Cast, station: Station) -> None:
    fill_pool(station, 60)
    listing = make_listing(station)
    url = reverse("timebank:order-for")
    said = wish(listing=listing.pk, real_name="陆爷爷", phone="10055556666", agreed="on")

    nameless = as_user(cast.chen).post(url, said | {"real_name": ""})
    done = as_user(cast.chen).post(url, said)

    assert nameless.status_code == 422
    assert done.status_code == 302
    person = Person.objects.get(real_name="陆爷爷")
    assert person.user is None
    assert person.region == station.region
    assert person.has_smartphone is False


def test_an_empty_pool_is_a_refusal_with_ways_on(cast: Cast, station: Station) -> None:
    fill_pool(station, 10)
    listing = make_listing(station)
    said = wish(listing=listing.pk, real_name="陆爷爷", agreed="on")

    page = as_user(cast.chen).post(reverse("timebank:order-for"), said)

    assert page.status_code == 409
    assert "10 分" in page.text
    assert Person.objects.filter(real_name="陆爷爷").count() == 0


def test_a_stranger_is_not_found_for_the_desk(cast: Cast) -> None:
    far = Person.objects.create(real_name="许老伯", region=cast.stations["xucun"].region)
    chen = as_user(cast.chen)
    url = reverse("timebank:order-for")

    answers = [chen.get(url, {"person": pk}).status_code for pk in (far.pk, "9" * 18)]

    assert answers == [404, 404]
    assert chen.get(url, {"person": "²", "station": "²"}).status_code == 200


@pytest.mark.parametrize(
    ("words", "is_found"),
    [("白秀", True), ("4321", True), ("白", False), ("321", False), ("54321", False), ("1", False)],
)
def test_recipients_are_looked_up_not_browsed(cast: Cast, words: str, is_found: bool) -> None:
    bai = cast.persons["bai"]
    Person.objects.filter(pk=bai.pk).update(phone="10087654321")

    page = as_user(cast.chen).get(reverse("timebank:order-for"), {"q": words})

    assert (f"person={bai.pk}" in page.text) is is_found
    assert ("100****4321" in page.text) is is_found
    assert "10087654321" not in page.text


def test_a_neighbour_nobody_asked_for_is_not_found_for_the_desk(cast: Cast) -> None:
    region = cast.stations["nanguanxiang"].region
    person, _is_new = Person.objects.update_or_create(
        user=cast.zhu, defaults={"real_name": "诸梅芳", "region": region}
    )
    chen = as_user(cast.chen)
    url = reverse("timebank:order-for")

    strange = [chen.get(url, {"q": "诸梅"}).text, chen.get(url, {"person": person.pk}).status_code]
    Consent.objects.create(person=person, purpose="proxy", recorded_by=cast.zhu)
    agreed = [chen.get(url, {"q": "诸梅"}).text, chen.get(url, {"person": person.pk}).status_code]

    assert f"person={person.pk}" not in strange[0]
    assert f"person={person.pk}" in agreed[0]
    assert (strange[1], agreed[1]) == (404, 200)


def test_assigning_shows_reasons_and_tells_the_volunteer(cast: Cast) -> None:
    make_order_in("settled", cast)
    order = make_order(cast)
    url = reverse("timebank:order-assign", args=[order.pk])
    chen = as_user(cast.chen)

    page = chen.get(url)
    nobody = chen.post(url, {"volunteer": cast.fang.pk})
    done = chen.post(url, {"volunteer": cast.zhu.pk})

    assert page.text.index("安安") < page.text.index("诸阿姨")
    assert "为这位服务对象服务过" in page.text
    assert nobody.status_code == 422
    assert done.status_code == 302
    assert Message.objects.filter(to_user=cast.zhu, kind="order_assign").count() == 1


# Pools ------------------------------------------------------------------------------------


def test_pools_are_public_and_name_nobody(client: Client, cast: Cast, station: Station) -> None:
    order = make_order_in(
        "delivered", cast, requested_by=cast.chen, recipient=cast.persons["bai"], drawn_from="pool"
    )
    as_user(cast.chen).post(
        reverse("timebank:order-confirm", args=[order.pk]), {"stars": 5, "words": "谢谢小安"}
    )
    fill_pool(station, 60)

    every = client.get(reverse("timebank:pool-list")).text
    one = client.get(reverse("timebank:pool-detail", args=[station.pk])).text

    assert "1 小时 30 分" in every
    assert "30 分" in one
    for shown in (every, one):
        assert "白" not in shown
        assert "安安" not in shown


def test_giving_takes_two_steps_and_happens_once(cast: Cast, station: Station) -> None:
    give_hours(cast.anan, 60, station=station)
    url = reverse("timebank:pool-give", args=[station.pk])
    anan = as_user(cast.anan)
    said = {"minutes": 60, "request_key": str(uuid4())}

    too_much = anan.post(url, said | {"minutes": 61})
    check = anan.post(url, said)
    first = anan.post(url, said | {"confirmed": "1"})
    second = anan.post(url, said | {"confirmed": "1"})

    assert too_much.status_code == 422
    assert "1 小时" in too_much.text
    assert check.status_code == 200
    assert (first.status_code, second.status_code) == (302, 302)
    assert "1 小时" in anan.get(reverse("timebank:pool-detail", args=[station.pk])).text
    assert Message.objects.filter(to_user=cast.anan, kind="pool_thanks").count() == 1
    assert "没有可以捐的时间" in anan.get(url).text


def test_giving_more_than_one_has_is_refused(cast: Cast, station: Station) -> None:
    give_hours(cast.anan, 30, station=station)
    url = reverse("timebank:pool-give", args=[station.pk])

    page = as_user(cast.anan).post(
        url, {"minutes": 31, "request_key": str(uuid4()), "confirmed": "1"}
    )

    assert page.status_code == 409
    assert "最多可捐 30 分" in page.text


# Lists under one query count --------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("who", "url", "queries"),
    [
        ("fang", "timebank:order-list", 4),
        ("anan", "timebank:board", 5),
        ("chen", "timebank:desk-orders", 5),
        ("chen", "timebank:desk-menu", 4),
        (None, "timebank:menu", 5),
        (None, "timebank:pool-list", 3),
    ],
)
def test_lists_ask_the_same_for_one_and_three(
    cast: Cast, station: Station, django_assert_num_queries, rows: int, who: str | None, url: str,
    queries: int,
) -> None:  # fmt: skip
    for number in range(rows):
        make_order(cast, listing=make_listing(station, title=f"理发 {number}"))
    client = as_user(getattr(cast, who)) if who else Client()
    address = reverse(url)
    client.get(address)

    with django_assert_num_queries(queries):
        page = client.get(address)

    assert page.status_code == 200


def test_a_late_order_says_so(cast: Cast) -> None:
    order = make_order(cast)
    ServiceOrder.objects.filter(pk=order.pk).update(
        wanted_on=timezone.localdate() - timedelta(days=1)
    )

    assert "约定的时间已经过去" in as_user(cast.fang).get(order.get_absolute_url()).text
    assert "已过期" in as_user(cast.chen).get(reverse("timebank:desk-orders")).text
    assert order.get_absolute_url() not in as_user(cast.anan).get(reverse("timebank:board")).text


@pytest.mark.parametrize("words", ["\x00", "²", "9" * 5000])
def test_odd_words_in_the_address_of_the_desk_find_nobody(
    cast: Cast, station: Station, words: str
) -> None:
    order = make_order(cast)
    asked = {"q": words, "person": words, "station": words}

    pages = [
        as_user(cast.chen).get(reverse("timebank:order-for"), asked),
        as_user(cast.chen).get(reverse("timebank:order-assign", args=[order.pk]), asked),
        as_user(cast.chen).get(reverse("timebank:menu"), {"town": words}),
    ]

    assert [page.status_code for page in pages] == [200, 200, 200]


@pytest.mark.parametrize(
    ("state", "who", "is_shown"),
    [
        ("accepted", "anan", True),
        ("settled", "anan", False),
        ("settled", "fang", False),
        ("settled", "chen", True),
    ],
)
def test_phone_numbers_are_shown_while_somebody_may_have_to_call(
    cast: Cast, state: str, who: str, is_shown: bool
) -> None:
    Person.objects.filter(user=cast.fang).update(phone="10012345678")
    order = make_order_in(state, cast)

    page = as_user(getattr(cast, who)).get(order.get_absolute_url()).content.decode()

    assert ("100 1234 5678" in page) is is_shown
