"""Say which column of a file is what: guessed from its heads, named by a person, remembered.

The real heads of other systems' exports are published by none of them, so a file whose heads are
not known is kept and asked about, not refused. What somebody named once holds for every later file
of the bank with the same heads.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.changes import record_change
from timebank.errors.history import HistoryUnreadable
from timebank.lifecycles.history import HISTORY
from timebank.models.banks import TimeBank
from timebank.models.history import HistoryImport, HistoryMapping, HistoryRow
from timebank.services.history_formats import (
    COMMON,
    FORMATS,
    HEAD_WITHIN,
    LIKELY,
    lacking,
    recognise,
)

type Words = str | Promise

FEWEST_HEADS = 3
MARKS = re.compile(r"[\s()（）\[\]【】:：*＊/\\·._-]+")
FIELDS: dict[str, Words] = {
    "name": _("志愿者姓名"),
    "phone": _("手机号"),
    "what": _("活动名称或服务内容"),
    "category": _("服务类别"),
    "place": _("服务地点"),
    "led_by": _("活动负责人"),
    "for_whom": _("服务对象"),
    "day": _("服务日期"),
    "start": _("开始或签到时间"),
    "end": _("结束或签退时间"),
    "hours": _("服务时长"),
    "reference": _("原系统的编号"),
}


@dataclass(frozen=True)
class Placed:
    """Where the heads of a table stand, what they say, and which column is what."""

    origin: str
    head_at: int
    cells: list[str]
    columns: dict[str, int]
    is_certain: bool
    """Whether nobody has to be asked: the heads are known, or were named before."""

    def heads(self) -> dict[str, object]:
        """What is kept with the file."""
        return heads_of(self.cells, self.columns, self.head_at)


def placed_in(table: Sequence[Sequence[str]], bank: TimeBank) -> Placed:
    """Which column is what: as somebody named it before, as the heads say, or a guess.

    Refused: `HistoryUnreadable` where there is no row of heads at all.
    """
    known = recognise(table)
    head_at = known.head_at if known.columns else _first_full_row(table)
    cells = [str(cell).strip() for cell in table[head_at]]
    named = HistoryMapping.objects.filter(bank=bank, heads_digest=digest_of(cells)).first()
    if named is not None:
        return Placed(named.origin, head_at, cells, dict(named.columns), is_certain=True)
    if not known.missing:
        return Placed(known.origin, head_at, cells, known.columns, is_certain=True)
    origin = known.origin if known.columns else HistoryImport.Origin.OTHER
    return Placed(origin, head_at, cells, guessed(cells), is_certain=False)


def guessed(cells: Sequence[str]) -> dict[str, int]:
    """Our words for the heads of a table, exact ones first, then those that contain each other."""
    spellings = {
        name: [_plain(word) for form in FORMATS for word in form.spelt.get(name, ())]
        + [_plain(word) for word in (*words, *LIKELY.get(name, ()))]
        for name, words in COMMON.items()
    }
    plain = [_plain(cell) for cell in cells]
    found: dict[str, int] = {}
    for is_like in (_is_same, _contains):
        for name, words in spellings.items():
            if name in found:
                continue
            for at, head in enumerate(plain):
                if at not in found.values() and head and any(is_like(head, one) for one in words):
                    found[name] = at
                    break
    return found


@transaction.atomic
def name_columns(
    history: HistoryImport, *, origin: str, columns: Mapping[str, int], acting_user: User
) -> HistoryImport:
    """Say which column is what; the rows are looked at by it, and later files with these heads too.

    Refused: `HistoryUnreadable` (a column without which no row can be read), `NotAllowed` for
    anyone but who brought it, `OutOfTurn` once it is proposed.
    """
    HistoryImport.objects.select_for_update().only("pk").get(pk=history.pk)
    history = HistoryImport.objects.select_related("bank", "brought_by").get(pk=history.pk)
    HISTORY.require(history, "read_so", acting_user=acting_user)
    missing = lacking(columns)
    if missing:
        raise HistoryUnreadable(missing="、".join(missing))
    cells: list[str] = history.heads.get("cells", [])
    HISTORY.move(
        history,
        "read_so",
        acting_user=acting_user,
        facts={"columns": dict(columns), "origin": origin},
        origin=origin,
        heads=heads_of(cells, columns, history.heads.get("head_at", 0)),
        faulty=0,
        done=0,
    )
    HistoryRow.objects.filter(history=history).update(errors=[])
    mapping, _is_new = HistoryMapping.objects.update_or_create(
        bank=history.bank,
        heads_digest=digest_of(cells),
        defaults={"origin": origin, "columns": dict(columns), "set_by": acting_user},
    )
    record_change(mapping, "name", acting_user=acting_user, facts={"history": history.pk})
    return history


def heads_of(cells: Sequence[str], columns: Mapping[str, int], head_at: int) -> dict[str, object]:
    return {
        "columns": dict(columns),
        "heads": {name: cells[at] for name, at in columns.items()},
        "cells": list(cells),
        "head_at": head_at,
    }


def digest_of(cells: Sequence[str]) -> str:
    """The same for the same heads, however they are spaced."""
    return hashlib.sha256("|".join(_plain(cell) for cell in cells).encode()).hexdigest()


def _first_full_row(table: Sequence[Sequence[str]]) -> int:
    for place, cells in enumerate(table[:HEAD_WITHIN]):
        if sum(bool(str(cell).strip()) for cell in cells) >= FEWEST_HEADS:
            return place
    raise HistoryUnreadable(missing="、".join(lacking({})))


def _plain(words: str) -> str:
    return MARKS.sub("", words).lower()


def _is_same(head: str, spelling: str) -> bool:
    return head == spelling


def _contains(head: str, spelling: str) -> bool:
    return len(spelling) > 1 and (spelling in head or (len(head) > 1 and head in spelling))
