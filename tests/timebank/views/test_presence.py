"""Pages of presence: badges, the organiser's hand, what waits at home, the card on the wall."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.timebank_orders import make_order
from tests.factories.timebank_presence import came, seat_of, shift_under_way
from timebank.models import Attendance
from timebank.services.orders import accept_order
from timebank.services.service_cards import (
    badge_of,
    make_card,
    replace_badge,
    token_of_badge,
    token_of_card,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(cast):
    return cast.stations["nanguanxiang"]


def test_a_badge_is_scanned_by_staff_and_a_replaced_one_is_not(cast, client, home):
    shift = shift_under_way(home, cast.anan, led_by=cast.chen)
    old = reverse("timebank:badge-scanned", args=[token_of_badge(badge_of(cast.anan))])
    client.force_login(cast.chen)
    told = {"shift": shift.pk, "verb": "arrive"}

    assert "签到" in client.get(old).content.decode()
    assert client.post(old, told).status_code == 302
    there = Attendance.objects.get()
    assert (there.arrived_how, there.arrived_by) == ("badge", cast.chen)
    assert client.post(old, told).status_code == 409

    replace_badge(cast.anan)
    assert client.get(old).status_code == 404
    assert client.post(old, told | {"verb": "leave"}).status_code == 404


def test_who_forgot_to_sign_out_waits_at_the_leaders_home_and_is_verified(cast, client, home):
    shift = shift_under_way(home, cast.anan, led_by=cast.chen, since_minutes=100)
    came(shift, cast.anan, ago_minutes=100)
    begun = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=150)
    Attendance.objects.update(arrived_at=begun)
    type(shift).objects.filter(pk=shift.pk).update(
        starts_at=begun, ends_at=begun + timedelta(hours=2)
    )
    seat = reverse("timebank:presence-seat", args=[seat_of(shift, cast.anan).pk])
    start, end = (timezone.localtime(begun + timedelta(minutes=m)) for m in (0, 120))
    told = {"act": "verify", "arrived": f"{start:%H:%M}", "left": f"{end:%H:%M}"}
    client.force_login(cast.chen)

    assert "没有签退或有冲突，等核实" in client.get("/home/").content.decode()
    no_reason = client.post(seat, told)
    assert no_reason.status_code == 422
    assert "请写明原因" in no_reason.content.decode()
    assert client.post(seat, told | {"reason": "一起收的工"}).status_code == 302

    there = Attendance.objects.get()
    assert (there.state, there.minutes, there.arrived_how) == ("counted", 120, "code")
    page = client.get(reverse("timebank:presence-desk", args=[shift.pk])).content.decode()
    assert "确认 1 条" not in page, "who wrote it down does not confirm it"


def test_the_card_on_the_wall_stands_in_for_the_code(cast, client, home):
    order = accept_order(make_order(cast), acting_user=cast.anan)
    lost = make_card(order.recipient, acting_user=cast.chen)
    card = make_card(order.recipient, acting_user=cast.chen)
    address = reverse("timebank:card-scanned", args=[token_of_card(card)])
    client.force_login(cast.zhu)
    assert client.post(address).status_code == 409
    client.force_login(cast.anan)

    gone = client.get(reverse("timebank:card-scanned", args=[token_of_card(lost)]))
    assert gone.status_code == 404
    assert client.post(address).status_code == 302

    order.refresh_from_db()
    assert order.code_matched_at is not None
