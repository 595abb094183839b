"""Needs on pages: the public list and story, minutes of a meeting, each step, the export."""

from csv import reader
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Region
from config.demo.cast import Cast
from tests.factories.ventures_needs import make_listed_need, make_need
from ventures.models import Need, NeedFile, Track, Visit
from ventures.services.need_fates import refer_need, settle_need
from ventures.services.need_support import support_need

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
QUERIES = {"/needs/": 6, "/needs/desk/": 9}


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(**fields) -> dict[str, object]:
    return {
        "title": "楼梯没有扶手",
        "description": "老人上下楼要扶墙",
        "region": Region.objects.get(code="330481001007").pk,
        "track": Track.objects.get(code="A1").pk,
        "kind": "governance",
        "severity": 3,
        "people": "１２",
    } | fields


@pytest.mark.parametrize("path", ["/needs/", "/needs/desk/"])
def test_lists_ask_as_much_for_three_as_for_one(cast: Cast, path: str, django_assert_num_queries):
    client = Client() if path == "/needs/" else as_(cast.xia)
    make_listed_need(cast.anan, cast.xia)
    client.get(path)

    with django_assert_num_queries(QUERIES[path]):
        client.get(path)
    for _again in range(2):
        refer_need(make_need(cast.anan), department="城管", answer="已转", acting_user=cast.xia)
    with django_assert_num_queries(QUERIES[path]):
        client.get(path)


def test_visitor_narrows_the_list_down(cast: Cast, client: Client):
    listed = make_listed_need(cast.anan, cast.xia, title="想量血压")
    settle_need(
        make_need(cast.anan, title="停车太挤", kind="governance"),
        answer="错时停车",
        acting_user=cast.xia,
    )
    make_need(cast.anan, title="还没预审")

    def shown(query: str) -> set[str]:
        text = client.get(f"/needs/{query}").content.decode()
        return {title for title in ("想量血压", "停车太挤", "还没预审") if title in text}

    assert shown("") == {"想量血压", "停车太挤"}
    assert shown("?open=open") == shown("?kind=service") == {"想量血压"}
    assert shown("?state=settled") == shown("?open=closed") == {"停车太挤"}
    assert shown(f"?q={listed.number}") == shown("?q=血压") == {"想量血压"}
    assert shown("?place=330481001000&track=A1") == {"想量血压", "停车太挤"}
    assert shown("?place=330481101000") == shown("?track=A2") == set()
    assert "没有符合条件的需求" in client.get("/needs/?q=月亮").content.decode()
    assert "清单还是空的" not in client.get("/needs/?state=nonsense").content.decode()


def test_story_is_whole_and_holds_no_personal_data(cast: Cast, client: Client):
    need = make_listed_need(cast.anan, cast.xia)
    NeedFile.objects.all().delete()
    support_need(need, acting_user=cast.zhu)
    settle_need(need, answer="议定每周三下午", acting_user=cast.xia)

    text = client.get(need.get_absolute_url()).content.decode()

    for words_ in ("提出需求", "通过预审", "社区协商解决", "议定每周三下午", "0 个工作日"):
        assert words_ in text
    for name in ("安安", "夏社工", "诸阿姨"):
        assert name not in text


def test_poster_is_a_pdf(cast: Cast, client: Client):
    need = make_listed_need(cast.anan, cast.xia)

    answer = client.get(f"/needs/{need.pk}/poster.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_meeting_brings_its_minutes(cast: Cast):
    client = as_(cast.xia)
    told = words(origin="meeting", met_on=timezone.localdate(), met_by="28")

    refused = client.post("/needs/new/", told)
    minutes = SimpleUploadedFile("纪要.pdf", PDF, "application/pdf")
    taken = client.post("/needs/new/", told | {"uploads": [minutes]})

    assert refused.status_code == 422
    assert "请附上会议纪要" in refused.content.decode()
    need = Need.objects.get()
    assert taken.status_code == 302
    assert (need.origin, need.met_by, need.people) == ("meeting", 28, 12)
    file = need.files.get()
    assert file.kind == "minutes"
    assert as_(cast.fan).get(f"/needs/{need.pk}/files/{file.pk}/").status_code == 200


def test_resident_raises_and_organisation_speaks_for_itself(cast: Cast):
    as_(cast.anan).post("/needs/new/", words(origin="meeting"))
    as_(cast.en).post(
        "/needs/new/",
        words(origin="organisation", organisation=cast.organisations["enze"].pk),
    )
    wrong = as_(cast.en).post("/needs/new/", words(origin="organisation", people="0", title=""))

    assert [need.origin for need in Need.objects.order_by("pk")] == ["resident", "organisation"]
    assert wrong.status_code == 422
    assert "请选择是哪个组织提出的" in wrong.content.decode()


def test_visit_to_need_in_one_tap_to_fate_and_message(cast: Cast):
    worker, officer = as_(cast.xia), as_(cast.fan)
    worker.post(
        "/needs/visits/new/",
        words(visited_on=timezone.localdate(), household="张家", note="摔过", lack="没有扶手"),
    )
    visit = Visit.objects.get()
    assert "转成需求" in worker.get(visit.get_absolute_url()).content.decode()

    worker.post(f"/needs/visits/{visit.pk}/need/")
    need = Need.objects.get()
    assert "需求等待预审" in officer.get("/home/").content.decode()
    officer.post(f"/needs/{need.pk}/do/list/")
    as_(cast.zhu).post(f"/needs/{need.pk}/support/")
    page = officer.post(
        f"/needs/{need.pk}/do/refer/", {"department": "住建部门", "answer": "下月装好"}, follow=True
    )

    assert "去向：转办部门" in page.content.decode()
    assert "下月装好" in as_(cast.zhu).get(reverse("accounts:message-list")).content.decode()
    assert "张家" not in Client().get(need.get_absolute_url()).content.decode()


def test_officer_picks_needs_for_a_round(cast: Cast, round):
    first, second = (make_listed_need(cast.anan, cast.xia) for _again in range(2))
    page = as_(cast.fan)

    page.post(f"/rounds/{round.code}/needs/", {"needs": [first.pk], "answer": "请申报"})

    assert list(Need.objects.filter(round=round)) == [first]
    assert "本轮要回应的 1 条" in Client().get(f"/rounds/{round.code}/").content.decode()
    listed = Client().get(f"/needs/?round={round.code}").content.decode()
    assert f"/needs/{first.pk}/" in listed
    assert f"/needs/{second.pk}/" not in listed


def test_export_has_the_pages_rows_and_no_formula(cast: Cast):
    make_listed_need(cast.anan, cast.xia, title="=1+1")
    make_need(cast.anan, title="还没预审")

    answer = as_(cast.fan).get("/needs/desk.csv?state=listed")

    table = b"".join(answer.streaming_content).decode().lstrip("\ufeff")
    rows = list(reader(StringIO(table)))
    assert [row[1] for row in rows if row and row[0].startswith("X")] == ["'=1+1"]
