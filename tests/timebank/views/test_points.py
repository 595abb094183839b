"""The pages of points: proposed line by line, decided, and seen by the person."""

import pytest
from django.urls import reverse

from tests.factories.timebank import make_bank
from tests.factories.timebank_corrections import plain_phone
from timebank.models.points import PointGrant
from timebank.selectors.points import points_accounts_of

pytestmark = pytest.mark.django_db


def test_points_are_proposed_line_by_line_decided_and_seen_by_the_person(cast, client):
    bank = make_bank()
    address = reverse("timebank:point-grant-new", args=[bank.pk])
    client.force_login(cast.chen)
    wrong = client.post(address, {
        "people": f"安安 {plain_phone(cast.anan)} 0\n无名氏，13900000000，5",
        "reason": "重阳节帮忙", "request_key": "8b1f4a52-6d57-4f0c-9f50-6cbb6b1d9a11",
    })  # fmt: skip
    assert wrong.status_code == 422
    for words in (
        "第 1 行",
        "积分要填大于零的整数",
        "第 2 行",
        "没有用这个手机号登记的人",
        "重阳节帮忙",
    ):
        assert words in wrong.content.decode()

    client.post(address, {
        "people": f"安安\t{plain_phone(cast.anan)}\t20\n", "reason": "重阳节帮忙",
        "request_key": "8b1f4a52-6d57-4f0c-9f50-6cbb6b1d9a11",
    })  # fmt: skip
    grant = PointGrant.objects.get()
    client.force_login(cast.fan)
    listed = client.get(reverse("timebank:point-grant-list")).content.decode()
    client.post(reverse("timebank:point-grant-decide", args=[grant.pk, "approve"]))
    decided = client.get(grant.get_absolute_url()).content.decode()
    client.force_login(cast.anan)
    mine = client.get(reverse("timebank:points")).content.decode()
    files = [
        client.get(reverse("timebank:statement-export", args=[_account(cast.anan), format]))
        for format in ("csv", "xlsx", "pdf")
    ]

    assert "重阳节帮忙" in listed
    assert "20 积分" in decided
    assert "凭证" in decided
    assert "重阳节帮忙" in mine
    assert "20 积分" in mine
    assert [file.status_code for file in files] == [200] * 3
    assert (
        client.get(reverse("timebank:account-detail", args=[_account(cast.anan)])).status_code
        == 200
    )


def _account(person):
    return points_accounts_of(person)[0].pk
