"""Files too long for one request: an account's statement or a book's movements, made by a task.

What was asked for is a row that says how far it has come; the file is written piece by piece,
however long it is, and whoever asked is told when it is ready. A worker that dies leaves the row,
and a sweeper takes it up; while one works on it, no second one does. What stands in the tables is
`services.books`.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from tempfile import TemporaryFile

from celery import current_app
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.advisory_locks import alone_with
from accounts.clock import database_now
from accounts.models import User
from accounts.services.messages import tell
from accounts.services.tables import Cell, Table
from timebank.errors.books import TooLongForPaper
from timebank.models.books import BookExport
from timebank.models.ledger import Book, LedgerAccount
from timebank.selectors.books import number_of_sides
from timebank.selectors.statements import Narrowing, number_of_lines
from timebank.services.books import movements_table, statement_table, write_table

TASK = "timebank.tasks.make_export_later"
ON_PAPER = 5_000
AT_A_TIME = 500
LOST_AFTER = timedelta(minutes=10)
LOCKS = 7_701_002  # ours among the database's advisory locks


@transaction.atomic
def ask_for_export(
    book: Book,
    *,
    account: LedgerAccount | None = None,
    format: str,
    narrowing: Narrowing,
    acting_user: User,
) -> BookExport:
    """Leave word that a long file is wanted: an account's statement, or all the book's movements.

    Refused: `TooLongForPaper` where so many lines are to be printed.
    """
    if format == BookExport.Format.PDF:
        _require_room_on_paper(book, account, narrowing)
    export = BookExport.objects.create(
        book_id=book.pk,
        account=account,
        format=format,
        narrowing=_kept(narrowing),
        language=acting_user.language,
        asked_by=acting_user,
    )
    transaction.on_commit(lambda: current_app.tasks[TASK].delay(export.pk), robust=True)
    return export


def make_export(number: int) -> BookExport:
    """Write the file, counting as it goes, and tell who asked; what is ready stays as it is."""
    with alone_with(LOCKS, number) as is_alone:
        export = BookExport.objects.select_related("account__book", "book", "asked_by").get(
            pk=number
        )
        if not is_alone or export.state == BookExport.State.READY:
            return export
        BookExport.objects.filter(pk=number).update(
            state=BookExport.State.RUNNING,
            done=0,
            total=_lines_of(export.book, export.account, _unkept(export.narrowing)),
        )
        with override(export.language), TemporaryFile() as file:
            table = _table_of(export)
            counted = Table(table.title, table.facts, table.heads, _counted(export, table.rows))
            write_table(counted, export.format, file, unit=export.book.unit)
            file.seek(0)
            return _ready(export, File(file))


def make_lost_exports(*, now: datetime) -> int:
    """Make what was asked for long ago and is not there; how many that were."""
    lost = BookExport.objects.filter(
        state__in=[BookExport.State.WAITING, BookExport.State.RUNNING],
        asked_at__lt=now - LOST_AFTER,
    ).values_list("pk", flat=True)
    return len([make_export(number) for number in list(lost)])


def _require_room_on_paper(book: Book, account: LedgerAccount | None, narrowing: Narrowing) -> None:
    lines = _lines_of(book, account, narrowing)
    if lines > ON_PAPER:
        raise TooLongForPaper(lines=lines, most=ON_PAPER)


def _lines_of(book: Book, account: LedgerAccount | None, narrowing: Narrowing) -> int:
    return number_of_lines(account, narrowing) if account else number_of_sides(book, narrowing)


def _table_of(export: BookExport) -> Table:
    narrowing = _unkept(export.narrowing)
    if export.account is not None:
        return statement_table(export.account, narrowing, export.asked_by)
    return movements_table(export.book, narrowing)


@transaction.atomic
def _ready(export: BookExport, file: "File[bytes]") -> BookExport:
    export = BookExport.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if export.state == BookExport.State.READY:
        return export
    export.file.save("", file, save=False)
    export.state = BookExport.State.READY
    export.ended_at = database_now()
    export.save()
    tell(
        export.asked_by,
        kind="export_ready",
        title=lambda: _("导出文件已生成"),
        body=lambda: _("共 %(count)d 行，可以下载了。") % {"count": export.done},
        link=export.get_absolute_url(),
        key=f"export:{export.pk}:ready",
    )
    return export


def _counted(export: BookExport, rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    """The rows as they come; how many there were is written down now and then, and at the end."""
    done = 0
    for done, row in enumerate(rows, start=1):
        if done % AT_A_TIME == 0:
            BookExport.objects.filter(pk=export.pk).update(done=done)
        yield row
    BookExport.objects.filter(pk=export.pk).update(done=done, total=done)


def _kept(narrowing: Narrowing) -> dict[str, str]:
    return {
        "kind": narrowing.kind,
        "direction": narrowing.direction,
        "since": narrowing.since.isoformat() if narrowing.since else "",
        "until": narrowing.until.isoformat() if narrowing.until else "",
        "words": narrowing.words,
    }


def _unkept(kept: dict[str, str]) -> Narrowing:
    return Narrowing(
        kind=kept["kind"],
        direction=kept["direction"],
        since=date.fromisoformat(kept["since"]) if kept["since"] else None,
        until=date.fromisoformat(kept["until"]) if kept["until"] else None,
        words=kept["words"],
    )
