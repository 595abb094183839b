"""Every state of presence × every verb × the people who might try."""

from datetime import timedelta

import pytest

from accounts.errors import NotAllowed, OutOfTurn
from accounts.lifecycle import Arrow
from accounts.models import Change
from tests.factories.timebank import make_record
from tests.factories.timebank_presence import came, seat_of, shift_under_way
from timebank.lifecycles.presence import PRESENCE
from timebank.models import Attendance
from timebank.selectors.presence import TONES, TRAIL_WORDS
from timebank.services.presence import check_out
from timebank.services.presence_absences import answer_absence, contest_absence, mark_absent
from timebank.services.presence_steps import Evidence

pytestmark = pytest.mark.django_db

How, State = Attendance.How, Attendance.State

# Who may follow which verb where it starts: everyone not named may not. 安安's presence at a shift
# of 陈站长, who marked her absent; 戴社工 is of the town's 社工站, 范科长 an officer over the city;
# the product acts for the clock.
ALLOWED = {
    "check_out": {"anan", "chen", "system"},
    "verify": {"chen", "dai", "fan", "system"},
    "count": {"system"},
    "fall_short": {"system"},
    "note": {"system"},
    "contest": {"anan"},
    "uphold": {"dai", "fan", "system"},
    "clear": {"chen", "dai", "fan", "system"},
}
PEOPLE = (
    "anan", "zhu", "baijia", "fang", "chen", "cheng", "xia", "fan", "xu", "shu", "guan", "guo",
    "en", "ding", "jin", "dai", "system",
)  # fmt: skip


@pytest.fixture
def presence_in(cast):
    home = cast.stations["nanguanxiang"]

    def bring(state: str) -> Attendance:
        facts = {"not_counted": "training"} if state == State.NOTED else {}
        is_away = state in (State.ABSENT, State.CONTESTED, State.CLEARED)
        shift = shift_under_way(
            home, cast.anan, led_by=cast.chen, since_minutes=130 if is_away else 110, **facts
        )
        if is_away:
            there = mark_absent(seat_of(shift, cast.anan), acting_user=cast.chen)
            if state == State.CONTESTED:
                there = contest_absence(there, reason="我来了", acting_user=cast.anan)
            if state == State.CLEARED:
                there = answer_absence(there, "clear", reason="看错了", acting_user=cast.chen)
        else:
            there = came(shift, cast.anan, ago_minutes=10 if state == State.SHORT else 110)
            if state == State.LEFT:  # another record claims that time
                make_record(
                    cast.anan,
                    home,
                    started_at=shift.starts_at,
                    ended_at=shift.starts_at + timedelta(hours=1),
                )
            if state != State.PRESENT:
                evidence = Evidence(how=How.CODE, window=9)
                there = check_out(shift, cast.anan, evidence, acting_user=cast.anan)
        assert there.state == state
        return Attendance.objects.with_shift().get(pk=there.pk)

    return bring


def arrow_of(verb: str) -> Arrow:
    (arrow,) = [arrow for arrow in PRESENCE if arrow.verb == verb]
    return arrow


@pytest.mark.parametrize("state", State.values)
def test_verbs_leave_only_where_their_arrows_start(cast, presence_in, state):
    there = presence_in(state)
    changes = Change.objects.count()

    for verb in PRESENCE.verbs():
        who = getattr(cast, sorted(ALLOWED[verb])[0])
        if arrow_of(verb).starts_at(state):
            assert PRESENCE.allows(verb, who, there), verb
        else:
            with pytest.raises(OutOfTurn):
                PRESENCE.move(there, verb, acting_user=who)

    there.refresh_from_db()
    assert there.state == state
    assert Change.objects.count() == changes


@pytest.mark.parametrize("verb", PRESENCE.verbs())
def test_only_these_people_may(cast, presence_in, verb):
    there = presence_in(min(arrow_of(verb).sources))

    allowed = {who for who in PEOPLE if PRESENCE.allows(verb, getattr(cast, who), there)}

    assert allowed == ALLOWED[verb]
    for who in set(PEOPLE) - allowed:
        with pytest.raises(NotAllowed):
            PRESENCE.move(there, verb, acting_user=getattr(cast, who))


def test_counted_and_noted_are_ends_and_every_state_is_put_into_words():
    starts = {state for arrow in PRESENCE for state in arrow.sources}

    assert set(State.values) - starts == {State.COUNTED, State.NOTED}
    assert set(TONES) == set(State.values)
    assert set(PRESENCE.verbs()) <= set(TRAIL_WORDS)
