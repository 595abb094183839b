"""Coming, going, staying away: what counts, what does not, who may say so."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Change, Consent, Message
from tests.factories.timebank import make_record
from tests.factories.timebank_presence import came, seat_of, shift_under_way
from timebank.errors.presence import (
    ArrivedBefore,
    CodeUsed,
    ContestedOnce,
    LeftBefore,
    NoSeat,
    NotArrived,
    NotOverYet,
    NotTheirOwnPresence,
    PresenceTimesWrong,
    TooEarlyToArrive,
    TooLateToArrive,
    TooLateToLeave,
)
from timebank.errors.records import OwnConfirmation, OwnEntry
from timebank.models import Attendance, ServiceRecord
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of
from timebank.services.check_ins import Told, range_of, set_meeting_point
from timebank.services.presence import check_in, check_out, verify_presence
from timebank.services.presence_absences import answer_absence, contest_absence, mark_absent
from timebank.services.presence_steps import Evidence
from timebank.services.record_decisions import confirm_record, return_record
from timebank.services.records import Service, resubmit_record

pytestmark = pytest.mark.django_db

How, State = Attendance.How, Attendance.State
CODE = Evidence(how=How.CODE, window=10)
LATER = Evidence(how=How.CODE, window=11)
BADGE = Evidence(how=How.BADGE)


@pytest.fixture
def home(cast):
    return cast.stations["nanguanxiang"]


def test_from_the_code_to_the_credit_by_somebody_else(cast, home):
    shift = shift_under_way(home, cast.anan, led_by=cast.chen, since_minutes=110)
    came(shift, cast.anan, ago_minutes=115)

    gone = check_out(shift, cast.anan, LATER, acting_user=cast.anan)
    record = gone.record
    with pytest.raises(OwnConfirmation):
        confirm_record(record, acting_user=cast.anan)
    confirm_record(record, acting_user=cast.chen)

    assert (gone.state, gone.minutes) == (State.COUNTED, 110), "coming early adds nothing"
    assert record.provenance == ServiceRecord.Provenance.CHECK_IN
    assert (record.source, record.minutes) == (shift.source, 110)
    assert balance_of(account_of(cast.anan, record.bank)).posted == 110
    assert list(
        Change.objects.filter(
            content_type__model="attendance",
            object_id=gone.pk,
            verb__in=["check_in", "check_out", "count"],
        )
        .order_by("pk")
        .values_list("verb", flat=True)
    ) == ["check_in", "check_out", "count"]


@pytest.mark.parametrize(("stayed", "state"), [(71, "short"), (72, "counted")])
def test_less_than_six_tenths_of_the_shift_does_not_count(cast, home, stayed, state):
    shift = shift_under_way(home, cast.anan, led_by=cast.chen, since_minutes=100)
    came(shift, cast.anan, ago_minutes=stayed)

    gone = check_out(shift, cast.anan, LATER, acting_user=cast.anan)

    assert (gone.state, gone.minutes) == (state, stayed)
    assert ServiceRecord.objects.count() == (state == "counted")


def test_what_the_station_saw_is_its_own_only_as_it_saw_it(cast, home):
    """Returned for a word: the same times keep source and minutes; other times are one's own."""
    shift = shift_under_way(home, cast.anan, led_by=cast.chen, since_minutes=110)
    came(shift, cast.anan, ago_minutes=115)
    record = check_out(shift, cast.anan, LATER, acting_user=cast.anan).record
    told = Service(
        station=home,
        service_type=record.service_type,
        what="搬了桌椅",
        place=record.place,
        started_at=record.started_at.replace(second=0, microsecond=0),
        ended_at=record.ended_at.replace(second=0, microsecond=0),
        for_whom=record.for_whom,
    )

    def told_again(service):
        return_record(record, reason="写明做了什么", acting_user=cast.chen)
        again = resubmit_record(record, service, acting_user=cast.anan)
        return again.provenance, again.minutes, again.led_by

    assert told_again(told) == ("check_in", 110, cast.chen.display_name)
    earlier = replace(told, started_at=told.started_at - timedelta(hours=3))
    provenance, minutes, _led_by = told_again(earlier)
    assert (provenance, minutes) == ("self_reported", earlier.span_minutes)


def test_staying_on_adds_nothing_and_minutes_stay_within_the_shift(cast, home):
    shift = shift_under_way(home, cast.anan, led_by=cast.chen, since_minutes=30)
    came(shift, cast.anan, ago_minutes=30)
    begun = shift.starts_at - timedelta(minutes=120)
    type(shift).objects.filter(pk=shift.pk).update(
        starts_at=begun, ends_at=begun + timedelta(minutes=120)
    )
    Attendance.objects.update(arrived_at=begun - timedelta(minutes=20))
    shift.refresh_from_db()

    gone = check_out(shift, cast.anan, LATER, acting_user=cast.anan)

    assert gone.minutes == 120
    assert gone.record.ended_at == shift.ends_at
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.filter(pk=gone.pk).update(minutes=121)


def test_what_is_no_volunteering_is_noted_and_not_recorded(cast, home):
    shift = shift_under_way(
        home, cast.anan, led_by=cast.chen, since_minutes=110, not_counted="training"
    )
    came(shift, cast.anan, ago_minutes=110)

    gone = check_out(shift, cast.anan, LATER, acting_user=cast.anan)

    assert gone.state == State.NOTED
    assert not ServiceRecord.objects.exists()


def test_coming_without_going_counts_nothing_until_staff_verify_and_another_confirms(cast, home):
    shift = shift_under_way(home, cast.anan, led_by=cast.chen, since_minutes=300)
    there = check_in_late(shift, cast.anan)
    assert there.minutes is None
    assert not ServiceRecord.objects.exists()
    with pytest.raises(TooLateToLeave):
        check_out(shift, cast.anan, LATER, acting_user=cast.anan)
    told = {"arrived_at": there.arrived_at, "left_at": shift.ends_at}
    with pytest.raises(ReasonMissing):
        verify_presence(seat_of(shift, cast.anan), **told, reason=" ", acting_user=cast.chen)
    with pytest.raises(NotTheirOwnPresence):
        verify_presence(seat_of(shift, cast.anan), **told, reason="忘了", acting_user=cast.anan)

    gone = verify_presence(
        seat_of(shift, cast.anan), **told, reason="收工时一起合影", acting_user=cast.chen
    )

    assert gone.state == State.COUNTED
    assert gone.arrived_how == How.CODE, "what was known stays"
    assert gone.record.provenance == ServiceRecord.Provenance.BACKFILLED
    with pytest.raises(OwnEntry):
        confirm_record(gone.record, acting_user=cast.chen)
    confirm_record(gone.record, acting_user=cast.fan)


def check_in_late(shift, volunteer):
    """Came when it began, as the rows say; the shift is long over."""
    begun = shift.starts_at
    type(shift).objects.filter(pk=shift.pk).update(
        starts_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=2)
    )
    there = check_in(shift, volunteer, CODE, acting_user=volunteer)
    type(shift).objects.filter(pk=shift.pk).update(starts_at=begun, ends_at=shift.ends_at)
    Attendance.objects.filter(pk=there.pk).update(arrived_at=begun)
    there.refresh_from_db()
    return there


def test_who_may_not_check_in_or_out(cast, home):
    shift = shift_under_way(home, cast.anan, led_by=cast.chen)

    def refused(act, who, evidence, by, refusal):
        with pytest.raises(refusal):
            act(shift, who, evidence, acting_user=by)

    refused(check_in, cast.zhu, CODE, cast.zhu, NoSeat)
    refused(check_in, cast.anan, CODE, cast.zhu, NotAllowed)
    refused(check_in, cast.anan, BADGE, cast.zhu, NotAllowed)
    refused(check_in, cast.anan, Evidence(how=How.STAFF), cast.chen, ReasonMissing)
    refused(check_out, cast.anan, CODE, cast.anan, NotArrived)
    check_in(shift, cast.anan, CODE, acting_user=cast.anan)
    refused(check_in, cast.anan, LATER, cast.anan, ArrivedBefore)
    refused(check_out, cast.anan, CODE, cast.anan, CodeUsed)
    check_out(shift, cast.anan, LATER, acting_user=cast.anan)
    refused(check_out, cast.anan, Evidence(how=How.CODE, window=12), cast.anan, LeftBefore)


def test_the_door_opens_an_hour_before_and_closes_at_the_end(cast, home):
    early = shift_under_way(home, cast.anan, led_by=cast.chen, since_minutes=-65)
    with pytest.raises(TooEarlyToArrive):
        check_in(early, cast.anan, CODE, acting_user=cast.anan)

    over = shift_under_way(home, cast.zhu, led_by=cast.chen, since_minutes=121)
    with pytest.raises(TooLateToArrive):
        check_in(over, cast.zhu, CODE, acting_user=cast.zhu)


def test_the_leader_who_serves_too_is_not_marked_by_themselves(cast, home):
    shift = shift_under_way(home, cast.anan, led_by=cast.anan)

    with pytest.raises(NotTheirOwnPresence):
        check_in(shift, cast.anan, BADGE, acting_user=cast.anan)

    assert check_in(shift, cast.anan, CODE, acting_user=cast.anan).state == State.PRESENT


def test_a_record_that_clashes_leaves_presence_to_be_looked_at(cast, home):
    shift = shift_under_way(home, cast.anan, led_by=cast.chen, since_minutes=110)
    came(shift, cast.anan, ago_minutes=110)
    make_record(
        cast.anan, home, started_at=shift.starts_at, ended_at=shift.starts_at + timedelta(hours=1)
    )

    gone = check_out(shift, cast.anan, LATER, acting_user=cast.anan)

    assert gone.state == State.LEFT
    assert "重叠" in gone.hindrance, "it says what stands against it"


def test_absence_says_who_marked_it_and_another_person_answers(cast, home):
    shift = shift_under_way(home, cast.anan, led_by=cast.chen, since_minutes=60)
    seat = seat_of(shift, cast.anan)
    with pytest.raises(NotOverYet):
        mark_absent(seat, acting_user=cast.chen)
    shift = shift_under_way(home, cast.zhu, led_by=cast.chen, since_minutes=130)
    seat = seat_of(shift, cast.zhu)

    absent = mark_absent(seat, acting_user=cast.chen)
    assert (absent.state, absent.absent_by) == (State.ABSENT, cast.chen)
    assert Message.objects.filter(to_user=cast.zhu, kind="marked_absent").count() == 1
    with pytest.raises(NotAllowed):
        contest_absence(absent, reason="我来了", acting_user=cast.anan)
    contest_absence(absent, reason="我来了，在后厨", acting_user=cast.zhu)
    with pytest.raises(NotAllowed):
        answer_absence(absent, "uphold", reason="没看到", acting_user=cast.chen)
    answer_absence(absent, "uphold", reason="后厨也没有人看到", acting_user=cast.fan)
    absent.refresh_from_db()
    with pytest.raises(ContestedOnce):
        contest_absence(absent, reason="再看看", acting_user=cast.zhu)
    with pytest.raises(OutOfTurn):
        answer_absence(absent, "uphold", reason="再说一次", acting_user=cast.fan)

    there = verify_presence(
        seat,
        arrived_at=shift.starts_at,
        left_at=shift.ends_at,
        reason="找到了照片",
        acting_user=cast.chen,
    )
    assert (there.state, there.absent_by) == (State.COUNTED, cast.chen)


def test_times_have_to_lie_around_the_shift(cast, home):
    shift = shift_under_way(home, cast.anan, led_by=cast.chen, since_minutes=200)
    for arrived, left in ((-61, 100), (0, 0), (50, 40), (121, 130), (0, 241)):
        with pytest.raises(PresenceTimesWrong):
            verify_presence(
                seat_of(shift, cast.anan),
                arrived_at=shift.starts_at + timedelta(minutes=arrived),
                left_at=shift.starts_at + timedelta(minutes=left),
                reason="核实",
                acting_user=cast.chen,
            )


def test_place_is_kept_as_range_and_distance_only_with_consent(cast, home):
    shift = shift_under_way(home, cast.anan, led_by=cast.chen)
    set_meeting_point(shift, 30.5255, 120.6808, acting_user=cast.chen)
    near, far = Told(latitude=30.5256, longitude=120.6808), Told(latitude=30.6, longitude=120.7)

    assert range_of(shift, near, cast.anan) == (None, None)
    Consent.objects.create(user=cast.anan, purpose=Consent.Purpose.LOCATION, recorded_by=cast.anan)

    assert range_of(shift, near, cast.anan) == (True, 11)
    assert range_of(shift, far, cast.anan)[0] is False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = 'timebank_attendance'"
        )
        columns = {name for (name,) in cursor.fetchall()}
    assert not {name for name in columns if "latitude" in name or "longitude" in name}
