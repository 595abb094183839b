"""A certificate withdrawn with a reason, and the warnings before one runs out."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Change, Message
from tests.factories.timebank import make_bank, make_service_type
from tests.factories.timebank_activities import make_open_shift
from timebank.errors.activities import OwnPaper, QualificationMissing
from timebank.models import Qualification
from timebank.selectors.qualifications import papers_of
from timebank.services.qualification_endings import (
    seats_resting_on,
    warn_of_papers_running_out,
    withdraw_qualification,
)
from timebank.services.qualifications import verify_qualification
from timebank.services.signups import sign_up

pytestmark = pytest.mark.django_db


def test_withdrawn_paper_frees_the_seats_that_ask_for_it_and_says_why(cast):
    make_bank()
    home = cast.stations["nanguanxiang"]
    needing = make_open_shift(
        home,
        led_by=cast.chen,
        seats=1,
        service_type=make_service_type("S90", qualification="first_aid"),
    )
    plain = make_open_shift(home, led_by=cast.chen, seats=2)
    paper = verify_qualification(cast.anan, "first_aid", acting_user=cast.chen)
    kept = verify_qualification(cast.anan, "barber", acting_user=cast.chen)
    seat = sign_up(needing, acting_user=cast.anan)
    assert seats_resting_on(paper) == [seat]
    assert seats_resting_on(kept) == []
    for person, reason, refusal in (
        (cast.anan, "旧了", OwnPaper),
        (cast.cheng, "旧了", NotAllowed),
        (cast.chen, " ", ReasonMissing),
    ):
        with pytest.raises(refusal):
            withdraw_qualification(paper, reason=reason, acting_user=person)

    freed = withdraw_qualification(paper, reason="发证机关已注销", acting_user=cast.chen)

    assert ([one.pk for one in freed.seats], freed.orders) == ([seat.pk], 0)
    seat.refresh_from_db()
    assert seat.state == "released"
    paper.refresh_from_db()
    assert (paper.withdrawn_by, paper.withdrawn_for) == (cast.chen, "发证机关已注销")
    assert [one.qualification for one in papers_of(cast.anan, localdate())] == [kept]
    told = Message.objects.get(to_user=cast.anan, kind="qualification_withdrawn")
    assert "发证机关已注销" in told.body
    assert Change.objects.get(verb="withdraw", object_id=paper.pk).facts == {
        "seats_freed": 1,
        "orders_reopened": 0,
    }
    with pytest.raises(QualificationMissing):
        sign_up(needing, acting_user=cast.anan)
    assert sign_up(plain, acting_user=cast.anan).state == "seated"
    with pytest.raises(OutOfTurn):
        withdraw_qualification(paper, reason="再来一次", acting_user=cast.chen)
    again = verify_qualification(cast.anan, "first_aid", acting_user=cast.chen)
    assert again.withdrawn_at is None


def test_holder_is_warned_once_at_each_step(cast):
    today = localdate()
    soon = verify_qualification(
        cast.anan, "escort", valid_until=today + timedelta(days=20), acting_user=cast.chen
    )
    verify_qualification(
        cast.anan, "driving", valid_until=today + timedelta(days=90), acting_user=cast.chen
    )
    Qualification.objects.create(
        volunteer=cast.anan,
        kind="law",
        valid_until=today - timedelta(days=1),
        verified_by=cast.chen,
    )

    counts = [warn_of_papers_running_out(today + timedelta(days=later)) for later in (0, 1, 14, 30)]

    assert counts == [1, 1, 1, 0]
    told = Message.objects.filter(kind="qualification_runs_out").values_list("key", flat=True)
    assert sorted(told) == [
        f"qualification:{soon.pk}:runs-out:30",
        f"qualification:{soon.pk}:runs-out:7",
    ]
    tones = {one.qualification.kind: one.tone for one in papers_of(cast.anan, today)}
    assert tones == {"escort": "waiting", "driving": "done", "law": "danger"}
