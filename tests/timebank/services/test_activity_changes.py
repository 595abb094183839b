"""An activity is changed once people are on its list: they are told what matters, who may no longer
take part is let go at no harm, and what counts cannot change behind anybody's back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import Message
from tests.factories.timebank_activities import (
    make_details,
    make_open_shift,
    make_shift,
    make_volunteer,
)
from tests.factories.timebank_presence import came, shift_under_way
from timebank.errors.activities import (
    CountsDecided,
    NoConsentToWithdraw,
    NotInsured,
    PositionClosed,
    PositionMissing,
    SeatsInUse,
)
from timebank.models import Attendance, Position, Qualification, ServiceRecord, Shift, Signup
from timebank.services.activities import Parts, PositionDetails, StopDetails
from timebank.services.activity_changes import edit_activity
from timebank.services.presence import check_out
from timebank.services.presence_steps import Evidence
from timebank.services.qualifications import (
    record_guardian_consent,
    withdraw_guardian_consent,
)
from timebank.services.shifts import edit_shift
from timebank.services.signups import sign_up

pytestmark = pytest.mark.django_db

State = Signup.State
INSURED = {"insurance": "PICC-1", "insured_until": timezone.localdate() + timedelta(days=90)}


@pytest.fixture
def home(cast):
    return cast.stations["nanguanxiang"]


def young(cast, region):
    person = make_volunteer(region, born_on=timezone.localdate() - timedelta(days=16 * 365))
    record_guardian_consent(
        person,
        guardian_name="沈女士",
        guardian_phone="10000000077",
        relation="母亲",
        acting_user=cast.chen,
    )
    return person


def test_who_is_signed_up_is_told_what_matters_and_nothing_else(cast, home):
    shift = make_open_shift(home, led_by=cast.chen)
    later = make_shift(shift.activity, starts_at=shift.starts_at + timedelta(days=7))
    for one in (shift, later):
        sign_up(one, acting_user=cast.anan)
    details = make_details(home, led_by=cast.chen)

    edit_activity(shift.activity, replace(details, description="改个说法"), acting_user=cast.chen)
    assert not Message.objects.filter(kind="activity_edit").exists()
    edit_activity(
        shift.activity,
        replace(details, risks="靠近河边，路滑", place="老街南门"),
        acting_user=cast.chen,
    )

    told = Message.objects.get(kind="activity_edit")
    assert told.to_user == cast.anan, "once, though she comes twice"
    assert "靠近河边，路滑" in told.body
    assert "老街南门" in told.body
    assert set(Shift.objects.values_list("place", flat=True)) == {"老街南门"}
    with pytest.raises(NotAllowed):
        edit_activity(shift.activity, details, acting_user=cast.anan)


def test_another_place_of_one_shift_is_told(cast, home):
    shift = make_open_shift(home, led_by=cast.chen)
    sign_up(shift, acting_user=cast.anan)

    edit_shift(shift, seats=9, place=shift.place, acting_user=cast.chen)
    assert not Message.objects.filter(kind="shift_edit").exists()
    edit_shift(shift, seats=9, place="礼堂", acting_user=cast.chen)

    assert "礼堂" in Message.objects.get(kind="shift_edit", to_user=cast.anan).body


def test_what_becomes_dangerous_is_insured_first_and_lets_minors_go(cast, home):
    shift = make_open_shift(home, led_by=cast.chen, seats=1)
    minor = young(cast, home.region)
    seat = sign_up(shift, acting_user=minor)
    waiting = sign_up(shift, acting_user=cast.anan)
    details = make_details(home, led_by=cast.chen, is_dangerous=True)
    with pytest.raises(NotInsured):
        edit_activity(shift.activity, details, acting_user=cast.chen)

    edit_activity(shift.activity, replace(details, **INSURED), acting_user=cast.chen)

    seat.refresh_from_db()
    waiting.refresh_from_db()
    assert (seat.state, waiting.state) == (State.RELEASED, State.OFFERED)
    assert "不算未到" in Message.objects.get(to_user=minor, kind="signup_release").body
    assert Message.objects.filter(to_user=cast.anan, kind="activity_edit").count() == 1


def test_positions_are_changed_closed_and_added(cast, home):
    parts = Parts(
        positions=(
            PositionDetails(title="理发", seats=2),
            PositionDetails(title="登记", seats=2),
            PositionDetails(title="打扫", seats=2),
        )
    )
    shift = make_open_shift(home, led_by=cast.chen, parts=parts)
    barber, clerk, _cleaner = shift.activity.positions.all()
    for one in (cast.anan, cast.zhu):
        sign_up(shift, acting_user=one, position=barber)
    sat = sign_up(shift, acting_user=cast.fang, position=clerk)
    details = make_details(home, led_by=cast.chen)

    def change(*positions):
        edit_activity(shift.activity, details, Parts(positions=positions), acting_user=cast.chen)

    with pytest.raises(SeatsInUse):
        change(PositionDetails(pk=barber.pk, title="理发", seats=1))
    change(
        PositionDetails(pk=barber.pk, title="理发", duties="自带推子", seats=3),
        PositionDetails(title="量血压", seats=1),
    )

    stands = {one.title: (one.seats, one.is_open) for one in shift.activity.positions.all()}
    assert stands == {"理发": (3, True), "登记": (2, False), "量血压": (1, True)}
    change(  # two swap names, and one left out comes back under its own
        PositionDetails(pk=barber.pk, title="量血压", duties="自带推子", seats=3),
        PositionDetails(pk=shift.activity.positions.get(title="量血压").pk, title="理发", seats=1),
        PositionDetails(title="登记", seats=4),
    )
    clerk.refresh_from_db()
    assert (clerk.seats, clerk.is_open) == (4, True)
    assert shift.activity.positions.count() == 3
    change(PositionDetails(pk=barber.pk, title="理发", duties="自带推子", seats=3))
    sat.refresh_from_db()
    assert (sat.state, sat.position) == (State.SEATED, clerk), "chosen before, kept"
    assert "自带推子" in Message.objects.filter(kind="activity_edit").first().body
    clerk.refresh_from_db()
    foreign = Position.objects.create(
        activity=make_open_shift(home).activity, title="别处", seats=1
    )
    for closed in (clerk, foreign):
        with pytest.raises(PositionClosed):
            sign_up(shift, acting_user=cast.baijia, position=closed)
    with pytest.raises(PositionMissing):
        sign_up(shift, acting_user=cast.baijia)


def test_a_position_that_asks_for_more_lets_go_who_has_it_not(cast, home):
    parts = Parts(positions=(PositionDetails(title="量血压", seats=2),))
    shift = make_open_shift(home, led_by=cast.chen, parts=parts)
    (position,) = shift.activity.positions.all()
    seat = sign_up(shift, acting_user=cast.anan, position=position)
    asked = PositionDetails(
        pk=position.pk,
        title="量血压",
        seats=2,
        required_qualification=Qualification.Kind.HEALTH,
    )

    edit_activity(
        shift.activity,
        make_details(home, led_by=cast.chen),
        Parts(positions=(asked,)),
        acting_user=cast.chen,
    )

    seat.refresh_from_db()
    assert seat.state == State.RELEASED
    assert "医护资格" in seat.ended_for


def test_stops_are_changed_and_told(cast, home):
    stop = StopDetails(
        place="礼堂门口", region=home.region, arrives_after_minutes=30, stays_minutes=60
    )
    shift = make_open_shift(home, led_by=cast.chen, kind="roving", parts=Parts(stops=(stop,)))
    sign_up(shift, acting_user=cast.anan)
    details = make_details(home, led_by=cast.chen, kind="roving")

    edit_activity(shift.activity, details, Parts(stops=(stop,)), acting_user=cast.chen)
    assert not Message.objects.filter(kind="activity_edit").exists(), "nothing is different"
    edit_activity(
        shift.activity,
        details,
        Parts(stops=(stop, replace(stop, place="尖山广场", arrives_after_minutes=120))),
        acting_user=cast.chen,
    )

    assert [(one.number, one.place) for one in shift.activity.stops.all()] == [
        (1, "礼堂门口"),
        (2, "尖山广场"),
    ]
    assert "礼堂门口 → 尖山广场" in Message.objects.get(kind="activity_edit").body


@pytest.mark.parametrize("why", ["training", "meeting", "paid", "compulsory", "duty"])
def test_no_hours_where_it_does_not_count_nor_by_changing_one_s_mind(cast, home, why):
    shift = shift_under_way(home, cast.anan, led_by=cast.chen, since_minutes=110, not_counted=why)
    came(shift, cast.anan, ago_minutes=110)
    details = make_details(home, led_by=cast.chen)

    with pytest.raises(CountsDecided):
        edit_activity(shift.activity, details, acting_user=cast.chen)
    gone = check_out(
        shift, cast.anan, Evidence(how=Attendance.How.CODE, window=9), acting_user=cast.anan
    )

    assert (gone.state, gone.record) == (Attendance.State.NOTED, None)
    assert not ServiceRecord.objects.exists()


def test_a_guardian_takes_the_consent_back(cast, home):
    minor = young(cast, home.region)
    shift = make_open_shift(home, seats=1)
    held = shift_under_way(home, minor, led_by=cast.chen)
    came(held, minor, ago_minutes=20)
    seat = sign_up(shift, acting_user=minor)
    waiting = sign_up(shift, acting_user=cast.anan)
    with pytest.raises(NotAllowed):
        withdraw_guardian_consent(minor, acting_user=cast.anan)

    freed = withdraw_guardian_consent(minor, acting_user=cast.chen)

    seat.refresh_from_db()
    waiting.refresh_from_db()
    assert [one.pk for one in freed] == [seat.pk]
    assert (seat.state, waiting.state) == (State.RELEASED, State.OFFERED)
    assert "监护人" in seat.ended_for
    told = set(Message.objects.filter(to_user=minor).values_list("kind", flat=True))
    assert {"signup_release", "guardian_withdrew"} <= told
    assert Attendance.objects.get(volunteer=minor).state == "present", "what has begun goes on"
    with pytest.raises(NoConsentToWithdraw):
        withdraw_guardian_consent(minor, acting_user=cast.chen)
