"""陈站长 scans badges where there is no network, opens the page again without one, and brings the
scans in later, twice; 安安 is credited once, and who was not on the list waits for 陈站长."""

import base64
import json
from datetime import timedelta
from io import BytesIO

import pytest
import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.factories.timebank import make_bank
from tests.factories.timebank_presence import shift_under_way
from tests.plugins.browser import PHONE, seen
from timebank.models import Attendance, OfflineScan, ServiceRecord
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of
from timebank.services.record_decisions import confirm_record
from timebank.services.service_cards import badge_of, token_of_badge

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

# A camera that shows what the test holds before it: a picture drawn on a canvas.
CAMERA = """
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 480;
  const pen = canvas.getContext("2d");
  setInterval(() => {
    pen.fillStyle = "white";
    pen.fillRect(0, 0, 480, 480);
    if (window.held) pen.drawImage(window.held, 40, 40, 400, 400);
  }, 50);
  return canvas.captureStream(20);
};
"""
# The browser's own reader, which Chromium on Linux does not have: it sees what the test holds, and
# fails once the test says so.
DETECTOR = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["aztec", "qr_code"]; }
  constructor({ formats }) { window.asked = formats; }
  async detect(picture) {
    if (window.isBroken) throw new DOMException("gone", "OperationError");
    window.looked = [picture.width, picture.height];
    return window.said ? [{ rawValue: window.said }] : [];
  }
};
"""
SLOW = 25_000
HOLD = """
async (picture) => {
  const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
  window.held = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
}
"""


def picture_of(volunteer) -> bytes:
    """The badge as the volunteer's phone shows it."""
    link = settings.PUBLIC_ADDRESS + reverse(
        "timebank:badge-scanned", args=[token_of_badge(badge_of(volunteer))]
    )
    picture = BytesIO()
    segno.make(link, error="m").save(picture, kind="png", scale=6, border=4)
    return picture.getvalue()


def photograph(page: Page, volunteer) -> None:
    """The way without a camera: a photo of the code."""
    page.locator("[data-part=photo]").set_input_files(
        {"name": "badge.png", "mimeType": "image/png", "buffer": picture_of(volunteer)}
    )


def test_scanned_offline_brought_in_twice_credited_once(cast, open_page, console_errors):
    bank = make_bank()
    shift = shift_under_way(
        cast.stations["nanguanxiang"], cast.anan, led_by=cast.chen, since_minutes=110
    )
    badge_of(cast.anan)
    chen = open_page(PHONE, user=cast.chen)
    chen.add_init_script(CAMERA)
    sent = []
    chen.on("request", lambda request: sent.append(request) if request.method == "POST" else None)

    chen.goto(reverse("timebank:presence-desk", args=[shift.pk]))
    chen.get_by_role("link", name="扫志愿者码（没网也行）").click()
    expect(chen.get_by_text("已存到手机，没有网络也能打开")).to_be_visible()
    seen(chen)

    # No network: the camera sees 安安's badge coming, a photo shows it going, 方爷爷 just came.
    chen.context.set_offline(True)
    chen.reload()
    expect(chen.get_by_text("没有网络，照样可以扫")).to_be_visible()
    chen.get_by_role("radio", name="签到").check(force=True)
    chen.get_by_role("button", name="打开相机扫码").click()
    chen.evaluate(HOLD, base64.b64encode(picture_of(cast.anan)).decode())
    expect(chen.get_by_role("status").filter(has_text="已存下")).to_be_visible()
    chen.get_by_role("button", name="关闭相机").click()
    photograph(chen, cast.fang)
    expect(chen.get_by_text("名单里没有这个码")).to_be_visible()
    photograph(chen, cast.fang)
    expect(chen.get_by_text("这个人刚才扫过了")).to_be_visible()
    expect(chen.get_by_text("2 条等上传")).to_be_visible()
    seen(chen)
    assert not OfflineScan.objects.exists()

    chen.context.set_offline(False)
    expect(chen.get_by_text("没有等上传的")).to_be_visible(timeout=25_000)
    expect(chen.get_by_text("待处理：没有报名这一场")).to_be_visible()
    Attendance.objects.update(arrived_at=shift.starts_at)

    chen.get_by_role("radio", name="签退").check(force=True)
    chen.context.set_offline(True)
    photograph(chen, cast.anan)
    expect(chen.get_by_text("1 条等上传")).to_be_visible()
    chen.context.set_offline(False)
    expect(chen.get_by_text("没有等上传的")).to_be_visible(timeout=25_000)

    # Everything once more, as a phone does whose answer got lost.
    bundles = [request.post_data for request in sent if request.url.endswith("/scans/")]
    cookies = {one["name"]: one["value"] for one in chen.context.cookies()}
    for bundle in bundles:
        told = json.loads(bundle) | {"sent_at": timezone.now().isoformat()}
        answer = chen.request.post(
            reverse("timebank:scanner-scans", args=[shift.pk]),
            data=told,
            headers={"X-CSRFToken": cookies["csrftoken"], "Accept": "application/json"},
        )
        assert answer.ok, answer.text()
    assert len(bundles) == 2
    assert OfflineScan.objects.count() == 3
    record = ServiceRecord.objects.get()
    assert record.minutes == pytest.approx(110, abs=2)
    confirm_record(record, acting_user=cast.fan)
    assert balance_of(account_of(cast.anan, bank)).posted == record.minutes

    # 方爷爷 was on no list: 陈站长 says that he just came.
    chen.get_by_role("link", name="有几条对不上，去处理").click()
    seen(chen)
    chen.get_by_role("link", name="方").click()
    seen(chen)
    chen.get_by_label("采用，按下面的时间登记").check()
    chen.get_by_label("理由").fill("临时来帮忙的")
    chen.get_by_role("button", name="确定").click()
    expect(chen.get_by_text("已处理：签到")).to_be_visible()
    there = Attendance.objects.get(volunteer=cast.fang)
    assert (there.state, there.arrived_how) == ("present", "offline")
    assert timezone.now() - there.arrived_at < timedelta(minutes=2)
    console_errors[:] = [line for line in console_errors if "ERR_INTERNET_DISCONNECTED" not in line]


def test_browsers_own_reader_is_used_and_ours_when_it_fails(cast, open_page, console_errors):
    make_bank()
    shift = shift_under_way(
        cast.stations["nanguanxiang"], cast.anan, led_by=cast.chen, since_minutes=30
    )
    link = settings.PUBLIC_ADDRESS + reverse(
        "timebank:badge-scanned", args=[token_of_badge(badge_of(cast.anan))]
    )
    chen = open_page(PHONE, user=cast.chen)
    chen.add_init_script(DETECTOR)
    chen.goto(reverse("timebank:scanner", args=[shift.pk]))
    chen.get_by_role("radio", name="签到").check(force=True)

    photograph(chen, cast.fang)  # whatever is on it: the browser says that it sees nothing
    expect(chen.get_by_role("status").filter(has_text="没有看到")).to_be_visible(timeout=SLOW)
    chen.evaluate("(words) => { window.said = words; }", link)
    photograph(chen, cast.fang)
    expect(chen.get_by_role("status").filter(has_text="签到").first).to_contain_text(
        "已存下", timeout=SLOW
    )
    assert chen.evaluate("[window.asked, window.looked.length]") == [["qr_code"], 2]
    chen.get_by_role("radio", name="签退").check(force=True)
    chen.evaluate("() => { window.isBroken = true; window.said = ''; }")
    photograph(chen, cast.anan)

    expect(chen.get_by_role("status").filter(has_text="签退").first).to_contain_text(
        "已存下", timeout=SLOW
    )
    expect(chen.get_by_text("没有等上传的")).to_be_visible(timeout=SLOW)
    assert OfflineScan.objects.filter(volunteer=cast.anan).count() == 2
