"""Sending hours home: the page, its refusals, and what the vouchers say of both halves."""

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from tests.factories.timebank import make_bank
from tests.factories.timebank_clearing import make_agreement, make_neighbour
from tests.factories.timebank_ledger import give
from timebank.models.clearing import Crossing
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of
from timebank.services.clearing import settle_crossing

pytestmark = pytest.mark.django_db
KEY = "8b1f4a52-6d57-4f0c-9f50-6cbb6b1d9a12"


def test_own_hours_are_sent_to_another_bank_and_both_vouchers_lead_to_each_other(cast, client):
    haining, tongxiang = make_bank(), make_neighbour()
    address = reverse("timebank:crossing-new")
    client.force_login(cast.anan)
    assert "现在没有可以转的" in client.get(address).content.decode()
    make_agreement(haining, tongxiang)
    here, there = account_of(cast.anan, haining), account_of(cast.anan, tongxiang)
    give(there, 135, acting_user=cast.fan)
    page = client.get(address).content.decode()
    way = page.index(f"{tongxiang.name} → {haining.name}") and 1

    refused = client.post(
        address, {"way": way, "minutes": 136, "reason": "转回来", "request_key": KEY}
    )
    assert refused.status_code == 409
    assert "2 小时 15 分" in refused.content.decode()
    asked = {"way": way, "minutes": 60, "reason": "在桐乡做的服务", "request_key": KEY}
    for _time in range(2):
        sent = client.post(address, asked)
    crossing = Crossing.objects.get()
    on_the_way = client.get(sent.url).content.decode()
    settle_crossing(crossing.pk)
    crossing.refresh_from_db()
    arrived = client.get(reverse("timebank:transfer-detail", args=[crossing.inward_id]))

    assert "在途" in on_the_way
    assert f"从{tongxiang.name}到{haining.name}" in on_the_way
    assert "已转入" in arrived.content.decode()
    assert sent.url in arrived.content.decode()
    assert (balance_of(here).posted, balance_of(there).posted) == (60, 75)
    assert address in client.get(reverse("timebank:statement")).content.decode()
    client.force_login(cast.shu)
    month = f"{localdate():%Y-%m}"
    positions = client.get(reverse("timebank:position-list"), {"month": month}).content.decode()
    assert f"{month} 月度结算" in positions
    assert reverse("timebank:transfer-detail", args=[crossing.inward_id]) in positions
    for format in ("csv", "xlsx", "pdf"):
        file = client.get(reverse("timebank:position-export", args=[format]), {"month": month})
        assert file.status_code == 200
        assert "settlement" in file.headers["Content-Disposition"]
    assert client.get(reverse("timebank:position-list"), {"month": "x"}).status_code == 200
