"""What nobody objected to goes on to the final list; what is under recheck follows later."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import IdentityCheck, Message
from tests.factories.ventures import make_colleague
from tests.factories.ventures_awards import (
    make_body,
    make_meeting,
    make_round_in_review,
    make_scored_round,
    proposals_of,
)
from timebank.doors import FundPart
from ventures.errors.objections import NothingToAnnounce, ObjectionsWaiting
from ventures.models import AwardTerms, Conflict, Decision, Dossier, Round
from ventures.selectors.announcements import ending_of
from ventures.selectors.award_walks import suggestion_of
from ventures.selectors.notices import usual_terms_of
from ventures.selectors.objections import items_of
from ventures.selectors.outcomes import outcome_of
from ventures.selectors.promotions import promotable_in
from ventures.services.conflicts import Told, pin_conflict
from ventures.services.decisions import Choice, prepare_decisions, record_resolution
from ventures.services.notices import conclude_notice, publish_notice
from ventures.services.objections import Objecting, answer_objection, file_objection
from ventures.services.promotions import record_promotion
from ventures.views.home import waiting_for

pytestmark = pytest.mark.django_db
Outcome = Decision.Outcome
LOTTERY = FundPart("source:1", "福彩公益金", 900_000)
FOUNDATION = FundPart("source:2", "潮汐基金会（演示）", 600_000)


@pytest.fixture
def verified(cast):
    """安安's name was checked."""
    IdentityCheck.objects.create(person=cast.anan.person, method="document", checked_by=cast.chen)
    return cast.anan


@pytest.fixture
def run_out(monkeypatch):
    """Let the notice's days pass for the services that ask the clock."""

    def later():
        return timezone.now() + timedelta(days=60)

    def pass_by():
        for module in ("services.notices", "services.objections", "views.notices"):
            monkeypatch.setattr(f"ventures.{module}.database_now", later)

    return pass_by


def on_notice(cast, *, by_rules):
    """恩泽社 and 甲队 get 6,150 yuan from two sources, 乙队 is a reserve, 丙队 is declined."""
    bodies = [cast.organisations["enze"], *map(make_body, ("甲队", "乙队", "丙队"))]
    round = make_scored_round(
        cast.fan,
        [cast.lu, cast.qian],
        bodies,
        fund_fen=1_500_000,
        parts=(LOTTERY, FOUNDATION),
    )
    if by_rules:
        AwardTerms.objects.create(round=round, is_walked=True)
        assert sorted(suggestion_of(round).awards.values()) == [0, 0, 615_000, 615_000]
    first, second, third, fourth = proposals_of(round)
    choices = [
        Choice(first.pk, Outcome.AWARD, 615_000),
        Choice(second.pk, Outcome.AWARD, 615_000),
        Choice(third.pk, Outcome.RESERVE, 0, "资金不够"),
        Choice(fourth.pk, Outcome.DECLINE, 0, "内容重复"),
    ]
    prepare_decisions(round, choices, acting_user=cast.fan)
    record_resolution(round, meeting=make_meeting(cast.fan), acting_user=cast.fan)
    round.refresh_from_db()
    terms = usual_terms_of(round, timezone.localdate())
    return publish_notice(round, terms=terms, acting_user=cast.fan), proposals_of(round)


def object_to(notice, proposal, by):
    said = Objecting(facts="没有办过", phone="10012345678", proposal=proposal)
    return file_objection(notice, said, acting_user=by)


def states_of(round):
    return list(round.proposals.order_by("code").values_list("state", flat=True))


def codes(words, name):
    return [one["code"] for one in words[name]]


def test_upheld_after_the_others_are_final(cast, verified, run_out, client):
    notice, (first, second, third, _fourth) = on_notice(cast, by_rules=True)
    round = notice.round
    assert dict(items_of(notice, cast.en))[first.code].endswith("（您自己的申报）")
    objection = object_to(notice, first, verified)
    run_out()

    part = conclude_notice(notice, acting_user=cast.fan).snapshot

    assert "另有项目复核中" in client.get(reverse("ventures:notice-list")).content.decode()
    # By the rules either of the two without an award could move up: both wait with the frozen one.
    assert codes(part, "projects") == [second.code]
    assert codes(part, "frozen") == [first.code]
    assert codes(part, "held") == [third.code]
    assert part["total_fen"] == 615_000
    assert states_of(round) == ["under_review", "awarded", "under_review", "under_review"]
    round.refresh_from_db()
    assert round.state == "noticed"
    assert str(outcome_of(first).label) == "等复核结束：拟立项"
    told = Message.objects.filter(to_user=cast.en, title__startswith="复核结束后另行公告")
    assert told.exists()
    with pytest.raises(ObjectionsWaiting):
        conclude_notice(notice, acting_user=cast.fan)
    client.force_login(cast.fan)
    page = client.get(notice.get_absolute_url()).content.decode()
    assert "1 项有异议在复核" in page
    assert "发布补充公告" not in page

    answer_objection(objection, "uphold", answer="重复申报", acting_user=cast.fan)
    labels = [str(one.label) for one in waiting_for(cast.fan, cast.fan.roles.get())]
    assert "有立项撤销或放弃，等会议决定递补" in labels
    assert "创投复核已结束，等待补充公告" not in labels
    page = client.get(notice.get_absolute_url()).content.decode()
    assert "发布补充公告" in page
    assert "去递补" in page
    assert [one.proposal for one in promotable_in(Round.objects.get(pk=round.pk))] == [third]
    listed = promotable_in(Round.objects.get(pk=round.pk))[0].listed_fen
    record_promotion(
        round,
        [Choice(third.pk, Outcome.AWARD, listed)],
        meeting=make_meeting(cast.fan, number="演 19 号"),
        acting_user=cast.fan,
    )

    supplement = conclude_notice(notice, acting_user=cast.fan)
    assert "另有项目复核中" not in client.get(reverse("ventures:notice-list")).content.decode()

    assert (supplement.number, notice.announcements.count()) == (2, 2)
    words = supplement.snapshot
    assert words["title"].endswith("（补充）")
    assert codes(words, "withdrawn") == [first.code]
    assert (codes(words, "moved_up"), codes(words, "frozen")) == ([third.code], [])
    assert (words["projects"], words["with_earlier_fen"]) == ([], 615_000)
    assert states_of(round) == ["declined", "awarded", "under_review", "declined"]
    with pytest.raises(NothingToAnnounce):
        conclude_notice(notice, acting_user=cast.fan)
    frozen = client.get(reverse("ventures:announcement-words", args=[notice.code, 2])).content
    assert sha256(frozen).hexdigest() == notice.announcements.get(number=2).sha256
    answer = client.get(reverse("ventures:announcement-pdf", args=[notice.code, 2]))
    assert answer["Content-Type"] == "application/pdf"
    assert (
        len(client.get(reverse("ventures:notice-json", args=[notice.code])).json()["announcements"])
        == 2
    )


def test_rejected_after_the_others_are_final(cast, verified, run_out, client):
    notice, (first, second, third, fourth) = on_notice(cast, by_rules=False)
    objection = object_to(notice, first, verified)
    run_out()
    ending = ending_of(notice)
    # Without rules only a reserve moves up: who was declined is told for good at once.
    assert [one.proposal for one in ending.settled] == [second, fourth]
    assert [one.proposal for one in ending.held] == [third]
    conclude_notice(notice, acting_user=cast.fan)
    assert states_of(notice.round) == ["under_review", "awarded", "under_review", "declined"]

    answer_objection(objection, "reject", answer="查过，办了", acting_user=cast.fan)
    words = conclude_notice(notice, acting_user=cast.fan).snapshot

    assert codes(words, "projects") == [first.code]
    assert (words["total_fen"], words["with_earlier_fen"]) == (615_000, 1_230_000)
    page = client.get(notice.get_absolute_url()).content.decode()
    assert "连同此前的公告，合计 ¥12,300.00" in page
    assert states_of(notice.round) == ["awarded", "awarded", "reserved", "declined"]
    notice.round.refresh_from_db()
    assert notice.round.state == "concluded"
    assert Dossier.objects.filter(round=notice.round, occasion="final").exists()


def test_a_reserve_struck_off_does_not_move_up_by_the_rules(cast, verified):
    notice, (first, _second, third, fourth) = on_notice(cast, by_rules=True)
    round = Round.objects.get(pk=notice.round_id)
    struck = object_to(notice, third, verified)
    answer_objection(struck, "uphold", answer="材料不实", acting_user=cast.fan)
    assert promotable_in(round) == []

    objection = object_to(notice, first, verified)
    answer_objection(objection, "uphold", answer="重复申报", acting_user=cast.fan)

    assert [one.proposal for one in promotable_in(round)] == [fourth]


def test_nothing_is_announced_when_every_award_is_under_recheck(cast, verified, run_out):
    notice, (first, second, _third, _fourth) = on_notice(cast, by_rules=False)
    object_to(notice, first, verified)
    object_to(notice, second, verified)
    run_out()

    with pytest.raises(ObjectionsWaiting):
        conclude_notice(notice, acting_user=cast.fan)


def test_whose_money_and_why_where_the_meeting_decides(cast, run_out):
    notice, (first, second, third, fourth) = on_notice(cast, by_rules=False)
    words = notice.snapshot

    # 6,150 yuan of a fund of 9,000 and 6,000; the second of what is left, 5,310 and 3,540.
    assert words["projects"][0]["sources"] == [
        {"source": "福彩公益金", "amount_fen": 369_000},
        {"source": "潮汐基金会（演示）", "amount_fen": 246_000},
    ]
    assert [one["amount_fen"] for one in words["sources"]] == [738_000, 492_000]
    assert "其中福彩公益金 7,380.00 元，潮汐基金会（演示） 4,920.00 元。" in words["how_decided"]
    run_out()
    final = conclude_notice(notice, acting_user=cast.fan).snapshot
    assert final["sources"] == words["sources"]

    def why(proposal):
        proposal.refresh_from_db()
        found = outcome_of(proposal)
        return found.code, found.why, "".join(found.basis), "".join(found.almost)

    assert outcome_of(first).sources == "福彩公益金 3,690.00 元，潮汐基金会（演示） 2,460.00 元"
    assert why(first)[:2] == ("listed", "名次在前，会议同意列入。")
    code, words, basis, almost = why(third)
    assert code == "fund_short"
    assert "余下 ¥2,700.00，不够评委建议的 ¥6,150.00" in words
    assert "在 4 个项目里排第 3 名" in basis
    assert "局党组会 2026 年第 18 次会议" in basis
    assert "得分最低的是 85.00 分" in almost
    assert "还差 5.00 分" in almost
    assert "申请不超过 ¥2,700.00" in almost
    assert "不是保证" in almost
    assert "不是保证" in third.letters.get().body
    assert why(fourth)[3].endswith("不是保证。")
    assert why(second)[3] == ""


def test_who_steps_aside_is_told_at_home_of_nothing_her_pages_refuse(cast, verified, client):
    notice, (first, _second, _third, _fourth) = on_notice(cast, by_rules=True)
    objection = object_to(notice, first, verified)
    answer = reverse("ventures:objection-answer", args=[objection.pk])
    role = cast.fan.roles.get()
    client.force_login(cast.fan)
    assert client.get(answer).status_code == 200
    asked = "公示异议等您书面答复"
    assert asked in [str(one.label) for one in waiting_for(cast.fan, role)]

    told = Told(Conflict.Kind.INTEREST, "亲戚办的")
    pin_conflict(first, cast.fan, told, acting_user=make_colleague(cast.fan))

    assert client.get(answer).status_code == 404
    counted = {str(one.label): one.count for one in waiting_for(cast.fan, role)}
    assert not any(counted.get(label) for label in (asked, "创投公示期满，等待公告"))


def test_who_stands_in_finds_the_round_at_home(cast):
    town = cast.xu.roles.get(kind="officer").region
    round = make_round_in_review(cast.xu, [make_body("甲队")], region=town, level="town")
    Round.objects.filter(pk=round.pk).update(state=Round.State.DECIDED)
    asked = "创投已集体决策，等待公示"

    def counted(person):
        found = waiting_for(person, person.roles.get(kind="officer"))
        return next((one.count for one in found if str(one.label) == asked), 0)

    assert (counted(cast.xu), counted(cast.fan)) == (1, 0)
    told = Told(Conflict.Kind.INTEREST, "亲戚办的")
    pin_conflict(proposals_of(round)[0], cast.xu, told, acting_user=cast.xu)
    assert (counted(cast.xu), counted(cast.fan)) == (0, 1)
