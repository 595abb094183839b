"""The scanner: what the phone keeps and may send, under the same policy as every page."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.timebank_presence import shift_under_way
from timebank.models import OfflineScan
from timebank.services.service_cards import badge_of, token_of_badge

pytestmark = pytest.mark.django_db


@pytest.fixture
def shift(cast):
    return shift_under_way(cast.stations["nanguanxiang"], cast.anan, led_by=cast.chen)


def test_the_worker_answers_for_the_scanner_alone_and_the_policy_stays(cast, client, shift):
    client.force_login(cast.chen)
    home = client.get("/home/")

    page = client.get(reverse("timebank:scanner", args=[shift.pk]))
    worker = client.get(reverse("timebank:scanner-worker"))

    policy = page["Content-Security-Policy"]
    assert policy == home["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert worker["Content-Type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in worker
    assert reverse("timebank:scanner", args=[shift.pk]).startswith(
        reverse("timebank:scanner-worker").removesuffix("worker.js")
    )
    words = page.content.decode()
    assert cast.anan.person.real_name not in words
    assert token_of_badge(badge_of(cast.anan)) not in words


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"[]",
        b"\xff",
        {"scans": []},
        {"scans": [1]},
        {"scans": [{"client_id": "x"}]},
        {"sent_at": "yesterday"},
        {"manifest": ""},
    ],
)
def test_what_is_no_bundle_is_refused_whole(cast, client, shift, wrong):
    client.force_login(cast.chen)
    now = timezone.now().isoformat()
    good = {
        "manifest": client.get(reverse("timebank:scanner", args=[shift.pk])).context["manifest"][
            "signed"
        ],
        "sent_at": now,
        "scans": [
            {
                "client_id": "0191f5a0-0000-7000-8000-000000000001",
                "token": token_of_badge(badge_of(cast.anan)),
                "verb": "arrive",
                "device_at": now,
            }
        ],
    }
    address = reverse("timebank:scanner-scans", args=[shift.pk])
    body = wrong if isinstance(wrong, bytes) else json.dumps(good | wrong)

    refused = client.post(address, body, content_type="application/json")

    assert refused.status_code == 422
    assert not OfflineScan.objects.exists()
    taken = client.post(address, json.dumps(good), content_type="application/json")
    assert taken.json()["scans"][0]["state"] == "taken"
