"""Records and orders at two stations, in every state."""

import io
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.services.attachments import store_image
from config.demo.cast import Cast
from tests.factories.timebank import at, make_bank, make_confirmed_record, make_record
from tests.factories.timebank_orders import (
    an_hour_ago,
    give_hours,
    make_listing,
    make_order,
    make_wish,
    tomorrow,
)
from timebank.models import ServiceOrder
from timebank.services.order_endings import confirm_order, dispute_order, uphold_order
from timebank.services.orders import accept_order, deliver_order
from timebank.services.photos import keep_photo
from timebank.services.record_decisions import return_record


def records_of_the_scene(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    """安安's records at 南关厢 in every state, one of 陈站长 herself, one of 诸阿姨 at 许村."""
    make_bank()
    home, away = cast.stations["nanguanxiang"], cast.stations["xucun"]
    hours = {"started_at": at(8), "ended_at": at(9)}
    yield "record-submitted", {"pk": make_record(cast.anan, home, **hours).pk}
    returned = make_record(cast.anan, home, started_at=at(9), ended_at=at(10))
    return_record(returned, reason="请写明地点", acting_user=cast.chen)
    yield "record-returned", {"pk": returned.pk}
    confirmed = make_confirmed_record(
        cast.anan, home, cast.chen, started_at=at(10), ended_at=at(11)
    )
    yield "record-confirmed", {"pk": confirmed.pk}
    yield "record-chen", {"pk": make_record(cast.chen, home, **hours).pk}
    yield "record-xucun", {"pk": make_record(cast.zhu, away, **hours).pk}
    with_photo = make_record(cast.anan, home, started_at=at(11), ended_at=at(12))
    photo = store_image(_picture(), acting_user=cast.anan)
    with_photo.photos.add(photo)
    yield "record-photo", {"pk": with_photo.pk, "token": photo.token}
    yield "record-wrong-photo", {"pk": confirmed.pk, "token": photo.token}


def _picture() -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(file, "JPEG")
    return SimpleUploadedFile("现场.jpg", file.getvalue(), "image/jpeg")


def orders_of_the_scene(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    """The menus of two stations; 方爷爷's orders at 南关厢 in every state, served by 安安."""
    home, away = cast.stations["nanguanxiang"], cast.stations["xucun"]
    give_hours(cast.anan, 60, station=home)
    listing = make_listing(home)
    yield "listing", {"pk": listing.pk}
    unpublished = make_listing(home, title="陪诊", state="draft")
    yield "listing-draft", {"pk": unpublished.pk}
    yield "listing-draft-publish", {"pk": unpublished.pk, "verb": "publish"}
    yield "listing-draft-xucun", {"pk": make_listing(away, title="陪聊", state="draft").pk}
    for verb in ("publish", "pause", "close", "nonsense"):
        yield f"listing-{verb}", {"pk": listing.pk, "verb": verb}
    yield "pool", {"pk": home.pk}

    def order(hour: int, **facts: Any) -> ServiceOrder:
        wish = make_wish(on=tomorrow(), start=time(hour), end=time(hour + 1))
        return make_order(cast, listing=listing, wish=wish, **facts)

    pooled = order(
        8,
        requested_by=cast.chen,
        recipient=cast.persons["bai"],
        drawn_from=ServiceOrder.DrawnFrom.POOL,
    )
    placed = order(9)
    accepted = accept_order(order(10), acting_user=cast.anan)
    delivered = _delivered(order(11), cast, minutes_ago=180)
    disputed = _delivered(order(12), cast, minutes_ago=240)
    dispute_order(disputed, reason="没有人来过", acting_user=cast.fang)
    settled = _delivered(order(13), cast, minutes_ago=300)
    confirm_order(settled, stars=5, words="", acting_user=cast.fang)
    upheld = _delivered(order(14), cast, minutes_ago=360)
    dispute_order(upheld, reason="没有人来过", acting_user=cast.fang)
    uphold_order(upheld, minutes=30, reason="邻居看见了", acting_user=cast.chen)
    photo = store_image(_picture(), acting_user=cast.anan)
    delivered.photos.add(photo)
    yield "order-photo", {"pk": delivered.pk, "token": photo.token}
    yield "draft-photo", {"pk": keep_photo(_picture(), acting_user=cast.anan).pk}
    orders = {
        "pool": pooled,
        "placed": placed,
        "accepted": accepted,
        "delivered": delivered,
        "disputed": disputed,
        "settled": settled,
        "upheld": upheld,
    }
    verbs = {
        "placed": ("cancel", "decline"),
        "accepted": ("give_back", "reassign", "cancel"),
        "delivered": ("dispute", "cancel"),
        "disputed": ("overturn",),
    }
    for state, one in orders.items():
        yield f"order-{state}", {"pk": one.pk}
        for verb in verbs.get(state, ()):
            yield f"order-{state}-{verb}", {"pk": one.pk, "verb": verb}


def _delivered(order: ServiceOrder, cast: Cast, *, minutes_ago: int) -> ServiceOrder:
    accept_order(order, acting_user=cast.anan)
    before = timedelta(minutes=minutes_ago - 60)
    return deliver_order(
        order,
        served_from=an_hour_ago() - before,
        served_to=an_hour_ago(30) - before,
        acting_user=cast.anan,
    )
