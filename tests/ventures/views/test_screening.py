"""The office's desk, its export, its answers, and what waits on the home page."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Organisation, User
from config.demo.cast import Cast
from tests.factories.ventures import make_proposal, make_round
from ventures.models import Proposal, Round
from ventures.services.proposals import submit_proposal
from ventures.views.screening import harmless

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def applicant(cast: Cast, n: int) -> Organisation:
    return Organisation.objects.create(
        name=f"第 {n} 组（演示）",
        kind="filed",
        host=cast.organisations["shelifang"],
        region=cast.organisations["enze"].region,
    )


def test_desk_is_there_for_those_who_work_at_the_round(cast: Cast, submitted: Proposal):
    url = f"/rounds/{submitted.round.code}/desk/"

    for key, status in {
        "fan": 200,
        "jin": 200,
        "shu": 200,
        "en": 404,
        "xu": 404,
        "ou": 404,
    }.items():
        assert as_(getattr(cast, key)).get(url).status_code == status, key


def test_desk_shows_the_funnel_and_filters(cast: Cast, round: Round, submitted: Proposal):
    make_proposal(
        round,
        cast.organisations["banrixian"],
        created_by=cast.pan,
        state="screened",
        title="夕阳广播站",
        kind="governance",
    )
    make_proposal(round, applicant(cast, 1), created_by=cast.pan, title="还在写的草稿")
    fan = as_(cast.fan)

    whole = fan.get(f"/rounds/{round.code}/desk/").content.decode()
    waiting = fan.get(f"/rounds/{round.code}/desk/?state=submitted").content.decode()
    found = fan.get(f"/rounds/{round.code}/desk/?q=夕阳&kind=governance").content.decode()
    nothing = fan.get(f"/rounds/{round.code}/desk/?track=x&state=nonsense")

    assert "夕阳广播站" in whole
    assert "楼道里的热茶" in whole
    assert "还在写的草稿" not in whole
    assert "夕阳广播站" not in waiting
    assert "楼道里的热茶" in waiting
    assert "夕阳广播站" in found
    assert "楼道里的热茶" not in found
    assert nothing.status_code == 200


def test_desk_asks_as_much_for_three_as_for_one(
    cast: Cast, round: Round, submitted: Proposal, django_assert_num_queries
):
    fan = as_(cast.fan)
    url = f"/rounds/{round.code}/desk/"
    fan.get(url)

    with django_assert_num_queries(15):
        fan.get(url)
    for n in range(2):
        make_proposal(round, applicant(cast, n), created_by=cast.pan, state="submitted")
    with django_assert_num_queries(15):
        fan.get(url)


def test_export_is_filtered_and_harmless(cast: Cast, round: Round, submitted: Proposal):
    make_proposal(
        round,
        cast.organisations["banrixian"],
        created_by=cast.pan,
        state="screened",
        title="=HYPERLINK(1)",
    )

    answer = as_(cast.fan).get(f"/rounds/{round.code}/proposals.csv?state=screened")

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 2
    assert rows[1][1] == "'=HYPERLINK(1)"
    assert rows[1][7] == "6150.00"
    assert as_(cast.en).get(f"/rounds/{round.code}/proposals.csv").status_code == 404


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_formulas_are_made_text(start: str):
    assert harmless(f"{start}1+1") == f"'{start}1+1"
    assert harmless("1+1") == "1+1"


def test_answers_go_from_page_to_state(cast: Cast, submitted: Proposal):
    fan = as_(cast.fan)
    url = f"/proposals/{submitted.code}/return/"
    tomorrow = timezone.localdate() + timedelta(days=1)

    form = fan.get(url)
    assert form.status_code == 200
    # The days offered were counted over a year whose arrangement nobody has entered.
    assert f"{tomorrow.year}年的放假安排还没有登记" in form.content.decode()
    assert fan.post(url, {"reason": ""}).status_code == 422
    done = fan.post(
        url,
        {"reason": "缺社区意见", "marked_fields": ["files"], "complete_on": tomorrow.isoformat()},
    )

    submitted.refresh_from_db()
    assert done.status_code == 302
    assert submitted.state == "returned"
    until = timezone.localtime(submitted.complete_by)
    assert (until.date(), until.hour, until.minute) == (tomorrow, 17, 30)
    assert "缺社区意见" in as_(cast.en).get(f"/proposals/{submitted.code}/edit/").content.decode()


@pytest.mark.parametrize("verb", ["accept", "return", "refuse"])
def test_answer_pages_by_person(cast: Cast, submitted: Proposal, verb: str):
    url = f"/proposals/{submitted.code}/{verb}/"

    for key, status in {
        "fan": 200,
        "shu": 403,
        "jin": 403,
        "en": 403,
        "xu": 404,
        "pan": 404,
    }.items():
        assert as_(getattr(cast, key)).get(url).status_code == status, key


def test_operator_screens_but_does_not_begin_review(cast: Cast, draft: Proposal):
    Round.objects.filter(pk=draft.round_id).update(operator=cast.organisations["shelifang"])
    submit_proposal(draft, acting_user=cast.en)
    ou = as_(cast.ou)

    accepted = ou.post(f"/proposals/{draft.code}/accept/", {})

    draft.refresh_from_db()
    assert accepted.status_code == 302
    assert draft.state == "screened"
    assert ou.post(f"/rounds/{draft.round.code}/begin-review/").status_code == 403


def test_homes_say_what_waits(cast: Cast, submitted: Proposal):
    make_round(created_by=cast.fan, state=Round.State.DRAFT, name="筹备中的一轮")

    officer = as_(cast.fan).get("/home/").content.decode()
    member = as_(cast.en).get("/home/").content.decode()

    assert "申报书等待形式审查" in officer
    assert "征集公告还没有提请发布" in officer
    assert submitted.round.name in officer
    assert "楼道里的热茶" in member
