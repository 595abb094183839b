"""安安 writes down an hour at 南关厢, 陈站长 sends it back once and then confirms it, and the hour
stands in 安安's statement."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories.timebank import day, make_bank
from tests.plugins.browser import PHONE_FIRST, seen
from timebank.models import ServiceRecord
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of
from timebank.services.catalogue import load_catalogue

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


@pytest.mark.parametrize("size", PHONE_FIRST)
def test_an_hour_becomes_a_credit(cast, open_page, size, tmp_path):
    bank = make_bank()
    load_catalogue()
    photo = tmp_path / "现场.png"
    volunteer, coordinator = open_page(size, user=cast.anan), open_page(size, user=cast.chen)

    # 安安 starts from home and forgets to say where it ended.
    volunteer.goto("/home/")
    seen(volunteer)
    volunteer.get_by_role("link", name="记一笔服务").click()
    seen(volunteer)
    volunteer.get_by_label("做了哪类服务").select_option(label="上门理发")
    volunteer.get_by_label("具体做了什么").fill("理发")
    volunteer.get_by_label("为谁服务").fill("白奶奶")
    volunteer.get_by_label("哪一天").fill(day().isoformat())
    volunteer.get_by_label("几点开始").fill("14:00")
    volunteer.get_by_label("几点结束").fill("13:00")
    volunteer.screenshot(path=photo)
    volunteer.get_by_label("现场照片").set_input_files(photo)
    volunteer.get_by_label(re.compile("自愿、无偿")).check()
    volunteer.get_by_role("button", name="提交").click()

    # What she typed is still there; the sentence stands beside the field.
    expect(volunteer.get_by_text("结束时间要晚于开始时间").first).to_be_visible()
    expect(volunteer.get_by_label("为谁服务")).to_have_value("白奶奶")
    seen(volunteer)
    expect(volunteer.get_by_role("img", name="照片 1")).to_be_visible()
    volunteer.get_by_label("几点结束").fill("15:00")
    volunteer.get_by_role("button", name="提交").click()
    expect(volunteer.get_by_text("待确认").first).to_be_visible()
    seen(volunteer)

    # 陈站长 finds it on the desk and sends it back with a usual reason.
    coordinator.goto("/home/")
    seen(coordinator)
    coordinator.get_by_role("link", name="服务记录等您确认").click()
    case = coordinator.get_by_role("listitem").filter(has_text="安安：上门理发")
    expect(case.get_by_role("img")).to_be_visible()
    case.get_by_text("退回修改").click()
    case.get_by_label("服务内容写得太笼统，请写清做了什么。").check()
    seen(coordinator)
    case.get_by_role("button", name="退回，告诉志愿者").click()
    expect(coordinator.get_by_text("都办完了")).to_be_visible()

    # 安安 corrects it.
    volunteer.goto("/home/")
    volunteer.get_by_role("link", name="服务记录被退回，请修改").click()
    volunteer.get_by_role("link", name="上门理发").click()
    volunteer.get_by_role("link", name="修改后重新提交").click()
    volunteer.get_by_label("具体做了什么").fill("为白奶奶理发，并扫净了地")
    volunteer.get_by_role("button", name="提交").click()

    # 陈站长 ticks it and confirms.
    coordinator.reload()
    seen(coordinator)
    coordinator.get_by_label("选中安安的上门理发").check()
    coordinator.get_by_role("button", name="确认打勾的").click()
    expect(coordinator.get_by_text("确认了 1 条，共 1 小时。")).to_be_visible()

    # The hour is hers, and its line leads to the record.
    volunteer.goto("/time/statement/")
    expect(volunteer.get_by_text("+1 小时").first).to_be_visible()
    seen(volunteer)
    volunteer.get_by_role("link", name="上门理发：为白奶奶理发，并扫净了地").click()
    expect(volunteer.get_by_text("已确认").first).to_be_visible()
    seen(volunteer)
    record = ServiceRecord.objects.get()
    assert (record.state, record.minutes, record.confirmed_by) == ("confirmed", 60, cast.chen)
    assert record.photos.count() == 1
    assert balance_of(account_of(cast.anan, bank)).posted == 60
