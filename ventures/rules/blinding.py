"""盲评: what of a proposal tells who applies, and the text with it taken out. Pure.

A field has a key: `plan`, `risks.2.measure` (row and column of a table), `budget.3.purpose`,
`answers.q4`, `answers.q5.1.2`. What is written in its place is shown, empty or not; without that,
fields known to tell are withheld, the others are shown as they are.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from ventures.models import Question
from ventures.models.plans import PARTS

TEXTS = (
    "title",
    "need_from",
    "plan",
    "schedule",
    "aims",
    "plan_detail",
    "indicators",
    "sustainability",
    "safety",
)
# Known to tell who applies: nothing of them is shown unless somebody wrote what may be.
TELLING = ("team_name", "team", "communities", "needs", "need_code")
# Never shown, and not to be replaced either.
WITHHELD = ("responsible_name", "responsible_phone")
# Columns of tables that hold words, and those of them that tell.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "activities": ("title",),
    "milestones": ("what", "proof"),
    "members": ("name", "duty", "certificate_number"),
    "risks": ("risk", "measure", "insurance"),
    "outcomes": ("name", "baseline", "target", "how"),
}
TELLING_COLUMNS = {("members", "name"), ("members", "certificate_number")}
BUDGET_COLUMNS = ("purpose", "basis")
# Figures, days, choices from lists: they tell nothing. What is not named here or above is left out.
HARMLESS = (
    "round",
    "tier",
    "form",
    "track",
    "kind",
    "starts_on",
    "ends_on",
    "beneficiaries",
    "person_times",
    "budget",
    "requested_fen",
    "matching_fen",
    "form_version",
    "not_required",
    "answers",
)
REPLACED = ("code", "applicant", "host", "partners", "files")
KNOWN = {*TEXTS, *TELLING, *WITHHELD, *COLUMNS, *HARMLESS, *REPLACED}
WORDED = (Question.Kind.SHORT_TEXT, Question.Kind.LONG_TEXT)

assert set(COLUMNS) == set(PARTS), "a new table says which of its columns hold words"


@dataclass(frozen=True)
class Place:
    """Where words stand in a snapshot, and what they say there."""

    key: str
    words: str
    tells: bool = False


def places_in(snapshot: Mapping[str, Any]) -> Iterator[Place]:
    """Everything in a snapshot that can be rewritten, in reading order; empty fields left out."""
    for name in (*TEXTS, *TELLING):
        words = _words_of(snapshot, name)
        if words:
            yield Place(name, words, name in TELLING)
    for part, columns in COLUMNS.items():
        for row, cells in enumerate(snapshot.get(part, ()), start=1):
            for column in columns:
                if words := str(cells.get(column) or ""):
                    yield Place(f"{part}.{row}.{column}", words, (part, column) in TELLING_COLUMNS)
    for line in snapshot["budget"]:
        for column in BUDGET_COLUMNS:
            if words := str(line[column] or ""):
                yield Place(f"budget.{line['position']}.{column}", words)
    for answer in snapshot.get("answers", ()):
        yield from _places_of_answer(answer)


def _words_of(snapshot: Mapping[str, Any], name: str) -> str:
    value: Any = snapshot.get(name) or ""
    if name == "communities":
        return "、".join(one["name"] for one in value)
    if name == "needs":
        return "；".join(f"{one['number']} {one['title']}".strip() for one in value)
    return str(value)


def _places_of_answer(answer: Mapping[str, Any]) -> Iterator[Place]:
    code = f"answers.{answer['code']}"
    if answer["kind"] in WORDED and answer["value"]:
        yield Place(code, str(answer["value"]))
    if answer["kind"] == Question.Kind.TABLE:
        for row, cells in enumerate(answer["value"], start=1):
            for column, (head, cell) in enumerate(
                zip(answer["columns"], cells, strict=True), start=1
            ):
                if head["kind"] in WORDED and cell:
                    yield Place(f"{code}.{row}.{column}", str(cell))


def blinded(
    snapshot: Mapping[str, Any], redactions: Mapping[str, str], *, name: str
) -> dict[str, Any]:
    """The snapshot as a blind reviewer reads it; `name` stands for the proposal and who applies."""
    told = dict(redactions)
    text: dict[str, Any] = deepcopy({key: snapshot[key] for key in snapshot if key in KNOWN})
    text["code"] = name
    text["applicant"] = {
        "name": name,
        "kind": snapshot["applicant"]["kind"],
        "credit_code": None,
        "filing_number": "",
    }
    text["host"], text["partners"], text["files"] = None, [], []
    for field in WITHHELD:
        text[field] = ""
    for field in TEXTS:
        if field in text:
            text[field] = told.get(field, text[field])
    for field in TELLING:
        if field in text:
            text[field] = _told(field, told.get(field, ""))
    for part, columns in COLUMNS.items():
        for number, row in enumerate(text.get(part, ()), start=1):
            for column in columns:
                shown = "" if (part, column) in TELLING_COLUMNS else row.get(column)
                row[column] = told.get(f"{part}.{number}.{column}", shown)
    for line in text["budget"]:
        for column in BUDGET_COLUMNS:
            line[column] = told.get(f"budget.{line['position']}.{column}", line[column])
    text["answers"] = [
        _blinded_answer(one, told)
        for one in text.get("answers", ())
        if one["kind"] != Question.Kind.FILE
    ]
    return text


def _told(field: str, words: str) -> Any:
    """Words in the form the field has in a snapshot."""
    if field == "communities":
        return [{"code": "", "name": words}] if words else []
    if field == "needs":
        return [{"number": "", "title": words}] if words else []
    return words


def _blinded_answer(answer: dict[str, Any], told: Mapping[str, str]) -> dict[str, Any]:
    code = f"answers.{answer['code']}"
    if answer["kind"] == Question.Kind.TABLE:
        for row, cells in enumerate(answer["value"], start=1):
            for column in range(len(cells)):
                cells[column] = told.get(f"{code}.{row}.{column + 1}", cells[column])
    elif answer["kind"] in WORDED:
        answer["value"] = told.get(code, answer["value"])
    return answer


# What still tells --------------------------------------------------------------------------

_NUMBERS = re.compile(r"(?<!\d)(?:\d[ -]?){7,}(?!\d)|[0-9A-HJ-NP-RT-UW-Y]{18}")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_IN_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
# What names of bodies share, taken off the end one after the other: what remains is what people
# call it. 恩泽社区服务社 is 恩泽.
_COMMON = (
    "中心", "服务", "社区", "社会", "社工", "工作", "志愿者", "志愿",  # not shown: endings
    "公益", "互助", "支持", "发展", "营造", "为老", "助老", "助残", "助学",  # not shown: endings
    "青少年", "妇女", "文艺", "协会", "基金会", "合作社", "促进会",  # not shown: endings
    "联合会", "社", "队", "会", "村民委员会", "居民委员会", "村",  # not shown: endings
    "街道", "镇", "乡", "市",  # not shown: endings
)  # fmt: skip
_SHORTEST = 2


def called(name: str, places: Iterable[str] = ()) -> set[str]:
    """The name, and what people call it: without brackets, the place before, the kind after."""
    plain = _IN_BRACKETS.sub("", name).strip()
    short = plain
    for place in sorted(places, key=len, reverse=True):
        short = short.removeprefix(place)
    while ending := _ending_of(short):
        short = short.removesuffix(ending)
    return {one for one in (plain, short, short[:_SHORTEST]) if len(one) >= _SHORTEST}


def _ending_of(name: str) -> str:
    """A common ending that leaves something people could call it by."""
    endings = (one for one in _COMMON if name.endswith(one) and len(name) - len(one) >= _SHORTEST)
    return max(endings, key=len, default="")


def traces_in(words: str, telling: Iterable[str]) -> list[str]:
    """What in these words still tells who applies: names from the list, numbers to call, mail."""
    found = [one for one in telling if one and one in words]
    longest = [one for one in found if not any(one != other and one in other for other in found)]
    numbers = [match.group().strip() for match in _NUMBERS.finditer(words)]
    return sorted(set(longest)) + numbers + _MAIL.findall(words)


def names_in(words: str, telling: Iterable[str]) -> list[str]:
    """The same without what anybody writes: a name may be made of common words alone."""
    return [one for one in traces_in(words, telling) if one not in _COMMON]
