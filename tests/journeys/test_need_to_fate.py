"""A need is screened by 范科长; 诸阿姨 supports it from the public list on her phone; it is
settled, and she reads what became of it. (From a visit to a call: `test_file_proposal`.)"""

import pytest
from playwright.sync_api import expect

from tests.factories.ventures_needs import make_need
from tests.plugins.browser import DESKTOP, PHONE, seen

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


def test_need_is_supported_and_has_a_fate(cast, open_page):
    zhu, fan = open_page(PHONE, user=cast.zhu), open_page(DESKTOP, user=cast.fan)
    make_need(cast.anan, title="楼梯没有扶手")

    # Screened by somebody else than who raised it.
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
    seen(zhu)
