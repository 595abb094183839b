"""Where each role finds its work: the desktop navigation and the phone's bottom bar.

One table per surface. Every page must be reachable by clicking from here.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role

type Words = str | Promise

Kind = Role.Kind


@dataclass(frozen=True)
class Item:
    """One entry: its words, address, icon, and whether the person is there now."""

    label: Words
    url: str
    icon: str
    is_current: bool


@dataclass(frozen=True)
class Entry:
    """One line of a table below: words, URL name, icon."""

    label: Words
    url_name: str
    icon: str


HOME = Entry(_("首页"), "home", "house")
FRONT = Entry(_("首页"), "front", "house")
MESSAGES = Entry(_("消息"), "accounts:message-list", "bell")
ME = Entry(_("我的"), "accounts:me", "person")

PEOPLE = Entry(_("人员"), "accounts:person-list", "people")
ORGANISATIONS = Entry(_("组织"), "accounts:organisation-list", "building")
APPOINTMENTS = Entry(_("岗位任免"), "accounts:appointment-list", "person-badge")
STATIONS = Entry(_("服务站点"), "accounts:station-list", "house-heart")
CALENDAR = Entry(_("工作日历"), "accounts:calendar", "calendar3")
DATA_WORDS = Entry(_("数据用词"), "accounts:word-list", "translate")
READING_ROOM = Entry(_("后台查阅"), "admin:index", "table")
MY_ORGANISATIONS = Entry(_("我的组织"), "accounts:organisation-own-list", "building")
MY_TIME = Entry(_("时间"), "timebank:statement", "clock-history")
MY_RECORDS = Entry(_("服务记录"), "timebank:record-list", "journal-check")
DESK = Entry(_("待确认"), "timebank:desk", "clipboard-check")
ROUNDS = Entry(_("公益创投"), "ventures:round-list", "megaphone")
ROUND_DESK = Entry(_("创投工作台"), "ventures:desk-list", "kanban")
MY_PROPOSALS = Entry(_("我们的申报"), "ventures:proposal-list", "file-earmark-text")
MY_REVIEWS = Entry(_("我的评审"), "ventures:review-queue", "clipboard-check")
NOTICES = Entry(_("公示公告"), "ventures:notice-list", "megaphone")
EXPERTS = Entry(_("评审专家库"), "ventures:expert-list", "person-badge")
NEEDS = Entry(_("民生需求清单"), "ventures:need-list", "inbox")
NEED_DESK = Entry(_("需求办理"), "ventures:need-desk", "clipboard-check")
VISITS = Entry(_("走访记录"), "ventures:visit-list", "journal-text")
MENU = Entry(_("服务菜单"), "timebank:menu", "basket")
MY_ORDERS = Entry(_("我的订单"), "timebank:order-list", "list-check")
ACTIVITIES = Entry(_("活动"), "timebank:activity-list", "calendar-event")
ACTIVITY_DESK = Entry(_("活动管理"), "timebank:activity-desk", "calendar-plus")
BOARD = Entry(_("可接单"), "timebank:board", "heart")
ORDER_DESK = Entry(_("订单台"), "timebank:desk-orders", "inbox")
STATION_MENU = Entry(_("本站菜单"), "timebank:desk-menu", "basket")
POOLS = Entry(_("爱心时间库"), "timebank:pool-list", "house-heart")
STATION_RECORDS = Entry(_("站点记录"), "timebank:station-record-list", "journal-text")

BOOKS = Entry(_("账簿"), "timebank:book-list", "book")
ACCOUNTS = Entry(_("账户"), "timebank:account-list", "people")
DISPUTES = Entry(_("争议裁定"), "timebank:dispute-list", "exclamation-circle")

NAVIGATION: dict[str, list[Entry]] = {
    Kind.VOLUNTEER: [
        HOME,
        ACTIVITIES,
        MY_TIME,
        BOARD,
        MENU,
        MY_ORDERS,
        MY_RECORDS,
        POOLS,
        NEEDS,
    ],
    Kind.RECIPIENT: [HOME, MENU, MY_ORDERS, MY_TIME, NEEDS],
    Kind.PROXY: [HOME, MENU, MY_ORDERS, MY_TIME, NEEDS],
    Kind.COORDINATOR: [
        HOME,
        ORDER_DESK,
        DESK,
        ACTIVITY_DESK,
        STATION_MENU,
        STATION_RECORDS,
        POOLS,
        NEEDS,
        PEOPLE,
        ACCOUNTS,
    ],
    Kind.COMMUNITY_WORKER: [
        HOME,
        NEED_DESK,
        VISITS,
        STATION_RECORDS,
        ACTIVITY_DESK,
        DISPUTES,
        PEOPLE,
    ],
    Kind.LEAD_WORKER: [HOME, ACTIVITY_DESK, VISITS, DISPUTES, STATION_RECORDS, MENU, POOLS],
    Kind.MEMBER: [HOME, MY_PROPOSALS, ACTIVITY_DESK, ROUNDS, NEEDS, NOTICES, MY_ORGANISATIONS],
    Kind.MANAGER: [HOME, MY_PROPOSALS, ACTIVITY_DESK, ROUNDS, NEEDS, NOTICES, MY_ORGANISATIONS],
    Kind.OPERATOR: [HOME, ROUND_DESK, ROUNDS, NEEDS, NOTICES],
    Kind.COACH: [HOME, ROUNDS, NEEDS, NOTICES],
    Kind.REVIEWER: [HOME, MY_REVIEWS, ROUNDS, NEEDS, NOTICES],
    Kind.OBSERVER: [HOME, ROUNDS, NEEDS, NOTICES],
    Kind.FINANCE: [HOME, ROUND_DESK, NOTICES, BOOKS],
    Kind.OFFICER: [
        HOME,
        ROUND_DESK,
        NEED_DESK,
        NOTICES,
        EXPERTS,
        STATION_RECORDS,
        DISPUTES,
        PEOPLE,
        ORGANISATIONS,
        APPOINTMENTS,
        STATIONS,
        BOOKS,
    ],
    Kind.AUDITOR: [
        HOME,
        ROUND_DESK,
        NEED_DESK,
        NOTICES,
        EXPERTS,
        STATION_RECORDS,
        PEOPLE,
        ORGANISATIONS,
        APPOINTMENTS,
        STATIONS,
        READING_ROOM,
        BOOKS,
    ],
    Kind.ADMINISTRATOR: [
        HOME,
        APPOINTMENTS,
        STATIONS,
        PEOPLE,
        ORGANISATIONS,
        CALENDAR,
        DATA_WORDS,
        READING_ROOM,
        BOOKS,
    ],
}

VISITOR_BAR = [FRONT, ACTIVITIES, MENU, ROUNDS, NOTICES]
OF_EVERYONE = [MESSAGES, ME]


def navigation_for(kind: str | None, path: str) -> list[Item]:
    """The desktop navigation of a role; of a visitor where there is none."""
    return _items(NAVIGATION.get(kind or "", VISITOR_BAR), path)


def bottom_bar_for(kind: str | None, signed_in: bool, path: str) -> list[Item]:
    """The phone's bottom bar: the first three entries of the role, then messages and oneself."""
    if not signed_in:
        return _items(VISITOR_BAR, path)
    own = NAVIGATION.get(kind or "", [HOME])
    items = _items([*own, *OF_EVERYONE], path)  # a page of an entry beyond the third is no tab's
    return [*items[: len(own)][:3], *items[len(own) :]]


def _items(entries: list[Entry], path: str) -> list[Item]:
    """The entries as links; the one with the longest address above the page is current."""
    urls = [reverse(entry.url_name) for entry in entries]
    above = [
        url for url in urls if path == url or (url not in ("/", "/home/") and path.startswith(url))
    ]
    current = max(above, key=len, default=None)
    return [
        Item(entry.label, url, entry.icon, url == current)
        for entry, url in zip(entries, urls, strict=True)
    ]
