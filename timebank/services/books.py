"""Take the books along: statements, movements and trial balances as files.

What a file says is gathered here from the selectors; how a CSV or an XLSX is written is
`accounts.services.tables`, how a paper is set `accounts.services.papers`. A long file is made by a
task (`services.exports`).
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import IO

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.services.papers import typeset
from accounts.services.tables import Cell, Table, csv_of, write_xlsx
from accounts.templatetags.kit import iso, moment
from timebank.models.banks import TimeBank
from timebank.models.books import BookExport
from timebank.models.ledger import Book, LedgerAccount, Transfer
from timebank.selectors.books import accounts_at, movements_of, trial_balance
from timebank.selectors.clearing import positions_of
from timebank.selectors.passbook import PassbookLine, passbook_lines
from timebank.selectors.settlements import settlements_of
from timebank.selectors.statements import (
    Narrowing,
    all_lines_of,
    balance_of,
)
from timebank.templatetags.books import amount, signed_amount

AT_ONCE = 2_000
AT_A_TIME = 500
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
UNITS = {
    "minute": gettext_lazy("分钟"),
    "point": gettext_lazy("积分"),
    "fen": gettext_lazy("分（人民币）"),
}


@dataclass(frozen=True)
class Made:
    """A file that is ready: its bytes, its type, its name."""

    content: bytes
    content_type: str
    name: str


def statement_file(
    account: LedgerAccount, *, format: str, narrowing: Narrowing, reader: User
) -> Made:
    """An account's statement, newest first, as CSV, XLSX or PDF."""
    table = statement_table(account, narrowing, reader)
    return made(table, format, f"statement-{account.pk}", unit=account.book.unit)


def statement_table(account: LedgerAccount, narrowing: Narrowing, reader: User) -> Table:
    balance = balance_of(account)
    unit = account.book.unit
    return Table(
        title=_("时间明细") if unit == "minute" else _("资金明细"),
        facts=[
            (_("户名"), account.label),
            (_("账簿"), account.book.name),
            (_("现在可用"), amount(balance.available, unit)),
            (_("生成时间"), moment(timezone.now())),
        ],
        heads=[
            _("日期"),
            _("事由"),
            _("说明"),
            _("另一方"),
            _("变动（%(unit)s）") % {"unit": UNITS[unit]},
            _("结余（%(unit)s）") % {"unit": UNITS[unit]},
            _("凭证号"),
            _("是否冲正"),
        ],
        rows=_statement_rows(account, narrowing, reader),
    )


def movements_table(book: Book, narrowing: Narrowing) -> Table:
    """The movements of a book, newest first, a line for each side of them."""
    return Table(
        title=_("账簿流水"),
        facts=[(_("账簿"), book.name), (_("生成时间"), moment(timezone.now()))],
        heads=[
            _("凭证号"),
            _("发生时间"),
            _("入账时间"),
            _("事由"),
            _("说明"),
            _("户名"),
            _("变动（%(unit)s）") % {"unit": UNITS[book.unit]},
            _("经办"),
        ],
        rows=_movement_rows(book, narrowing),
    )


def trial_table(book: Book, at: datetime) -> Table:
    """Every account with what it had at an instant, and the sums."""
    unit = UNITS[book.unit]
    total = trial_balance(book, at=at)
    rows: list[Sequence[Cell]] = [
        (row.label, row.kind, row.above, row.below, row.held) for row in accounts_at(book, at=at)
    ]
    rows.append((_("合计"), "", total.above, total.below, total.held))
    return Table(
        title=_("试算平衡表"),
        facts=[(_("账簿"), book.name), (_("截至"), moment(at))],
        heads=[
            _("户名"),
            _("类型"),
            _("正结余（%(unit)s）") % {"unit": unit},
            _("负结余（%(unit)s）") % {"unit": unit},
            _("预留（%(unit)s）") % {"unit": unit},
        ],
        rows=rows,
    )


def positions_table(banks: Sequence[TimeBank]) -> Table:
    """How each bank stands with each other."""
    rows = [
        (
            position.bank.name,
            position.other.name,
            position.sent,
            position.received,
            position.returned,
            position.under_way,
            position.net,
            position.limit,
            position.room,
        )
        for bank in banks
        for position in positions_of(bank)
    ]
    return Table(
        title=_("账簿之间的往来"),
        facts=[(_("生成时间"), moment(timezone.now()))],
        heads=[
            _("本行"),
            _("对方"),
            _("转出（分钟）"),
            _("转入（分钟）"),
            _("退回（分钟）"),
            _("在途（分钟）"),
            _("净额（分钟）"),
            _("上限（分钟）"),
            _("还可转出（分钟）"),
        ],
        rows=rows,
    )


def settlement_table(banks: Sequence[TimeBank], since: datetime, until: datetime) -> Table:
    """通兑月度结算: each bank's month with each other."""
    rows = [
        (
            one.bank.name,
            one.other.name,
            one.before,
            one.sent,
            one.returned,
            one.received,
            one.given_back,
            one.after,
        )
        for bank in banks
        for one in settlements_of(bank, since=since, until=until)
    ]
    return Table(
        title=_("通兑月度结算"),
        facts=[
            (_("月份"), f"{timezone.localtime(since):%Y-%m}"),
            (_("生成时间"), moment(timezone.now())),
        ],
        heads=[
            _("本行"),
            _("对方"),
            _("月初净额（分钟）"),
            _("转出（分钟）"),
            _("转出被退回（分钟）"),
            _("转入（分钟）"),
            _("转入退还（分钟）"),
            _("月末净额（分钟）"),
        ],
        rows=rows,
    )


def made(table: Table, format: str, name: str, *, unit: str) -> Made:
    """The table as a file of one of the three kinds."""
    file = io.BytesIO()
    write_table(table, format, file, unit=unit)
    return Made(file.getvalue(), TYPES[format], f"{name}-{timezone.localdate()}.{format}")


def write_table(table: Table, format: str, file: IO[bytes], *, unit: str) -> None:
    """Write the table into a file as its rows come."""
    if format == BookExport.Format.CSV:
        for piece in csv_of(table):
            file.write(piece.encode())
    elif format == BookExport.Format.XLSX:
        write_xlsx(table, file)
    else:
        file.write(_paper(table, unit))


# Rows -------------------------------------------------------------------------------------------


def _statement_rows(
    account: LedgerAccount, narrowing: Narrowing, reader: User
) -> Iterator[Sequence[Cell]]:
    for batch in batched(all_lines_of(account, narrowing), AT_A_TIME, strict=False):
        for line in passbook_lines(batch, reader=reader):
            yield _statement_row(line)


def _statement_row(line: PassbookLine) -> Sequence[Cell]:
    return (
        timezone.localdate(line.at).isoformat(),
        str(line.kind_label),
        str(line.words),
        line.other_side,
        line.amount,
        line.balance_after,
        line.number,
        _("已冲正") if line.is_reversed else "",
    )


def _movement_rows(book: Book, narrowing: Narrowing) -> Iterator[Sequence[Cell]]:
    before: int | None = None
    while True:
        page, before = movements_of(book, before=before, limit=AT_A_TIME, narrowing=narrowing)
        for transfer in page:
            yield from _sides(transfer)
        if before is None:
            return


def _sides(transfer: Transfer) -> Iterator[Sequence[Cell]]:
    for side in transfer.sides:  # type: ignore[attr-defined]
        yield (
            transfer.pk,
            iso(transfer.happened_at),
            iso(transfer.recorded_at),
            transfer.get_kind_display(),
            transfer.reason,
            side.account.label,
            side.amount,
            transfer.acting_user.display_name,
        )


# Papers -----------------------------------------------------------------------------------------


def _paper(table: Table, unit: str) -> bytes:
    """The table typeset on A4; amounts in words, as people read them."""
    in_unit = [place for place, head in enumerate(table.heads) if str(UNITS[unit]) in head]
    first = in_unit[0] if len(in_unit) == 2 else None

    def cell(place: int, value: Cell) -> str:
        if place in in_unit and isinstance(value, int):
            return signed_amount(value, unit) if place == first else amount(value, unit)
        return "" if value is None else str(value)

    return typeset(
        "timebank/papers/table.typ",
        {
            "title": table.title,
            "facts": [list(fact) for fact in table.facts],
            "heads": [head.partition("（")[0] for head in table.heads],
            "figures": in_unit,
            "rows": [[cell(place, value) for place, value in enumerate(row)] for row in table.rows],
            "foot": _("时间换取互助服务，不兑换现金。") if unit == "minute" else "",
        },
    )
