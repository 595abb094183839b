"""A city round with every option switched on, from the lot to the final list.

Draw by a published seed, a declared tie, review without names in phases, discussion, the
applicant's answer, defence with a lot and points shown at once, public vote, pledges, a composite
score, a list by rules, a departure from it by two people, letters, an objection that is upheld.
What a person decides is done in the browser; its like goes through the services behind the forms.
"""

import subprocess
import sys
from weakref import WeakKeyDictionary

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.factories.ventures import make_colleague, make_tracks
from tests.factories.ventures_awards import (
    PDF,
    hand_in,
    make_body,
    make_meeting,
    make_round_in_review,
    proposals_of,
)
from tests.factories.ventures_defences import make_terms, make_vote, plan_of_an_hour, verify
from tests.factories.ventures_phases import blind_copy, make_phase, shift
from tests.factories.ventures_reviewers import make_expert
from tests.journeys.test_score_to_notice import look, run_out
from tests.plugins.browser import DESKTOP_FIRST, PHONE
from ventures.models import (
    Announcement,
    Assignment,
    AwardTerms,
    AwardWithdrawal,
    CompositeTerms,
    Conflict,
    Decision,
    Letter,
    Objection,
    PublicNotice,
    PublicVote,
    Review,
    ReviewerDraw,
    ReviewInvitation,
)
from ventures.selectors.award_walks import suggestion_of
from ventures.services.applicant_answers import tell_answers_open
from ventures.services.blind_copies import release_copy
from ventures.services.blind_numbers import number_proposals
from ventures.services.decisions import Choice, prepare_decisions, record_resolution
from ventures.services.defence_scores import hand_in_points, open_slot, reveal_slot
from ventures.services.defences import draw_order, plan_defence, seal_order, tell_order
from ventures.services.discussions import say
from ventures.services.pledges import confirm_pledge, enter_pledge
from ventures.services.review_invitations import accept_invitation
from ventures.services.reviews import close_panel
from ventures.services.votes import cast_vote, count_vote

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

Outcome = Decision.Outcome
# The board a person clicked her way to, by window: she goes back to it.
BOARDS: WeakKeyDictionary[Page, str] = WeakKeyDictionary()


@pytest.fixture
def round(cast):
    """恩泽社 and four others; the fund holds three whole awards of 6,150 yuan."""
    bodies = [cast.organisations["enze"], *map(make_body, ("甲队", "乙队", "丙队", "丁队"))]
    round = make_round_in_review(
        cast.fan, bodies, fund_fen=2_000_000, name="什么都用上的一届（演示）", address="演示路 1 号"
    )
    for proposal, title in zip(
        proposals_of(round), ("热茶", "手作", "清水行", "皮影", "陪诊"), strict=True
    ):
        proposal.title = f"项目{title}"
        proposal.save(update_fields=["title"])
    AwardTerms.objects.create(
        round=round, is_walked=True, publishes_counterfactuals=True, names_experts=True
    )
    make_terms(round, paper_percent=50, defence_percent=30, vote_percent=10, pledge_percent=10)
    make_phase(round, -1, 1, hides_applicant=True)
    make_phase(
        round,
        1,
        2,
        name="评议",
        scoring_open=False,
        discussion_open=True,
        others_scores="after_own",
    )
    make_phase(round, 2, 3, name="答复", scoring_open=False, answer_open=True)
    number_proposals(round)
    for proposal in round.proposals.all():
        copy = blind_copy(proposal, cast.fan, need_from="有人听来的")
        release_copy(copy.version, has_seen=True, acting_user=cast.fan)
    for name in ("温教授", "柏会计", "舒社工", "冉律师", "苗主任", "易老师"):
        make_expert(name, tracks=make_tracks())
    return round


@pytest.mark.parametrize("size", DESKTOP_FIRST)
def test_from_the_lot_to_the_final_list(open_page, cast, round, size, tmp_path):
    phone = {"has_touch": True, "is_mobile": True} if size is PHONE else {}
    is_phone = size is PHONE
    fan = open_page(size, user=cast.fan, **phone)
    first, second, third, fourth, fifth = proposals_of(round)
    wen = make_colleague(cast.fan)

    # Drawn before a witness, and drawn again by anybody with one command.
    to_board(fan, round)
    fan.get_by_role("link", name="评委与分派").first.click()
    fan.get_by_role("link", name="更多评审办法").click()
    fan.get_by_label("从专家库随机抽取").check()
    fan.get_by_role("button", name="保存").click()
    fan.get_by_role("link", name="抽取评委").click()
    fan.get_by_label("另外不分领域抽几人").fill("4")
    fan.get_by_label("每个领域替补几人").fill("0")
    fan.get_by_role("button", name="备库并公开摘要").click()
    fan.locator("[name=witness]").fill("李记者")
    fan.locator("[name=word]").fill("潮起")
    fan.get_by_role("button", name="抽取", exact=True).click()
    fan.get_by_role("heading", name="抽中了谁").wait_for()
    look(fan, "every-draw", phone=is_phone)
    draw = ReviewerDraw.objects.get()
    program, file = tmp_path / "draw_reviewers.py", tmp_path / "draw.json"
    public = open_page()
    program.write_bytes(public.request.get("/draws/draw_reviewers.py").body())
    file.write_bytes(public.request.get(f"/draws/{draw.number}.json").body())
    again = subprocess.run(
        [sys.executable, str(program), str(file)], capture_output=True, text=True, check=True
    )
    fan.get_by_role("button", name="邀请抽中的专家").click()
    invitations = list(ReviewInvitation.objects.select_related("user", "expert").order_by("pk"))
    assert len(invitations) == 4
    assert again.stdout.startswith("THE SAME: 4 drawn")
    judges = [one.user for one in invitations]

    # One is tied to 恩泽社 and says so before she has seen a word; it is not there for her.
    tied = open_page(size, user=judges[0], **phone)
    tied.goto("/home/")
    tied.get_by_role("link", name="评审邀请等您答复").click()
    look(tied, "every-invitation", phone=is_phone)
    assert first.title not in tied.content()
    own = tied.get_by_label("我和“恩泽社区服务社”的关系")
    tied.locator("details", has=own).locator("summary").click()
    own.select_option("interest")
    tied.get_by_label("我承诺").check()
    tied.get_by_role("button", name="接受邀请并签署承诺").click()
    tied.get_by_text("您已接受邀请").wait_for()
    assert Conflict.objects.get().proposal == first
    for one in invitations[1:]:
        accept_invitation(one, has_signed=True, told={}, acting_user=one.user)
    fan.reload()
    fan.get_by_role("button", name="列入评审组").click()
    fan.wait_for_load_state()
    assert not Assignment.objects.filter(proposal=first, member__reviewer=judges[0]).exists()
    hidden, absent = (
        tied.request.get(f"/reviews/rounds/{round.code}/{pk}/") for pk in (first.pk, 2_000_000_000)
    )
    assert (hidden.status, absent.status) == (404, 404)
    assert tied.request.get(f"/proposals/{first.code}/").status == 404

    # Without names: one sheet by hand, the others behind the same form.
    judge = open_page(size, user=judges[1], **phone)
    judge.goto("/home/")
    judge.get_by_role("link", name="申报书等您评分").click()
    judge.get_by_role("link", name="开始评分").first.click()
    judge.locator("[data-score]").first.wait_for()
    assert "恩泽" not in judge.content()
    assert "甲队" not in judge.content()
    for field, points in zip(judge.locator("[data-score]").all(), (29, 28, 18, 18), strict=True):
        field.fill(str(points))
    judge.get_by_label("评审意见").fill("做法清楚。")
    judge.get_by_label("建议资助金额（元）").fill("6150")
    judge.get_by_label("同意", exact=True).check()
    look(judge, "every-sheet", phone=is_phone)
    judge.get_by_role("button", name="交表，下一份").click()
    judge.get_by_text("已交表").wait_for()
    totals = {first: 93, second: 88, third: 84, fourth: 80, fifth: 78}
    todo = Assignment.objects.standing().filter(member__panel__round=round)
    for assignment in todo.select_related("member__reviewer", "proposal__round__rubric"):
        if not Review.objects.handed_in().filter(assignment=assignment).exists():
            hand_in(assignment.member.reviewer, assignment.proposal, totals[assignment.proposal])

    # Talked over; the applicant answers what concerns her.
    shift(round, 1)
    say(first, audience="applicant", text="雨天在哪里办？", acting_user=judges[1])
    shift(round, 1)
    tell_answers_open()
    en = open_page(PHONE, user=cast.en)
    en.goto("/home/")
    en.get_by_role("link", name="消息").first.click()
    en.get_by_role("link", name="评委意见可以答复了").click()
    en.get_by_role("link", name="去看看").click()
    en.get_by_role("link", name="看意见，答复").click()
    expect(en.get_by_text("雨天在哪里办？")).to_be_visible()
    assert judges[1].display_name not in en.content()
    en.locator("[name=text]").fill("雨天改在社区活动室。")
    look(en, "every-answer", phone=True)
    en.get_by_role("button", name="提交答复").click()
    en.get_by_text("答复已提交").wait_for()
    shift(round, 1)

    # In the hall: an order by lot, points on phones, all shown at once.
    session = plan_defence(round, plan_of_an_hour(), acting_user=cast.fan)
    session = seal_order(session, acting_user=cast.fan)
    session = draw_order(session, witness="李记者", word="潮落", acting_user=cast.fan)
    tell_order(session, acting_user=cast.fan)
    in_hall(open_page, fan, session, judges, first, cast, is_phone)

    # The public votes once each; a pledge counts when it was checked.
    vote = make_vote(round, set_by=cast.fan)
    anan = open_page(PHONE, user=verify(cast.anan, cast.chen))
    anan.goto("/")
    anan.get_by_role("link", name="全部届次").click()
    anan.get_by_role("link", name=round.name).click()
    anan.get_by_role("link", name="公众投票").click()
    anan.locator("[name=chosen]").first.check()
    look(anan, "every-vote", phone=True)
    anan.get_by_role("button", name="投进票箱").click()
    anan.get_by_text("您已经投过票了").wait_for()
    cast_vote(vote, [second], address="10.0.0.9", acting_user=verify(cast.zhu, cast.chen))
    PublicVote.objects.update(closes_at=timezone.now())
    count_vote(vote, acting_user=cast.fan)
    pledge = enter_pledge(
        second, pledger_kind="organisation", pledger_name="河畔茶厂（演示）", amount_fen=200_000,
        evidence=SimpleUploadedFile("承诺书.pdf", PDF, "application/pdf"), acting_user=cast.fan,
    )  # fmt: skip
    confirm_pledge(pledge, how="打电话问过厂里", acting_user=wen)
    CompositeTerms.objects.update(pledges_until=timezone.now())
    close_panel(round.panel, acting_user=cast.fan)
    to_board(fan, round)
    fan.get_by_role("link", name="综合得分").click()
    fan.get_by_role("heading", name="综合得分").first.wait_for()
    look(fan, "every-composite", phone=is_phone)

    # The list by the rules, what if, and a departure that two people answer for.
    listed = suggestion_of(round).awards
    assert sorted(listed.values()) == [0, 0, 615_000, 615_000, 615_000]
    to_board(fan, round)
    fan.get_by_role("link", name="建议名单").last.click()
    expect(fan.get_by_text("只供参考，不是名单，也不能当名单用。")).to_be_visible()
    look(fan, "every-walk", phone=is_phone)
    fan.locator(f"#line-{fourth.code}").get_by_role("link", name="不按名单").click()
    fan.get_by_label("列入", exact=True).check()
    fan.locator("[name=amount]").fill("1500")
    fan.locator("[name=reason]").fill("全市只有这一个皮影队")
    fan.get_by_role("button", name="提出，等另一人同意").click()
    fan.get_by_role("heading", name="建议名单").wait_for()
    other = open_page(size, user=wen, **phone)
    other.goto("/home/")
    other.get_by_role("link", name="有项目提议不按建议名单").click()
    expect(other.get_by_text("有提议等您同意或不同意")).to_be_visible()
    look(other, "every-agree", phone=is_phone)
    other.get_by_role("button", name="同意", exact=True).click()
    other.get_by_text("已记录，建议名单已按这个结果重排。").wait_for()
    awards = suggestion_of(round).awards
    assert awards[fourth.code] == 150_000
    choices = [
        Choice(one.pk, Outcome.AWARD, awards[one.code], "两人商定" if one == fourth else "")
        if awards[one.code]
        else Choice(one.pk, Outcome.RESERVE, 0, "资金不够")
        for one in (first, second, third, fourth, fifth)
    ]
    prepare_decisions(round, choices, acting_user=cast.fan)
    record_resolution(round, meeting=make_meeting(cast.fan), acting_user=cast.fan)

    # Decided quietly, published together: letters, states, notice.
    assert not Letter.objects.exists()
    to_board(fan, round)
    publish(fan, "发布公示")
    notice = PublicNotice.objects.get()
    assert Letter.objects.filter(notice=notice).count() == 5
    assert judges[0].display_name in str(notice.snapshot["experts"])

    # An objection with evidence, upheld: the award is gone and the list walked again.
    anan.goto("/")
    anan.get_by_role("link", name="全部公示").click()
    anan.get_by_role("link", name=round.name).first.click()
    anan.get_by_role("link", name="提出异议").click()
    anan.get_by_label("对哪一项有异议").select_option(label=option_with(anan, third.title))
    anan.get_by_label("联系电话").fill("10012345678")
    anan.get_by_label("事实和理由").fill("同一件事去年已由街道付过钱。")
    paper = tmp_path / "证据.pdf"
    paper.write_bytes(PDF)
    anan.get_by_label("证据材料").set_input_files(str(paper))
    look(anan, "every-objection", phone=True)
    anan.get_by_role("button", name="提交异议").click()
    anan.wait_for_load_state()
    assert Objection.objects.get().proposal == third

    # The days are over: the others are final at once, the one under recheck waits.
    run_out(notice)
    to_board(fan, round)
    fan.get_by_role("link", name="查看公示").click()
    announce(fan, "先公告没有异议的")
    final = Announcement.objects.get().snapshot
    assert titles_of(final["projects"]) == titles_of(first, second, fourth)
    assert titles_of(final["frozen"]) == [third.title]
    look(fan, "every-part", phone=is_phone)

    # Upheld: the award is gone, the list is walked again, another meeting gives what was freed.
    fan.goto("/home/")
    fan.get_by_role("link", name="公示异议等您书面答复").click()
    fan.get_by_role("link", name=third.title).click()
    fan.get_by_role("link", name="书面答复").click()
    fan.get_by_label("异议成立").check()
    fan.get_by_label("书面答复").fill("查实，撤销拟立项。")
    fan.get_by_role("button", name="答复", exact=True).click()
    fan.get_by_role("heading", name="撤销以后，按规则重排的差别").wait_for()
    look(fan, "every-upheld", phone=is_phone)
    assert AwardWithdrawal.objects.get().award.proposal == third
    fan.get_by_role("link", name="去递补").click()
    fan.get_by_label("局党组会").check()
    fan.get_by_label("会议名称").fill("局党组会 2026 年第 21 次会议")
    fan.get_by_label("会议日期").fill("2026-01-06")
    fan.get_by_label("会议纪要文号").fill("海民党组〔2026〕演 21 号")
    fan.get_by_label("会议纪要（PDF）").set_input_files(str(paper))
    look(fan, "every-promotion", phone=is_phone)
    fan.get_by_role("button", name="记录递补").click()
    fan.wait_for_load_state()
    fan.goto("/home/")
    fan.get_by_role("link", name="补充公告").click()
    fan.get_by_role("link", name="发布补充公告").click()
    announce(fan, "发布补充公告")

    # Who moved up has a notice of her own; then all is final. An auditor runs the file again.
    to_board(fan, round)
    publish(fan, "发布补充公示")
    supplement = PublicNotice.objects.latest("pk")
    assert titles_of(supplement.snapshot["projects"]) == [fifth.title]
    run_out(supplement)
    to_board(fan, round)
    fan.get_by_role("link", name="查看公示").click()
    announce(fan, "结束公示并公告")
    round.refresh_from_db()
    assert round.state == "concluded"
    look(fan, "every-final", phone=is_phone)
    shu = open_page(size, user=cast.shu, **phone)
    shu.goto("/home/")
    shu.get_by_role("link", name="全部轮次").click()
    shu.get_by_role("link", name=round.name).first.click()
    shu.get_by_role("link", name="评审与公示进展").click()
    shu.get_by_role("link", name="决策卷宗").click()
    expect(shu.get_by_text("内容与冻结时的指纹一致。").first).to_be_visible()
    expect(shu.get_by_text("一个字不差").first).to_be_visible()
    assert shu.get_by_text("不一致").count() == 0
    look(shu, "every-dossier", phone=is_phone)


def to_board(page, round):
    """The round's board: the first time by clicking from the office's home, then where it was."""
    if page in BOARDS:
        page.goto(BOARDS[page])
        return
    page.goto("/home/")
    page.get_by_role("link", name=round.name).last.click()
    page.get_by_role("link", name="评审与公示进展").click()
    page.get_by_role("heading", name="去这里办").wait_for()
    BOARDS[page] = page.url


def publish(page, label):
    """What the board says is next: look at the notice, publish it."""
    page.get_by_role("link", name=label, exact=True).click()
    page.get_by_role("button", name="看看公示什么样").click()
    page.get_by_text("预览：发布后一个字都不能改").wait_for()
    page.get_by_role("button", name="发布公示").click()
    page.get_by_text("公示已发布").wait_for()


def announce(page, label):
    page.get_by_role("button", name=label).click()
    page.locator("dialog[open]").get_by_role("button", name=label).click()
    page.get_by_text("公告已发布").wait_for()


def titles_of(*projects):
    """In their order, of rows or of what an announcement says."""
    if isinstance(projects[0], list):
        return sorted(one["title"] for one in projects[0])
    return sorted(one.title for one in projects)


def in_hall(open_page, fan, session, judges, first, cast, is_phone):
    """One team's points from a phone in the browser; the rest behind the same form."""
    by_hand = session.slots.exclude(proposal=first).order_by("position").first()
    for slot in session.slots.order_by("position"):
        open_slot(slot, acting_user=cast.fan)
        sitting = [one for one in judges if (one, slot.proposal) != (judges[0], first)]
        if slot == by_hand:
            judge = open_page(PHONE, user=judges[0], has_touch=True, is_mobile=True)
            judge.goto("/home/")
            judge.get_by_role("link", name="路演答辩，现场打分").click()
            judge.get_by_role("link", name="打分", exact=True).click()
            for name, points in (("item_0", "50"), ("item_1", "32.5")):
                judge.locator(f"[name={name}]").fill(points)
            look(judge, "every-hall", phone=True)
            judge.locator("main form button[type=submit]").first.click()
            judge.get_by_text("已交分。亮分以前").wait_for()
            sitting.remove(judges[0])
        for judge_of_all in sitting:
            hand_in_points(slot, (100, 60), acting_user=judge_of_all)
        if slot == by_hand:
            to_board(fan, session.round)
            fan.get_by_role("link", name="路演答辩").click()
            fan.get_by_role("link", name="亮分").click()
            fan.get_by_role("button", name="同时亮分").click()
            fan.get_by_text("已亮分").first.wait_for()
            look(fan, "every-defence", phone=is_phone)
        else:
            reveal_slot(slot, acting_user=cast.fan)


def option_with(page, words):
    options = page.locator("[name=item] option").all_text_contents()
    return next(one for one in options if words in one)
