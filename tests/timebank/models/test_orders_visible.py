"""Who sees which orders and menu items: own, one's stations', open ones near, the overseen."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from config.demo.cast import Cast
from tests.factories.timebank_orders import make_listing, make_order, make_order_in
from timebank.models import Listing, ServiceOrder

pytestmark = pytest.mark.django_db

SEEN = {
    # who: (方爷爷's open order at 南关厢, 方爷爷's settled one there, 程站长's open one at 许村)
    "fang": (True, True, False),
    "anan": (True, True, False),
    "zhu": (True, False, False),
    "baijia": (True, False, False),
    "chen": (True, True, False),
    "cheng": (False, False, True),
    "fan": (True, True, True),
    "xu": (False, False, True),
    "shu": (True, True, True),
    "ding": (False, False, False),
    "en": (False, False, False),
    "jin": (False, False, False),
}


def test_orders_visible_to(cast: Cast) -> None:
    settled = make_order_in("settled", cast)
    placed = make_order(cast)
    far = make_order(
        cast, listing=make_listing(cast.stations["xucun"]), requested_by=cast.cheng,
        recipient=cast.persons["bai"],
    )  # fmt: skip

    seen = {}
    for who in SEEN:
        visible = set(ServiceOrder.objects.visible_to(getattr(cast, who)))
        seen[who] = (placed in visible, settled in visible, far in visible)

    assert seen == SEEN
    assert ServiceOrder.objects.visible_to(AnonymousUser()).count() == 0


def test_only_the_public_menu_is_visible_to_visitors(cast: Cast) -> None:
    station = cast.stations["nanguanxiang"]
    items = {state: make_listing(station, state=state) for state in Listing.State.values}

    public = set(Listing.objects.visible_to(AnonymousUser()))

    assert public == {items["published"]}
    assert set(Listing.objects.visible_to(cast.anan)) == public
    assert set(Listing.objects.visible_to(cast.chen)) == set(items.values())


@pytest.mark.parametrize(
    ("state", "broken", "constraint"),
    [
        ("placed", {"minutes": 0}, "order_takes_minutes_of_one_day"),
        ("placed", {"state": "accepted"}, "order_under_way_has_volunteer"),
        ("placed", {"service_code": "12a4"}, "service_code_has_4_digits"),
        ("placed", {"code_tries": 6}, "service_code_tried_5_times_at_most"),
        ("accepted", {"state": "placed"}, "open_order_has_no_volunteer"),
        ("accepted", {"state": "delivered"}, "delivered_order_says_when"),
        ("settled", {"settled_minutes": 31}, "settled_order_within_its_minutes"),
        ("settled", {"ended_at": None}, "ended_order_says_when"),
    ],
)
def test_the_database_is_the_last_guard(
    cast: Cast, state: str, broken: dict[str, object], constraint: str
) -> None:
    order = make_order_in(state, cast)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ServiceOrder.objects.filter(pk=order.pk).update(**broken)


def test_nobody_serves_their_own_order(cast: Cast) -> None:
    order = make_order_in("accepted", cast)

    with pytest.raises(IntegrityError, match="nobody_serves_own_order"), transaction.atomic():
        ServiceOrder.objects.filter(pk=order.pk).update(volunteer=order.requested_by)
