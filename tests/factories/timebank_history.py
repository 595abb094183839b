"""The dullest valid file of history: 志愿浙江's heads, a row for each service."""

import hashlib

from accounts.models import Station, User
from tests.factories.timebank_corrections import plain_phone
from timebank.models import HistoryImport
from timebank.services.history import bring_history, carry_on, propose_history

HEADS = [
    "姓名", "手机号码", "志愿者编号", "活动名称", "服务类别", "活动地点",
    "发布组织", "签到时间", "签退时间", "服务时长(小时)",
]  # fmt: skip


def history_table(*rows: tuple[User, str, str, str, str]) -> list[list[str]]:
    """Who, what, from when to when, how many hours."""
    return [
        HEADS,
        *(
            [
                who.display_name, plain_phone(who), "", what, "社区公益", "硖石街道",
                "示例服务队", start, end, hours,
            ]
            for who, what, start, end, hours in rows
        ),
    ]  # fmt: skip


def bring(station: Station, table: list[list[str]], user: User, **facts: str) -> HistoryImport:
    """Brought and looked through."""
    digest = facts.get("digest") or hashlib.sha256(str(table).encode()).hexdigest()
    history = bring_history(station, table, file_name="导出.csv", digest=digest, acting_user=user)
    return carry_on(history.pk)


def make_history(
    station: Station, table: list[list[str]], user: User, **facts: str
) -> HistoryImport:
    """Brought, looked through, and waiting for another person."""
    history = bring(station, table, user, **facts)
    return propose_history(history, reason="2025 年从志愿浙江导出", acting_user=user)
