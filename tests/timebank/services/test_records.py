"""Hand in, return, correct, withdraw, confirm; and everything that is refused."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Change, Message, Station
from accounts.services.roles import grant_role
from tests.factories.timebank import (
    ASKED,
    at,
    make_bank,
    make_confirmed_record,
    make_record,
    make_service,
)
from timebank.errors.records import (
    EndsBeforeStart,
    JustWrittenDown,
    LateWithoutReason,
    LongerThanADay,
    MinutesBeyondSpan,
    NoBankHere,
    NotYetServed,
    OwnConfirmation,
    OwnEntry,
    RecordedBefore,
    RecordsOverlap,
    StationNotOpen,
)
from timebank.models import ServiceRecord, Transfer
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of
from timebank.services.record_decisions import confirm_record, confirm_records, return_record
from timebank.services.records import resubmit_record, submit_record, withdraw_record

pytestmark = pytest.mark.django_db

State = ServiceRecord.State


@pytest.fixture
def bank(cast):
    return make_bank()


@pytest.fixture
def station(cast, bank):
    return cast.stations["nanguanxiang"]


def minutes_of(user, bank):
    return balance_of(account_of(user, bank)).posted


# Hand in


def test_submitted_record_waits_and_credits_nothing(cast, bank, station):
    record = submit_record(cast.anan, make_service(station), acting_user=cast.anan)

    assert record.state == State.SUBMITTED
    assert record.minutes == 60
    assert record.bank == bank
    assert record.region == station.region
    assert record.provenance == ServiceRecord.Provenance.SELF_REPORTED
    assert minutes_of(cast.anan, bank) == 0
    assert [
        change.verb
        for change in Change.objects.filter(
            content_type__model="servicerecord", object_id=record.pk, verb="submit"
        )
    ] == ["submit"]


def test_record_number_is_made_by_the_database(cast, station):
    record = make_record(cast.anan, station)

    record.refresh_from_db()

    assert record.number == f"FW{10_000_000 + record.pk}"


def test_minutes_may_be_fewer_than_the_span(cast, station):
    record = make_record(cast.anan, station, minutes=45)

    assert record.minutes == 45


@pytest.mark.parametrize(
    ("times", "refusal"),
    [
        ({"started_at": at(15), "ended_at": at(15)}, EndsBeforeStart),
        ({"started_at": at(15), "ended_at": at(14)}, EndsBeforeStart),
        ({"started_at": at(8, days_ago=2), "ended_at": at(8, 1)}, LongerThanADay),
        ({"started_at": at(8, days_ago=-2), "ended_at": at(9, days_ago=-2)}, NotYetServed),
        ({"started_at": at(14), "ended_at": at(15), "minutes": 61}, MinutesBeyondSpan),
        ({"started_at": at(14), "ended_at": at(15), "minutes": 0}, MinutesBeyondSpan),
        ({"started_at": at(14), "ended_at": at(15), "minutes": -30}, MinutesBeyondSpan),
    ],
)
def test_impossible_times_are_refused(cast, station, times, refusal):
    with pytest.raises(refusal) as refused:
        make_record(cast.anan, station, **times)

    assert "%(" not in str(refused.value)
    assert ServiceRecord.objects.count() == 0


def test_exactly_24_hours_is_allowed(cast, station):
    record = make_record(
        cast.anan, station, started_at=at(8, days_ago=2), ended_at=at(8, days_ago=1)
    )

    assert record.minutes == 24 * 60


def test_overlap_is_refused_and_names_the_clash(cast, station):
    make_record(cast.anan, station, started_at=at(14), ended_at=at(16))

    with pytest.raises(RecordsOverlap) as refused:
        make_record(cast.anan, station, started_at=at(15), ended_at=at(17))

    sentence = str(refused.value)
    assert "14:00–16:00" in sentence
    assert "南关厢" in sentence
    assert ServiceRecord.objects.count() == 1


def test_back_to_back_is_no_overlap(cast, station):
    make_record(cast.anan, station, started_at=at(14), ended_at=at(15))

    make_record(cast.anan, station, started_at=at(15), ended_at=at(16))

    assert ServiceRecord.objects.count() == 2


def test_two_people_may_serve_at_the_same_time(cast, station):
    make_record(cast.anan, station)

    make_record(cast.zhu, station)

    assert ServiceRecord.objects.count() == 2


def test_withdrawn_time_is_free_again(cast, station):
    withdraw_record(make_record(cast.anan, station), acting_user=cast.anan)

    make_record(cast.anan, station)

    assert ServiceRecord.objects.submitted().count() == 1


def test_database_itself_refuses_overlap(cast, station):
    record = make_record(cast.anan, station)
    record.pk = None
    record._state.adding = True

    with pytest.raises(IntegrityError, match="volunteer_in_one_place_at_a_time"):
        record.save()


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"ended_at": at(14)}, "record_ends_after_it_starts"),
        ({"ended_at": at(14) + timedelta(hours=24, minutes=1)}, "record_within_24_hours"),
        ({"minutes": 61}, "record_minutes_within_its_span"),
        ({"minutes": 0}, "record_minutes_within_its_span"),
        ({"for_whom": ""}, "record_says_for_whom"),
        ({"state": State.RETURNED}, "returned_record_says_why"),
        ({"state": State.CONFIRMED}, "record_confirmed_with_confirmer_and_credit"),
    ],
)
def test_database_guards_what_a_record_says(cast, station, fields, constraint):
    record = make_record(cast.anan, station)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ServiceRecord.objects.filter(pk=record.pk).update(**fields)


def test_database_refuses_confirmation_by_the_volunteer(cast, station):
    record = make_confirmed_record(cast.anan, station, cast.chen)

    with pytest.raises(IntegrityError, match="record_confirmed_by_another"), transaction.atomic():
        ServiceRecord.objects.filter(pk=record.pk).update(confirmed_by=cast.anan)


def test_late_record_needs_a_reason_and_becomes_backfilled(cast, station):
    times = {"started_at": at(14, days_ago=30), "ended_at": at(15, days_ago=30)}
    with pytest.raises(LateWithoutReason):
        make_record(cast.anan, station, **times)

    record = make_record(cast.anan, station, late_reason="住院半个月，出院才补", **times)

    assert record.provenance == ServiceRecord.Provenance.BACKFILLED


def test_closed_station_takes_no_record(cast, station):
    Station.objects.filter(pk=station.pk).update(state=Station.State.COMING)
    station.refresh_from_db()

    with pytest.raises(StationNotOpen):
        make_record(cast.anan, station)


def test_place_without_bank_takes_no_record(cast):
    with pytest.raises(NoBankHere):
        make_record(cast.anan, cast.stations["nanguanxiang"])


def test_nobody_records_for_somebody_else(cast, station):
    with pytest.raises(NotAllowed):
        submit_record(cast.anan, make_service(station), acting_user=cast.zhu)

    assert ServiceRecord.objects.count() == 0


def test_coordinator_records_from_a_paper_sheet(cast, station):
    record = submit_record(
        cast.anan,
        make_service(station),
        provenance=ServiceRecord.Provenance.PAPER,
        acting_user=cast.chen,
    )

    assert record.recorded_by == cast.chen
    assert record.state == State.SUBMITTED


def test_same_source_is_recorded_once(cast, station):
    source = "ventures.activity:7"
    submit_record(cast.anan, make_service(station), source=source, acting_user=cast.anan)

    with pytest.raises(RecordedBefore):
        submit_record(
            cast.anan,
            make_service(station, started_at=at(9), ended_at=at(10)),
            source=source,
            acting_user=cast.anan,
        )


# Decide


def test_confirming_credits_the_minutes_and_tells_the_volunteer(cast, bank, station):
    record = make_record(cast.anan, station)

    record = confirm_record(record, word=ASKED, acting_user=cast.chen)

    record.refresh_from_db()
    assert record.state == State.CONFIRMED
    assert record.confirmed_by == cast.chen
    assert record.confirmed_at is not None
    assert minutes_of(cast.anan, bank) == 60
    assert record.credit.source == f"timebank.servicerecord:{record.pk}"
    assert record.credit.happened_at == record.ended_at
    change = Change.objects.get(verb="confirm")
    assert (change.before, change.after) == (State.SUBMITTED, State.CONFIRMED)
    message = Message.objects.get(to_user=cast.anan)
    assert "1 小时" in message.title
    assert message.link == record.get_absolute_url()


def test_confirming_twice_credits_once(cast, bank, station):
    record = make_confirmed_record(cast.anan, station, cast.chen)

    with pytest.raises(OutOfTurn):
        confirm_record(record, word=ASKED, acting_user=cast.chen)

    assert minutes_of(cast.anan, bank) == 60
    assert Message.objects.count() == 1


def test_nobody_confirms_their_own_service(cast, bank, station):
    record = make_record(cast.chen, station)

    with pytest.raises(OwnConfirmation):
        confirm_record(record, word=ASKED, acting_user=cast.chen)

    assert minutes_of(cast.chen, bank) == 0


def test_who_handed_it_in_for_somebody_leaves_confirming_to_another(cast, bank, station):
    record = submit_record(cast.anan, make_service(station), acting_user=cast.chen)

    with pytest.raises(OwnEntry):
        confirm_record(record, word=ASKED, acting_user=cast.chen)
    waiting = list(ServiceRecord.objects.awaiting(cast.chen))
    before = minutes_of(cast.anan, bank)
    with pytest.raises(JustWrittenDown):
        confirm_record(record, word=ASKED, acting_user=cast.fan)
    ServiceRecord.objects.update(recorded_at=at(16))
    confirm_record(record, word=ASKED, acting_user=cast.fan)

    assert record not in waiting
    assert before == 0
    assert minutes_of(cast.anan, bank) == 60


@pytest.mark.parametrize("who", ["zhu", "cheng", "xia", "xu", "shu", "guo"])
def test_only_the_station_and_its_officers_confirm(cast, bank, station, who):
    record = make_record(cast.anan, station)

    with pytest.raises(NotAllowed):
        confirm_record(record, word=ASKED, acting_user=getattr(cast, who))

    assert minutes_of(cast.anan, bank) == 0
    assert Transfer.objects.count() == 0


def test_officer_over_the_place_confirms(cast, bank, station):
    record = make_record(cast.anan, station)

    confirm_record(record, word=ASKED, acting_user=cast.fan)

    assert minutes_of(cast.anan, bank) == 60


def test_returned_record_says_why_and_brings_nothing(cast, bank, station):
    record = make_record(cast.anan, station)

    record = return_record(record, reason="请补一张现场照片。", acting_user=cast.chen)

    assert record.state == State.RETURNED
    assert record.returned_for == "请补一张现场照片。"
    assert minutes_of(cast.anan, bank) == 0
    assert "请补一张现场照片" in Message.objects.get(to_user=cast.anan).body


def test_returning_needs_a_reason(cast, station):
    record = make_record(cast.anan, station)

    with pytest.raises(ReasonMissing):
        return_record(record, reason="  ", acting_user=cast.chen)


def test_volunteer_corrects_a_returned_record_and_it_is_confirmed(cast, bank, station):
    record = make_record(cast.anan, station, started_at=at(14), ended_at=at(17))
    return_record(record, reason="请核对时间。", acting_user=cast.chen)

    record = resubmit_record(
        record,
        make_service(station, started_at=at(14), ended_at=at(16)),
        acting_user=cast.anan,
    )
    confirm_record(record, word=ASKED, acting_user=cast.chen)

    assert minutes_of(cast.anan, bank) == 120
    assert record.returned_for == ""


def test_correction_may_not_run_into_another_record(cast, station):
    make_record(cast.anan, station, started_at=at(9), ended_at=at(10))
    record = make_record(cast.anan, station)
    return_record(record, reason="请核对时间。", acting_user=cast.chen)

    with pytest.raises(RecordsOverlap):
        resubmit_record(
            record,
            make_service(station, started_at=at(9, 30), ended_at=at(10, 30)),
            acting_user=cast.anan,
        )


def test_several_are_confirmed_row_by_row_with_a_report(cast, bank, station):
    first = make_record(cast.anan, station)
    own = make_record(cast.chen, station)
    last = make_record(cast.zhu, station)

    words = dict.fromkeys((first.pk, own.pk, last.pk), ASKED)
    report = confirm_records([first, own, last], words=words, acting_user=cast.chen)

    assert [record.pk for record in report.confirmed] == [first.pk, last.pk]
    assert [record.pk for record, _why in report.refused] == [own.pk]
    assert "不能自己确认" in report.refused[0][1]
    assert report.minutes == 120
    assert minutes_of(cast.anan, bank) == minutes_of(cast.zhu, bank) == 60


def test_second_coordinator_of_the_station_confirms_the_first_ones_service(cast, bank, station):
    grant_role(cast.cheng, "coordinator", station=station, acting_user=cast.system)
    record = make_record(cast.chen, station)

    confirm_record(record, word=ASKED, acting_user=cast.cheng)

    assert minutes_of(cast.chen, bank) == 60
