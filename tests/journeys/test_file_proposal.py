"""The two-person organisation files the 简表: begun on a phone, the budget pasted, the network
lost, finished at a desk. And again without script at all.
"""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from config.demo.cast import Cast, bring_in_cast
from tests.cast import make_places
from tests.factories.ventures import make_round
from tests.plugins.browser import DESKTOP, PHONE, axe
from ventures.models import Proposal, Round
from ventures.selectors.proposal_form import REQUIRED_SHORT

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

type OpenPage = Callable[..., Page]

# As copied from WPS: a head, a numbering column, marks of currency, a line of sums.
PASTED = """序号\t费用类别\t支出内容\t单价（元）\t数量\t单位\t金额（元）\t申请资助\t配套\t测算依据
1\t业务活动费\t茶水与点心\t¥300.00\t20\t次\t6,000.00\t6,000.00\t0\t社区超市询价
2\t业务活动费\t志愿者意外保险\t40\t7.5\t人·年\t300\t150\t150\t保险公司报价单
\t合计\t\t\t\t\t6,300.00\t6,150.00\t150\t
"""


@pytest.fixture
def story(transactional_db: None) -> tuple[Cast, Round]:
    make_places()
    cast = bring_in_cast()
    round = make_round(
        created_by=cast.fan, eligibility="在海宁登记或备案的社会组织。", name="海宁市微创投（演示）"
    )
    return cast, round


def saved(page: Page) -> None:
    """Wait until everything typed has reached the server."""
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")


def begin(page: Page, round: Round) -> None:
    """From the call to an editor whose script has taken over."""
    page.goto(f"/rounds/{round.code}/apply/")
    page.get_by_role("button", name="开始填写").click()
    expect(page.locator("[data-progress-total]")).to_have_text(re.compile(r"\d / \d"))


def paste(page: Page, text: str) -> None:
    """Paste into the box for rows, as a phone's paste does."""
    page.get_by_text("从 Excel 或 WPS 粘贴").click()
    page.locator("[data-paste-text]").evaluate(
        "(box, text) => { box.value = text; "
        "box.dispatchEvent(new Event('input', {bubbles: true})) }",
        text,
    )


def test_two_people_file_the_short_form(open_page: OpenPage, story: tuple[Cast, Round]):
    cast, round = story
    assert len(REQUIRED_SHORT) <= 12

    # On the phone: from the public call to a draft.
    phone = open_page(PHONE, user=cast.enxiao)
    phone.goto(f"/rounds/{round.code}/")
    assert axe(phone) == []
    phone.get_by_role("link", name="开始申报").click()
    phone.get_by_role("button", name="开始填写").click()
    expect(phone.get_by_role("heading", name="填写申报书")).to_be_visible()
    assert axe(phone) == []

    # Seven of twelve fields; two are known from the organisation.
    phone.get_by_label("项目名称").fill("楼道里的热茶")
    phone.get_by_label("老年人").check()
    phone.get_by_label("服务型").check()
    phone.locator("summary", has_text="硖石街道").click()
    phone.get_by_label("南关厢社区").check()
    phone.get_by_label("直接服务人数").fill("30")
    phone.get_by_label("服务人次").fill("约三百")
    saved(phone)
    expect(phone.locator(".field--wrong")).to_have_count(1)
    proposal = Proposal.objects.get()
    assert proposal.title == "楼道里的热茶"
    assert proposal.typed == {"person_times": "约三百"}
    phone.get_by_label("服务人次").fill("300")
    saved(phone)
    expect(phone.locator(".field--wrong")).to_have_count(0)

    # The budget comes from WPS, sums and all.
    paste(phone, PASTED)
    expect(phone.locator("[data-requested]")).to_have_text("¥6,150.00")
    saved(phone)
    proposal.refresh_from_db()
    assert (proposal.requested_fen, proposal.matching_fen) == (615_000, 15_000)
    assert [line.quantity_hundredths for line in proposal.budget_lines.all()] == [2_000, 750]

    # The network goes; what is typed stays on the phone and is sent when it comes back.
    phone.context.set_offline(True)
    phone.get_by_label("需求从哪来").fill("走访了 30 户独居老人，21 户说一周没人说话。")
    expect(phone.locator("[data-save-state]")).to_have_attribute("data-state", "offline")
    kept = json.loads(phone.evaluate(f"localStorage.getItem('qicai-draft:{proposal.code}')"))
    assert kept["fields"] == [["need_from", "走访了 30 户独居老人，21 户说一周没人说话。"]]
    phone.context.set_offline(False)
    saved(phone)
    proposal.refresh_from_db()
    assert proposal.need_from.startswith("走访了 30 户")
    assert phone.evaluate(f"localStorage.getItem('qicai-draft:{proposal.code}')") is None

    # At a desk the colleague goes on, while the phone still shows the older page.
    desk = open_page(DESKTOP, user=cast.en)
    desk.goto(f"/proposals/{proposal.code}/edit/")
    expect(desk.get_by_label("项目名称")).to_have_value("楼道里的热茶")
    desk.get_by_label("做什么").fill("每周三下午在楼道口摆茶，两名志愿者陪老人说话。")
    desk.get_by_label("几次、几人、何时").fill("每周 1 次，共 20 次。")
    saved(desk)
    assert axe(desk) == []

    # The phone's save is refused, nothing overwritten; both versions are shown.
    phone.get_by_label("做什么").fill("手机上另写的一句")
    expect(phone.locator("[data-conflict]")).to_be_visible()
    expect(phone.locator("[data-conflict-list]")).to_contain_text("每周三下午在楼道口摆茶")
    expect(phone.locator("[data-conflict-list]")).to_contain_text("手机上另写的一句")
    assert axe(phone) == []
    proposal.refresh_from_db()
    assert proposal.plan.startswith("每周三下午")
    phone.get_by_role("button", name="用已保存的那一份").click()
    expect(phone.get_by_label("做什么")).to_have_value(
        "每周三下午在楼道口摆茶，两名志愿者陪老人说话。"
    )

    # What is missing is said; then it is handed in.
    desk.get_by_role("button", name="检查并提交").click()
    expect(desk.get_by_text("还差 1 项")).to_be_visible()
    expect(desk.get_by_role("button", name="提交申报书")).to_be_disabled()
    desk.get_by_role("link", name="填写安全与保险").click()
    desk.get_by_role("textbox", name="安全与保险").fill("志愿者意外险；热水由社工看管。")
    saved(desk)
    desk.get_by_role("button", name="检查并提交").click()
    assert axe(desk) == []
    desk.get_by_role("button", name="提交申报书").click()
    expect(desk.get_by_role("heading", name="申报书已提交")).to_be_visible()
    version = proposal.versions.get()
    expect(desk.get_by_text(version.sha256)).to_be_visible()
    assert axe(desk) == []
    desk.get_by_role("link", name="打印签章页").click()
    expect(desk.get_by_text("实施社区意见")).to_be_visible()
    assert axe(desk) == []


def test_text_kept_on_the_device_comes_back(open_page: OpenPage, story: tuple[Cast, Round]):
    """The page was closed before the network came back."""
    cast, round = story
    page = open_page(PHONE, user=cast.en)
    begin(page, round)
    page.context.set_offline(True)
    page.get_by_label("项目名称").fill("没网的时候写的")
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "offline")

    page.context.set_offline(False)
    other = page.context.new_page()
    url = page.url
    page.close()
    other.goto(url)

    expect(other.get_by_label("项目名称")).to_have_value("没网的时候写的")
    saved(other)
    assert Proposal.objects.get().title == "没网的时候写的"


def test_lost_answer_is_no_conflict(
    open_page: OpenPage, story: tuple[Cast, Round], console_errors: list[str]
):
    """The server had the save, the phone never heard of it, and the person wrote on."""
    cast, round = story
    page = open_page(PHONE, user=cast.en)
    begin(page, round)
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/save/", lose_the_first)
    page.get_by_label("项目名称").fill("第一句")
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "offline")
    page.get_by_label("项目名称").fill("第一句，写完了")
    saved(page)

    assert lost == [200]
    proposal = Proposal.objects.get()
    assert (proposal.title, proposal.revision) == ("第一句，写完了", 2)
    console_errors.clear()  # Chromium's own line about the request that was cut


def test_after_the_close_the_page_says_so_and_keeps_the_text(
    open_page: OpenPage, story: tuple[Cast, Round]
):
    cast, round = story
    page = open_page(PHONE, user=cast.en)
    begin(page, round)
    Round.objects.filter(pk=round.pk).update(
        opens_at=round.opens_at - timedelta(days=9), closes_at=round.opens_at
    )

    page.get_by_label("项目名称").fill("晚了一步")

    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "closed")
    expect(page.locator("[data-save-state]")).to_contain_text("截止")
    assert Proposal.objects.get().title == ""
    assert page.get_by_label("项目名称").input_value() == "晚了一步"


def test_plain_form_works_without_script(open_page: OpenPage, story: tuple[Cast, Round]):
    cast, round = story
    page = open_page(PHONE, user=cast.en, java_script_enabled=False)
    page.goto(f"/rounds/{round.code}/apply/")
    page.get_by_role("button", name="开始填写").click()

    fill_plainly(page)
    page.get_by_role("button", name="检查并提交").click()
    page.get_by_role("button", name="提交申报书").click()

    expect(page.get_by_role("heading", name="申报书已提交")).to_be_visible()
    assert Proposal.objects.get().requested_fen == 600_000


def fill_plainly(page: Page) -> None:
    words: dict[str, Any] = {
        "项目名称": "楼道里的热茶",
        "直接服务人数": "30",
        "服务人次": "300",
        "需求从哪来": "走访",
        "做什么": "摆茶",
        "几次、几人、何时": "二十次",
        "安全与保险": "意外险",
        "第 1 行 支出内容": "茶水",
        "第 1 行 单价": "300",
        "第 1 行 数量": "20",
        "第 1 行 单位": "次",
    }
    for label, text in words.items():
        page.get_by_role("textbox", name=label, exact=True).fill(text)
    page.get_by_label("老年人").check()
    page.get_by_label("服务型").check()
    page.locator("summary", has_text="硖石街道").click()
    page.get_by_label("南关厢社区").check()
