"""夏社工 writes a visit down on her phone and makes it a need with one tap; 范科长 lists it; 诸阿姨
supports it from the public list; it is settled, and she reads what became of it."""

import pytest
from playwright.sync_api import expect

from tests.plugins.browser import DESKTOP, PHONE, seen

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


def test_visit_becomes_a_need_with_a_fate(cast, open_page):
    xia, zhu = open_page(PHONE, user=cast.xia), open_page(PHONE, user=cast.zhu)
    fan = open_page(DESKTOP, user=cast.fan)

    # A visit, and one tap.
    xia.goto("/home/")
    xia.get_by_role("link", name="记一次走访").click()
    seen(xia)
    xia.get_by_label("走访笔记").fill("张家老人在楼梯上摔过")
    xia.get_by_label("缺什么").fill("楼梯没有扶手")
    xia.get_by_label("谁的需要").select_option(label="老年人")
    xia.get_by_role("button", name="记下").click()
    seen(xia)
    xia.get_by_role("button", name="转成需求").click()
    expect(xia.get_by_text("已转成需求，等另一位工作人员预审")).to_be_visible()
    seen(xia)

    # Somebody else screens it.
    fan.goto("/home/")
    fan.get_by_role("link", name="需求等待预审").click()
    seen(fan)
    fan.get_by_role("link", name="楼梯没有扶手").click()
    fan.get_by_role("link", name="通过预审，列入清单").click()
    fan.get_by_role("button", name="通过预审，列入清单").click()
    expect(fan.get_by_text("已列入清单。")).to_be_visible()
    seen(fan)

    # A neighbour's voice.
    zhu.goto("/home/")
    zhu.get_by_role("link", name="民生需求清单").last.click()
    seen(zhu)
    zhu.get_by_role("link", name="楼梯没有扶手").click()
    zhu.get_by_role("button", name="我也需要，支持").click()
    expect(zhu.get_by_text("您已支持")).to_be_visible()
    seen(zhu)

    # The fate, and the message.
    fan.get_by_role("link", name="社区协商解决").click()
    seen(fan)
    fan.get_by_label("给居民的答复").fill("楼道议事会议定，下周装好")
    fan.get_by_role("button", name="社区协商解决").click()
    expect(fan.get_by_role("heading", name="去向：社区协商解决")).to_be_visible()
    zhu.reload()
    expect(zhu.get_by_text("下周装好").first).to_be_visible()
    expect(zhu.get_by_text("张家")).to_have_count(0)
    seen(zhu)
