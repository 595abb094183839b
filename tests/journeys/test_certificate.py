"""安安 issues a certificate alone; a school checks it without signing in; 范科长 looks it up by its
number and revokes it, and the page the school has open says so."""

import pytest
from playwright.sync_api import expect

from tests.factories.timebank import make_bank, make_confirmed_record
from tests.factories.timebank_recognition import make_policy
from tests.plugins.browser import DESKTOP, PHONE, seen
from timebank.models import Certificate

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


def test_issued_checked_signed_out_and_revoked(cast, open_page):
    make_policy(make_bank())
    make_confirmed_record(cast.anan, cast.stations["nanguanxiang"], cast.chen)
    anan, school = open_page(PHONE, user=cast.anan), open_page(DESKTOP)

    # 安安 issues it from her home.
    anan.goto("/home/")
    anan.get_by_role("link", name="开具服务证明").click()
    seen(anan)
    anan.get_by_role("button", name="免费开具").click()
    expect(anan.get_by_text("这份证明有效")).to_be_visible()
    seen(anan)
    certificate = Certificate.objects.get()

    # The school types what is printed: first a letter wrong, then right.
    school.goto("/c/")
    seen(school)
    school.get_by_label("证明编号").fill(certificate.number[:-1] + "?")
    school.get_by_label("校验码或姓氏").fill(certificate.check_code)
    school.get_by_role("button", name="核对").click()
    expect(school.get_by_text("查无此证明")).to_be_visible()
    school.get_by_label("证明编号").fill(certificate.number.lower())
    school.get_by_label("校验码或姓氏").fill(certificate.check_code)
    school.get_by_role("button", name="核对").click()
    expect(school.get_by_text("这份证明有效")).to_be_visible()
    expect(school.get_by_text("安*").first).to_be_visible()
    expect(school.get_by_text("为白奶奶理发")).to_have_count(0)
    seen(school)

    # The school tells of a doubt: 范科长 looks it up from her home and revokes it.
    expect(school.get_by_role("link", name="打开这份证明")).to_have_count(0)
    fan = open_page(DESKTOP, user=cast.fan)
    fan.goto("/home/")
    fan.get_by_role("link", name="核对、作废证明").click()
    fan.get_by_label("证明编号").fill(certificate.number)
    fan.get_by_label("校验码或姓氏").fill("安")
    fan.get_by_role("button", name="核对").click()
    fan.get_by_role("link", name="打开这份证明").click()
    seen(fan)
    fan.get_by_role("link", name="作废这份证明").click()
    fan.get_by_role("button", name="作废", exact=True).click()
    expect(fan.get_by_label("作废原因")).to_have_attribute("aria-invalid", "true")
    fan.get_by_label("作废原因").fill("登记错了人")
    seen(fan)
    fan.get_by_role("button", name="作废", exact=True).click()
    expect(fan.get_by_text("这份证明已作废")).to_be_visible()
    expect(fan.get_by_role("link", name="作废这份证明")).to_have_count(0)
    school.reload()
    expect(school.get_by_text("这份证明已作废")).to_be_visible()
    seen(school)
    anan.reload()
    expect(anan.get_by_text("登记错了人").first).to_be_visible()
    seen(anan)
