"""Tables for spreadsheets: written for people to take along, read from what they hand in.

People's text never becomes a formula in somebody's Excel or WPS: in CSV it gets an apostrophe
before it, in XLSX its cell says that it is text. What the columns mean is the app's own business.

openpyxl, with the numpy it brings, is loaded by the first workbook, not by every process.
"""

import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from accounts.errors import FileRefused

if TYPE_CHECKING:
    from openpyxl import Workbook

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
BYTES_MOST = 4_000_000
ROWS_MOST = 20_000
SHEET_ROWS_MOST = 1_000_000  # an Excel sheet ends at 1,048,576
COLUMNS_MOST = 40
UNPACKED_MOST = 60_000_000
WIDTH_LEAST, WIDTH_MOST = 10, 48

type Cell = str | int | None


@dataclass(frozen=True)
class Table:
    """A title, facts above the table (whose, from when to when), heads, and rows as they come."""

    title: str
    facts: Sequence[tuple[str, str]]
    heads: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def csv_of(table: Table) -> Iterator[str]:
    """The table as CSV, piece by piece; with a mark so that Excel reads it as UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    for line in (*table.facts, [], table.heads):
        writer.writerow([without_formula(cell) for cell in line])
    yield _taken(buffer)
    for row in table.rows:
        writer.writerow([without_formula(cell) for cell in row])
        yield _taken(buffer)


def xlsx_of(table: Table) -> bytes:
    """The table as an Excel file."""
    buffer = io.BytesIO()
    write_xlsx(table, buffer)
    return buffer.getvalue()


def write_xlsx(table: Table, file: IO[bytes]) -> None:
    """Write the table as an Excel file, row by row; what one sheet cannot hold goes to the next."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    rows = iter(table.rows)
    for number in itertools.count(1):
        sheet = _new_sheet(book, table, number)
        written = 0
        for row in itertools.islice(rows, SHEET_ROWS_MOST):
            sheet.append([_text(sheet, cell) if isinstance(cell, str) else cell for cell in row])
            written += 1
        if written < SHEET_ROWS_MOST:
            break
    book.save(file)


def _new_sheet(book: "Workbook", table: Table, number: int) -> Any:
    """A sheet with the facts and the heads."""
    name = table.title[:27].translate(str.maketrans("[]:*?/\\", "       "))
    sheet = book.create_sheet(name if number == 1 else f"{name} {number}")
    for place, head in enumerate(table.heads):
        letter = chr(ord("A") + place)
        sheet.column_dimensions[letter].width = min(WIDTH_MOST, max(WIDTH_LEAST, 3 * len(head)))
    sheet.freeze_panes = f"A{len(table.facts) + 3}"
    for fact in table.facts:
        sheet.append([_text(sheet, cell) for cell in fact])
    sheet.append([])
    sheet.append([_text(sheet, head, bold=True) for head in table.heads])
    return sheet


def without_formula(cell: Cell) -> Cell:
    """Text that a spreadsheet will not take for a formula (OWASP: CSV injection)."""
    if isinstance(cell, str) and cell.startswith(STARTS_A_FORMULA):
        return f"'{cell}"
    return cell


def read_table(upload: "UploadedFile[Any]") -> list[list[str]]:
    """The rows of an uploaded CSV or XLSX file as text, judged by content, not by name.

    Raises FileRefused when it is neither, too large, or broken. Formulas come as the values they
    had when the file was saved.
    """
    name = (upload.name or _("未命名文件"))[-120:]
    content: bytes = upload.read(BYTES_MOST + 1)
    if len(content) > BYTES_MOST:
        raise FileRefused(name=name, why=_("文件超过 4 MB。请分成几个文件导入。"))
    rows = _read_xlsx(content, name) if content[:2] == b"PK" else _read_csv(content, name)
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _read_csv(content: bytes, name: str) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise FileRefused(name=name, why=_("读不懂文字编码。请另存为 CSV UTF-8 或 XLSX。"))
    if "\x00" in text:
        raise FileRefused(name=name, why=_("它不是表格文件。请上传 CSV 或 XLSX。"))
    first = text.partition("\n")[0]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    try:
        found = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as trouble:
        raise FileRefused(name=name, why=_("表格不完整，读不下去。请重新导出。")) from trouble
    _require_few(len(found), name)
    return [[cell.strip().lstrip("'") for cell in row[:COLUMNS_MOST]] for row in found]


def _read_xlsx(content: bytes, name: str) -> list[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    broken = _("它不是可用的 XLSX 文件。请用 Excel 或 WPS 另存为 XLSX 后再上传。")
    try:
        _require_small(content, name)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = []
        for row in sheet.iter_rows(values_only=True, max_col=COLUMNS_MOST):
            rows.append(_without_tail([_words(cell) for cell in row]))
            _require_few(len(rows), name)
        book.close()
    except FileRefused:
        raise
    except (
        BadZipFile, InvalidFileException, KeyError, ValueError, OSError, SyntaxError, IndexError
    ) as trouble:  # fmt: skip
        raise FileRefused(name=name, why=broken) from trouble
    return rows


def _require_small(content: bytes, name: str) -> None:
    """A small file may unpack to a very large one; what its own list says is asked first."""
    with ZipFile(io.BytesIO(content)) as packed:
        unpacked = sum(part.file_size for part in packed.infolist())
    if unpacked > UNPACKED_MOST:
        raise FileRefused(name=name, why=_("表格太大。请分成几个文件导入。"))


def _require_few(rows: int, name: str) -> None:
    if rows > ROWS_MOST:
        raise FileRefused(
            name=name, why=_("超过 %(most)d 行。请分成几个文件导入。") % {"most": ROWS_MOST}
        )


def _without_tail(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _words(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _text(sheet: Any, words: Cell, *, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, value=words)
    if isinstance(words, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _taken(buffer: io.StringIO) -> str:
    words = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return words
