"""The pages of service records: who gets in, what a form keeps, what each button does."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tests.factories.timebank import (
    ASKED,
    at,
    day,
    make_bank,
    make_confirmed_record,
    make_record,
    make_service_type,
)
from tests.factories.timebank_photos import give_photo
from tests.plugins.relay import laid_again
from timebank.models import ServiceRecord
from timebank.services.record_decisions import return_record

pytestmark = pytest.mark.django_db


@pytest.fixture
@laid_again
def station(cast):
    make_bank()
    return cast.stations["nanguanxiang"]


@pytest.fixture
def as_(client):
    """A browser in which this person is signed in."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def told(station, **changes):
    """What a volunteer fills in."""
    return {
        "service_type": make_service_type().pk,
        "what": "为两位老人理发",
        "for_whom": "白奶奶",
        "day": day().isoformat(),
        "started": "14:00",
        "ended": "15:30",
        "station": station.pk,
        "place": "",
        "late_reason": "",
        "is_voluntary": "on",
    } | changes


def photo(name="现场.jpg"):
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


# Hand in


def test_volunteer_hands_in_a_record_with_a_photo(cast, station, as_):
    answer = as_(cast.anan).post(
        reverse("timebank:record-new"), told(station, photos=[photo(), photo()])
    )

    record = ServiceRecord.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == record.get_absolute_url()
    assert (record.volunteer, record.minutes, record.place) == (cast.anan, 90, station.name)
    assert record.photos.count() == 2


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"ended": "13:00"}, "ended", "结束时间要晚于开始时间"),
        ({"ended": "14:00"}, "ended", "结束时间要晚于开始时间"),
        ({"ended": "14:30", "ends_next_day": "on", "day": day(2).isoformat()}, "ended", "最长 24"),
        ({"day": day(-1).isoformat()}, "ended", "还没有到"),
        ({"day": day(40).isoformat()}, "late_reason", "个工作日"),
        ({"what": ""}, "what", "请写一句做了什么"),
        ({"is_voluntary": ""}, "is_voluntary", "看清后打勾"),
        ({"day": "2026-02-30"}, "day", "日期"),
        ({"day": "0001-01-01", "late_reason": "忘了"}, "day", "日期"),
        ({"day": "9999-12-31", "ends_next_day": "on"}, "day", "日期"),
    ],
)
def test_wrong_form_keeps_the_text_and_says_why(cast, station, as_, changes, field, words):
    answer = as_(cast.anan).post(reverse("timebank:record-new"), told(station, **changes))

    assert answer.status_code == 422
    assert ServiceRecord.objects.count() == 0
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert words in str(form.errors[field])
    assert 'value="白奶奶"' in answer.content.decode()


def test_overlap_is_said_beside_the_start(cast, station, as_):
    make_record(cast.anan, station)

    answer = as_(cast.anan).post(reverse("timebank:record-new"), told(station))

    assert answer.status_code == 422
    assert "14:00–15:00" in str(answer.context["form"].errors["started"])


def test_what_is_no_photo_is_refused_and_nothing_is_kept(cast, station, as_):
    script = SimpleUploadedFile("现场.jpg", b"<script>alert(1)</script>", "image/jpeg")

    answer = as_(cast.anan).post(reverse("timebank:record-new"), told(station, photos=[script]))

    assert answer.status_code == 422
    assert "photos" in answer.context["form"].errors
    assert ServiceRecord.objects.count() == 0


def test_too_many_photos_are_refused(cast, station, as_):
    answer = as_(cast.anan).post(
        reverse("timebank:record-new"), told(station, photos=[photo() for _ in range(7)])
    )

    assert answer.status_code == 422


def test_closed_station_is_not_offered(cast, station, as_):
    station.state = "coming"
    station.save(update_fields=["state"])

    answer = as_(cast.anan).post(reverse("timebank:record-new"), told(station))

    assert list(answer.context["form"].errors) == ["station"]


def test_returned_record_is_corrected_on_its_own_page(cast, station, as_):
    record = make_record(cast.anan, station)
    return_record(record, reason="请核对时间。", acting_user=cast.chen)
    page = reverse("timebank:record-edit", args=[record.pk])

    assert "请核对时间。" in as_(cast.anan).get(page).content.decode()
    answer = as_(cast.anan).post(page, told(station, ended="14:45"))

    record.refresh_from_db()
    assert answer.status_code == 302
    assert (record.state, record.minutes) == ("submitted", 45)


# Who gets in


def test_strangers_get_the_same_answer_as_for_nothing(cast, station, as_):
    record = make_record(cast.anan, station)
    names = ("record-detail", "record-edit", "record-confirm", "record-return", "record-withdraw")
    client = as_(cast.zhu)

    for name in names:
        page = reverse(f"timebank:{name}", args=[record.pk])
        method = client.get if name in ("record-detail", "record-edit") else client.post
        assert method(page).status_code == 404, name
        assert method(page.replace(str(record.pk), "999999999")).status_code == 404, name


def test_who_sees_but_may_not_gets_403(cast, station, as_):
    record = make_record(cast.anan, station)

    answer = as_(cast.shu).post(reverse("timebank:record-confirm", args=[record.pk]))

    assert answer.status_code == 403


def test_only_the_volunteer_edits_and_only_what_was_returned(cast, station, as_):
    record = make_record(cast.anan, station)
    page = reverse("timebank:record-edit", args=[record.pk])

    assert as_(cast.chen).get(page).status_code == 403
    assert as_(cast.anan).get(page).status_code == 409


def test_own_confirmation_is_403_with_a_sentence(cast, station, as_):
    record = make_record(cast.chen, station)

    answer = as_(cast.chen).post(reverse("timebank:record-confirm", args=[record.pk]))

    assert answer.status_code == 403
    assert "自己的服务不能自己确认" in answer.content.decode()


def test_confirming_what_is_confirmed_is_409(cast, station, as_):
    record = make_confirmed_record(cast.anan, station, cast.chen)

    answer = as_(cast.chen).post(reverse("timebank:record-confirm", args=[record.pk]))

    assert answer.status_code == 409


def test_visitors_sign_in_first(cast, station, client):
    record = make_record(cast.anan, station)

    answer = client.get(record.get_absolute_url())

    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_photo_is_handed_to_those_who_see_the_record(cast, station, as_):
    as_(cast.anan).post(reverse("timebank:record-new"), told(station, photos=[photo()]))
    record = ServiceRecord.objects.get()
    page = reverse("timebank:record-photo", args=[record.pk, record.photos.get().token])

    assert as_(cast.anan).get(page)["Content-Type"] == "image/jpeg"
    assert as_(cast.chen).get(f"{page}?thumbnail")["Content-Type"] == "image/webp"
    assert as_(cast.zhu).get(page).status_code == 404


# Decide


def test_coordinator_confirms_and_comes_back_to_the_desk(cast, station, as_):
    record = make_record(cast.anan, station)
    here = f"{reverse('timebank:desk')}?q=%E5%AE%89"

    answer = as_(cast.chen).post(
        reverse("timebank:record-confirm", args=[record.pk]), {"next": here, "word": ASKED}
    )

    record.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, here)
    assert record.state == "confirmed"


def test_way_back_never_leads_away(cast, station, as_):
    record = make_record(cast.anan, station)

    answer = as_(cast.chen).post(
        reverse("timebank:record-confirm", args=[record.pk]),
        {"next": "https://evil.example/", "word": ASKED},
    )

    assert answer["Location"] == record.get_absolute_url()


def test_coordinator_returns_with_a_usual_reason_and_more(cast, station, as_):
    record = make_record(cast.anan, station)

    as_(cast.chen).post(
        reverse("timebank:record-return", args=[record.pk]),
        {"phrase": "1", "reason": "最好拍到人。"},
    )

    record.refresh_from_db()
    assert record.state == "returned"
    assert record.returned_for.endswith("最好拍到人。")
    assert "现场照片" in record.returned_for


def test_returning_without_a_reason_is_422(cast, station, as_):
    record = make_record(cast.anan, station)

    answer = as_(cast.chen).post(reverse("timebank:record-return", args=[record.pk]), {})

    record.refresh_from_db()
    assert answer.status_code == 422
    assert record.state == "submitted"


def test_without_evidence_the_desk_asks_how_it_was_verified(cast, station, as_):
    record = make_record(cast.anan, station)
    confirm = reverse("timebank:record-confirm", args=[record.pk])

    desk = as_(cast.chen).get(reverse("timebank:desk"))
    ticked = as_(cast.chen).post(
        reverse("timebank:desk-confirm"), {"record": record.pk}, follow=True
    )
    empty = as_(cast.chen).post(confirm, {"word": " "})

    assert "现场照片，或服务对象的服务码。这条还缺" in desk.text
    assert "写明怎么核实的再确认" in ticked.text
    assert empty.status_code == 422
    assert "请写一句怎么核实的" in empty.text
    assert "先问清楚，写明怎么核实的再确认" in empty.text
    assert not ServiceRecord.objects.confirmed().exists()
    as_(cast.chen).post(confirm, {"word": ASKED})
    record.refresh_from_db()
    assert (record.state, record.verified_how) == ("confirmed", ASKED)
    assert f"核实：{ASKED}" in as_(cast.anan).get(record.get_absolute_url()).text


def test_several_are_confirmed_from_the_desk(cast, station, as_):
    first = give_photo(make_record(cast.anan, station))
    own = make_record(cast.chen, station)
    foreign = make_record(cast.zhu, cast.stations["xucun"])

    answer = as_(cast.chen).post(
        reverse("timebank:desk-confirm"),
        {"record": [first.pk, own.pk, foreign.pk, "x"]},
        follow=True,
    )

    words = [str(message) for message in answer.context["messages"]]
    assert ServiceRecord.objects.confirmed().get() == first
    assert words[0] == "确认了 1 条，共 1 小时。"
    assert "不能自己确认" in words[1]
    assert len(words) == 2


@pytest.mark.parametrize("number", ["²", "x\x00", "9" * 30, "9" * 5000, "-1"])
def test_what_is_no_number_of_a_record_confirms_nothing(cast, station, as_, number):
    answer = as_(cast.chen).post(reverse("timebank:desk-confirm"), {"record": number})

    assert answer.status_code == 302


@pytest.mark.parametrize("name", ["station-record-list", "station-record-export"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_all_can_be_asked_for(cast, station, as_, name, day):
    answer = as_(cast.chen).get(reverse(f"timebank:{name}"), {"since": day, "until": day})

    assert answer.status_code == 200


def test_volunteer_withdraws(cast, station, as_):
    record = make_record(cast.anan, station)

    as_(cast.anan).post(reverse("timebank:record-withdraw", args=[record.pk]))

    record.refresh_from_db()
    assert record.state == "withdrawn"


def test_officer_proposes_a_reversal_and_takes_nothing_back_alone(cast, station, as_):
    record = make_confirmed_record(cast.anan, station, cast.chen)
    proposal = reverse("timebank:reversal-new", args=[record.credit_id])

    to_officer = as_(cast.fan).get(record.get_absolute_url()).content.decode()
    to_volunteer = as_(cast.anan).get(record.get_absolute_url()).content.decode()

    assert proposal in to_officer
    assert proposal not in to_volunteer
    assert as_(cast.fan).get(proposal).status_code == 200


# Lists


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_a_fixed_number_of_questions(
    cast, station, as_, django_assert_num_queries, count
):
    for hour in range(9, 9 + count):
        make_record(cast.anan, station, started_at=at(hour), ended_at=at(hour + 1))
    questions = {
        (cast.anan, reverse("timebank:record-list")): 5,
        (cast.chen, reverse("timebank:desk")): 9,
        (cast.chen, reverse("timebank:station-record-list")): 5,
    }
    for (user, page), number in questions.items():
        client = as_(user)
        client.get(page)
        with django_assert_num_queries(number):
            assert client.get(page).status_code == 200


def test_desk_belongs_to_coordinators(cast, station, as_):
    assert as_(cast.anan).get(reverse("timebank:desk")).status_code == 403
    assert as_(cast.anan).get(reverse("timebank:station-record-list")).status_code == 403
    assert as_(cast.fan).get(reverse("timebank:station-record-list")).status_code == 200


def test_exported_text_never_becomes_a_formula(cast, station, as_):
    make_record(cast.anan, station, what='=HYPERLINK("https://evil.example")')

    answer = as_(cast.chen).get(reverse("timebank:station-record-export"))

    table = answer.content.decode("utf-8-sig")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "'=HYPERLINK" in table
    assert ",=HYPERLINK" not in table
    assert ",60," in table
