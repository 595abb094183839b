"""The public list and call pages, and the officer's forms."""

import json
import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from config.demo.cast import Cast
from tests.factories.ventures import make_colleague, make_round
from tests.ventures.conftest import close
from timebank.doors import fund_position
from ventures.forms.tiers import tier_formset
from ventures.models import Programme, Round, Rubric, Track
from ventures.services.level_budgets import set_step_limits

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_visitor_sees_open_rounds_and_the_whole_call(client: Client, round: Round):
    listed = client.get("/rounds/")
    page = client.get(f"/rounds/{round.code}/")

    assert listed.status_code == page.status_code == 200
    assert round.name in listed.content.decode()
    text = page.content.decode()
    for words in (round.contact_phone, round.supervision_phone, "¥600,000.00", "¥50,000.00"):
        assert words in text
    assert "老年人" in text
    assert "大家需要" in text
    assert "一页简表" in text


def test_visitor_finds_no_unpublished_round(client: Client, cast: Cast):
    round = make_round(created_by=cast.fan, state=Round.State.DRAFT)

    page = client.get(f"/rounds/{round.code}/")

    assert page.status_code == 404
    assert round.name not in client.get("/rounds/").content.decode()
    assert signed_in(cast.xu).get(f"/rounds/{round.code}/").status_code == 404
    assert signed_in(cast.fan).get(f"/rounds/{round.code}/").status_code == 200


def test_machines_read_the_call(client: Client, round: Round):
    answer = json.loads(client.get(f"/rounds/{round.code}.json").content)

    assert answer["accepts_proposals"] is True
    assert answer["fund_fen"] == 60_000_000
    assert answer["closes_at"].endswith("+08:00")
    assert [track["code"] for track in answer["tracks"]] == [
        "A1",
        "A2",
        "A3",
        "A4",
        "A5",
        "A6",
        "B1",
    ]


def test_calendar_keeps_the_closing_second(client: Client, cast: Cast):
    closes_at = timezone.now().replace(microsecond=0) + timedelta(days=3)
    round = make_round(created_by=cast.fan, closes_at=closes_at, name="一轮，带逗号；和分号; x")

    answer = client.get(f"/rounds/{round.code}.ics")

    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert f"DTSTART:{closes_at:%Y%m%dT%H%M%SZ}" in text
    assert "\\;" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


@pytest.mark.parametrize("path", ["/rounds/", "/rounds/desk/"])
def test_round_lists_ask_as_much_for_three_as_for_one(
    cast: Cast, round: Round, path: str, django_assert_num_queries
):
    client = signed_in(cast.fan)
    client.get(path)

    with django_assert_num_queries(QUERIES[path]):
        client.get(path)
    make_round(created_by=cast.fan)
    make_round(created_by=cast.fan)
    with django_assert_num_queries(QUERIES[path]):
        client.get(path)


QUERIES = {"/rounds/": 5, "/rounds/desk/": 4}


def form_data(cast: Cast, **changes: object) -> dict[str, object]:
    rubric = Rubric.objects.filter(is_preset=True).first()
    assert rubric is not None
    tiers = tier_formset()
    data: dict[str, object] = {
        "programme": make_round(created_by=cast.fan).programme_id,
        "name": "2027 年市级公益创投（演示）",
        "code": "QC2027-City",
        "number_prefix": "QC2027-S",
        "region": region_of(cast),
        "purpose": "grant",
        "year": "2027",
        "sponsors": "海宁市民政局（演示）\n海宁市委社会工作部（演示）",
        "sources-TOTAL_FORMS": "3",
        "sources-INITIAL_FORMS": "0",
        "sources-0-kind": "budget",
        "sources-0-amount": "350000.50",
        "sources-1-kind": "lottery",
        "sources-1-amount": "249999.50",
        "sources-2-kind": "other",
        "fund": "600,000",
        "cap": "￥50000",
        "eligibility": "在海宁登记或备案满一年的社会组织。",
        "tracks": [track.pk for track in Track.objects.all()],
        "kinds": ["governance", "service"],
        "opens_at": "2026-01-09T09:00:00",
        "closes_at": "2099-12-11T17:30:00",
        "rubric": rubric.pk,
        "contact_name": "范科长",
        "contact_phone": "10000000001",
        "supervision_phone": "10000000002",
        "tiers-TOTAL_FORMS": "3",
        "tiers-INITIAL_FORMS": "3",
    }
    for n, tier in enumerate(tiers.forms):
        for name in tier.fields:
            typed = tier.initial.get(name, "")
            data[f"tiers-{n}-{name}"] = "" if typed is False else typed
    return data | changes


def region_of(cast: Cast) -> int:
    return cast.fan.roles.get(kind="officer").region_id


def test_officer_opens_a_round_from_form_to_public_call(cast: Cast, client: Client):
    fan = signed_in(cast.fan)

    saved = fan.post("/rounds/new/", form_data(cast))
    round = Round.objects.get(code="qc2027-city")
    wen = make_colleague(cast.fan)
    proposed = fan.post(f"/rounds/{round.code}/propose/")
    own = fan.post(f"/rounds/{round.code}/publish/")
    published = signed_in(wen).post(f"/rounds/{round.code}/publish/")

    assert saved.status_code == proposed.status_code == published.status_code == 302
    assert own.status_code == 403
    assert "闻副局长（海宁市经办人）" in own.content.decode()
    round.refresh_from_db()
    assert (round.fund_fen, round.cap_fen, round.level) == (60_000_000, 5_000_000, "city")
    assert round.state == Round.State.OPEN
    assert [tier.upto_fen for tier in round.tiers.all()] == [1_000_000, 3_000_000, 20_000_000]
    assert round.rubric is not None
    assert not round.rubric.is_preset
    assert [t.tranches for t in round.tiers.all()] == [[50, 50], [60, 40], [50, 30, 20]]
    assert [source.amount_fen for source in round.sources.all()] == [35_000_050, 24_999_950]
    assert fund_position(round.fund_key).free_fen == 60_000_000
    assert client.get(f"/rounds/{round.code}/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"cap": "700000"}, "单个项目上限不能超过资金总额"),
        ({"sources-1-amount": "249999.49"}, "相差 ¥0.01"),
        ({"purpose": "designation"}, "评选授牌要写明授予的名称"),
        ({"tiers-1-final_percent": "39"}, "三笔合计要等于 100，现在是 99"),
        ({"sponsors": " "}, "请填写这一项"),
        ({"closes_at": "2026-01-01T09:00:00"}, "截止时间要晚于开始时间"),
        ({"code": "new"}, "请换一个"),
        ({"code": "desk"}, "请换一个"),
        ({"code": "q" * 33}, "32"),
        ({"opens_at": "0001-01-01T00:00"}, "2000"),
        ({"tiers-1-upto": "10000"}, "两个档次的上限不能相同"),
        ({"tiers-0-upto": ""}, "请写明这一档的上限"),
        ({"supervision_phone": ""}, "请填写这一项"),
    ],
)
def test_round_form_says_what_is_wrong_and_keeps_the_text(
    cast: Cast, changes: dict[str, object], sentence: str
):
    answer = signed_in(cast.fan).post("/rounds/new/", form_data(cast, **changes))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "2027 年市级公益创投（演示）" in answer.content.decode()
    assert not Round.objects.filter(number_prefix="QC2027-S").exists()


@pytest.mark.parametrize("key", ["anan", "en", "ou", "shu", "jin"])
def test_only_officers_open_rounds(cast: Cast, key: str):
    assert signed_in(getattr(cast, key)).get("/rounds/new/").status_code == 403


def test_officer_of_a_town_offers_no_round_of_the_city(cast: Cast):
    answer = signed_in(cast.xu).post("/rounds/new/", form_data(cast))

    assert answer.status_code == 422
    assert not Round.objects.filter(number_prefix="QC2027-S").exists()


def test_close_is_put_later_with_a_reason_only(cast: Cast, round: Round):
    fan = signed_in(cast.fan)
    later = timezone.localtime(round.closes_at + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%S")

    without = fan.post(f"/rounds/{round.code}/extend/", {"closes_at": later})
    with_reason = fan.post(
        f"/rounds/{round.code}/extend/", {"closes_at": later, "reason": "台风停电"}
    )

    before = round.closes_at
    round.refresh_from_db()
    assert (without.status_code, with_reason.status_code) == (422, 302)
    assert round.closes_at > before


def test_closed_round_says_so(client: Client, round: Round):
    close(round)

    text = client.get(f"/rounds/{round.code}/").content.decode()

    assert "已截止" in text
    assert "开始申报" not in text
    assert client.get(f"/rounds/{round.code}.json").json()["accepts_proposals"] is False


def test_call_is_listed_for_machines_printed_and_drawn_from_its_table(
    client: Client, cast: Cast, round: Round
):
    round.conditions.create(check_name="age", figure=12, set_by=cast.fan)
    set_step_limits(
        round.region,
        {"begin_review": 15},
        valid_from=date(2026, 1, 1),
        basis="36 条",
        acting_user=cast.fan,
    )

    listed = client.get("/rounds/open.json").json()["open_calls"]
    paper = client.get(f"/rounds/{round.code}.pdf").content
    page = client.get(f"/rounds/{round.code}/").content.decode()
    Round.objects.filter(pk=round.pk).update(state=Round.State.DECIDED)
    decided = client.get(f"/rounds/{round.code}/").content.decode()

    assert [call["code"] for call in listed] == [round.code]
    assert listed[0]["conditions"][0]["words"] == "登记或备案满 12 个月"
    assert sum(source["amount_fen"] for source in listed[0]["fund_sources"]) == round.fund_fen
    assert paper.startswith(b"%PDF")
    assert current_box(page) == "征集"
    assert page.count('aria-current="step"') >= 1
    assert "15 个工作日内" in page
    assert current_box(decided) == "评审中"  # a decision is not public before its notice


def current_box(page: str) -> str:
    (found,) = re.findall(r'flow-box--current">.*?middle">([^<]+)<', page)
    return found


def test_programme_is_made_by_its_officer_and_shows_its_rounds_by_year(client: Client, cast: Cast):
    made = signed_in(cast.fan).post(
        "/rounds/programmes/new/",
        {"name": "邻里小事", "code": "Linli", "region": region_of(cast), "about": "小钱办小事"},
    )
    programme = Programme.objects.get(code="linli")
    make_round(created_by=cast.fan, programme=programme, year=2025, name="去年的一届")
    make_round(created_by=cast.fan, programme=programme, year=2026, name="今年的一届")
    make_round(created_by=cast.fan, programme=programme, state="draft", name="还在筹备")

    page = client.get("/rounds/programmes/linli/").content.decode()

    assert made.status_code == 302
    assert page.index("今年的一届") < page.index("去年的一届")
    assert "还在筹备" not in page
