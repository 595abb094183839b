"""陈站长 types a paper sheet of twenty and two who just came in one grid; 戴社工 of the town holds
the scan against it and confirms everything at once."""

import io
import time
from datetime import timedelta

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from tests.factories.timebank_activities import make_volunteer
from tests.factories.timebank_presence import shift_under_way
from tests.plugins.browser import DESKTOP, seen
from timebank.models import Attendance, PaperSheet, ServiceRecord, Signup

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


def scan() -> dict:
    buffer = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(buffer, "JPEG")
    return {"name": "签到表.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def test_twenty_on_paper_two_walk_ins_and_a_second_look(cast, open_page):
    home = cast.stations["nanguanxiang"]
    people = [make_volunteer(home.region) for _ in range(20)]
    shift = shift_under_way(home, *people, led_by=cast.chen, since_minutes=130, seats=20)
    chen = open_page(DESKTOP, user=cast.chen)

    chen.goto(reverse("timebank:presence-desk", args=[shift.pk]))
    chen.get_by_role("link", name="录入签到表").click()
    seen(chen)
    begun = time.monotonic()
    # All came for the whole shift, but one who came late and one who did not come.
    late = f"{(shift.starts_at + timedelta(minutes=20)).astimezone():%H%M}"
    arrivals = chen.locator("table.sheet").first.locator("input[name$=-arrived]")
    arrivals.nth(2).fill(late)
    arrivals.nth(2).press("Enter")
    expect(arrivals.nth(3)).to_be_focused()
    arrivals.nth(3).fill('"')  # the same as above
    chen.locator("table.sheet").first.locator("select").nth(5).select_option("no")
    for number, (name, phone, born) in enumerate(
        (("安安", cast.anan.phone.removeprefix("+86"), ""), ("新来的", "10088880009", "19700301"))
    ):
        chen.locator(f"[name=new-{number}-name]").fill(name)
        chen.locator(f"[name=new-{number}-phone]").fill(phone)
        chen.locator(f"[name=new-{number}-born_on]").fill(born)
    chen.get_by_label("记录人").fill("诸阿姨")
    chen.get_by_label("审核人").fill("陈站长")
    chen.locator("input[type=file]").set_input_files(scan())
    chen.get_by_role("button", name="全部录入").click()
    expect(chen.get_by_text("已录入 21 人，时长等另一位工作人员确认")).to_be_visible()
    assert time.monotonic() - begun < 300
    expect(chen.get_by_text("您录入的，由另一位工作人员对着扫描件核对")).to_be_visible()
    seen(chen)

    sheet = PaperSheet.objects.get()
    states = list(Attendance.objects.values_list("state", flat=True))
    assert (states.count("counted"), states.count("absent")) == (21, 1)
    walked_in = Signup.objects.filter(came="walk_in").order_by("pk")
    assert [one.volunteer.display_name for one in walked_in] == ["安安", "新来的"]
    assert sorted(set(ServiceRecord.objects.values_list("minutes", flat=True))) == [100, 120]

    dai = open_page(DESKTOP, user=cast.dai)
    dai.goto("/home/")
    dai.get_by_role("link", name="签到表等对扫描件").click()
    seen(dai)
    dai.get_by_role("button", name="对过了，都对得上，确认").click()
    expect(dai.get_by_text("已核对，确认了 21 条")).to_be_visible()
    sheet.refresh_from_db()
    assert sheet.compared_by == cast.dai
    assert set(ServiceRecord.objects.values_list("state", flat=True)) == {"confirmed"}
