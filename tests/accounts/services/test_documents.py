"""Documents known by their content: what is kept, what is refused and why, and at what memory."""

import io
import struct
import tracemalloc
import zipfile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from PIL import Image

from accounts.errors import FileRefused
from accounts.models import Attachment
from accounts.services.documents import store_document
from accounts.views.attachments import attachment_response
from config.demo.cast import Cast

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"
TYPES = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"


def office(main: str = "word/document.xml", **more: str | bytes) -> bytes:
    """A package as Word saves it, with the parts given."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", more.pop("types", TYPES))
        package.writestr(main, "<w:document/>")
        for name, content in more.items():
            package.writestr(name, content)
    return buffer.getvalue()


def old_office(*streams: str) -> bytes:
    """The frame of an OLE file with these streams named in its directory."""
    names = b"".join(name.encode("utf-16-le") + b"\0" * 64 for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + names + b"\0" * 512


def photo(kind: str = "JPEG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(buffer, kind)
    return buffer.getvalue()


def many_parts() -> bytes:
    content = bytearray(office())
    end = content.rfind(b"PK\x05\x06")
    struct.pack_into("<H", content, end + 10, 60_000)
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "stored"),
    [
        ("章程.pdf", PDF, "章程.pdf"),
        ("章程", PDF, "章程.pdf"),
        ("预算.xlsx", office("xl/workbook.xml"), "预算.xlsx"),
        ("申报书.docx", office(), "申报书.docx"),
        ("汇报.pptx", office("ppt/presentation.xml"), "汇报.pptx"),
        ("旧表.xls", old_office("Workbook"), "旧表.xls"),
        ("旧文.wps", old_office("WordDocument"), "旧文.doc"),
        ("签章页.jpg", photo(), "签章页.jpg"),
    ],
)
def test_known_content_is_kept_under_its_ending(cast: Cast, name: str, content: bytes, stored: str):
    attachment = store_document(SimpleUploadedFile(name, content), acting_user=cast.en)

    answer = attachment_response(attachment)
    assert attachment.name == stored
    assert answer["X-Content-Type-Options"] == "nosniff"
    is_photo = attachment.kind == Attachment.Kind.IMAGE
    assert answer["Content-Disposition"].startswith("inline" if is_photo else "attachment")
    if not is_photo:
        assert b"".join(answer.streaming_content) == content  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("空.pdf", b"", "文件是空的"),
        ("图.svg", b"<svg onload='x'/>", "网页和 SVG"),
        ("页.pdf", b"\n<html><script>", "网页和 SVG"),
        ("程序.pdf", b"MZ\x90\0", "内容都不是"),
        ("断.pdf", PDF[:-20], "没有传完"),
        ("双面.pdf", PDF + office() + b"\n%%EOF\nstartxref", "夹着另一种文件"),
        ("假名.pdf", office(), "内容却是 .docx"),
        ("假名.docx", photo(), "内容却是 .jpg"),
        ("包.zip", office("a.txt"), "压缩包"),
        ("宏.docx", office(**{"word/vbaProject.bin": b"x"}), "有宏"),
        ("宏.xlsm", office("xl/workbook.xml", types="<x macroEnabled/>"), "有宏"),
        ("旧宏.xls", old_office("Workbook", "_VBA_PROJECT"), "有宏"),
        ("锁.docx", old_office("EncryptedPackage"), "打开密码"),
        ("炸弹.docx", office(**{"word/big.xml": b"\0" * 30_000_000}), "大得不合常理"),
        ("万件.docx", many_parts(), "大得不合常理"),
        ("尾巴.docx", office() + b"<script>", "夹着另一种文件"),
        ("破.docx", office()[:60] + b"\0" * 80 + office()[-22:], "打不开"),
    ],
)
def test_what_is_refused_is_told_why(cast: Cast, name: str, content: bytes, why: str):
    with pytest.raises(FileRefused) as refusal:
        store_document(SimpleUploadedFile(name, content), acting_user=cast.en)

    assert why in str(refusal.value.facts["why"])
    assert Attachment.objects.count() == 0


def test_twenty_megabytes_pass_without_being_held(cast: Cast):
    """As Django hands a large upload over: a file on disk. Peak memory is of pieces, not of it."""
    size = settings.DOCUMENT_LIMIT_BYTES
    upload = TemporaryUploadedFile("大.pdf", "application/pdf", size, None)
    upload.write(PDF[:9] + b"\n" * (size - len(PDF)) + PDF[9:])
    tracemalloc.start()

    attachment = store_document(upload, acting_user=cast.en)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert attachment.size_bytes == size
    assert peak < 4 * 1024 * 1024
    upload.size = size + 1
    with pytest.raises(FileRefused) as refusal:
        store_document(upload, acting_user=cast.en)
    assert "20" in str(refusal.value.facts["why"])
