"""From the panel to the public list, as its people live it: officer, reviewers, public, applicant.

The reviewer scores one proposal by keyboard; what she presses is counted. Another scores on a
phone. Every page passes axe under the real content security policy.
"""

import os
from pathlib import Path
from random import Random

import pytest
from django.db import connections
from django.templatetags.static import static
from django.utils import timezone
from pypdf import PdfReader, PdfWriter

from tests.factories.ventures_awards import hand_in, make_body, make_round_in_review, proposals_of
from tests.plugins.browser import DESKTOP, PHONE, seen
from ventures.forms.reviews import factor_of
from ventures.models import Award, PublicNotice, Review
from ventures.reckoning.scores import Item, total_of
from ventures.selectors.aggregation import total_shown

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

PICTURES = os.environ.get("QICAI_PICTURES")
# One proposal in under four minutes: at a slow two keys a second that is 480 keys. Reading is hers.
MOST_KEYS = 120


@pytest.fixture
def round(cast):
    bodies = [
        cast.organisations["enze"],
        cast.organisations["banrixian"],
        make_body("第三支服务队（演示）"),
    ]
    return make_round_in_review(cast.fan, bodies, name="2027 年度“七彩社区”市级公益创投（演示）")


@pytest.fixture
def minutes(tmp_path):
    path = tmp_path / "局党组会纪要.pdf"
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    with path.open("wb") as file:
        writer.write(file)
    return path


def look(page, name, *, phone=False):
    """No serious finding, nothing wider than the screen, and a picture if asked for."""
    seen(page)
    if PICTURES:
        size = "390" if phone else "1280"
        page.screenshot(path=str(Path(PICTURES) / f"{name}-{size}.png"), full_page=True)


ADD_UP = """async ([module, sheets]) => {
  const { sumOf, pointsOf } = await import(module);
  return sheets.map((sheet) => pointsOf(sumOf(sheet)));
}"""


def assert_adds_up_as_the_server(page):
    """The live total of 300 sheets with weights, and items outside the total, is the server's."""
    chance = Random(20)
    sheets = []
    for _sheet in range(300):
        weighs = chance.random() < 0.7
        items = [
            Item(most, chance.randint(1, 60) if weighs else None, chance.random() < 0.2)
            for most in (chance.choice((10, 30, 35, 40, 60)) for _item in range(6))
        ]
        sheets.append([(chance.randint(0, item.max_halves), item) for item in items])

    shown = page.evaluate(
        ADD_UP,
        [
            static("ventures/review_total.js"),
            [[[halves, factor_of(item)] for halves, item in sheet] for sheet in sheets],
        ],
    )

    assert shown == [
        total_shown(total_of([halves for halves, _item in sheet], [item for _h, item in sheet]))
        for sheet in sheets
    ]


class Keyboard:
    """Types as a person does and counts the keys."""

    def __init__(self, page):
        self.page, self.keys = page, 0

    def type(self, text):
        self.page.keyboard.type(text)
        self.keys += len(text)

    def press(self, key):
        self.page.keyboard.press(key)
        self.keys += 1


def test_from_panel_to_public_list(open_page, round, cast, minutes):
    reviewers = [cast.ding, cast.shen, cast.lu, cast.gu, cast.qian]
    proposals = proposals_of(round)

    # 范科长 names five reviewers.
    fan = open_page(DESKTOP, user=cast.fan)
    fan.goto(f"/rounds/{round.code}/board/")
    look(fan, "board")
    fan.get_by_role("link", name="确定评委").first.click()
    for reviewer in reviewers:
        fan.get_by_label(reviewer.display_name, exact=True).check()
    fan.get_by_label("评委会主任").select_option(label="丁老师")
    fan.get_by_label("计票人").fill("计票员")
    fan.get_by_role("button", name="确定并通知评委").click()
    fan.get_by_text("评委已确定").wait_for()
    look(fan, "panel")

    # 丁老师 signs, and scores the first proposal by keyboard.
    ding = open_page(DESKTOP, user=cast.ding)
    ding.goto("/reviews/")
    look(ding, "queue-unsigned")
    ding.get_by_role("button", name="我承诺并签署").click()
    ding.get_by_text("承诺书已签署").wait_for()
    look(ding, "queue")
    ding.get_by_role("link", name="开始评分").click()
    ding.get_by_role("heading", name="楼道里的热茶").wait_for()
    look(ding, "sheet-empty")
    hands = Keyboard(ding)
    for score in ("27.5", "25", "11.5"):
        hands.type(score)
        hands.press("Enter")
    hands.type("两人都兼职")  # 11.5 of 20 is below sixty percent: Enter led to its reason.
    hands.press("Enter")
    hands.type("18")
    hands.press("Enter")
    assert ding.locator("[data-total]").text_content() == "82"
    assert_adds_up_as_the_server(ding)
    hands.type("需求真实，做法清楚，可以执行。")
    hands.press("Enter")
    hands.press("Enter")  # empty: the amount asked for less the cuts
    assert ding.get_by_label("建议资助金额（元）").input_value() == "6150"
    hands.press("2")
    ding.get_by_text("已保存").wait_for()
    look(ding, "sheet-filled")
    hands.press("Enter")
    hands.press("Enter")
    ding.get_by_text("已交表").wait_for()
    print(f"KEYSTROKES for one proposal: {hands.keys}")
    assert hands.keys <= MOST_KEYS
    review = Review.objects.get(assignment__member__reviewer=cast.ding, state="submitted")
    assert sum(score.half_points for score in review.scores.all()) == 164
    assert review.recommendation == Review.Recommendation.REVISE

    # What she types is kept without a button, and comes back.
    ding.locator("[data-score]").first.fill("27.5")
    ding.get_by_text("已保存").wait_for()
    ding.reload()
    assert ding.locator("[data-score]").first.input_value() == "27.5"

    # 沈会计师 scores on a phone, and forgets a reason first.
    shen = open_page(PHONE, user=cast.shen, has_touch=True, is_mobile=True)
    shen.goto("/reviews/")
    shen.get_by_role("button", name="我承诺并签署").tap()
    shen.get_by_text("承诺书已签署").wait_for()
    look(shen, "queue", phone=True)
    shen.get_by_role("link", name="开始评分").tap()
    shen.get_by_role("heading", name="楼道里的热茶").wait_for()
    for field, score in zip(
        shen.locator("[data-score]").all(), ("15", "25", "17", "18"), strict=True
    ):
        field.fill(score)
    shen.get_by_label("评审意见").fill("单价偏高。")
    shen.get_by_label("建议资助金额（元）").fill("6000")
    shen.get_by_label("同意", exact=True).check()
    shen.get_by_role("button", name="交表，下一份").tap()
    shen.get_by_text("低于满分的 60%，请写理由").first.wait_for()
    look(shen, "sheet", phone=True)
    shen.locator("input[name^=why_]").first.fill("走访只有一户")
    shen.get_by_role("button", name="交表，下一份").tap()
    shen.get_by_text("已交表").wait_for()

    # The others score; 丁老师 and 沈会计师 finish.
    totals = [(82, 90, 70), (75, 88, 71), (95, 86.5, 55), (80, 87, 62), (84.5, 85, 68)]
    for reviewer, points in zip(reviewers, totals, strict=True):
        commit(reviewer)
        for proposal, total in zip(proposals, points, strict=True):
            if not Review.objects.filter(
                assignment__member__reviewer=reviewer,
                assignment__proposal=proposal,
                state="submitted",
            ).exists():
                hand_in(reviewer, proposal, total)

    # 丁老师 may not see the others' scores while the panel is open.
    ding.goto(f"/rounds/{round.code}/ranking/")
    assert ding.get_by_text("没有办理这件事的权限").is_visible()

    # 范科长 closes the panel, looks at the ranking and prints it.
    fan.goto(f"/rounds/{round.code}/panel/")
    fan.get_by_role("link", name="结束评审").click()
    fan.get_by_label("提前结束的理由").wait_for()
    look(fan, "panel-close")
    fan.get_by_role("button", name="结束评审").click()
    fan.get_by_role("heading", name="评分汇总").wait_for()
    look(fan, "ranking")
    pdf = fan.request.get(f"/rounds/{round.code}/ranking.pdf").body()
    assert "评分汇总表" in words_of(pdf, "ranking.pdf")
    assert len(PdfReader(stream(pdf)).pages) == 1
    fan.goto(f"/rounds/{round.code}/ranking/print/")
    look(fan, "ranking-print")
    fan.goto(f"/rounds/{round.code}/ranking/{proposals[0].code}/")
    look(fan, "sheets")

    # The list, the meeting, the notice.
    fan.goto(f"/rounds/{round.code}/decisions/")
    rows = {p.pk: p for p in proposals}
    for pk in rows:
        reason = fan.locator(f"[name=reason_{pk}]")
        if fan.locator(f"[name=outcome_{pk}]").input_value() == "decline":
            reason.fill("内容重复")
    last = proposals[2].pk
    fan.locator(f"[name=outcome_{last}]").select_option("decline")
    fan.locator(f"[name=reason_{last}]").fill("服务内容与已立项项目重复")
    look(fan, "decisions")
    fan.get_by_role("button", name="保存名单").click()
    fan.get_by_text("名单已拟定").wait_for()
    fan.get_by_role("link", name="记录集体决策").click()
    fan.get_by_label("局党组会", exact=True).check()
    fan.get_by_label("会议名称").fill("局党组会 2026 年第 18 次会议")
    fan.get_by_label("会议日期").fill(timezone.localdate().isoformat())
    fan.get_by_label("会议纪要文号").fill("海民党组〔2026〕演 18 号")
    fan.get_by_label("会议纪要（PDF）").set_input_files(str(minutes))
    look(fan, "resolution")
    fan.get_by_role("button", name="记录决策并安排资金").click()
    fan.get_by_text("集体决策已记录").wait_for()
    assert Award.objects.count() == 2

    fan.get_by_label("地址").fill("海宁市海昌街道演示路 1 号")
    fan.get_by_label("邮编").fill("314400")
    fan.get_by_role("button", name="看看公示什么样").click()
    fan.get_by_text("预览：发布后一个字都不能改").wait_for()
    look(fan, "notice-preview")
    fan.get_by_role("button", name="发布公示").click()
    fan.get_by_text("公示已发布").wait_for()
    notice = PublicNotice.objects.get()

    # Anybody reads it, prints it, checks it.
    for size, phone in ((DESKTOP, False), (PHONE, True)):
        public = open_page(size)
        public.goto("/notices/")
        look(public, "notices", phone=phone)
        public.get_by_role("link", name=notice.title).click()
        public.get_by_text("本页内容与发布时的指纹一致").wait_for()
        look(public, "notice", phone=phone)
    printed = words_of(public.request.get(f"/notices/{notice.code}.pdf").body(), "notice.pdf")
    for part in ("恩泽社区服务社", "监督电话", "314400", "个工作日"):
        assert part in printed

    # 恩老师 sees her own score and reasons; the notice's end makes it final.
    en = open_page(PHONE, user=cast.en)
    en.goto(f"/proposals/{proposals[0].code}/outcome/")
    en.get_by_text("公示中").first.wait_for()
    look(en, "outcome", phone=True)
    run_out(notice)
    fan.goto(notice.get_absolute_url())
    fan.get_by_role("button", name="结束公示并公告").click()
    fan.locator("dialog").get_by_role("button", name="结束公示并公告").click()
    fan.get_by_text("公告已发布").wait_for()
    look(fan, "announcement")
    en.reload()
    en.get_by_text("立项", exact=True).wait_for()


def commit(reviewer):
    from ventures.models import PanelMember
    from ventures.services.assignments import sign_commitment

    sign_commitment(PanelMember.objects.get(reviewer=reviewer), acting_user=reviewer)


def run_out(notice):
    """The owner lets the notice's days pass; nobody else can touch its words."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE ventures_publicnotice DISABLE TRIGGER USER")
        cursor.execute("UPDATE ventures_publicnotice SET closes_at = now() - interval '1 second'")
        cursor.execute("ALTER TABLE ventures_publicnotice ENABLE TRIGGER USER")


def stream(pdf):
    from io import BytesIO

    return BytesIO(pdf)


def words_of(pdf, name):
    if PICTURES:
        (Path(PICTURES) / name).write_bytes(pdf)
    return "".join(page.extract_text() for page in PdfReader(stream(pdf)).pages).replace("\n", "")
