"""The pages of what looks into records: the weekly batch, a look, a question, the public's page."""

import json

import pytest
from django.urls import reverse

from tests.factories.timebank import (
    at,
    day,
    make_bank,
    make_confirmed_record,
    make_record,
    make_service,
)
from tests.factories.timebank_photos import give_photo
from timebank.models import Inspection, RecordQuery, ServiceRecord
from timebank.services.inspections import draw_inspection, prepare_inspection
from timebank.services.records import submit_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(cast):
    make_bank()
    return cast.stations["nanguanxiang"]


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def said(response):
    return response.content.decode()


def test_weekly_batch_confirms_what_stayed_ticked_and_leaves_the_rest(cast, station, as_):
    written = [
        submit_record(
            volunteer,
            make_service(station, started_at=at(hour), ended_at=at(hour + 1)),
            acting_user=cast.chen,
        )
        for volunteer, hour in ((cast.anan, 8), (cast.zhu, 9), (cast.fang, 10))
    ]
    ServiceRecord.objects.update(recorded_at=at(18), late_reason="打电话来说的")
    for record, colour in zip(written[:2], ("teal", "navy"), strict=True):
        give_photo(record, colour)
    own = make_record(cast.baijia, station)  # 陈站长 may confirm this one herself

    page = as_(cast.dai).get(reverse("timebank:second-eyes"))
    picked, bare = written[0].pk, written[2].pk
    as_(cast.dai).post(reverse("timebank:second-eyes-confirm"), {"record": [picked, bare]})

    assert [case.record for case in page.context["cases"]] == written
    assert said(page).count("checked") == 2  # the third has nothing but the clerk's word
    assert set(ServiceRecord.objects.confirmed()) == {written[0]}
    words = {f"word-{bare}": "问过白奶奶，是来过", "word-x": "别的"}
    as_(cast.dai).post(reverse("timebank:second-eyes-confirm"), words)
    assert set(ServiceRecord.objects.confirmed()) == {written[0], written[2]}
    assert {one.state for one in (*written[2:], own)} == {"submitted"}


def test_reasons_stand_on_the_desk_and_the_volunteer_reads_no_accusation(cast, station, as_):
    record = make_record(cast.anan, station, started_at=at(8), ended_at=at(17))
    look = reverse("timebank:record-look", args=[record.pk])

    desk = as_(cast.chen).get(reverse("timebank:flagged"))
    own = as_(cast.anan).get(record.get_absolute_url())
    empty = as_(cast.chen).post(look, {"verb": "clear", "words": ""})
    done = as_(cast.chen).post(look, {"verb": "clear", "words": "问过白奶奶"})

    assert "合计 9 小时，超过八小时" in said(desk)
    assert "这只是提醒，不是说您不对" in said(own)
    assert look not in said(own)
    assert (empty.status_code, done.status_code) == (422, 302)
    assert "已核查，属实" in said(as_(cast.chen).get(look))


def test_volunteer_contests_from_the_records_page(cast, station, as_):
    record = make_confirmed_record(cast.anan, station, cast.chen)
    url = reverse("timebank:query-new", args=[record.pk])

    page = as_(cast.anan).get(record.get_absolute_url())
    as_(cast.anan).post(url, {"wrong": "time", "words": "是两小时"})
    query = RecordQuery.objects.get()
    step = reverse("timebank:query-step", args=[query.pk, "propose"])
    right = {
        "what": record.what,
        "place": record.place,
        "day": day().isoformat(),
        "started": "14:00",
        "ended": "16:00",
        "words": "核对签到表",
    }
    as_(cast.chen).post(step, right)
    as_(cast.fan).post(reverse("timebank:query-step", args=[query.pk, "correct"]))

    assert url in said(page)
    query.refresh_from_db()
    assert (query.state, query.corrected.minutes) == ("corrected", 120)
    story = said(as_(cast.anan).get(query.corrected.get_absolute_url()))
    assert record.number in story


def test_who_was_drawn_to_inspect_sees_the_evidence(cast, station, as_):
    span = {"started_at": at(10), "ended_at": at(11)}
    record = give_photo(make_confirmed_record(cast.anan, station, cast.chen, **span))
    draw = prepare_inspection(record.bank, since=day(3), until=day(0), acting_user=cast.fan)
    draw_inspection(draw, witness="关大爷", word="潮水", acting_user=cast.fan)
    item = record.inspections.get()
    item.inspector = cast.zhu  # whom nothing else would show it
    item.save()
    photo = reverse("timebank:record-photo", args=[record.pk, record.photos.get().token])

    page = said(as_(cast.zhu).get(item.get_absolute_url()))

    assert photo in page
    assert "现场照片 1 张<br>核实：" in page
    assert as_(cast.zhu).get(photo).status_code == 200
    assert as_(cast.baijia).get(photo).status_code == 404


def test_public_page_and_file_say_nothing_about_anybody(cast, station, client):
    for hour in (8, 10):
        span = {"started_at": at(hour), "ended_at": at(hour + 1)}
        make_confirmed_record(cast.anan, station, cast.chen, **span)
    bank = station.service_records.first().bank
    draw = prepare_inspection(bank, since=day(3), until=day(0), acting_user=cast.fan)
    waiting = said(client.get(reverse("timebank:inspection-public", args=[draw.number])))
    draw_inspection(draw, witness="关大爷", word="潮水", acting_user=cast.fan)
    Inspection.objects.update(state="published", published_at=at(12))

    page = said(client.get(reverse("timebank:inspection-public", args=[draw.number])))
    file = said(client.get(reverse("timebank:inspection-file", args=[draw.number])))

    draw.refresh_from_db()
    assert draw.pool_hash in waiting
    assert draw.secret not in waiting
    assert "硖石街道" in page
    for name in ("安安", "陈站长", "范科长", "关大爷"):
        assert name not in page + file
    assert json.loads(file)["pool_hash"] == draw.pool_hash
