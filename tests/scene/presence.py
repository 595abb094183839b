"""The scene's presence: a shift of 陈站长 under way, 安安 there, 诸阿姨 absent from the last."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.utils import timezone

from config.demo.cast import Cast
from tests.factories.timebank_presence import came, seat_of, shift_under_way
from timebank.models import Attendance, PaperSheet
from timebank.services.check_ins import shown_code
from timebank.services.manifests import issue_manifest
from timebank.services.offline_scans import Bundle, ToldScan, take_in_scans
from timebank.services.presence_absences import mark_absent
from timebank.services.service_cards import badge_of, make_card, token_of_badge, token_of_card


def presence_of_the_scene(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    """One shift with the code it shows now, one that is over with its sheet, badge and card."""
    home = cast.stations["nanguanxiang"]
    shift = shift_under_way(home, cast.anan, cast.fang, led_by=cast.chen)
    attendance = came(shift, cast.anan, ago_minutes=20)
    yield "shift-now", {"pk": shift.pk}
    yield "shift-now-code", {"pk": shift.pk, "token": shown_code(shift).token}
    yield "attendance-anan", {"pk": attendance.pk}
    yield "seat-fang", {"pk": seat_of(shift, cast.fang).pk}

    over = shift_under_way(home, cast.zhu, led_by=cast.chen, since_minutes=600)
    absent = mark_absent(seat_of(over, cast.zhu), acting_user=cast.chen)
    yield "absence-zhu", {"pk": absent.pk}
    assert Attendance.objects.get(pk=absent.pk).state == Attendance.State.ABSENT

    sheet = PaperSheet.objects.create(
        shift=over, kept_by="诸阿姨", checked_by="陈站长", entered_by=cast.chen
    )
    yield "sheet", {"pk": sheet.pk}
    yield "sheet-scan", {"pk": sheet.pk, "token": uuid4()}
    yield "badge-anan", {"token": token_of_badge(badge_of(cast.anan))}

    (scan,) = take_in_scans(
        shift,
        Bundle(
            manifest=issue_manifest(shift, acting_user=cast.chen).signed,
            sent_at=timezone.now(),
            scans=[
                ToldScan(
                    client_id=uuid4(),
                    token=token_of_badge(badge_of(cast.baijia)),
                    verb="arrive",
                    device_at=timezone.now(),
                )
            ],
        ),
        acting_user=cast.chen,
    )
    yield "scan-baijia", {"pk": scan.pk}

    recipient = cast.persons["bai"]
    card = make_card(recipient, acting_user=cast.chen)
    yield "recipient-bai", {"pk": recipient.pk}
    yield "card-bai", {"token": token_of_card(card)}


def forms() -> dict[str, dict[str, Any]]:
    """What somebody who fills a form in well sends."""
    return {
        "settle": {"verb": "dismiss", "reason": "扫错了人"},
        "verify": {"act": "arrive", "reason": "手机没电"},
        "contest": {"reason": "我到过场，在后厨"},
        "answer": {"verb": "clear", "reason": "找到了照片"},
    }
