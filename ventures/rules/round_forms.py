"""What a frozen form asks, when a question is shown, what answers it. Pure: no row is read here.

A condition looks at one earlier question. It is judged in the order of the form, and a question
that is not shown answers nothing: so no question can wait for one that nobody is asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ventures.models import Question

type Answers = Mapping[str, Any]

Kind = Question.Kind
Test = Question.Test

# 实务: a one-page form asks for at most twelve things (practice, not law: the builder says so).
MOST_REQUIRED_IN_SHORT = 12
LARGEST_NUMBER = 10**12
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
CELL_LIMIT = 100
COLUMN_KINDS = (Kind.SHORT_TEXT, Kind.NUMBER, Kind.MONEY, Kind.DATE)
# Which tests make sense of an answer of which kind.
TESTS: dict[str, tuple[str, ...]] = {
    Kind.YES_NO: (Test.EQUALS,),
    Kind.CHOICE: (Test.EQUALS, Test.ANSWERED),
    Kind.CHOICES: (Test.CONTAINS, Test.ANSWERED),
    Kind.NUMBER: (Test.AT_LEAST, Test.AT_MOST, Test.ANSWERED),
    Kind.MONEY: (Test.AT_LEAST, Test.AT_MOST, Test.ANSWERED),
    Kind.SHORT_TEXT: (Test.ANSWERED,),
    Kind.LONG_TEXT: (Test.ANSWERED,),
    Kind.DATE: (Test.ANSWERED,),
    Kind.TABLE: (Test.ANSWERED,),
    Kind.FILE: (Test.ANSWERED,),
    Kind.HEADING: (),
}
YES, NO = "yes", "no"
# What a condition may look at besides earlier answers: the tier, the group served, who applies.
FACTS = ("tier", "track", "who")


@dataclass(frozen=True)
class Column:
    """A column of a table question."""

    label: str
    kind: str


@dataclass(frozen=True)
class Asked:
    """One question of a round as a frozen form states it."""

    code: str
    kind: str
    label: str
    help: str = ""
    is_required: bool = False
    is_for_short: bool = True
    is_for_concept: bool = True
    limit: int = 0
    choices: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    row_limit: int = 0
    file_kinds: tuple[str, ...] = ()
    depends_on: str = ""
    test: str = ""
    test_value: str = ""

    @property
    def is_heading(self) -> bool:
        return self.kind == Kind.HEADING

    @property
    def is_file(self) -> bool:
        return self.kind == Kind.FILE


_NAMES = tuple(one.name for one in fields(Asked))


def as_asked(raw: Mapping[str, Any]) -> Asked:
    """A question out of a form's content."""
    values = {name: raw[name] for name in _NAMES if name in raw}
    values["choices"] = tuple(raw.get("choices", ()))
    values["file_kinds"] = tuple(raw.get("file_kinds", ()))
    values["columns"] = tuple(Column(one["label"], one["kind"]) for one in raw.get("columns", ()))
    return Asked(**values)


def as_written(asked: Asked) -> dict[str, Any]:
    """The question as a form's content holds it: plain values only."""
    written = {name: getattr(asked, name) for name in _NAMES}
    if asked.is_for_concept:
        del written["is_for_concept"]
    written["kind"], written["test"] = str(asked.kind), str(asked.test)
    written["choices"], written["file_kinds"] = list(asked.choices), list(asked.file_kinds)
    written["columns"] = [{"label": one.label, "kind": str(one.kind)} for one in asked.columns]
    return written


# Conditions -----------------------------------------------------------------------------


def is_answered(answer: Any) -> bool:
    """No and zero are answers; nothing and an empty list are none."""
    return answer is not None and answer != "" and answer != []


def is_met(asked: Asked, answers: Answers) -> bool:
    """Whether the earlier answer says what this question waits for."""
    if not asked.depends_on:
        return True
    answer: Any = answers.get(asked.depends_on)
    if not is_answered(answer):
        return False
    match asked.test:
        case Test.ANSWERED:
            return True
        case Test.EQUALS if isinstance(answer, bool):
            return (YES if answer else NO) == asked.test_value
        case Test.EQUALS:
            return bool(answer == asked.test_value)
        case Test.CONTAINS:
            return asked.test_value in answer
        case Test.AT_LEAST:
            return bool(answer >= int(asked.test_value))
        case Test.AT_MOST:
            return bool(answer <= int(asked.test_value))
    return False


def shown_questions(questions: Iterable[Asked], answers: Answers, *, is_short: bool) -> list[Asked]:
    """What is asked of somebody who has answered so, in order."""
    shown: list[Asked] = []
    known: dict[str, Any] = {name: answers[name] for name in FACTS if name in answers}
    for asked in questions:
        if is_short and not asked.is_for_short:
            continue
        if not is_met(asked, known):
            continue
        shown.append(asked)
        known[asked.code] = answers.get(asked.code)
    return shown


def answers_that_count(
    questions: Iterable[Asked], answers: Answers, *, is_short: bool
) -> dict[str, Any]:
    """The answers a frozen version keeps: those to questions that were asked."""
    shown = shown_questions(questions, answers, is_short=is_short)
    return {
        asked.code: answers[asked.code] for asked in shown if is_answered(answers.get(asked.code))
    }


def unanswered(questions: Iterable[Asked], answers: Answers, *, is_short: bool) -> list[Asked]:
    """The required questions that are asked and have no answer yet."""
    return [
        asked
        for asked in shown_questions(questions, answers, is_short=is_short)
        if asked.is_required and not is_answered(answers.get(asked.code))
    ]


def out_of_order(questions: Sequence[Asked]) -> list[Asked]:
    """Questions whose condition looks at one that does not stand before them, or that cannot
    answer it. None in a sound form; as every condition looks back, there are no circles."""
    wrong: list[Asked] = []
    before: dict[str, Asked] = {}
    for asked in questions:
        parent = before.get(asked.depends_on)
        if asked.depends_on in FACTS:
            is_sound = asked.test == Test.EQUALS and bool(asked.test_value)
            wrong += [] if is_sound else [asked]
        elif asked.depends_on and (parent is None or not makes_sense(asked, parent)):
            wrong.append(asked)
        before[asked.code] = asked
    return wrong


def makes_sense(asked: Asked, parent: Asked) -> bool:
    """Whether the parent's answer can ever be what the condition waits for."""
    if asked.test not in TESTS[parent.kind]:
        return False
    if asked.test == Test.ANSWERED:
        return True
    if parent.kind in (Kind.CHOICE, Kind.CHOICES):
        return asked.test_value in parent.choices
    if parent.kind == Kind.YES_NO:
        return asked.test_value in (YES, NO)
    return asked.test_value.isdecimal()


def depending_on(questions: Iterable[Asked], code: str) -> list[Asked]:
    return [asked for asked in questions if asked.depends_on == code]


def moved(questions: Sequence[Asked], code: str, *, is_up: bool) -> list[Asked]:
    """The order with one question a place up or down; at an end it stays where it is."""
    order = list(questions)
    place = next(i for i, asked in enumerate(order) if asked.code == code)
    other = place - 1 if is_up else place + 1
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    return order


# What is typed --------------------------------------------------------------------------


def read_answer(asked: Asked, typed: str | Sequence[str]) -> Any:
    """The value of what was typed; nothing typed is None. Raises ValidationError with what to do.

    Yes and no are booleans, money is fen, days are written as ISO, a table is a list of rows.
    """
    if asked.kind == Kind.CHOICES:
        return _chosen(asked, typed)
    if asked.kind == Kind.TABLE:
        return _rows(asked, typed)
    text = typed if isinstance(typed, str) else "".join(typed[:1])
    text = text.replace("\r\n", "\n").strip()
    if not text:
        return None
    if asked.kind == Kind.YES_NO:
        if text not in (YES, NO):
            raise ValidationError(_("请选择“是”或“否”。"))
        return text == YES
    if asked.kind == Kind.CHOICE:
        return _chosen(asked, [text])[0]
    return _cell(asked.kind, text, asked.limit)


def _chosen(asked: Asked, typed: str | Sequence[str]) -> list[str]:
    wanted = [typed] if isinstance(typed, str) else list(typed)
    wanted = [one for one in wanted if one]
    if set(wanted) - set(asked.choices):
        raise ValidationError(_("请从列出的选项里选。"))
    return [choice for choice in asked.choices if choice in wanted]


def _cell(kind: str, text: str, limit: int) -> str | int:
    if kind == Kind.NUMBER:
        return _whole_number(text)
    if kind == Kind.MONEY:
        return _fen(text)
    if kind == Kind.DATE:
        return _day(text)
    if limit and len(text) > limit:
        raise ValidationError(
            _("最多 %(limit)d 字，现在 %(length)d 字，请精简 %(over)d 字。"),
            params={"limit": limit, "length": len(text), "over": len(text) - limit},
        )
    return text


def _whole_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 13):
        raise ValidationError(_("请填写整数，如 60。"))
    if int(text) > LARGEST_NUMBER:
        raise ValidationError(_("数字太大了，请核对有没有多打零。"))
    return int(text)


def _fen(text: str) -> int:
    try:
        fen = Decimal(text) * 100
    except InvalidOperation:
        fen = Decimal("NaN")
    if not fen.is_finite() or fen < 0 or fen != int(fen):
        raise ValidationError(_("请填写数字，最多两位小数。"))
    if fen > LARGEST_NUMBER:
        raise ValidationError(_("数字太大了，请核对有没有多打零。"))
    return int(fen)


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValidationError(_("请填写日期，如 2027-03-05。")) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(_("请核对年份，要在 2000 年到 2099 年之间。"))
    return day.isoformat()


def _rows(asked: Asked, typed: str | Sequence[str]) -> list[list[str | int]]:
    cells = [typed] if isinstance(typed, str) else [one.strip() for one in typed]
    width = len(asked.columns)
    rows = [cells[start : start + width] for start in range(0, len(cells), width)]
    filled = [row for row in rows if any(row)]
    if len(filled) > asked.row_limit:
        raise ValidationError(
            _("最多 %(limit)d 行，现在 %(count)d 行，请合并。"),
            params={"limit": asked.row_limit, "count": len(filled)},
        )
    return [_row(asked, number, row) for number, row in enumerate(filled, start=1)]


def _row(asked: Asked, number: int, row: list[str]) -> list[str | int]:
    values: list[str | int] = []
    for place, column in enumerate(asked.columns):
        text = row[place] if place < len(row) else ""
        where = {"number": number, "column": column.label}
        if not text:
            raise ValidationError(_("第 %(number)d 行的“%(column)s”还没有填。"), params=where)
        try:
            values.append(_cell(column.kind, text, CELL_LIMIT))
        except ValidationError as problem:
            raise ValidationError(
                _("第 %(number)d 行的“%(column)s”：%(why)s"),
                params={**where, "why": problem.messages[0]},
            ) from None
    return values


def as_typed(asked: Asked, answer: Any) -> str | list[str]:
    """An answer the way a person types it: what the form shows again."""
    if asked.kind == Kind.TABLE:
        rows: list[list[Any]] = answer or []
        return [
            _cell_as_typed(column.kind, value)
            for row in rows
            for column, value in zip(asked.columns, row, strict=True)
        ]
    if asked.kind == Kind.CHOICES:
        return list(answer or [])
    if answer is None:
        return ""
    if asked.kind == Kind.YES_NO:
        return YES if answer else NO
    return _cell_as_typed(asked.kind, answer)


def _cell_as_typed(kind: str, value: Any) -> str:
    if kind == Kind.MONEY:
        whole, rest = divmod(int(value), 100)
        return f"{whole}.{rest:02d}" if rest else str(whole)
    return str(value)


# Corrections ----------------------------------------------------------------------------


def reworded(asked: Asked, *, label: str, help: str) -> Asked:
    """The same question in better words: what can be answered stays."""
    return replace(asked, label=label, help=help)
