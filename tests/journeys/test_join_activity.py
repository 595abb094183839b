"""安安 signs up for the last seat on her phone; 诸阿姨 waits, is offered it when 安安 cannot come,
takes it; then the wind comes, 陈站长 calls it off in one act, and nobody is absent."""

import pytest
from playwright.sync_api import expect

from accounts.models import Message
from accounts.models.messages import Delivery
from tests.factories.timebank_activities import make_open_shift
from tests.plugins.browser import DESKTOP, PHONE, seen
from timebank.models import Signup

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


def test_last_seat_waitlist_and_wind(cast, open_page):
    shift = make_open_shift(cast.stations["nanguanxiang"], led_by=cast.chen, seats=1)
    anan, zhu = open_page(PHONE, user=cast.anan), open_page(PHONE, user=cast.zhu)
    chen = open_page(DESKTOP, user=cast.chen)

    # 安安 finds it from her home and takes the last seat.
    anan.goto("/home/")
    anan.get_by_role("link", name="活动", exact=True).last.click()
    seen(anan)
    anan.get_by_role("link", name="南关厢老街清洁日").click()
    seen(anan)
    anan.get_by_role("link", name="报名", exact=True).click()
    seen(anan)
    anan.get_by_role("button", name="留座位，按时到").click()
    expect(anan.get_by_text("报名成功，座位已经留给您")).to_be_visible()
    seen(anan)

    # 诸阿姨 comes too late for a seat and waits.
    zhu.goto(shift.get_absolute_url())
    zhu.get_by_role("link", name="排候补").click()
    zhu.get_by_role("button", name="排候补").click()
    expect(zhu.get_by_text("名额满了，已排候补")).to_be_visible()

    # 安安 cannot come: the seat is offered, and taken.
    anan.get_by_role("button", name="取消报名").click()
    anan.get_by_role("dialog").get_by_role("button", name="取消报名").click()
    expect(anan.get_by_text("名额会给候补的人").first).to_be_visible()
    zhu.goto("/home/")
    zhu.get_by_role("link", name="有名额了，请确认").click()
    seen(zhu)
    zhu.get_by_role("link", name="南关厢老街清洁日").first.click()
    seen(zhu)
    zhu.get_by_role("button", name="我来，确认名额").click()
    expect(zhu.get_by_text("名额已确认，到时候见")).to_be_visible()

    # Wind: one act, and everyone knows.
    chen.goto("/time/activities/desk/")
    seen(chen)
    chen.get_by_role("link", name="南关厢老街清洁日").first.click()
    seen(chen)
    expect(chen.get_by_role("cell", name="诸阿姨").or_(chen.get_by_text("诸阿姨"))).to_be_visible()
    chen.get_by_role("link", name="取消这一场").click()
    chen.get_by_label("原因").fill("大风黄色预警")
    chen.get_by_role("button", name="取消并通知所有人").click()
    expect(chen.get_by_text("这一场已取消，报名的人都已通知到")).to_be_visible()
    zhu.goto(shift.get_absolute_url())
    expect(zhu.get_by_text("这一场取消了，不用来，不算未到")).to_be_visible()
    expect(zhu.get_by_text("大风黄色预警").first).to_be_visible()
    seen(zhu)

    assert set(shift.signups.values_list("state", flat=True)) == {
        Signup.State.CANCELLED,
        Signup.State.RELEASED,
    }
    told = Message.objects.get(kind="shift_cancel")
    assert told.to_user == cast.zhu
    assert set(Delivery.objects.filter(message=told).values_list("channel", flat=True)) == {
        "mail",
        "sms",
    }
