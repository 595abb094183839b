"""What stands beside a case on the desk."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import Person
from accounts.services.attachments import store_image
from tests.factories.timebank import at, make_bank, make_record, make_service_type
from timebank.selectors.desk import cases_of, desk_load, station_records, waiting_records
from timebank.services.records import withdraw_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(cast):
    make_bank()
    return cast.stations["nanguanxiang"]


def hints(record):
    (case,) = cases_of([record])
    return [str(hint.words) for hint in case.hints]


def test_usual_record_has_no_hint(cast, station):
    assert hints(make_record(cast.anan, station)) == []


def test_what_one_reports_alone_without_evidence_is_said_to_lack_it(cast, station):
    bai = Person.objects.get(real_name="白秀英")
    bare = make_record(cast.anan, station)
    named = make_record(cast.zhu, station, recipient=bai, for_whom="")
    shown = make_record(cast.baijia, station)
    shown.photos.add(store_image(picture("teal"), acting_user=cast.baijia))

    lacks = [case.lack for case in cases_of([bare, named, shown])]

    assert "现场照片，或服务对象的服务码" in lacks[0].words
    assert lacks[1].words == lacks[0].words  # whom it was for has not said so yet
    assert lacks[2] is None


def test_unusually_long_service_is_hinted(cast, station):
    record = make_record(cast.anan, station, started_at=at(9), ended_at=at(12))

    assert hints(record) == ["上门理发通常 20 分 至 1 小时 30 分，这次 3 小时。"]


def test_another_record_of_the_day_is_hinted(cast, station):
    make_record(cast.anan, station, started_at=at(9), ended_at=at(10))
    record = make_record(cast.anan, station)

    assert hints(record) == ["当天另有 1 条记录，合计 2 小时。"]


def test_hurry_between_two_stations_is_hinted(cast, station):
    make_record(cast.anan, cast.stations["xucun"], started_at=at(13), ended_at=at(13, 50))
    record = make_record(cast.anan, station)

    assert "与许村时间银行服务站 13:00–13:50 的记录相隔不到半小时。" in hints(record)


def test_withdrawn_and_other_peoples_records_are_no_hint(cast, station):
    withdraw_record(
        make_record(cast.anan, station, started_at=at(9), ended_at=at(10)), acting_user=cast.anan
    )
    make_record(cast.zhu, station)
    record = make_record(cast.anan, station)

    assert hints(record) == []


def test_photo_of_another_record_is_hinted(cast, station):
    photos = [store_image(picture(colour), acting_user=cast.anan) for colour in ("teal", "teal")]
    first = make_record(
        cast.anan, station, started_at=at(9, days_ago=3), ended_at=at(10, days_ago=3)
    )
    first.photos.add(photos[0])
    second = make_record(cast.anan, station)
    second.photos.add(photos[1])

    assert hints(second) == ["有照片也用在别的记录里。"]

    withdraw_record(first, acting_user=cast.anan)

    assert hints(second) == []


def picture(colour):
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "JPEG")
    return SimpleUploadedFile("现场.jpg", file.getvalue(), "image/jpeg")


def test_desk_is_oldest_first_and_narrowed(cast, station):
    first = make_record(cast.zhu, station)
    second = make_record(
        cast.anan,
        station,
        service_type=make_service_type("S06", name="陪聊读报"),
        what="陪老人读报",
    )
    first.refresh_from_db()

    assert list(waiting_records(cast.chen)) == [first, second]
    assert list(waiting_records(cast.chen, words="诸")) == [first]
    assert list(waiting_records(cast.chen, words=first.number.lower())) == [first]
    assert list(waiting_records(cast.chen, words="读报")) == [second]
    assert list(waiting_records(cast.chen, provenance="paper")) == []
    assert desk_load(cast.chen).count == 2
    assert desk_load(cast.cheng).count == 0


def test_station_records_leave_out_what_is_only_ones_own(cast, station):
    make_record(cast.chen, cast.stations["xucun"])
    own_here = make_record(cast.chen, station, started_at=at(9), ended_at=at(10))
    other = make_record(cast.anan, station)

    assert set(station_records(cast.chen)) == {own_here, other}
