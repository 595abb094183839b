"""A town decides six micro-projects in one afternoon, by the default, without touching an option.

许主任 types what only she knows (money, a phone number, the meeting's number) and presses what is
first on each page; how often she presses is counted. One reviewer scores by keyboard, one on paper
that two people type in, the others' sheets go through the services behind the same forms.
"""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from accounts.models import Role
from accounts.services.roles import grant_role
from tests.factories.ventures import make_programme, make_proposal
from tests.factories.ventures_awards import PDF, assignment_of, filled, hand_in, make_body
from tests.journeys.test_score_to_notice import look, run_out
from tests.plugins.browser import DESKTOP, PHONE, PHONE_FIRST
from ventures.models import (
    Announcement,
    Award,
    PanelMember,
    PaperScoreSheet,
    PublicNotice,
    Review,
    Round,
)
from ventures.services.assignments import sign_commitment
from ventures.services.paper_sheets import check_paper_sheet, enter_paper_sheet
from ventures.services.proposals import submit_proposal
from ventures.services.screening import accept_proposal

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

TITLES = ("楼道里的热茶", "边角料手作", "许村清水行", "皮影进村晚", "老人陪诊", "家乡菜一桌")
# Of each project by the five: 丁老师, 沈会计师, 陆总干事, 顾书记, 钱老师. The last is on paper.
POINTS = (
    (92, 88, 85.5, 90, 70),
    (80, 84, 82, 79.5, 88),
    (75, 70, 77.5, 74, 72),
    (86, 83, 85, 88.5, 81),
    (62, 58, 66, 60.5, 64),
    (78, 80.5, 76, 79, 82),
)
MEANS = ("87.83", "84.67", "82.00", "79.17", "73.67", "62.17")
# What she does, from her home page to the final list, besides typing.
MOST_PRESSES = 48


class Presses:
    """Presses by what a person reads, and counts."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def __call__(self, name, *, role="link"):
        self.page.get_by_role(role, name=name).first.click()
        self.count += 1

    def button(self, name, *, asked=False):
        """A button; `asked`: the page asks whether she is sure."""
        self(name, role="button")
        if asked:
            dialog = self.page.locator("dialog[open]")
            dialog.get_by_role("button", name=name).click()
            self.count += 1

    def home(self):
        self.page.goto("/home/")
        self.count += 1


@pytest.mark.parametrize("size", PHONE_FIRST)
def test_six_micro_projects_in_one_afternoon(open_page, cast, size, tmp_path):
    make_programme()
    phone = {"has_touch": True, "is_mobile": True} if size is PHONE else {}
    xu = open_page(size, user=cast.xu, **phone)
    press = Presses(xu)

    # The call: three things are typed, everything else is as usual.
    press.home()
    press("新开一轮")
    look(xu, "town-new", phone=size is PHONE)
    xu.get_by_label("资金总额（元）").fill("30000")
    xu.get_by_label("监督电话").fill("10000000002")
    xu.get_by_label("受理地址").fill("许村镇便民服务中心")
    press.button("存为草稿")
    expect(xu.get_by_role("heading", name="许村镇 2026 年微创投")).to_be_visible()
    look(xu, "town-draft", phone=size is PHONE)
    press.button("提请发布", asked=True)
    fan = open_page(DESKTOP, user=cast.fan)
    fan.goto("/home/")
    fan.get_by_role("link", name="征集公告等您审核发布").click()
    fan.get_by_role("button", name="审核发布").click()
    fan.locator("dialog[open]").get_by_role("button", name="审核发布").click()
    fan.get_by_text("征集公告已发布").wait_for()
    round = Round.objects.get()
    assert (round.cap_fen, round.rubric.name) == (1_000_000, "标准评分表")

    # Six come in; she looks at each and lets it through.
    proposals = hand_in_six(round, cast)
    press.home()
    press("申报书等待形式审查")
    press(proposals[0].title)
    for following in proposals[1:3]:
        press("通过形式审查")
        press.button("通过")
        expect(xu.get_by_role("heading", name=following.title)).to_be_visible()
    for proposal in proposals[2:]:
        accept_proposal(proposal, note="", acting_user=cast.xu)
        press.count += 2
    Round.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    press.home()
    press("已截止，可以开始评审")
    press.button("开始评审", asked=True)

    # Five reviewers.
    reviewers = [cast.ding, cast.shen, cast.lu, cast.gu, cast.qian]
    look(xu, "town-panel", phone=size is PHONE)
    for reviewer in reviewers:
        xu.get_by_label(reviewer.display_name, exact=True).check()
        press.count += 1
    xu.get_by_label("评委会主任").select_option(label="丁老师")
    press.button("确定并通知评委")
    xu.get_by_text("评委已确定").wait_for()
    on_keyboard(open_page(DESKTOP, user=cast.ding))
    guan = open_page(size, user=cast.guan, **phone)
    on_paper(xu, guan, press, cast, proposals, size)
    for place, reviewer in enumerate(reviewers[:4]):
        sign_commitment(PanelMember.objects.get(reviewer=reviewer), acting_user=reviewer)
        for proposal, points in zip(proposals, POINTS, strict=True):
            if not has_handed_in(reviewer, proposal):
                hand_in(reviewer, proposal, points[place])

    # The table, with the highest and the lowest struck, on one A4 to be signed.
    press.home()
    press("评分表已交齐，可以结束评审")
    press("结束评审")
    press.button("结束评审")
    expect(xu.get_by_role("heading", name="评分汇总")).to_be_visible()
    look(xu, "town-ranking", phone=size is PHONE)
    assert tuple(xu.locator("table tbody tr td:nth-child(3)").all_text_contents()) == MEANS
    pdf = PdfReader(BytesIO(xu.request.get(f"/rounds/{round.code}/ranking.pdf").body()))
    assert len(pdf.pages) == 1
    words = pdf.pages[0].extract_text()
    for part in (
        "评分汇总表",
        "去掉一个最高分和一个最低分",
        "计票人：",
        "监督人：",
        "评委会主任：",
    ):
        assert part in words

    # What the town pays for: the fund holds four whole awards and a part of the fifth.
    press("拟定立项名单")
    rows = {proposal.title: proposal.pk for proposal in proposals}
    xu.locator(f"[name=amount_{rows['许村清水行']}]").fill("5000")
    last = rows["老人陪诊"]
    xu.locator(f"[name=outcome_{last}]").select_option("decline")
    xu.locator(f"[name=reason_{last}]").fill("内容与镇卫生院的陪诊重复")
    press.button("保存名单")
    xu.get_by_text("名单已拟定").wait_for()
    look(xu, "town-list", phone=size is PHONE)
    press("记录集体决策")
    xu.get_by_label("会议名称").fill("许村镇班子会 2026 年第 9 次会议")
    xu.get_by_label("会议日期").fill(timezone.localdate().isoformat())
    xu.get_by_label("会议纪要文号").fill("许党委〔2026〕演 9 号")
    minutes = tmp_path / "纪要.pdf"
    minutes.write_bytes(PDF)
    xu.get_by_label("会议纪要（PDF）").set_input_files(str(minutes))
    press.button("记录决策并安排资金")
    xu.get_by_text("集体决策已记录").wait_for()
    assert sum(Award.objects.values_list("amount_fen", flat=True)) <= round.fund_fen

    # 公示: everything is filled in; its last day is five working days on, and then it is final.
    press.button("看看公示什么样")
    xu.get_by_text("预览：发布后一个字都不能改").wait_for()
    look(xu, "town-notice", phone=size is PHONE)
    press.button("发布公示")
    xu.get_by_text("公示已发布").wait_for()
    notice = PublicNotice.objects.get()
    assert notice.working_days == 5
    assert notice.snapshot["basis"] == "《许村镇 2026 年微创投征集公告》"
    run_out(notice)
    press.home()
    press("创投公示期满，等待公告")
    press("查看公示")
    press.button("结束公示并公告", asked=True)
    xu.get_by_text("公告已发布").wait_for()
    look(xu, "town-final", phone=size is PHONE)
    final = Announcement.objects.get().snapshot["projects"]
    assert [one["title"] for one in final] == [
        "楼道里的热茶", "皮影进村晚", "边角料手作", "家乡菜一桌", "许村清水行",
    ]  # fmt: skip
    print(f"PRESSES of the officer from home to the final list: {press.count}")
    assert press.count <= MOST_PRESSES
    public = open_page(PHONE)
    public.goto(notice.get_absolute_url())
    expect(public.get_by_role("heading", name="立项项目的公告")).to_be_visible()


def hand_in_six(round, cast):
    """Six groups file; who writes for them is another journey's story."""
    bodies = [cast.organisations["enze"], cast.organisations["banrixian"]]
    for name in ("示范舞龙队", "示范合唱队", "示范摄影队", "示范巧手队"):
        body = make_body(name)
        grant_role(cast.pan, Role.Kind.MANAGER, organisation=body, acting_user=cast.system)
        bodies.append(body)
    proposals = []
    for title, body in zip(TITLES, bodies, strict=True):
        person = cast.en if body == cast.organisations["enze"] else cast.pan
        proposal = make_proposal(round, body, created_by=person, title=title)
        submit_proposal(proposal, acting_user=person)
        proposals.append(proposal)
    return proposals


def on_keyboard(ding):
    """One sheet, from the first score to the last key, without a mouse."""
    ding.goto("/reviews/")
    ding.get_by_role("button", name="我承诺并签署").click()
    ding.get_by_role("link", name="开始评分").click()
    ding.get_by_role("heading", name="楼道里的热茶").wait_for()
    expect(ding.locator("[data-score]").first).to_be_focused()
    keys = ding.keyboard
    for score in ("20", "25", "15", "12", "8", "8", "4"):
        keys.type(score)
        keys.press("Enter")
    expect(ding.locator("[data-total]")).to_have_text("92")
    keys.type("需求真实，邻里都说好。")
    keys.press("Enter")
    keys.press("Enter")  # empty: the amount asked for
    keys.press("1")
    keys.press("Enter")
    keys.press("Enter")
    ding.get_by_text("已交表").wait_for()


def on_paper(xu, guan, press, cast, proposals, size):
    """钱老师 wrote by hand: 许主任 types her first sheet, 关大爷 types it again, and errs once."""
    press("纸质评分表")
    look(xu, "town-papers", phone=size is PHONE)
    blank = xu.get_by_role("link", name="打印空白评分表").last.get_attribute("href")
    assert len(PdfReader(BytesIO(xu.request.get(blank).body())).pages) == len(proposals)
    xu.get_by_role("link", name="录入 钱老师 楼道里的热茶").click()
    press.count += 1
    sheet = ("14", "17.5", "10.5", "10.5", "7", "7", "3.5")
    type_sheet(xu, sheet, amount="6000")
    xu.get_by_label("评审意见").fill("场地要先问好。")
    xu.get_by_label("这位评委已在纸质承诺书上签名").check()
    look(xu, "town-paper", phone=size is PHONE)
    press.button("录好了，下一份")
    expect(xu.get_by_role("heading", name="边角料手作")).to_be_visible()
    guan.goto("/home/")
    guan.get_by_role("link", name="纸质评分表等您录第二遍").click()
    guan.get_by_role("link", name="录第二遍").click()
    type_sheet(guan, ("14.5", *sheet[1:]), amount="6000")
    guan.get_by_role("button", name="两遍对一对，交表").click()
    expect(guan.locator(".error-summary")).to_contain_text("两次录的不一样：需求真实")
    look(guan, "town-paper-again", phone=size is PHONE)
    guan.locator("[data-score]").first.fill("14")
    guan.get_by_role("button", name="两遍对一对，交表").click()
    guan.get_by_text("两次一致，已交表").wait_for()
    assert has_handed_in(cast.qian, proposals[0])
    for proposal, points in list(zip(proposals, POINTS, strict=True))[1:]:
        assignment = assignment_of(cast.qian, proposal)
        paper = enter_paper_sheet(assignment, filled(proposal, points[4]), acting_user=cast.xu)
        check_paper_sheet(paper, filled(proposal, points[4]), acting_user=cast.guan)
    assert PaperScoreSheet.objects.waiting().count() == 0


def type_sheet(page, scores, *, amount):
    fields = page.locator("[data-score]").all()
    for field, score in zip(fields, scores, strict=True):
        field.fill(score)
    page.get_by_label("建议资助金额（元）").fill(amount)
    page.get_by_label("同意", exact=True).check()


def has_handed_in(reviewer, proposal):
    return (
        Review.objects.handed_in()
        .filter(assignment__member__reviewer=reviewer, assignment__proposal=proposal)
        .exists()
    )
