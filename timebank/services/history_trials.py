"""Look at every row of a file of history and write nothing that counts: who it is, whether it is
service, whether it clashes, whether it came before."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.clock import database_now
from timebank.models.catalogue import ServiceType
from timebank.models.history import HistoryImport, HistoryRow
from timebank.models.records import ServiceRecord
from timebank.services.history_formats import ReadRow, read_row
from timebank.services.opening_tables import find_people
from timebank.terms.history import history_terms

EVERYTHING_ELSE = "S11"
AT_ONCE = 2_000


def try_rows(history: HistoryImport, rows: Sequence[HistoryRow]) -> list[HistoryRow]:
    """Each row as it would be written, with what is wrong beside it; saving is the caller's."""
    columns = history.heads["columns"]
    read = [read_row(row.number, row.cells, columns) for row in rows]
    find_people(read)
    _place_in_the_day(read)
    terms = history_terms(timezone.localdate(history.brought_at))
    now = database_now()
    for one in read:
        if any(word in one.category or one.what.endswith(word) for word in terms.not_service):
            one.errors.append(_("培训、会议和学习不是志愿服务，不导入（民政部令第67号第十九条）。"))
        if one.ends_at is not None and one.ends_at > now:
            one.errors.append(_("服务时间在以后。"))
    _find_clashes(read)
    _find_clashes_with_records(read)
    _find_brought_before(history, read)
    kinds = _Kinds()
    for row, one in zip(rows, read, strict=True):
        row.volunteer_id = one.person_id
        row.service_type = kinds.of(one)
        row.name, row.what, row.led_by = one.name, one.what, one.led_by
        row.place = one.place or history.station.name[:60]
        row.started_at, row.ended_at, row.minutes = one.starts_at, one.ends_at, one.minutes
        row.key = key_of(one)
        row.errors = one.errors
    return list(rows)


def key_of(row: ReadRow) -> str:
    """One service of one person in one system, however often the file is made anew."""
    began = row.starts_at.isoformat() if row.starts_at else ""
    told = "|".join([row.phone, row.reference or row.what, began, str(row.minutes)])
    return hashlib.sha256(told.encode()).hexdigest()[:40]


def _place_in_the_day(rows: Sequence[ReadRow]) -> None:
    """Rows that know the day alone stand one after the other from midnight on."""
    taken: dict[tuple[str, object], int] = {}
    for row in rows:
        if row.day is None or row.starts_at is not None or not 1 <= row.minutes <= 1440:
            continue
        at = taken.get((row.phone, row.day), 0)
        if at + row.minutes > 1440:
            row.errors.append(_("这一天的时长加起来超过 24 小时。"))
            continue
        midnight = timezone.make_aware(datetime.combine(row.day, time.min))
        row.starts_at = midnight + timedelta(minutes=at)
        row.ends_at = row.starts_at + timedelta(minutes=row.minutes)
        taken[row.phone, row.day] = at + row.minutes


@dataclass(frozen=True, slots=True)
class Timed:
    """A row of which it is known whose it is and from when to when: what can clash."""

    row: ReadRow
    person: int
    began: datetime
    ended: datetime


def _timed(rows: Iterable[ReadRow]) -> list[Timed]:
    return [
        Timed(row, row.person_id, row.starts_at, row.ends_at)
        for row in rows
        if row.person_id and row.starts_at and row.ends_at
    ]


def _find_clashes(rows: Sequence[ReadRow]) -> None:
    """Twice the same row, or one person in two places at a time, within the file."""
    seen: dict[str, int] = {}
    once: list[ReadRow] = []
    for row in rows:
        first = seen.setdefault(key_of(row), row.number)
        if first != row.number:
            row.errors.append(_("与第 %(first)d 行重复。") % {"first": first})
        else:
            once.append(row)
    by_person: dict[int, list[Timed]] = {}
    for timed in _timed(once):
        by_person.setdefault(timed.person, []).append(timed)
    for own in by_person.values():
        own.sort(key=lambda timed: (timed.began, timed.row.number))
        last: Timed | None = None
        for timed in own:
            if last is not None and last.ended > timed.began:
                words = _("与第 %(first)d 行的时间重叠。") % {"first": last.row.number}
                timed.row.errors.append(words)
            else:
                last = timed


def _find_clashes_with_records(rows: Sequence[ReadRow]) -> None:
    known = _timed(rows)
    if not known:
        return
    standing = (
        ServiceRecord.objects.standing()
        .overlapping(min(timed.began for timed in known), max(timed.ended for timed in known))
        .filter(volunteer__in={timed.person for timed in known})
        .order_by("started_at")
        .values_list("volunteer_id", "started_at", "ended_at", "number")
    )
    by_person: dict[int, list[tuple[datetime, datetime, str]]] = {}
    for volunteer, began, ended, number in standing.iterator(AT_ONCE):
        by_person.setdefault(volunteer, []).append((began, ended, number))
    for timed in known:
        for began, ended, number in by_person.get(timed.person, []):
            if began < timed.ended and ended > timed.began:
                words = _("与平台已有的记录 %(number)s 时间重叠。") % {"number": number}
                timed.row.errors.append(words)
                break


def _find_brought_before(history: HistoryImport, rows: Iterable[ReadRow]) -> None:
    """Nothing twice: the same service in another file that waits or was taken in."""
    people = {row.person_id for row in rows if row.person_id}
    before = dict(
        HistoryRow.objects.filter(
            volunteer__in=people,
            history__bank=history.bank_id,
            history__state__in=HistoryImport.TAKEN,
        )
        .exclude(history=history)
        .values_list("key", "history_id")
    )
    for row in rows:
        batch = before.get(key_of(row))
        if batch is not None:
            row.errors.append(_("这一条在第 %(batch)d 批里已经导入过。") % {"batch": batch})


class _Kinds:
    """The catalogue's kind for another system's words; what fits none is general service."""

    def __init__(self) -> None:
        self.kinds = list(ServiceType.objects.active())
        self.rest = next(
            (kind for kind in self.kinds if kind.code == EVERYTHING_ELSE), self.kinds[-1]
        )

    def of(self, row: ReadRow) -> ServiceType:
        for words in (row.category, row.what):
            for kind in self.kinds:
                if kind.name in words or (words and words == kind.group):
                    return kind
        return self.rest
