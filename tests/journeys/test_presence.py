"""安安 signs up, scans the code on 陈站长's phone, signs out with the digits, and is credited."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories.timebank import make_bank
from tests.factories.timebank_activities import make_open_shift, move_in_time
from tests.plugins.browser import PHONE, seen
from timebank.models import Attendance
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of
from timebank.services.check_ins import shown_code

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


def test_from_the_seat_to_the_credit(cast, open_page):
    bank = make_bank()
    shift = make_open_shift(cast.stations["nanguanxiang"], led_by=cast.chen)
    anan, chen = open_page(PHONE, user=cast.anan), open_page(PHONE, user=cast.chen)

    anan.goto(shift.get_absolute_url())
    anan.get_by_role("link", name="报名", exact=True).click()
    anan.get_by_role("button", name="留座位，按时到").click()
    expect(anan.get_by_text("报名成功，座位已经留给您")).to_be_visible()
    shift = move_in_time(shift, timezone.now() - timedelta(minutes=110))

    # 陈站长 shows the code; it changes without being touched.
    chen.goto(reverse("timebank:shift-roster", args=[shift.pk]))
    chen.get_by_role("link", name="到场和签到").click()
    seen(chen)
    chen.get_by_role("link", name="显示签到码").click()
    expect(chen.locator(".code-digits")).to_have_text(spaced(shown_code(shift).digits))
    seen(chen)

    # 安安's camera opens the address in the code.
    anan.goto(reverse("timebank:check-in", args=[shift.pk, shown_code(shift).token]))
    seen(anan)
    anan.get_by_role("button", name="签到").click()
    expect(anan.get_by_text("签到成功")).to_be_visible()
    expect(chen.get_by_text("到了 1 / 1 人")).to_be_visible(timeout=15_000)
    Attendance.objects.update(arrived_at=shift.starts_at, arrived_window=1)

    # Going home she types the digits: first wrongly, then as they are shown.
    anan.goto(shift.get_absolute_url())
    anan.get_by_role("link", name="输入数字签退").click()
    anan.get_by_label("屏幕上的六位数字").fill("12345")
    anan.get_by_role("button", name="签退").click()
    expect(anan.get_by_text("是六位数字，请看屏幕再输一次").first).to_be_visible()
    seen(anan)
    anan.get_by_label("屏幕上的六位数字").fill(shown_code(shift).digits)
    anan.get_by_role("button", name="签退").click()
    expect(anan.get_by_text("签退成功，时长已提交")).to_be_visible()
    seen(anan)
    assert balance_of(account_of(cast.anan, bank)).posted == 0

    chen.goto(reverse("timebank:presence-desk", args=[shift.pk]))
    chen.get_by_role("button", name="确认 1 条").click()
    expect(chen.get_by_text("已确认 1 条，时间已记入")).to_be_visible()
    assert balance_of(account_of(cast.anan, bank)).posted == 110


def spaced(digits: str) -> str:
    return f"{digits[:3]} {digits[3:]}"
