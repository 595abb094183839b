"""A visit becomes a need, the need a call, and the two-person organisation files the 简表: begun on
a phone, the budget pasted, the network lost, finished at a desk. And again without script at all.
"""

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from config.demo.cast import Cast, bring_in_cast
from tests.cast import make_places
from tests.factories.ventures import make_round
from tests.plugins.browser import DESKTOP, PHONE, seen
from ventures.models import Need, Proposal, Round
from ventures.selectors.proposal_form import REQUIRED_SHORT

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

type OpenPage = Callable[..., Page]

# As copied from WPS: a head, a numbering column, marks of currency, a line of sums.
# How long the editor waits for the next key before it sends what was typed, and a little.
PAUSE = 1_000  # milliseconds

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


def saved(page: Page, state: str = "saved") -> None:
    """Wait until everything typed has reached the server, or the editor has said why it has not.

    Its pause is leapt over.
    """
    page.clock.fast_forward(PAUSE)
    page.locator(f"[data-save-state][data-state='{state}']").wait_for(state="attached")


def begin(page: Page, round: Round) -> None:
    """From the call to an editor whose script has taken over."""
    page.clock.install()
    page.goto(f"/rounds/{round.code}/apply/")
    page.get_by_role("button", name="开始填写").click()
    expect(page.locator("[data-progress-total]")).to_have_text(re.compile(r"\d / \d"))


def paste(page: Page, text: str, steps: list[str]) -> None:
    """Paste into the box for rows, as a phone's paste does; look, then take them."""
    page.get_by_text("从 Excel 或 WPS 粘贴").click()
    page.locator("[data-paste-text]").evaluate(
        "(box, text) => { box.value = text; "
        "box.dispatchEvent(new Event('input', {bubbles: true})) }",
        text,
    )
    expect(page.locator("[data-paste-preview] tbody tr")).to_have_count(2)
    page.get_by_role("button", name="用这些行替换预算表").click()
    steps += ["open the box", "paste", "take the rows"]


class Hands:
    """What a person does, step by step, so that the steps can be counted."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.filled: set[str] = set()

    def press(self, target: Locator) -> None:
        self.steps.append(str(target))
        target.click()

    def write(self, page: Page, label: str, text: str) -> None:
        self.steps.append(label)
        self.filled.add(label)
        page.get_by_role("textbox", name=label, exact=True).fill(text)

    def choose(self, page: Page, label: str) -> None:
        self.steps.append(label)
        self.filled.add(label)
        page.get_by_label(label).first.check()


def test_two_people_file_the_short_form(open_page: OpenPage, story: tuple[Cast, Round]):
    """One story from a visit to the receipt, its signed page and a return, on phones: the
    applicant fills 12 fields in at most 40 steps."""
    cast, round = story
    hands = Hands()
    assert len(REQUIRED_SHORT) == 12
    Round.objects.filter(pk=round.pk).update(
        signature_due_on=timezone.localdate() + timedelta(days=20)
    )
    fan = open_page(DESKTOP, user=cast.fan)
    need = from_a_visit_to_the_call(open_page(PHONE, user=cast.xia), fan, round)

    # On the phone: from the need on the board to the call, to a draft.
    phone = open_page(PHONE, user=cast.enxiao)
    phone.clock.install()
    phone.goto(need.get_absolute_url())
    expect(phone.get_by_text("张家")).to_have_count(0)
    hands.press(phone.get_by_role("link", name=round.name).first)
    seen(phone)
    hands.press(phone.get_by_role("link", name="开始申报"))
    hands.press(phone.get_by_role("button", name="开始填写"))
    expect(phone.get_by_role("heading", name="填写申报书")).to_be_visible()
    seen(phone)
    proposal = Proposal.objects.get()

    # Seven of twelve fields; two are known from the organisation. The need is picked, not typed.
    hands.write(phone, "项目名称", "楼道里的热茶")
    hands.choose(phone, "老年人")
    hands.choose(phone, "服务型")
    hands.press(phone.locator("summary", has_text="硖石街道"))
    hands.choose(phone, "南关厢社区")
    hands.write(phone, "直接服务人数", "30")
    phone.get_by_role("textbox", name="服务人次", exact=True).fill("约三百")
    saved(phone)
    expect(phone.locator(".field--wrong")).to_have_count(1)
    proposal.refresh_from_db()
    assert (proposal.title, proposal.typed) == ("楼道里的热茶", {"person_times": "约三百"})
    hands.write(phone, "服务人次", "300")
    hands.press(phone.locator("summary", has_text="需求清单"))
    hands.choose(phone, need.title)
    saved(phone)
    expect(phone.locator(".field--wrong")).to_have_count(0)
    assert list(proposal.needs.all()) == [need]

    # The budget comes from WPS, sums and all; a slip is taken back.
    paste(phone, PASTED, hands.steps)
    expect(phone.locator("[data-sum='requested']")).to_have_text("¥6,150.00")
    phone.get_by_role("button", name="撤销粘贴").click()
    expect(phone.locator("[data-sum='requested']")).to_have_text("¥0.00")
    phone.get_by_text("从 Excel 或 WPS 粘贴").click()
    paste(phone, PASTED, [])
    saved(phone)
    proposal.refresh_from_db()
    assert (proposal.requested_fen, proposal.matching_fen) == (615_000, 15_000)
    assert [line.quantity_hundredths for line in proposal.budget_lines.all()] == [2_000, 750]

    # The network goes; what is typed stays on the phone and is sent when it comes back.
    phone.context.set_offline(True)
    hands.write(phone, "需求从哪来", "走访了 30 户独居老人，21 户说一周没人说话。")
    saved(phone, "offline")
    kept = json.loads(phone.evaluate(f"localStorage.getItem('qicai-draft:{proposal.code}')"))
    assert kept["fields"] == [["need_from", "走访了 30 户独居老人，21 户说一周没人说话。"]]
    phone.context.set_offline(False)
    saved(phone)
    proposal.refresh_from_db()
    assert proposal.need_from.startswith("走访了 30 户")
    assert phone.evaluate(f"localStorage.getItem('qicai-draft:{proposal.code}')") is None

    # At a desk the colleague goes on, while the phone still shows the older page.
    desk = open_page(DESKTOP, user=cast.en)
    desk.clock.install()
    desk.goto(f"/proposals/{proposal.code}/edit/")
    expect(desk.get_by_label("项目名称")).to_have_value("楼道里的热茶")
    hands.write(desk, "做什么", "每周三下午在楼道口摆茶，两名志愿者陪老人说话。")
    hands.write(desk, "几次、几人、何时", "每周 1 次，共 20 次。")
    saved(desk)
    seen(desk)

    # The phone's save is refused, nothing overwritten; of two places she keeps one of each.
    phone.get_by_role("textbox", name="做什么", exact=True).fill("手机上另写的一句")
    phone.get_by_role("textbox", name="几次、几人、何时", exact=True).fill("每周 2 次，共 20 次。")
    expect(phone.locator("[data-conflict]")).to_be_visible()
    expect(phone.locator("[data-conflict-list]")).to_contain_text("每周三下午在楼道口摆茶")
    seen(phone)
    proposal.refresh_from_db()
    assert proposal.plan.startswith("每周三下午")
    expect(phone.get_by_role("button", name="就这样保存")).to_be_disabled()
    phone.locator("input[name='conflict-plan'][value='theirs']").check()
    if phone.locator("input[name='conflict-schedule']").count():
        phone.locator("input[name='conflict-schedule'][value='mine']").check()
    phone.get_by_role("button", name="就这样保存").click()
    expect(phone.get_by_role("textbox", name="做什么", exact=True)).to_have_value(
        "每周三下午在楼道口摆茶，两名志愿者陪老人说话。"
    )
    saved(phone)
    proposal.refresh_from_db()
    assert proposal.schedule == "每周 2 次，共 20 次。"

    # What is missing is said; then it is handed in.
    desk.reload()
    hands.press(desk.get_by_role("button", name="检查并提交"))
    expect(desk.get_by_text("还差 1 项")).to_be_visible()
    expect(desk.get_by_role("button", name="提交申报书")).to_be_disabled()
    hands.press(desk.get_by_role("link", name="填写安全与保险"))
    hands.write(desk, "安全与保险", "志愿者意外险；热水由社工看管。")
    saved(desk)
    hands.press(desk.get_by_role("button", name="检查并提交"))
    seen(desk)
    hands.press(desk.get_by_role("button", name="提交申报书"))
    expect(desk.get_by_role("heading", name="申报书已提交")).to_be_visible()
    version = proposal.versions.get()
    expect(desk.get_by_text(version.sha256)).to_be_visible()
    seen(desk)

    # The 签章页 is printed from the PDF; the phone takes its picture.
    with desk.expect_download() as download:
        hands.press(desk.get_by_role("link", name="申报书 PDF"))
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    phone.goto(f"/proposals/{proposal.code}/")
    hands.press(phone.locator("summary", has_text="上传材料"))
    phone.get_by_label("文件").set_input_files(
        {"name": "签章页.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
    )
    hands.press(phone.get_by_role("button", name="上传", exact=True))
    expect(phone.get_by_role("link", name="签章页.jpg")).to_be_visible()
    assert proposal.files.get().kind == "signature"
    assert len(hands.steps) <= 40, hands.steps
    assert len(hands.filled - {need.title}) <= 12, hands.filled

    # Returned with one marked field, completed and handed in again.
    fan.goto(f"/rounds/{round.code}/desk/")
    fan.get_by_role("link", name="楼道里的热茶").click()
    fan.get_by_role("link", name="退回补正").click()
    fan.get_by_label("退回原因").fill("写清雨天怎么办")
    fan.get_by_label("安全与保险").check()
    seen(fan)
    fan.get_by_role("button", name="退回", exact=True).click()
    expect(fan.get_by_text("已退回补正，并通知申报方。")).to_be_visible()
    phone.goto(f"/proposals/{proposal.code}/edit/")
    expect(phone.get_by_text("写清雨天怎么办")).to_be_visible()
    phone.get_by_role("textbox", name="安全与保险").fill("志愿者意外险；雨天改在社区室内。")
    saved(phone)
    phone.get_by_role("button", name="检查并提交").click()
    phone.get_by_role("button", name="提交申报书").click()
    expect(phone.get_by_role("heading", name="申报书已提交")).to_be_visible()
    assert [one.number for one in proposal.versions.order_by("number")] == [1, 2]


def from_a_visit_to_the_call(xia: Page, fan: Page, round: Round) -> Need:
    """夏社工 writes a visit down on her phone and makes it a need with one tap; 范科长 lists it and
    has the round call for projects about it."""
    xia.goto("/home/")
    xia.get_by_role("link", name="记一次走访").click()
    seen(xia)
    xia.get_by_label("走访笔记").fill("张家老人在家一周没人说话")
    xia.get_by_label("缺什么").fill("独居老人没人说话")
    xia.get_by_label("谁的需要").select_option(label="老年人")
    xia.get_by_role("button", name="记下").click()
    seen(xia)
    xia.get_by_role("button", name="转成需求").click()
    expect(xia.get_by_text("已转成需求，等另一位工作人员预审")).to_be_visible()
    seen(xia)
    fan.goto("/home/")
    fan.get_by_role("link", name="需求等待预审").click()
    fan.get_by_role("link", name="独居老人没人说话").click()
    fan.get_by_role("link", name="通过预审，列入清单").click()
    fan.get_by_role("button", name="通过预审，列入清单").click()
    expect(fan.get_by_text("已列入清单。")).to_be_visible()
    fan.get_by_role("link", name="列入征集指引").click()
    fan.get_by_label("列入哪一轮").select_option(value=str(round.pk))
    fan.get_by_label("给居民的答复").fill("列入本轮征集。")
    seen(fan)
    fan.get_by_role("button", name="列入征集指引").click()
    expect(fan.get_by_role("link", name=round.name).first).to_be_visible()
    return Need.objects.get()


def a_photo() -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(picture, "JPEG")
    return picture.getvalue()


# Cells as Excel and WPS put them on the clipboard: merged, headed in two lines, accounting style.
EXCEL = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body><!--StartFragment--><table>
<tr><td colspan=10>项目预算表</td></tr>
<tr><td rowspan=2>费用类别</td><td rowspan=2>支出内容</td><td rowspan=2>单价（元）</td>
<td rowspan=2>数量</td><td rowspan=2>单位</td><td rowspan=2>金额（元）</td>
<td rowspan=2>其中：申请资助</td><td colspan=2>其中：配套</td><td rowspan=2>测算依据</td></tr>
<tr><td>现金</td><td>实物</td></tr>
<tr><td rowspan=2>业务活动费</td><td>茶水</td><td> ￥ 1,300.50 </td><td>２</td><td>次</td>
<td>2,601.00</td><td>2,601.00</td><td> -   </td><td> -   </td><td>询价</td></tr>
<tr><td>场地</td><td>200</td><td>8</td><td>次</td><td>1,600</td><td>0</td><td>600</td><td>1,000</td>
<td>社区提供</td></tr>
<tr><td>合计</td><td></td><td></td><td></td><td></td><td>4,201</td><td></td><td></td><td></td><td></td></tr>
</table><!--EndFragment--></body></html>"""
WPS = "1\t管理费用\t账务\t300\t1\t项\t300\t300\t0\t不超过 10%\n2\t税费\t税\t30\t1\t项\t30\t30\t\t"


def test_cells_of_excel_and_wps_are_read(open_page: OpenPage, story: tuple[Cast, Round]):
    cast, round = story
    page = open_page(DESKTOP, user=cast.en)
    begin(page, round)
    read = """async ([html, text]) => {
      const script = document.querySelector('script[src*="ventures/editor"]').src;
      const { budgetLines, cells, cellsOfHtml } = await import(script.replace('editor', 'paste'));
      const labels = [...document.querySelector('[data-column="cost_class"] select').options];
      const classes = Object.fromEntries(labels.map((one) => [one.value, one.text]));
      return [budgetLines(cellsOfHtml(html), { classes }), budgetLines(cells(text), { classes })];
    }"""

    excel, wps = page.evaluate(read, [EXCEL, WPS])

    assert [line["cost_class"] for line in excel] == ["activity", "activity"]
    assert excel[0] | {"cash": "", "in_kind": ""} == {
        "cost_class": "activity",
        "purpose": "茶水",
        "unit_price": "1300.50",
        "quantity": "2",
        "unit": "次",
        "amount": "2601",
        "requested": "2601",
        "cash": "",
        "in_kind": "",
        "basis": "询价",
    }
    assert (excel[1]["cash"], excel[1]["in_kind"]) == ("600", "1000")
    assert [(one["cost_class"], one["purpose"], one["basis"]) for one in wps] == [
        ("management", "账务", "不超过 10%"),
        ("tax", "税", ""),
    ]


def test_text_kept_on_the_device_comes_back(open_page: OpenPage, story: tuple[Cast, Round]):
    """The page was closed before the network came back."""
    cast, round = story
    page = open_page(PHONE, user=cast.en)
    begin(page, round)
    page.context.set_offline(True)
    page.get_by_label("项目名称").fill("没网的时候写的")
    saved(page, "offline")

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
    saved(page, "offline")
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

    saved(page, "closed")
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
