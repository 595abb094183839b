"""The page, the paper and the JSON of a call say the same about stages, scores and awards."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import escape

from config.demo.cast import Cast
from tests.factories.ventures import make_round
from tests.factories.ventures_needs import make_listed_need
from ventures.models import AwardLimit, AwardTerms, Stage
from ventures.selectors.call_terms import terms_of_call
from ventures.selectors.calls import call_paper
from ventures.services.need_fates import put_in_call

pytestmark = pytest.mark.django_db


def test_page_paper_and_json_say_the_same(cast: Cast, client):
    now = timezone.now()
    round = make_round(
        created_by=cast.fan,
        full_closes_at=now + timedelta(days=30),
        grace_minutes=10,
        is_sealed=True,
        publishes_scores=True,
    )
    Stage.objects.create(
        round=round,
        kind=Stage.Kind.MEETING,
        begins_at=now + timedelta(days=40),
        ends_at=now + timedelta(days=41),
        place="三楼会议室",
    )
    own = AwardTerms.objects.create(
        round=round, is_walked=True, threshold_half_points=140, tie_order="smaller"
    )
    AwardLimit.objects.create(
        terms=own, position=1, kind="reserve", over="kind", value="governance", percent=30
    )
    round.rubric.vetoes = ["弄虚作假"]
    round.rubric.save()

    need = put_in_call(
        make_listed_need(cast.anan, cast.xia), round, answer="列入本轮征集。", acting_user=cast.fan
    )

    page = client.get(round.get_absolute_url()).content.decode()
    told = client.get(f"/rounds/{round.code}.json").json()
    paper = call_paper(round, now, link="x")
    terms = terms_of_call(round, now)

    printed = [line for _label, lines in paper["rules"] for line in lines]
    times = dict(paper["sections"])["申报时间"]
    for line in (*terms.scoring, *terms.awards, *terms.notice):
        assert escape(line) in page, line
        assert line in printed, line
    for line in terms.closes:
        assert escape(line) in page, line
        assert line in times, line
    assert (told["closes_words"], told["awards"]["words"]) == (terms.closes, terms.awards)
    assert (told["scoring"]["words"], told["notice"]["words"]) == (terms.scoring, terms.notice)
    assert told["awards"]["limits"][0]["percent"] == 30
    assert told["awards"]["threshold_points"] == 70
    assert told["two_steps"]["selected_by"] == "office"
    assert [row[0] for row in paper["timetable"]] == [one["words"] for one in told["timetable"]]
    assert [one["number"] for one in told["needs"]] == [need.number]
    assert [row[1] for row in paper["needs"]] == [need.title]
    assert "弄虚作假" in page
    for name, title in (
        ("楼道微更新", "关于征集楼道微更新项目的公告"),
        ("七彩项目", "关于征集七彩项目的公告"),
        ("金点子征集", "关于开展金点子征集的公告"),
    ):
        round.name = name
        assert call_paper(round, now, link="x")["title"] == title
    assert client.get(f"/rounds/{round.code}.pdf").content.startswith(b"%PDF")
