"""Tables from and for spreadsheets: judged by content, and text never becomes a formula."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from accounts.errors import FileRefused
from accounts.services.tables import Table, csv_of, read_table, xlsx_of

DANGEROUS = ["=1+1", "+86", "-1", "@x", "\tx"]


def upload(content: bytes, name: str = "表.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_text_never_becomes_a_formula():
    table = Table("明细", [("户名", "=安安")], ["说明", "分钟"], [[text, -5] for text in DANGEROUS])

    lines = "".join(csv_of(table)).splitlines()
    sheet = load_workbook(io.BytesIO(xlsx_of(table))).active

    assert lines[0] == "\ufeff户名,'=安安"
    assert [line.partition(",")[0] for line in lines[3:]] == [f"'{text}" for text in DANGEROUS]
    assert lines[3].endswith(",-5")
    assert [row[0].data_type for row in sheet.iter_rows(min_row=4)] == ["s"] * len(DANGEROUS)
    assert [row[1].value for row in sheet.iter_rows(min_row=4)] == [-5] * len(DANGEROUS)


@pytest.mark.parametrize(
    "content",
    [
        "姓名,分钟\n安安,90\n\n".encode("utf-8-sig"),
        "姓名\t分钟\n安安\t90\n".encode("gb18030"),
        "'姓名,分钟\r\n安安 , 90\r\n".encode(),
    ],
)
def test_csv_is_read_as_people_save_it(content):
    assert read_table(upload(content)) == [["姓名", "分钟"], ["安安", "90"]]


def test_xlsx_is_read_whatever_its_name():
    book = Workbook()
    book.active.append(["姓名", "手机号", "分钟"])
    book.active.append(["安安", 10000000001, 90.0])
    file = io.BytesIO()
    book.save(file)

    rows = read_table(upload(file.getvalue(), "表.csv"))

    assert rows == [["姓名", "手机号", "分钟"], ["安安", "10000000001", "90"]]


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04 broken", b"\x00\x01\x02", b"\xff\xfe\xff\x81", b"a,b\n" * 21_000],
)
def test_what_is_no_table_is_refused(content):
    with pytest.raises(FileRefused):
        read_table(upload(content))
