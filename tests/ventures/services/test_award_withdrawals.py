"""An award is given up by its applicant or cancelled by the office: the money, and who is next."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Change, IdentityCheck, Message, Region, Role
from accounts.services.roles import grant_role
from tests.at_once import said_at_once
from tests.factories.ventures_awards import (
    PDF,
    make_body,
    make_meeting,
    make_scored_round,
    proposals_of,
)
from timebank.doors import FundPart, fund_position
from ventures.errors.promotions import AwardGone
from ventures.models import (
    Announcement,
    AwardTerms,
    AwardWithdrawal,
    Decision,
    Proposal,
    Round,
)
from ventures.selectors.award_walks import suggestion_of
from ventures.selectors.boards import board_of
from ventures.selectors.dossiers import dossiers_of, replay
from ventures.selectors.funnels import summary_of
from ventures.selectors.notice_papers import announcement_paper
from ventures.selectors.notices import usual_terms_of
from ventures.selectors.open_book import open_book
from ventures.selectors.outcomes import outcome_of
from ventures.selectors.programmes import Done, done_by
from ventures.selectors.promotions import promotable_in
from ventures.services.award_corrections import RightAmount, correct_amount
from ventures.services.award_withdrawals import cancel_award, give_up_award
from ventures.services.decisions import Choice, prepare_decisions, record_resolution
from ventures.services.notices import conclude_notice, publish_notice
from ventures.services.objections import Objecting, answer_objection, file_objection
from ventures.services.promotions import record_promotion
from ventures.services.reissues import withdraw_notice
from ventures.views.home_awards import waiting_for_decision

Outcome = Decision.Outcome
PRIVATE = "带队的社工要回老家照顾母亲"
PARTS = (FundPart("source:1", "福彩公益金", 900_001), FundPart("source:2", "基金会", 600_000))


@pytest.fixture
def later(monkeypatch):
    """Let so many days pass for the services that ask the clock."""

    def pass_by(days):
        instant = timezone.now() + timedelta(days=days)
        for module in ("services.notices", "services.objections", "views.notices"):
            monkeypatch.setattr(f"ventures.{module}.database_now", lambda: instant)

    return pass_by


def on_notice(cast, *, by_rules=False, reserves=True, **fields):
    """恩泽社 and 甲队 get 6,150 yuan each, 乙队 is a reserve, 丙队 is declined."""
    bodies = [cast.organisations["enze"], *map(make_body, ("甲队", "乙队", "丙队"))]
    money = {"fund_fen": 1_500_001, "parts": PARTS} | fields
    round = make_scored_round(cast.fan, [cast.lu, cast.qian], bodies, **money)
    if by_rules:
        AwardTerms.objects.create(round=round, is_walked=True)
        assert sorted(suggestion_of(round).awards.values()) == [0, 0, 615_000, 615_000]
    first, second, third, fourth = proposals_of(round)
    fen = 615_000 if round.has_money else 0
    choices = [
        Choice(first.pk, Outcome.AWARD, fen),
        Choice(second.pk, Outcome.AWARD, fen),
        Choice(third.pk, Outcome.RESERVE if reserves else Outcome.DECLINE, 0, "资金不够"),
        Choice(fourth.pk, Outcome.DECLINE, 0, "内容重复"),
    ]
    prepare_decisions(round, choices, acting_user=cast.fan)
    record_resolution(round, meeting=make_meeting(cast.fan), acting_user=cast.fan)
    round.refresh_from_db()
    terms = usual_terms_of(round, timezone.localdate())
    return publish_notice(round, terms=terms, acting_user=cast.fan), proposals_of(round)


def give_up(proposal, by, reason=PRIVATE, *, publishes_reason=False):
    proposal = Proposal.objects.get(pk=proposal.pk)
    return give_up_award(proposal, reason=reason, publishes_reason=publishes_reason, acting_user=by)


def cancel(proposal, by, reason="两次通知没有来签协议"):
    return cancel_award(Proposal.objects.get(pk=proposal.pk), reason=reason, acting_user=by)


def state_of(thing):
    return type(thing).objects.values_list("state", flat=True).get(pk=thing.pk)


def money_of(round):
    position = fund_position(round.fund_key)
    return position.committed_fen, position.free_fen


def waits_at_home(user, round):
    return [str(one.label) for one in waiting_for_decision(user, round.region)]


def move_up(round, by, *amounts, number="演 19 号"):
    there = promotable_in(Round.objects.get(pk=round.pk))
    choices = [
        Choice(one.proposal.pk, Outcome.AWARD, fen or one.listed_fen)
        for one, fen in zip(there, amounts, strict=False)
    ]
    return record_promotion(round, choices, meeting=make_meeting(by, number=number), acting_user=by)


def supplement(round, by, days):
    """The notice of who moved up, from so many days hence."""
    round = Round.objects.get(pk=round.pk)
    terms = usual_terms_of(round, timezone.localdate() + timedelta(days=days))
    return publish_notice(round, terms=terms, acting_user=by)


@pytest.mark.django_db
def test_given_up_on_notice_frees_the_money_and_the_next_moves_up_even_after_the_end(
    cast, client, later
):
    notice, (first, second, third, _fourth) = on_notice(cast, by_rules=True)
    round = notice.round
    with pytest.raises(ReasonMissing):
        give_up(first, cast.en, "  ")
    for person in (cast.fan, cast.fang):
        with pytest.raises(NotAllowed):
            give_up(first, person)
    with pytest.raises(OutOfTurn):
        cancel(first, cast.fan)  # nothing is announced yet

    given_up = give_up(first, cast.en)

    assert (state_of(first), state_of(first.decision)) == ("given_up", "final")
    assert money_of(round) == (615_000, 885_001)
    assert given_up.transfer_id
    (moved,) = [one for one in promotable_in(round) if one.listed_fen]
    assert (moved.proposal, moved.listed_fen) == (third, 615_000)
    assert "有立项撤销或放弃，等会议决定递补" in waits_at_home(cast.fan, round)
    with pytest.raises(OutOfTurn):
        give_up(first, cast.en)
    told = Message.objects.get(kind="ventures.award_given_up")
    assert (told.to_user, PRIVATE in told.body) == (cast.fan, True)
    assert Message.objects.filter(to_user=cast.enxiao, kind="ventures.award_ended").exists()
    assert not Change.objects.filter(reason__contains="母亲").exists()
    for person in (cast.en, cast.fan, None):
        client.logout()
        if person:
            client.force_login(person)
            own = client.get(reverse("ventures:proposal-outcome", args=[first.code]))
            assert PRIVATE in own.content.decode()
            assert "6,150.00" in own.content.decode()
        page = client.get(notice.get_absolute_url()).content.decode()
        assert PRIVATE not in page
        assert "申报方放弃立项" in page
    later(60)
    said = conclude_notice(notice, acting_user=cast.fan).snapshot
    assert [one["code"] for one in said["projects"]] == [second.code]
    assert [(one["code"], one["reason"]) for one in said["withdrawn"]] == [
        (first.code, "申报方放弃立项")
    ]
    assert (state_of(round), state_of(third)) == ("concluded", "reserved")
    # Announced with nobody waiting for the money: the office let it be, but may change its mind.
    assert not any("递补" in label for label in waits_at_home(cast.fan, round))

    move_up(round, cast.fan, None)

    assert state_of(round) == "noticed"
    assert str(outcome_of(Proposal.objects.get(pk=third.pk)).label) == "候补"
    again = supplement(round, cast.fan, 60)
    assert [one["code"] for one in again.snapshot["projects"]] == [third.code]
    assert "申报方放弃立项 1 个，退回资金 6,150.00 元。" in again.snapshot["how_decided"]
    later(200)
    conclude_notice(again, acting_user=cast.fan)
    assert (state_of(round), state_of(third)) == ("concluded", "awarded")
    assert money_of(round) == (2 * 615_000, 270_001)
    assert done_by(round.programme) == Done(2, 2 * 615_000)
    meeting, final, last = dossiers_of(round)
    assert [one.slug for one in (meeting, final, last)] == ["meeting", "final", "final-2"]
    (gone,) = last.content["withdrawals"]
    assert (gone["code"], gone["cause"], gone["reason"]) == (first.code, "given_up", "")
    assert all(same for _number, same in replay(last))
    client.force_login(cast.shu)
    for slug, status in (("final-2", 200), ("final-3", 404)):
        url = reverse("ventures:round-dossier-json", args=[round.code, slug])
        assert client.get(url).status_code == status


@pytest.mark.django_db
def test_cancelled_after_the_announcement_stays_on_the_list_with_its_reason(cast, client, later):
    notice, (first, second, third, _fourth) = on_notice(cast)
    round = notice.round
    later(60)
    announcement = conclude_notice(notice, acting_user=cast.fan)
    assert open_book().projects == 2
    for person in (cast.en, cast.xu, cast.shu):
        with pytest.raises(NotAllowed):
            cancel(second, person)

    cancel(first, cast.fan, "组织已被列入异常名录")

    with pytest.raises(OutOfTurn):
        give_up(first, cast.en)
    assert state_of(first) == "cancelled"
    assert (open_book().projects, open_book().amount_fen) == (1, 615_000)
    assert done_by(round.programme) == Done(1, 615_000)
    assert {one.key: one.count for one in summary_of(round).funnel}["reviewed"] == 4
    told = Message.objects.filter(to_user=cast.en, kind="ventures.award_ended").get()
    assert "异常名录" in told.body
    page = client.get(notice.get_absolute_url()).content.decode()
    assert "主办单位取消立项：组织已被列入异常名录" in page
    assert announcement.sha256 in page
    paper = announcement_paper(Announcement.objects.get())
    assert paper["since"][0].startswith(f"{first.title}（")
    record = client.get(reverse("ventures:notice-json", args=[notice.code])).json()
    assert [one["cause"] for one in record["since"]] == ["cancelled"]
    for name in ("notice-pdf", "announcement-pdf"):
        args = [notice.code] if name == "notice-pdf" else [notice.code, 1]
        assert client.get(reverse(f"ventures:{name}", args=args)).content[:4] == b"%PDF"
    assert "有立项撤销或放弃，等会议决定递补" in waits_at_home(cast.fan, round)
    # After the end too a meeting gives it to the reserve, and the round ends again.
    move_up(round, cast.fan, 500_000)
    assert state_of(third) == "reserved"
    again = supplement(round, cast.fan, 60)
    grant_role(cast.zhu, Role.Kind.MEMBER, organisation=third.applicant, acting_user=cast.fan)
    give_up(third, cast.zhu, "人手不够", publishes_reason=True)
    later(200)
    last = conclude_notice(again, acting_user=cast.fan).snapshot
    assert (last["total_fen"], last["with_earlier_fen"]) == (0, 0)
    assert [one["reason"] for one in last["withdrawn"]] == ["申报方放弃立项：人手不够"]
    assert (state_of(third), state_of(round)) == ("given_up", "concluded")
    assert money_of(round)[0] == 615_000
    client.force_login(cast.en)
    own = client.get(reverse("ventures:proposal-detail", args=[first.code])).content.decode()
    assert reverse("ventures:proposal-outcome", args=[first.code]) in own
    # An invented place counts in no public figure.
    Region.objects.filter(pk=round.region_id).update(is_fictional=True)
    assert (open_book().projects, done_by(round.programme)) == (0, Done(0, 0))


@pytest.mark.django_db
def test_a_title_is_given_up_without_money(cast):
    title = {"purpose": "designation", "honour": "示范项目", "fund_fen": 0, "parts": ()}
    _notice, (first, *_others) = on_notice(cast, **title)

    withdrawal = give_up(first, cast.en, "不办了", publishes_reason=True)

    assert withdrawal.transfer_id is None
    assert str(withdrawal.public_words) == "申报方放弃立项：不办了"
    assert str(outcome_of(Proposal.objects.get(pk=first.pk)).label) == "已放弃授牌"


@pytest.mark.django_db
def test_what_an_objection_took_back_is_not_given_up_as_well(cast):
    notice, (first, second, *_others) = on_notice(cast)
    IdentityCheck.objects.create(person=cast.anan.person, method="document", checked_by=cast.chen)
    said = Objecting(facts="没有办过", phone="10012345678", proposal=first)
    objection = file_objection(notice, said, acting_user=cast.anan)
    answer_objection(objection, "uphold", answer="查实", acting_user=cast.fan)

    with pytest.raises(AwardGone):
        give_up(first, cast.en)
    withdrawal = AwardWithdrawal.objects.get()
    assert (withdrawal.cause, withdrawal.objection) == ("objection", objection)
    others = {"objection": objection, "reason": "x", "withdrawn_by": cast.fan}
    for wrong in ({"cause": "cancelled"}, {"cause": "objection", "objection": None}):
        with pytest.raises(IntegrityError, match="names_it"), transaction.atomic():
            AwardWithdrawal.objects.create(award=second.award, **(others | wrong))


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_giving_up_while_the_notice_is_concluded_is_one_after_the_other(cast, later):
    notice, (first, second, *_others) = on_notice(cast)
    later(60)

    words = said_at_once(
        partial(give_up, first, cast.en),
        partial(conclude_notice, notice, acting_user=cast.fan),
    )

    assert words == ["done", "done"]
    assert state_of(first) == "given_up"
    assert state_of(notice.round) == "concluded"
    assert money_of(notice.round)[0] == 615_000
    cancel(second, cast.fan)
    assert money_of(notice.round)[0] == 0


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_giving_up_and_cancelling_at_once_end_it_once(cast, later):
    notice, (first, *_others) = on_notice(cast)
    later(60)
    conclude_notice(notice, acting_user=cast.fan)

    words = said_at_once(partial(give_up, first, cast.en), partial(cancel, first, cast.fan))

    assert words == ["done", "out_of_turn"]
    assert AwardWithdrawal.objects.count() == 1
    assert money_of(notice.round)[0] == 615_000


@pytest.mark.django_db
def test_given_up_between_a_withdrawn_notice_and_the_next(cast, later):
    notice, (first, second, *_others) = on_notice(cast)
    withdraw_notice(notice, reason="日期写错了", acting_user=cast.fan)

    give_up(first, cast.en)

    round = Round.objects.get(pk=notice.round_id)
    terms = usual_terms_of(round, timezone.localdate())
    again = publish_notice(round, terms=terms, acting_user=cast.fan)
    assert [one["code"] for one in again.snapshot["projects"]] == [second.code]
    assert "形式审查通过 4 份" in again.snapshot["how_decided"][0]
    assert "申报方放弃立项 1 个，退回资金 6,150.00 元。" in again.snapshot["how_decided"]
    later(60)
    said = conclude_notice(again, acting_user=cast.fan).snapshot
    assert [one["code"] for one in said["withdrawn"]] == [first.code]


@pytest.mark.django_db
def test_given_up_under_recheck_is_announced_and_the_round_ends(cast, client, later):
    notice, (first, *_others) = on_notice(cast, reserves=False)
    IdentityCheck.objects.create(person=cast.anan.person, method="document", checked_by=cast.chen)
    said = Objecting(facts="没有办过", phone="10012345678", proposal=first)
    objection = file_objection(notice, said, acting_user=cast.anan)
    later(60)
    conclude_notice(notice, acting_user=cast.fan)
    give_up(first, cast.en)
    assert "创投复核已结束，等待补充公告" not in waits_at_home(cast.fan, notice.round)
    answer_objection(objection, "reject", answer="已放弃，不再复核", acting_user=cast.fan)
    client.force_login(cast.fan)

    assert "创投复核已结束，等待补充公告" in waits_at_home(cast.fan, notice.round)
    step = board_of(Round.objects.get(pk=notice.round_id), cast.fan).next_step
    assert str(step.label) == "发布补充公告"
    conclude = reverse("ventures:notice-conclude", args=[notice.code])
    assert conclude in client.get(notice.get_absolute_url()).content.decode()
    client.post(conclude)

    words = notice.announcements.get(number=2).snapshot
    assert [one["code"] for one in words["withdrawn"]] == [first.code]
    assert state_of(notice.round) == "concluded"
    assert [one.slug for one in dossiers_of(notice.round)] == ["meeting", "final"]


@pytest.mark.django_db
def test_a_withdrawn_supplement_is_replaced_though_who_moved_up_gave_up(cast, client, later):
    notice, (first, _second, third, _fourth) = on_notice(cast)
    round = notice.round
    later(60)
    conclude_notice(notice, acting_user=cast.fan)
    cancel(first, cast.fan)
    move_up(round, cast.fan, 500_000)
    client.force_login(cast.fan)
    promotion = reverse("ventures:round-promotion", args=[round.code])
    assert "先发布补充公示，再撤回它、更正金额" in client.get(promotion).content.decode()
    withdraw_notice(supplement(round, cast.fan, 60), reason="金额错了", acting_user=cast.fan)
    amounts = client.get(reverse("ventures:round-amounts", args=[round.code])).content.decode()
    assert reverse("ventures:award-correct", args=[third.code]) in amounts
    right = RightAmount(600_000, "少记一千", SimpleUploadedFile("纪要.pdf", PDF), 500_000)
    correct_amount(third, right, acting_user=cast.fan)
    assert money_of(round)[0] == 615_000 + 600_000
    grant_role(cast.zhu, Role.Kind.MEMBER, organisation=third.applicant, acting_user=cast.fan)
    give_up(third, cast.zhu)
    assert money_of(round)[0] == 615_000
    again = reverse("ventures:notice-publish", args=[round.code])
    for name in ("round-promotion", "round-amounts"):  # the pages with nobody on them lead on
        page = client.get(reverse(f"ventures:{name}", args=[round.code])).content.decode()
        assert again in page
    assert client.get(again).status_code == 200

    last = supplement(round, cast.fan, 60)

    assert last.snapshot["projects"] == []
    assert "拟立项 0 个" in last.snapshot["how_decided"][-1]
    later(200)
    words = conclude_notice(last, acting_user=cast.fan).snapshot
    assert [one["code"] for one in words["withdrawn"]] == [third.code]
    assert state_of(round) == "concluded"


@pytest.mark.django_db
def test_a_supplement_published_again_does_not_count_who_fell_meanwhile(cast, later):
    notice, (first, _second, third, _fourth) = on_notice(cast)
    round = notice.round
    later(60)
    conclude_notice(notice, acting_user=cast.fan)
    cancel(first, cast.fan)
    move_up(round, cast.fan, 500_000)
    again = supplement(round, cast.fan, 60)
    IdentityCheck.objects.create(person=cast.anan.person, method="document", checked_by=cast.chen)
    said = Objecting(facts="没有办过", phone="10012345678", proposal=third)
    objection = file_objection(again, said, acting_user=cast.anan)
    withdraw_notice(again, reason="日期错了", acting_user=cast.fan)
    answer_objection(objection, "uphold", answer="查实", acting_user=cast.fan)

    last = supplement(round, cast.fan, 60)

    assert last.snapshot["projects"] == []
    assert last.snapshot["how_decided"][-1] == "拟立项 0 个，拟资助合计 0.00 元。"
