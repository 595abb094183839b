"""Look at a table of opening balances before anything is written: who it is, does it add up, did it
come before.

Reading the file itself is `accounts.services.tables`; proposing and posting what was tried out is
`services.openings`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.phone_numbers import normalised_phone
from timebank.models.adjustments import CorrectionState, OpeningRow
from timebank.models.banks import TimeBank
from timebank.models.ledger import AccountKind, LedgerAccount

HEADS = {
    "name": ("姓名", "name"),  # not shown: what people's own tables say
    "phone": ("手机号", "手机", "联系电话", "phone"),  # not shown: likewise
    "minutes": ("分钟", "时长（分钟）", "时长(分钟)", "minutes"),  # not shown: likewise
    "reference": ("原编号", "编号", "reference"),  # not shown: likewise
    "note": ("备注", "note"),  # not shown: likewise
}
REQUIRED = ("name", "phone", "minutes")
MINUTES_MOST = 600_000
HEAD_WITHIN = 5
TAKEN = [CorrectionState.PROPOSED, CorrectionState.APPROVED]


@dataclass
class TriedRow:
    """One row as it was read, whom it was found to be about, and what is wrong with it."""

    number: int
    name: str
    phone: str
    minutes_text: str
    reference: str
    note: str
    person_id: int | None = None
    minutes: int = 0
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Trial:
    """What a table would bring. `errors` are about the table as a whole."""

    rows: list[TriedRow]
    errors: list[str]

    @property
    def is_clean(self) -> bool:
        return bool(self.rows) and not self.errors and not any(row.errors for row in self.rows)

    @property
    def minutes(self) -> int:
        return sum(row.minutes for row in self.rows)

    @property
    def faulty(self) -> list[TriedRow]:
        return [row for row in self.rows if row.errors]

    def plain(self) -> list[dict[str, Any]]:
        """The rows as plain values, for a page to keep between trying out and proposing."""
        return [asdict(row) | {"errors": []} for row in self.rows]


def try_openings(bank: TimeBank, table: Sequence[Sequence[str]], *, origin: str) -> Trial:
    """Look at every row and write nothing: who it is, does it add up, did it come before."""
    place, columns = _head_of(table)
    missing = [HEADS[name][0] for name in REQUIRED if name not in columns]
    if missing:
        return Trial([], [_("表头缺少：%s。请用模板的第一行作表头。") % _("、").join(missing)])
    rows = [
        _read_row(number, cells, columns)
        for number, cells in enumerate(table[place + 1 :], start=place + 2)
        if any(cells)
    ]
    trial = Trial(rows, [] if rows else [_("表里没有数据行。")])
    return check_openings(bank, trial, origin=origin)


def check_openings(bank: TimeBank, trial: Trial, *, origin: str) -> Trial:
    """Look again at rows already read, as before they are proposed."""
    for row in trial.rows:
        row.errors = []
    find_people(trial.rows)
    for row in trial.rows:
        _check_minutes(row)
    _find_twins(trial.rows)
    brought = _brought_before(bank, origin, trial.rows)
    moved = _moved_already(bank, trial.rows)
    for row in trial.rows:
        if row.reference in brought:
            row.errors.append(_("这个编号已经导入过或正在复核。"))
        elif row.person_id in moved:
            row.errors.append(_("这个人的账户已经有账目，不能再导入期初，请改用调账。"))
    return trial


def trial_of(rows: Sequence[dict[str, Any]]) -> Trial:
    """The trial that `Trial.plain` kept."""
    return Trial([TriedRow(**row) for row in rows], [])


# Reading rows --------------------------------------------------------------------------------


def _head_of(table: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """Where the head stands, and which column is which."""
    best: tuple[int, dict[str, int]] = (0, {})
    for place, cells in enumerate(table[:HEAD_WITHIN]):
        columns = {
            name: cells.index(words)
            for name, spellings in HEADS.items()
            for words in reversed(spellings)
            if words in cells
        }
        if len(columns) > len(best[1]):
            best = (place, columns)
    return best


def _read_row(number: int, cells: Sequence[str], columns: dict[str, int]) -> TriedRow:
    def cell(name: str) -> str:
        place = columns.get(name)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    phone = cell("phone").replace(" ", "").replace("-", "")
    return TriedRow(
        number=number,
        name=cell("name")[:40],
        phone=phone[:20],
        minutes_text=cell("minutes")[:20],
        reference=(cell("reference") or phone)[:40],
        note=cell("note")[:80],
    )


class Named(Protocol):
    """A row of any table that names a person."""

    name: str
    phone: str
    person_id: int | None
    errors: list[str]


def find_people(rows: Sequence[Named]) -> None:
    """By phone, all in one question; the name must be theirs."""
    wanted = {row.phone: _phone_of(row.phone) for row in rows}
    numbers = {number for number in wanted.values() if number}
    people: dict[str, set[User]] = {}
    for user in User.objects.filter(
        Q(phone__in=numbers) | Q(person__phone__in=numbers), kind=User.Kind.PERSON
    ).select_related("person"):
        for number in (user.phone, user.person.phone if _is_known(user) else ""):
            people.setdefault(number or "", set()).add(user)
    for row in rows:
        row.person_id = None
        if not row.name:
            row.errors.append(_("没有姓名。"))
        found = people.get(wanted[row.phone], set()) if wanted[row.phone] else set()
        if not found:
            row.errors.append(_("没有用这个手机号登记的人。请先为他登记。"))
            continue
        named = [one for one in found if row.name in (one.display_name, _real_name(one))]
        if row.name and not named:
            row.errors.append(_("姓名与这个手机号登记的不一致。"))
        elif len(named) > 1:
            row.errors.append(_("有几个人用这个手机号和姓名。请先核对人员。"))
        elif named:
            row.person_id = named[0].pk


def _phone_of(words: str) -> str:
    try:
        return normalised_phone(words)
    except ValidationError:
        return ""


def _is_known(user: User) -> bool:
    return hasattr(user, "person")


def _real_name(user: User) -> str:
    return user.person.real_name if _is_known(user) else ""


def _check_minutes(row: TriedRow) -> None:
    words = row.minutes_text
    is_number = words.isascii() and words.isdigit() and len(words) <= 9
    row.minutes = int(words) if is_number else 0
    if not is_number:
        row.errors.append(_("分钟要填整数，例如 90。"))
    elif not 1 <= row.minutes <= MINUTES_MOST:
        row.errors.append(_("分钟要在 1 到 %(most)d 之间。") % {"most": MINUTES_MOST})


def _find_twins(rows: Sequence[TriedRow]) -> None:
    """One row for one number and for one person in a file."""
    references: dict[str, int] = {}
    people: dict[int, int] = {}
    for row in rows:
        first = references.setdefault(row.reference, row.number)
        if row.reference and first != row.number:
            row.errors.append(_("编号与第 %(first)d 行相同。") % {"first": first})
        if row.person_id is not None:
            first = people.setdefault(row.person_id, row.number)
            if first != row.number:
                row.errors.append(
                    _("与第 %(first)d 行是同一个人，请合并成一行。") % {"first": first}
                )


def _brought_before(bank: TimeBank, origin: str, rows: Sequence[TriedRow]) -> set[str]:
    return set(
        OpeningRow.objects.filter(
            opening__bank=bank,
            opening__origin=origin,
            opening__state__in=TAKEN,
            reference__in=[row.reference for row in rows],
        ).values_list("reference", flat=True)
    )


def _moved_already(bank: TimeBank, rows: Sequence[TriedRow]) -> set[int]:
    """Whose account has entries: an opening balance comes before everything else."""
    keys = {f"user:{row.person_id}": row.person_id for row in rows if row.person_id}
    accounts = LedgerAccount.objects.filter(
        book_id=bank.book_id, kind=AccountKind.PERSON, owner_key__in=keys, seq__gt=0
    )
    return {keys[key] or 0 for key in accounts.values_list("owner_key", flat=True)}
