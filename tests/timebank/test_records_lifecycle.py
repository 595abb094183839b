"""Every state of a record × every verb × the people who might try."""

import pytest

from accounts.errors import NotAllowed, OutOfTurn
from accounts.lifecycle import Arrow
from accounts.models import Change
from accounts.services.roles import grant_role
from tests.factories.timebank import make_bank, make_confirmed_record, make_record
from timebank.lifecycles.records import RECORD
from timebank.models import ServiceRecord
from timebank.services.corrections import reverse_record
from timebank.services.record_decisions import return_record
from timebank.services.record_looks import refuse_record
from timebank.services.records import withdraw_record

pytestmark = pytest.mark.django_db

State = ServiceRecord.State

# Who may follow which verb where it starts: everyone not named may not.
ALLOWED = {
    "confirm": {"chen", "fan"},
    "confirm_by_word": {"anan", "chen"},
    "return_": {"chen", "fan"},
    "resubmit": {"anan"},
    "withdraw": {"anan"},
    "reverse": {"fan"},
    "refuse": {"fan"},
}
PEOPLE = ("anan", "zhu", "chen", "cheng", "xia", "fan", "xu", "shu", "guo", "ding")


@pytest.fixture
def record_in(cast):
    make_bank()
    station = cast.stations["nanguanxiang"]
    whom = {"recipient": cast.persons["bai"], "for_whom": ""}

    def bring(state):
        if state in (State.CONFIRMED, State.REVERSED):
            record = make_confirmed_record(cast.anan, station, cast.chen, **whom)
        else:
            record = make_record(cast.anan, station, **whom)
        if state == State.RETURNED:
            record = return_record(record, reason="请核对时间。", acting_user=cast.chen)
        if state == State.WITHDRAWN:
            record = withdraw_record(record, acting_user=cast.anan)
        if state == State.REVERSED:
            record = reverse_record(record, reason="登记错了人", acting_user=cast.fan)
        if state == State.REFUSED:
            record = refuse_record(record, reason="问过，没有这回事", acting_user=cast.fan)
        assert record.state == state
        return record

    return bring


def arrow_of(verb: str) -> Arrow:
    (arrow,) = [arrow for arrow in RECORD if arrow.verb == verb]
    return arrow


@pytest.mark.parametrize("state", State.values)
def test_verbs_leave_only_where_their_arrows_start(cast, record_in, state):
    record = record_in(state)
    changes = Change.objects.count()

    for verb in RECORD.verbs():
        who = getattr(cast, "anan" if "anan" in ALLOWED[verb] else "fan")
        if arrow_of(verb).starts_at(state):
            assert RECORD.allows(verb, who, record), verb
        else:
            with pytest.raises(OutOfTurn):
                RECORD.move(record, verb, acting_user=who)

    record.refresh_from_db()
    assert record.state == state
    assert Change.objects.count() == changes


@pytest.mark.parametrize("verb", RECORD.verbs())
def test_only_these_people_may(cast, record_in, verb):
    record = record_in(min(arrow_of(verb).sources))

    allowed = {who for who in PEOPLE if RECORD.allows(verb, getattr(cast, who), record)}

    assert allowed == ALLOWED[verb]
    for who in set(PEOPLE) - allowed:
        with pytest.raises(NotAllowed):
            RECORD.move(record, verb, acting_user=getattr(cast, who))


def test_coordinator_decides_nothing_about_their_own_service(cast):
    make_bank()
    record = make_record(cast.chen, cast.stations["nanguanxiang"])

    assert {arrow.verb for arrow in RECORD.open_to(cast.chen, record)} == {"withdraw"}


def test_officer_who_confirmed_does_not_reverse_but_another_does(cast, record_in):
    grant_role(cast.zhu, "officer", region=cast.fan.roles.get().region, acting_user=cast.system)
    record = make_confirmed_record(
        cast.anan, make_bank() and cast.stations["nanguanxiang"], cast.fan
    )

    assert not RECORD.allows("reverse", cast.fan, record)
    assert RECORD.allows("reverse", cast.zhu, record)
