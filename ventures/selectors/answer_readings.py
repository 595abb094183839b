"""Answers to a round's own questions as they are read: on the screen, on paper, in a table.

Only frozen snapshots are read here; the words of each question stand in them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.templatetags.kit import count, day, yuan
from ventures.models import Question

Kind = Question.Kind


@dataclass(frozen=True)
class Answered:
    """One answer in words; a table has columns and rows, a file its names."""

    name: str
    label: str
    words: str
    is_long: bool = False
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def cells(self) -> list[list[tuple[str, str]]]:
        """Each cell with the head of its column, for a table that becomes cards."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


def answered_in(snapshot: Mapping[str, Any]) -> list[Answered]:
    """The answers of a snapshot in order; versions from before own questions have none."""
    return [_answered(one) for one in snapshot.get("answers", ())]


def _answered(one: Mapping[str, Any]) -> Answered:
    columns: Sequence[Mapping[str, str]] = one.get("columns", ())
    rows: tuple[tuple[str, ...], ...] = ()
    if one["kind"] == Kind.TABLE:
        rows = tuple(
            tuple(_cell(column["kind"], value) for column, value in zip(columns, row, strict=True))
            for row in one["value"]
        )
    return Answered(
        one["code"],
        one["label"],
        answer_in_words(one["kind"], one["value"], columns),
        is_long=one["kind"] in (Kind.LONG_TEXT, Kind.TABLE),
        columns=tuple(column["label"] for column in columns),
        rows=rows,
    )


def answer_in_words(kind: str, value: Any, columns: Sequence[Mapping[str, str]] = ()) -> str:
    """One answer as one text: for a cell of a spreadsheet, for comparing, for small places."""
    if kind == Kind.YES_NO:
        return _("是") if value else _("否")
    if kind == Kind.CHOICES:
        return "、".join(value)
    if kind == Kind.FILE:
        return "、".join(file["name"] for file in value)
    if kind == Kind.TABLE:
        return "\n".join(
            " · ".join(
                _cell(column["kind"], cell) for column, cell in zip(columns, row, strict=True)
            )
            for row in value
        )
    return _cell(kind, value)


def _cell(kind: str, value: Any) -> str:
    if kind == Kind.MONEY:
        return yuan(value)
    if kind == Kind.NUMBER:
        return count(value)
    if kind == Kind.DATE:
        return day(date.fromisoformat(value))
    return str(value)
