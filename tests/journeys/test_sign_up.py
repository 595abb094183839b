"""小潮 joins with her phone, finds her way about, comes back; the demo's people are a click away.

Then 恩老师 enters an organisation, 范科长 sends it back once and verifies it.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Organisation, Region, Role, User
from config.demo.cast import Cast, bring_in_cast
from tests.cast import make_places
from tests.plugins.browser import DESKTOP, PHONE, seen

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

type OpenPage = Callable[..., Page]


@pytest.fixture
def story(transactional_db: None, settings: Any) -> Cast:
    settings.MAILERS = {"default": {"BACKEND": "accounts.outbox.OutboxEmailBackend"}}
    make_places()
    return bring_in_cast()


def newest_code(page: Page) -> str:
    """As a person does it: open the outbox in another tab and read the code."""
    with page.context.expect_page() as opened:
        page.get_by_role("main").get_by_role("link", name="演示发件箱").click()
    outbox = opened.value
    code = outbox.locator(".code-digits").first.inner_text().strip()
    seen(outbox)
    outbox.close()
    return code


@pytest.mark.parametrize(
    ("size", "contact"),
    [(PHONE, "138 0000 1234"), (DESKTOP, "xiaochao@example.com")],
    ids=["phone", "desktop"],
)
def test_joining_and_coming_back(
    open_page: OpenPage, story: Cast, size: dict[str, int], contact: str
) -> None:
    page = open_page(size)

    page.goto("/accounts/login/")
    seen(page)
    page.get_by_role("link", name="加入七彩").click()
    seen(page)
    page.get_by_label("怎么称呼您").fill("小潮")
    page.get_by_label("手机号或电子邮箱").fill(contact)
    page.get_by_label("所在社区（村）").select_option(label="南关厢社区")
    page.get_by_role("button", name="下一步").click()

    seen(page)
    page.get_by_label("六位数字").fill(newest_code(page))
    page.get_by_role("button", name="确认").click()

    expect(page.get_by_role("heading", name="小潮，您好")).to_be_visible()
    user = User.objects.get(display_name="小潮")
    role = user.roles.get()
    assert (role.kind, role.region.short_name) == (Role.Kind.VOLUNTEER, "南关厢社区")

    # She looks at herself, allows one use of her data, and leaves.
    page.goto("/me/")
    seen(page)
    page.get_by_role("button", name="同意 在光荣榜展示姓名").click()
    expect(page.get_by_role("button", name="撤回 在光荣榜展示姓名")).to_be_visible()
    page.get_by_role("main").get_by_role("button", name="退出登录").click()

    # She comes back with a code.
    page.goto("/accounts/login/")
    page.get_by_label("手机号或电子邮箱").fill(contact)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_label("六位数字").fill(newest_code(page))
    page.get_by_role("button", name="确认").click()
    expect(page.get_by_role("heading", name="小潮，您好")).to_be_visible()


def test_demo_people_are_one_click_away(open_page: OpenPage, story: Cast) -> None:
    page = open_page(PHONE)

    page.goto("/accounts/login/")
    page.get_by_role("button", name="进入 陈站长").click()

    expect(page.get_by_role("heading", name="陈站长，您好")).to_be_visible()


def test_an_organisation_is_entered_sent_back_and_verified(
    open_page: OpenPage, story: Cast
) -> None:
    phone = open_page(PHONE, user=story.anan)
    phone.goto("/me/")
    phone.get_by_role("link", name="登记一个组织").click()
    phone.get_by_role("link", name="登记组织").click()
    seen(phone)
    phone.get_by_label("名称").fill("潮生社区营造中心")
    phone.get_by_label("统一社会信用代码").fill("52330481MJ00001150")
    phone.get_by_label("所在地").select_option(label="硖石街道（全境）")
    phone.get_by_label("联系人").fill("安安")
    phone.get_by_label("联系电话").fill("100-0000-0000")
    phone.get_by_role("button", name="提交登记").click()

    # One digit was wrong; everything else is still there.
    seen(phone)
    expect(phone.get_by_label("名称")).to_have_value("潮生社区营造中心")
    phone.get_by_label("统一社会信用代码").fill("52330481mj0000115x")
    phone.get_by_role("button", name="提交登记").click()
    expect(phone.get_by_role("heading", name="潮生社区营造中心")).to_be_visible()
    seen(phone)

    desk = open_page(DESKTOP, user=story.fan)
    desk.goto("/home/")
    desk.get_by_role("link", name="待核验的组织").click()
    desk.get_by_role("link", name="潮生社区营造中心").click()
    seen(desk)
    desk.get_by_label("理由").fill("名称须写全：海宁市潮生社区营造中心")
    desk.get_by_role("button", name="退回补正").click()

    phone.goto("/me/messages/")
    phone.get_by_role("link", name="潮生社区营造中心的登记信息需要补正").click()
    phone.get_by_role("link", name="去看看").click()
    phone.get_by_role("link", name="补正并重新提交").click()
    phone.get_by_label("名称").fill("海宁市潮生社区营造中心")
    phone.get_by_role("button", name="重新提交").click()

    desk.goto("/organisations/?state=submitted")
    desk.get_by_role("link", name="海宁市潮生社区营造中心").click()
    desk.get_by_role("button", name="信息相符，核验通过").click()

    expect(desk.get_by_text("已核验通过")).to_be_visible()
    organisation = Organisation.objects.get(name="海宁市潮生社区营造中心")
    assert organisation.state == Organisation.State.VERIFIED
    assert organisation.region == Region.objects.get(code="330481001000")
