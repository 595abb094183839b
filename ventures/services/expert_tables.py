"""The pool as a table: what its columns are, a trial of every row before anything is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from re import fullmatch
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.credit_code import validate_credit_code
from accounts.services.tables import Cell, Table
from ventures.models import Expert, Round, Track

HEADS = (
    gettext_lazy("姓名"),
    gettext_lazy("手机号"),
    gettext_lazy("工作单位"),
    gettext_lazy("统一社会信用代码"),
    gettext_lazy("职称或资格"),
    gettext_lazy("领域"),
    gettext_lazy("层级"),
    gettext_lazy("聘期从"),
    gettext_lazy("聘期到"),
    gettext_lazy("最多几份"),
    gettext_lazy("备注"),
)
NAMES = (
    "name", "phone", "employer", "credit_code", "title", "tracks", "levels", "starts_on",
    "ends_on", "most", "note",
)  # fmt: skip
SHORTEST = {"name": 40, "employer": 80, "title": 60, "note": 200}


@dataclass(frozen=True)
class TriedRow:
    """One row as it was read, and what is wrong with it."""

    number: int
    name: str
    phone: str
    values: Mapping[str, Any] | None
    errors: tuple[str, ...]
    is_known: bool


def table_of(experts: Iterable[Expert]) -> Table:
    """What can be brought in again as it is."""
    return Table(
        title=_("评审专家库"), facts=(), heads=[str(head) for head in HEADS],
        rows=(_row_of(expert) for expert in experts),
    )  # fmt: skip


def sample_table() -> Table:
    """Two invented rows under the right heads, to be filled in and brought back."""
    tracks = list(Track.objects.order_by("pk")[:2])
    fields = "、".join(track.name for track in tracks)  # not shown: between names
    city, town = (str(dict(Round.Level.choices)[one]) for one in ("city", "town"))
    starts_on = timezone.localdate().replace(month=1, day=1)
    ends_on = starts_on.replace(year=starts_on.year + 1, month=12, day=31)
    term = [starts_on.isoformat(), ends_on.isoformat()]
    rows: list[list[Cell]] = [
        [
            _("演示专家甲"), "10000000901", _("示范大学社会工作系"), "", _("副教授"),
            fields, f"{city}、{town}", *term, 20, "",
        ],
        [
            _("演示专家乙"), "10000000902", _("示范会计师事务所"), "", _("注册会计师"),
            tracks[0].name if tracks else "", city, *term, "", _("只评预算"),
        ],
    ]  # fmt: skip
    heads = [str(head) for head in HEADS]
    return Table(title=_("专家名单样例"), facts=(), heads=heads, rows=rows)


def _row_of(expert: Expert) -> list[str | int | None]:
    levels = dict(Round.Level.choices)
    return [
        expert.name,
        expert.phone.removeprefix("+86"),
        expert.employer,
        expert.credit_code,
        expert.title,
        "、".join(track.name for track in expert.tracks.all()),  # not shown: between names
        "、".join(str(levels[level]) for level in expert.levels),  # not shown: between names
        expert.starts_on.isoformat(),
        expert.ends_on.isoformat() if expert.ends_on else "",
        expert.most,
        expert.note,
    ]


def try_rows(rows: Sequence[Sequence[str]], known: set[str]) -> list[TriedRow]:
    """Every row with what is wrong with it; heads and empty lines are passed over."""
    tracks = {track.name: track for track in Track.objects.all()}
    levels = {str(label): str(value) for value, label in Round.Level.choices}
    seen: set[str] = set()
    tried = []
    for number, row in enumerate(rows, start=1):
        cells = [cell.strip() for cell in row] + [""] * len(NAMES)
        if not any(cells) or cells[0] == str(HEADS[0]):
            continue
        tried.append(_try_row(number, cells, tracks, levels, known, seen))
    return tried


def _try_row(
    number: int,
    cells: Sequence[str],
    tracks: Mapping[str, Track],
    levels: Mapping[str, str],
    known: set[str],
    seen: set[str],
) -> TriedRow:
    given = dict(zip(NAMES, cells, strict=False))
    errors: list[str] = []
    for name, label in (
        ("name", _("姓名")),
        ("employer", _("工作单位")),
        ("title", _("职称或资格")),
    ):
        if not given[name]:
            errors.append(_("没有填%(what)s") % {"what": label})
    for name, most in SHORTEST.items():
        if len(given[name]) > most:
            errors.append(_("太长：最多 %(most)d 个字") % {"most": most})
    phone = _phone(given["phone"])
    if not phone:
        errors.append(_("手机号要 11 位数字"))
    elif phone in seen:
        errors.append(_("和上面一行是同一个手机号"))
    seen.add(phone)
    fields, strange = _named(given["tracks"], tracks)
    heights, unknown = _named(given["levels"], levels)
    for word in (*strange, *unknown):
        errors.append(_("认不出“%(word)s”") % {"word": word})
    if not fields and not strange:
        errors.append(_("没有填领域"))
    if not heights and not unknown:
        errors.append(_("没有填层级，如：市级、镇（街道）级"))
    starts_on, ends_on = _day(given["starts_on"]), _day(given["ends_on"])
    if starts_on is None or (given["ends_on"] and ends_on is None):
        errors.append(_("聘期要写成 2027-01-01 这样的日期"))
    elif ends_on is not None and ends_on < starts_on:
        errors.append(_("聘期结束早于开始"))
    limit = int(given["most"]) if fullmatch("[0-9]{1,3}", given["most"]) else None
    if given["most"] and not limit:
        errors.append(_("最多几份要填 1 到 999 的数，或者空着"))
    if given["credit_code"] and not _is_code(given["credit_code"]):
        errors.append(_("统一社会信用代码不对"))
    values = given | {
        "phone": phone, "tracks": fields, "levels": heights, "starts_on": starts_on,
        "ends_on": ends_on, "most": limit,
    }  # fmt: skip
    return TriedRow(
        number, given["name"], given["phone"], None if errors else values, tuple(errors),
        phone in known,
    )  # fmt: skip


def _named(words: str, known: Mapping[str, Any]) -> tuple[list[Any], list[str]]:
    given = [word for word in _split(words) if word]
    return [known[word] for word in given if word in known], [w for w in given if w not in known]


def _split(words: str) -> list[str]:
    for mark in ("，", ",", ";", "；", "/"):  # not shown: what people put between names
        words = words.replace(mark, "、")  # not shown: between names
    return [word.strip() for word in words.split("、")]  # not shown: between names


def _phone(words: str) -> str:
    digits = "".join(sign for sign in words if sign.isdigit()).removeprefix("86")
    return f"+86{digits}" if len(digits) == 11 and digits.isascii() else ""


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words.replace("/", "-").replace(".", "-")[:10])
    except ValueError:
        return None


def _is_code(code: str) -> bool:
    try:
        validate_credit_code(code)
    except ValidationError:
        return False
    return True
