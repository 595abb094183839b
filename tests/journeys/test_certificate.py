"""安安 issues a certificate alone; a school checks it without signing in; 范科长 takes back the
record behind it, and the same page says so."""

import pytest
from playwright.sync_api import expect

from tests.factories.timebank import make_bank, make_confirmed_record
from tests.factories.timebank_recognition import make_policy
from tests.plugins.browser import DESKTOP, PHONE, seen
from timebank.models import Certificate
from timebank.services.corrections import reverse_record

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


def test_issued_checked_signed_out_and_revoked(cast, open_page):
    make_policy(make_bank())
    record = make_confirmed_record(cast.anan, cast.stations["nanguanxiang"], cast.chen)
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

    # The record falls, and the certificate with it.
    reverse_record(record, reason="登记错了人", acting_user=cast.fan)
    school.reload()
    expect(school.get_by_text("这份证明已作废")).to_be_visible()
    seen(school)
    anan.reload()
    expect(anan.get_by_text("登记错了人").first).to_be_visible()
    seen(anan)
