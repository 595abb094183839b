"""Screening: each rule by itself on plain values; then the patterns of false hours, end to end."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Attachment, Change, Region, Role, User
from config.demo.cast import NANGUANXIANG
from tests.factories.timebank import (
    ASKED,
    at,
    make_bank,
    make_confirmed_record,
    make_record,
    make_service,
)
from tests.factories.timebank_activities import make_volunteer
from tests.factories.timebank_photos import stored_picture
from timebank.errors.records import HeldForLook, RelativeConfirmation
from timebank.models import Flag, Relation, Screening, ServiceRecord, Transfer
from timebank.selectors.screening import held_for, reasons_of
from timebank.services.qualifications import record_guardian_consent
from timebank.services.record_decisions import confirm_record, confirm_records, return_record
from timebank.services.record_looks import clear_screening, find_false
from timebank.services.records import resubmit_record, submit_record
from timebank.services.screening import rules
from timebank.services.screening.facts import Around, Near, Presence, Seen
from timebank.services.screening.pictures import bits_of
from timebank.services.screening.run import screen_records
from timebank.terms.provenance import Redeemable, provenance_terms
from timebank.terms.screening import screening_terms

TERMS = screening_terms(date(2026, 6, 1))
START = at(9)
SEEN = Seen(
    pk=1,
    number="FW1",
    volunteer=7,
    station=1,
    station_name="南关厢站",
    region=1,
    started_at=START,
    ended_at=START + timedelta(hours=2),
    minutes=120,
    provenance="self_reported",
    source="",
    recorded_by=7,
    recorded_at=START,
    state="submitted",
    day=START.date(),
)
NEXT = replace(
    SEEN,
    pk=2,
    number="FW2",
    station=2,
    station_name="许村站",
    started_at=SEEN.ended_at + timedelta(minutes=5),
    ended_at=SEEN.ended_at + timedelta(hours=7),
    minutes=400,
)
ELSEWHERE = Presence(9, "敬老院活动", START, SEEN.ended_at, True, False, False, "")
MISSED = replace(ELSEWHERE, is_there=False, is_absent=True)
EMPTY_SEAT = replace(ELSEWHERE, is_there=False)
OWN = replace(ELSEWHERE, shift=3)
CHECKED_IN = replace(SEEN, provenance="check_in", source="timebank.shift:3")


@pytest.mark.parametrize(
    ("seen", "around", "found"),
    [
        (SEEN, Around(), []),
        (SEEN, Around(presences=(ELSEWHERE,)), ["overlap"]),
        (CHECKED_IN, Around(presences=(OWN,)), []),
        (CHECKED_IN, Around(), ["no_presence"]),
        (replace(SEEN, provenance="paper"), Around(), ["no_presence"]),
        (SEEN, Around(presences=(EMPTY_SEAT,)), ["no_presence"]),
        (SEEN, Around(presences=(MISSED,)), ["absent"]),
        (SEEN, Around(near=(Near(NEXT, 30),)), ["travel", "long_day"]),
        (SEEN, Around(near=(Near(replace(NEXT, minutes=60), 5),)), []),
        (SEEN, Around(near=(Near(replace(NEXT, minutes=360), 5),)), []),  # eight hours sharp
        (SEEN, Around(device_people=2), []),
        (SEEN, Around(device_people=3), ["device"]),
        (SEEN, Around(burst_people=7), []),
        (SEEN, Around(burst_people=8), ["burst"]),
        (SEEN, Around(ring_names=("陈站长",)), ["ring"]),
        (SEEN, Around(alike=("FW9",)), ["photo_again"]),
        (SEEN, Around(photos_differ=True), ["photo_differs"]),
        (SEEN, Around(is_minor_alone=True), ["minor"]),
        (
            SEEN,
            Around(season_on=date(2026, 6, 30), season_minutes=1200, year_minutes=2000),
            ["season"],
        ),
        (SEEN, Around(season_on=date(2026, 6, 30), season_minutes=1200, year_minutes=2001), []),
        (SEEN, Around(season_on=date(2026, 6, 30), season_minutes=1199, year_minutes=1199), []),
        (SEEN, Around(season_minutes=9000, year_minutes=9000), []),
    ],
)
def test_rules_find_what_stands_out_and_nothing_else(seen, around, found):
    assert [finding.rule for finding in rules.findings_of(seen, around, TERMS)] == found


def test_every_source_has_its_terms():
    terms = provenance_terms(date(2026, 6, 1))

    assert {row.provenance for row in terms.rows} == set(ServiceRecord.Provenance.values)
    assert terms.of("self_reported").redeemable is Redeemable.SECOND_PERSON
    assert terms.of("unheard_of").is_marked


def test_season_is_the_two_weeks_before_a_deadline():
    days = [TERMS.season_of(date(2026, 6, day)) for day in (16, 17, 30)]

    assert days == [None, date(2026, 6, 30), date(2026, 6, 30)]


def scene(left=200, cloth="teal"):
    picture = Image.new("RGB", (640, 480), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 330, 640, 480), fill="tan")
    draw.rectangle((40, 40, 180, 200), fill="lightblue", outline="brown", width=8)
    draw.ellipse((left, 120, left + 120, 260), fill="peru")
    draw.rectangle((left - 30, 260, left + 150, 440), fill=cloth)
    return picture


def test_same_picture_scaled_and_saved_anew_has_nearly_the_same_bits():
    first, again = scene(), scene().resize((320, 240)).convert("L")
    other = scene(left=430, cloth="black")

    near = (bits_of(first) ^ bits_of(again)) & (2**64 - 1)
    far = (bits_of(first) ^ bits_of(other)) & (2**64 - 1)

    assert near.bit_count() <= TERMS.photo_distance < far.bit_count()
    assert bits_of(Image.new("RGB", (640, 480), "gray")) is None


# End to end


@pytest.fixture
def bank(cast):
    return make_bank()


@pytest.fixture
def station(cast, bank):
    return cast.stations["nanguanxiang"]


def flags_of(record):
    return list(Flag.objects.filter(screening__record=record).values_list("rule", flat=True))


def newcomers(count):
    return User.objects.bulk_create(
        User(display_name=f"新账号{number}", phone=f"+8610077{number:06d}", password="!")
        for number in range(count)
    )


def written_down(volunteers, station, clerk):
    """Five hours for each, by one clerk, one after the other."""
    hours = {"started_at": at(8), "ended_at": at(13)}
    return [
        submit_record(one, make_service(station, **hours), acting_user=clerk) for one in volunteers
    ]


@pytest.mark.django_db
def test_bought_hours_are_wholly_held_back(cast, bank, station):
    """30 accounts × 5 h by one clerk in two minutes: 0 of 9,000 minutes are credited."""
    second = User.objects.create_user(display_name="同站另一站长", phone="+8610055500001")
    Role.objects.create(user=second, kind="coordinator", station=station)
    credited = 0

    for volunteer in newcomers(30):  # an accomplice confirms each as soon as it is there
        (record,) = written_down([volunteer], station, cast.chen)
        credited += confirm_records([record], words={record.pk: ASKED}, acting_user=second).minutes
    ServiceRecord.objects.update(recorded_at=timezone.now() - timedelta(minutes=11))
    everyone = list(ServiceRecord.objects.all())
    words = dict.fromkeys((one.pk for one in everyone), ASKED)
    for who in (cast.chen, second, cast.fan):
        credited += confirm_records(everyone, words=words, acting_user=who).minutes

    assert sum(record.minutes for record in everyone) == 9_000
    assert credited == 0
    assert Transfer.objects.count() == 0
    assert Screening.objects.held().filter(looks="town").count() == 30
    assert Flag.objects.filter(rule="burst").count() == 30
    assert set(held_for(cast.chen)) == set()
    assert held_for(cast.fan).count() == 30


@pytest.mark.django_db
def test_seven_entries_by_a_busy_clerk_are_no_burst(cast, bank, station):
    records = written_down(newcomers(7), station, cast.chen)

    assert not Screening.objects.exists()
    ServiceRecord.objects.update(recorded_at=timezone.now() - timedelta(minutes=11))
    report = confirm_records(
        [ServiceRecord.objects.get(pk=one.pk) for one in records],
        words=dict.fromkeys((one.pk for one in records), ASKED),
        acting_user=cast.fan,
    )
    assert len(report.confirmed) == 7


@pytest.mark.django_db
def test_screening_again_changes_nothing_and_takes_few_questions(
    cast, bank, station, django_assert_max_num_queries
):
    records = written_down(newcomers(30), station, cast.chen)
    before = list(Flag.objects.values_list("pk", "screening__held_at"))

    with django_assert_max_num_queries(16):
        done = screen_records([one.pk for one in records])

    assert list(Flag.objects.values_list("pk", "screening__held_at")) == before
    assert (done.count, len(done.held)) == (30, 30)


@pytest.mark.django_db
def test_a_minors_own_report_waits_until_a_guardian_is_asked(cast, bank, station):
    birthday = timezone.localdate() - relativedelta(years=18)
    child = make_volunteer(station.region, born_on=birthday)  # eighteen today, not yesterday
    of_age = make_volunteer(station.region, born_on=birthday - timedelta(days=1))

    held = [hasattr(make_record(who, station), "screening") for who in (child, of_age)]
    record_guardian_consent(
        child, guardian_name="母", guardian_phone="1", relation="母亲", acting_user=cast.chen
    )
    span = {"started_at": at(8), "ended_at": at(9)}
    make_record(child, station, **span)

    assert held == [True, False]
    assert Flag.objects.get().rule == "minor"


@pytest.mark.django_db
def test_flagged_record_waits_until_somebody_looked(cast, bank, station):
    record = make_record(cast.anan, station, started_at=at(8), ended_at=at(17))
    screening = Screening.objects.get(record=record)

    with pytest.raises(HeldForLook):
        confirm_record(record, word=ASKED, acting_user=cast.chen)
    with pytest.raises(ReasonMissing):
        clear_screening(screening, finding=" ", acting_user=cast.chen)
    with pytest.raises(NotAllowed):
        clear_screening(screening, finding="没问题", acting_user=cast.cheng)
    told = reasons_of(screening)
    clear_screening(screening, finding="电话问过方爷爷，是一整天", acting_user=cast.chen)
    confirm_record(ServiceRecord.objects.get(pk=record.pk), word=ASKED, acting_user=cast.chen)

    assert told == ["当天共 1 条，合计 9 小时，超过八小时。"]
    assert ServiceRecord.objects.get().state == "confirmed"
    assert Change.objects.filter(verb="clear").get().facts == {"flags": ["long_day"]}


@pytest.mark.django_db
def test_false_record_is_refused_by_who_stands_over_the_station(cast, bank, station):
    record = make_record(cast.anan, station, started_at=at(8), ended_at=at(17))
    screening = Screening.objects.get(record=record)

    with pytest.raises(NotAllowed):
        find_false(screening, finding="没有这回事", acting_user=cast.chen)
    find_false(screening, finding="问过，那天没有人来", acting_user=cast.dai)

    record.refresh_from_db()
    assert (record.state, record.returned_for) == ("refused", "问过，那天没有人来")
    assert Transfer.objects.count() == 0
    assert not ServiceRecord.objects.standing().exists()


@pytest.mark.django_db
def test_what_is_found_false_while_it_is_with_its_volunteer_does_not_come_back(cast, station):
    record = make_record(cast.anan, station, started_at=at(8), ended_at=at(17))
    return_record(record, reason="请核对时间。", acting_user=cast.chen)
    screening = Screening.objects.get(record=record)

    find_false(screening, finding="问过，那天没有人来", acting_user=cast.dai)

    with pytest.raises(OutOfTurn):
        resubmit_record(record, make_service(station), acting_user=cast.anan)
    record.refresh_from_db()
    assert record.state == "refused"


@pytest.mark.django_db
def test_ring_of_two_is_seen_and_only_those_over_the_station_look(cast, bank, station):
    """陈站长 and 程站长 confirm each other's hours."""
    away = cast.stations["xucun"]
    for hour in (8, 10, 12):
        span = {"started_at": at(hour), "ended_at": at(hour + 1)}
        make_confirmed_record(cast.cheng, station, cast.chen, **span)
        make_confirmed_record(cast.chen, away, cast.cheng, **span)

    record = make_record(cast.chen, away, started_at=at(18), ended_at=at(19))

    assert flags_of(record) == ["ring"]
    assert reasons_of(record.screening) == ["90 天内与程站长互相确认过多次服务。"]
    assert reasons_of(record.screening, for_volunteer=True) == ["要和同时登记的其他记录一起核对。"]
    with pytest.raises(HeldForLook):
        confirm_record(record, word=ASKED, acting_user=cast.cheng)


@pytest.mark.django_db
def test_photo_used_twice_is_found_and_absent_camera_data_is_no_matter(cast, station):
    first = make_record(cast.anan, station, started_at=at(8), ended_at=at(9))
    first.photos.add(stored_picture(scene(), cast.anan))
    screen_records([first.pk])
    second = submit_record(
        cast.zhu,
        make_service(station),
        photos=[stored_picture(scene().resize((480, 360)), cast.zhu)],
        acting_user=cast.zhu,
    )
    third = submit_record(
        cast.fang,
        make_service(station),
        photos=[stored_picture(scene(left=430, cloth="black"), cast.fang)],
        acting_user=cast.fang,
    )

    assert flags_of(second) == ["photo_again"]
    assert first.number in reasons_of(second.screening)[0]
    assert flags_of(third) == []
    Attachment.objects.update(taken_in_time="differs")
    screen_records([third.pk])
    assert flags_of(third) == ["photo_differs"]


@pytest.mark.django_db
def test_nobody_confirms_a_declared_relative(cast, station):
    record = make_record(cast.anan, station)
    Relation.objects.create(declared_by=cast.anan, relative=cast.chen, kind="kin")

    assert list(ServiceRecord.objects.awaiting(cast.chen)) == []
    with pytest.raises(RelativeConfirmation):
        confirm_record(record, word=ASKED, acting_user=cast.chen)
    town = Region.objects.get(code=NANGUANXIANG).parent_id
    assert list(ServiceRecord.objects.needing_second_eyes([town])) == [record]
    confirm_record(record, word=ASKED, acting_user=cast.dai)
    assert ServiceRecord.objects.get().confirmed_by == cast.dai
