"""白奶奶 phones, 陈站长 orders a haircut for her from the pool, 安安 takes it and types the code,
and the minutes become hers; 方爷爷 spends his own hours, changes his mind, and gets them back."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories.timebank import make_bank
from tests.factories.timebank_orders import fill_pool, give_hours, make_listing
from tests.plugins.browser import DESKTOP_FIRST, PHONE_FIRST, seen
from timebank.models import ServiceOrder, ServiceRecord
from timebank.selectors.audit import differences_in
from timebank.selectors.board import available_in_pool, available_to
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


@pytest.mark.parametrize("size", PHONE_FIRST)
def test_bai_gets_a_haircut_from_the_pool(cast, open_page, size):
    bank = make_bank()
    station = cast.stations["nanguanxiang"]
    make_listing(station)
    fill_pool(station, 120)
    coordinator, volunteer = open_page(size, user=cast.chen), open_page(size, user=cast.anan)

    # 白奶奶 phones: find her, choose, done.
    coordinator.goto("/home/")
    seen(coordinator)
    coordinator.get_by_role("link", name="代下单").first.click()
    coordinator.get_by_label("找已登记的服务对象").fill("白秀英")
    coordinator.get_by_role("button", name="查找").click()
    coordinator.get_by_role("link", name="白秀英").click()
    seen(coordinator)
    coordinator.get_by_label("哪项服务").select_option(label="上门理发（30 分）")
    coordinator.get_by_label("告诉志愿者").fill("耳朵背，请敲门重一些")
    coordinator.get_by_label("服务对象已经同意由站点代为点单").check()
    coordinator.get_by_role("button", name="下单，预留爱心时间").click()
    expect(coordinator.get_by_text("订单已收到，时间已经预留")).to_be_visible()
    seen(coordinator)
    code = coordinator.locator(".code-digits").inner_text().replace(" ", "")
    assert re.fullmatch(r"\d{4}", code)
    coordinator.get_by_role("link", name="打印服务单").click()
    expect(coordinator.get_by_text("服务对象联")).to_be_visible()
    seen(coordinator)
    assert available_in_pool(station) == 90

    # 安安 sees it near her, without a name or an address, and takes it.
    volunteer.goto("/time/board/")
    expect(volunteer.get_by_text("白*英")).to_be_visible()
    seen(volunteer)
    volunteer.get_by_role("button", name="接单").click()
    expect(volunteer.get_by_text("接单成功")).to_be_visible()
    expect(volunteer.get_by_text("南关厢 12 号").first).to_be_visible()
    assert code not in volunteer.locator("main").inner_text().replace(" ", "").split("服务订单")[0]
    seen(volunteer)

    # She was there; a wrong code is told beside its field, the times stay.
    ended = timezone.localtime() - timedelta(minutes=2)
    began = ended - timedelta(minutes=25)
    volunteer.get_by_role("link", name="服务已完成").click()
    seen(volunteer)
    volunteer.get_by_label("服务日期").fill(began.date().isoformat())
    volunteer.get_by_label("实际开始").fill(began.strftime("%H:%M"))
    volunteer.get_by_label("实际结束").fill(ended.strftime("%H:%M"))
    volunteer.get_by_label("过了半夜才结束").set_checked(began.date() != ended.date())
    volunteer.get_by_label("服务码").fill("0000" if code != "0000" else "1111")
    volunteer.get_by_role("button", name="提交，等对方确认").click()
    expect(volunteer.get_by_text("还可以试 4 次").first).to_be_visible()
    seen(volunteer)
    expect(volunteer.get_by_label("实际结束")).to_have_value(ended.strftime("%H:%M"))
    volunteer.get_by_label("服务码").fill(code)
    volunteer.get_by_role("button", name="提交，等对方确认").click()
    expect(volunteer.get_by_text("等待确认").first).to_be_visible()
    expect(volunteer.get_by_role("link", name="确认并评价")).to_have_count(0)

    # 陈站长 phones 白奶奶 and confirms with her words.
    coordinator.goto("/home/")
    coordinator.get_by_role("link", name="服务等您代为确认").click()
    coordinator.get_by_role("link", name="确认并评价").click()
    expect(coordinator.get_by_text("服务码已核对")).to_be_visible()
    seen(coordinator)
    coordinator.get_by_label("5 星 · 很满意").check()
    coordinator.get_by_label("说一句话").fill("谢谢小安，头发理得清爽")
    coordinator.get_by_role("button", name="确认服务已完成").click()
    expect(coordinator.get_by_text("服务已确认，时间已经结算")).to_be_visible()
    seen(coordinator)

    # The minutes are hers, five unused ones are back in the pool, the record stands.
    volunteer.goto("/time/statement/")
    expect(volunteer.get_by_text("+25 分").first).to_be_visible()
    order = ServiceOrder.objects.get()
    record = ServiceRecord.objects.get()
    assert (order.state, order.settled_minutes) == ("settled", 25)
    assert (record.state, record.minutes, record.source) == ("confirmed", 25, order.source)
    assert balance_of(account_of(cast.anan, bank)).posted == 25
    assert available_in_pool(station) == 95
    assert differences_in(bank.book) == []


@pytest.mark.parametrize("size", DESKTOP_FIRST)
def test_fang_spends_and_gets_back_his_own_hours(cast, open_page, size):
    make_bank()
    station = cast.stations["nanguanxiang"]
    make_listing(station)
    give_hours(cast.fang, 45, station=station)
    page = open_page(size, user=cast.fang)

    # From the menu to what it sets aside.
    page.goto("/time/menu/")
    seen(page)
    page.get_by_role("link", name="上门理发").click()
    seen(page)
    page.get_by_role("link", name="点这一单").click()
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.get_by_text("请写明到哪里服务。").first).to_be_visible()
    seen(page)
    page.get_by_label("服务地点").fill("南关厢老街 9 号")
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.get_by_text("还可以用")).to_be_visible()
    seen(page)
    page.get_by_role("button", name="确认点单").click()
    expect(page.get_by_text("订单已收到，时间已经预留")).to_be_visible()
    assert available_to(cast.fang, station) == 15

    # A second one is more than he has: said before anything happens, with ways on.
    page.goto("/time/menu/")
    page.get_by_role("link", name="上门理发").click()
    page.get_by_role("link", name="点这一单").click()
    page.get_by_label("服务地点").fill("南关厢老街 9 号")
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.get_by_text("可用时间不够")).to_be_visible()
    expect(page.get_by_role("button", name="确认点单")).to_have_count(0)
    seen(page)

    # He changes his mind and has everything back.
    page.goto("/time/orders/")
    seen(page)
    page.get_by_role("link", name="上门理发").click()
    page.get_by_role("link", name="取消订单").click()
    seen(page)
    page.get_by_role("button", name="取消订单").click()
    expect(page.get_by_text("订单已取消，预留的时间全部退回。")).to_be_visible()
    seen(page)
    assert available_to(cast.fang, station) == 45
