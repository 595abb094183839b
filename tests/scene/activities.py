"""The scene's activities: 陈站长's at 南关厢, a draft of 恩泽社; who sits, waits, swaps."""

from collections.abc import Iterator
from typing import Any

from config.demo.cast import Cast, system_user
from tests.factories.timebank_activities import (
    in_days,
    make_draft,
    make_open_shift,
    make_shift,
    move_in_time,
)
from timebank.models import Shift, Signup
from timebank.services.calendar_feeds import open_feed, token_of
from timebank.services.qualifications import verify_qualification
from timebank.services.shifts import cancel_shift
from timebank.services.signups import cancel_signup, sign_up
from timebank.services.swaps import propose_swap


def activities(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    """安安 sits and asks 方爷爷 to take the seat; 白佳 waits; 方爷爷 was offered another."""
    home = cast.stations["nanguanxiang"]
    shift = make_open_shift(home, led_by=cast.chen, seats=1)
    yield "activity", {"pk": shift.activity.pk}
    for verb in ("close", "open", "nonsense"):
        yield f"activity-{verb}", {"pk": shift.activity.pk, "verb": verb}
    yield "shift", {"pk": shift.pk}
    yield "shift-close", {"pk": shift.pk, "verb": "close"}
    yield "shift-nonsense", {"pk": shift.pk, "verb": "nonsense"}
    seated = sign_up(shift, acting_user=cast.anan)
    waiting = sign_up(shift, acting_user=cast.baijia)
    yield "signup-anan", {"pk": seated.pk}
    yield "signup-baijia", {"pk": waiting.pk}
    swap = propose_swap(seated, cast.fang, acting_user=cast.anan)
    for verb in ("agree", "decline", "withdraw", "nonsense"):
        yield f"swap-{verb}", {"pk": swap.pk, "verb": verb}

    other = _shift(shift, days=5)
    yield "shift-free", {"pk": _shift(shift, days=7).pk}
    given_back = sign_up(other, acting_user=cast.zhu)
    offered = sign_up(other, acting_user=cast.fang)
    cancel_signup(given_back, acting_user=cast.zhu)
    assert Signup.objects.get(pk=offered.pk).state == Signup.State.OFFERED
    yield "signup-offered-fang", {"pk": offered.pk}

    off = cancel_shift(_shift(shift, days=9), reason="大风", acting_user=system_user())
    yield "shift-cancelled", {"pk": off.pk}

    over = make_shift(shift.activity, starts_at=in_days(2))
    sat = sign_up(over, acting_user=cast.anan)
    move_in_time(over, in_days(-2))
    yield "signup-over", {"pk": sat.pk}

    draft = make_draft(home, owner=cast.organisations["enze"], led_by=cast.en)
    yield "activity-draft-enze", {"pk": draft.pk}
    yield "activity-draft-enze-open", {"pk": draft.pk, "verb": "open"}
    yield "shift-draft-enze", {"pk": make_shift(draft).pk}
    paper = verify_qualification(cast.anan, "first_aid", acting_user=cast.chen)
    yield "qualification-anan", {"pk": paper.pk}
    yield "feed-anan", {"token": token_of(open_feed(cast.anan))}


def _shift(shift: Shift, *, days: int) -> Shift:
    return make_shift(shift.activity, starts_at=in_days(days), seats=1)


def forms() -> dict[str, dict[str, Any]]:
    """What somebody who fills a form in well sends."""
    day = in_days(11).date().isoformat()
    when = {"day": day, "start": "09:00", "end": "11:00"}
    return {
        "call_off": {"reason": "大风黄色预警"},
        "postpone": when | {"reason": "潮水提前"},
        "seats": {"seats": 5, "place": "老街牌坊"},
        "new_shift": when | {"seats": 5},
        "names": {"text": "1. 安安\n2. 诸阿姨"},
        "stars_for_seat": {"stars": "5", "words": "访谈很细"},
        "qualification": {"which": "qualification", "kind": "first_aid"},
    }
