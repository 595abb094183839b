"""Read the tables of other systems: which one it is, which column is which, what a row says.

The heads are those of the sample files in `timebank/data/history`; no system publishes its own, so
each format also takes the spellings people's sheets use. Nothing is judged here beyond what cannot
be read at all; that is `services.history_trials`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from timebank.models.history import HistoryImport

Origin = HistoryImport.Origin
HEAD_WITHIN = 6
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")  # not shown: files say it so
CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})(?::\d{2})?\s*$")
SPAN = re.compile(r"^(?:(\d+(?:\.\d+)?)(?:小时|时|h)?)?(?:(\d+)(?:分钟|分))?$")  # not shown: so too
ONLY_MINUTES = re.compile(r"^(\d+)(?:分钟|分)$")  # not shown: likewise

COMMON = {
    "name": ("姓名", "志愿者姓名", "真实姓名", "志愿者", "全名"),  # not shown: files say so
    "phone": ("手机号", "手机号码", "联系电话", "电话"),  # not shown: likewise
    "what": ("活动名称", "项目名称", "服务内容", "服务项目", "项目", "活动"),  # not shown: likewise
    "category": ("服务类别", "服务类型", "活动类型"),  # not shown: likewise
    "place": ("服务地点", "活动地点", "活动地址", "地点"),  # not shown: likewise
    "led_by": ("活动负责人", "负责人", "联系人"),  # not shown: likewise
    "for_whom": ("服务对象",),  # not shown: likewise
    "day": ("服务日期", "活动日期", "日期"),  # not shown: likewise
    "start": ("签到时间", "开始时间", "服务开始时间"),  # not shown: likewise
    "end": ("签退时间", "结束时间", "服务结束时间"),  # not shown: likewise
    "hours": ("服务时长(小时)", "服务时长（小时）", "服务时长", "时长"),  # not shown: likewise
    "reference": ("记录编号", "编号", "流水号"),  # not shown: likewise
}

# Heads that say too little to be sure of: offered as a guess, which a person looks at.
LIKELY = {
    "day": ("志愿时间", "服务时间", "时间"),  # not shown: likewise
}


@dataclass(frozen=True)
class Format:
    """One system's table: the heads only it has, and how it spells the others."""

    origin: str
    signs: tuple[str, ...]
    spelt: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def columns(self, cells: Sequence[str]) -> dict[str, int]:
        """Which of our words stands in which column of this row of heads."""
        found = {}
        for name, spellings in COMMON.items():
            for words in (*self.spelt.get(name, ()), *spellings):
                if words in cells:
                    found[name] = cells.index(words)
                    break
        return found


FORMATS = (
    Format(
        Origin.ZHEJIANG,
        signs=("志愿者编号", "发布组织"),  # not shown: likewise
        spelt={"reference": ("签到记录号",), "place": ("活动地点",)},  # not shown: likewise
    ),
    Format(
        Origin.ZHIYUANHUI,
        signs=("信用时数", "荣誉时数", "主办方"),  # not shown: likewise
        spelt={
            "hours": ("信用时数", "荣誉时数"),  # not shown: likewise
            "reference": ("时数记录ID",),  # not shown: likewise
        },
    ),
    Format(Origin.SHEET, signs=()),
)


@dataclass(frozen=True)
class Recognised:
    """Which table it is, where its heads stand, which column is which."""

    origin: str
    head_at: int
    columns: dict[str, int]
    heads: dict[str, str]
    """Our word and the head that was taken for it, to be shown."""

    @property
    def missing(self) -> list[str]:
        """Heads without which no row can be read."""
        return lacking(self.columns)


def lacking(columns: Mapping[str, int]) -> list[str]:
    """Which of the heads are not there that every row is read by, as a sheet would say them."""
    needed = ("name", "phone", "what")
    missing = [COMMON[name][0] for name in needed if name not in columns]
    if "start" not in columns and "day" not in columns:
        missing.append(COMMON["start"][0])
    if "end" not in columns and "hours" not in columns:
        missing.append(COMMON["hours"][0])
    return missing


def recognise(table: Sequence[Sequence[str]]) -> Recognised:
    """The format that knows most of the heads; a plain sheet when none has its own."""
    best = Recognised(Origin.SHEET, 0, {}, {})
    most = -1
    for place, cells in enumerate(table[:HEAD_WITHIN]):
        for form in FORMATS:
            columns = form.columns(cells)
            signs = sum(sign in cells for sign in form.signs)
            if form.signs and not signs:
                continue
            if len(columns) and len(columns) + signs > most:
                most = len(columns) + signs
                heads = {name: cells[at] for name, at in columns.items()}
                best = Recognised(form.origin, place, columns, heads)
    return best


@dataclass
class ReadRow:
    """A row in our words. `starts_at` is missing where the file knows the day alone."""

    number: int
    name: str = ""
    phone: str = ""
    what: str = ""
    category: str = ""
    place: str = ""
    led_by: str = ""
    for_whom: str = ""
    reference: str = ""
    day: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    minutes: int = 0
    person_id: int | None = None
    errors: list[str] = field(default_factory=list)


def read_row(number: int, cells: Sequence[str], columns: dict[str, int]) -> ReadRow:
    """What a row says; what cannot be read is said in its errors."""

    def cell(name: str) -> str:
        place = columns.get(name)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    row = ReadRow(
        number=number,
        name=cell("name")[:40],
        phone=cell("phone").replace(" ", "").replace("-", "")[:20],
        what=cell("what")[:200],
        category=cell("category")[:40],
        place=cell("place")[:60],
        led_by=cell("led_by")[:40],
        for_whom=cell("for_whom")[:40],
        reference=cell("reference")[:60],
    )
    if not row.what:
        row.errors.append(_("没有活动名称或服务内容。"))
    row.day = _day_of(cell("day")) or _day_of(cell("start"))
    if row.day is None:
        row.errors.append(_("看不懂日期“%(words)s”。") % {"words": cell("day") or cell("start")})
        return row
    row.starts_at = _moment_of(cell("start"), row.day)
    row.ends_at = _moment_of(cell("end"), row.day)
    _read_minutes(row, cell("hours"))
    return row


def _read_minutes(row: ReadRow, words: str) -> None:
    """The time served, and the end where only the time served is told."""
    span = None
    if row.starts_at and row.ends_at:
        span = int((row.ends_at - row.starts_at).total_seconds() // 60)
        if span <= 0:
            row.errors.append(_("结束时间不晚于开始时间。"))
            return
    told = minutes_of(words) if words else span
    if told is None:
        row.errors.append(
            _("看不懂时长“%(words)s”，例如 2.5。") % {"words": words}
            if words
            else _("没有时长，也没有起止时间。")
        )
        return
    row.minutes = told
    if not 1 <= told <= 1440:
        row.errors.append(_("时长要在 1 分钟到 24 小时之间。"))
    elif span is not None and told > span:
        row.errors.append(_("时长比起止时间之间还长。"))
    elif span is None and row.starts_at is not None:
        row.ends_at = row.starts_at + timedelta(minutes=told)


def minutes_of(words: str) -> int | None:
    """2.5, 2.5小时, 2小时30分, 150分钟: whole minutes, half up."""
    words = words.replace(" ", "")
    alone = ONLY_MINUTES.match(words)
    if alone:
        return int(alone.group(1))
    found = SPAN.match(words)
    if not words or found is None:
        return None
    hours, minutes = found.groups()
    return int(float(hours or 0) * 60 + 0.5) + int(minutes or 0)


def _day_of(words: str) -> date | None:
    found = DAY.search(words)
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def _moment_of(words: str, day: date) -> datetime | None:
    """A day and a time; a time alone is on the row's day; a day alone is no moment."""
    clock = CLOCK.search(words)
    if clock is None:
        return None
    hour, minute = map(int, clock.groups())
    if hour > 23 or minute > 59:
        return None
    return timezone.make_aware(datetime.combine(_day_of(words) or day, time(hour, minute)))
