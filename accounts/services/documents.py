"""Take in documents: PDF, photos and Office files, each known by its content, never by its name.

Nothing is unpacked and nothing is held in memory as a whole: heads, ends and the directory inside
an Office file are read, the rest is passed on piece by piece. What carries programs, a password or
two natures at once is refused with the reason. Photos go through `attachments.store_image`.
"""

import hashlib
import re
import struct
import zipfile
from collections.abc import Iterator
from typing import IO, Any, cast

from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from accounts.errors import FileRefused
from accounts.models.attachments import Attachment
from accounts.models.people import User
from accounts.services.attachments import clean_name, store_image

# By the part that an Office file of today is built around, and by the streams of one of 1997.
MODERN = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx", "ppt/presentation.xml": ".pptx"}
FORMER = {"WordDocument": ".doc", "Workbook": ".xls", "Book": ".xls", "PowerPoint Document": ".ppt"}
# WPS saves its own names over the same content.
SAME = {".wps": ".doc", ".et": ".xls", ".dps": ".ppt"}
DOCUMENTS = {*MODERN.values(), *FORMER.values(), *SAME, ".pdf"}
PHOTOS = {".jpg", ".jpeg", ".png", ".webp"}
PIECE = 256 * 1024
TAIL = 66_000  # an end record of a ZIP lies within this, its comment included
MOST_PARTS = 4_000
LARGEST_DIRECTORY = 1024 * 1024
LARGEST_UNPACKED = 400 * 1024 * 1024
LARGEST_RATIO = 150
LARGEST_CONTENT_TYPES = 512 * 1024
END_OF_ZIP = b"PK\x05\x06"


def store_document(upload: "UploadedFile[Any]", *, acting_user: User) -> Attachment:
    """Keep a document as it was handed in, once its content is one we know.

    Raises FileRefused when it is empty or too large, when its content is none of PDF, photo, Word,
    Excel and PowerPoint, when its name says something else, and when it is broken, carries macros,
    is locked by a password, would unpack beyond measure, or is two kinds of file in one.
    """
    name = clean_name(upload.name)
    _require_size(upload, name)
    head, tail = _ends_of(upload)
    if head.startswith(b"%PDF-"):
        suffix = _pdf(head, tail, name)
    elif head.startswith(b"PK\x03\x04"):
        suffix = _modern_office(upload, tail, name)
    elif head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        suffix = _former_office(upload, name)
    elif _is_photo(head):
        if _ending_of(name) in DOCUMENTS:
            raise FileRefused(name=name, why=_not_as_named(_ending_of(name), ".jpg"))
        return store_image(upload, acting_user=acting_user)
    else:
        raise FileRefused(name=name, why=_why_unknown(head))
    return _kept(upload, _with_suffix(name, suffix), suffix, acting_user)


# What it is -----------------------------------------------------------------------------


def _pdf(head: bytes, tail: bytes, name: str) -> str:
    if not re.match(rb"%PDF-[12]\.\d", head):
        raise FileRefused(name=name, why=_("它不是 PDF 文件。请导出为 PDF 后再上传。"))
    end = tail[-2048:]
    if b"%%EOF" not in end or not (b"startxref" in end or b"trailer" in end):
        raise FileRefused(name=name, why=_("文件不完整，可能没有传完。请重新导出后再上传。"))
    if END_OF_ZIP in tail:
        raise FileRefused(name=name, why=_two_in_one())
    return ".pdf"


def _modern_office(upload: "UploadedFile[Any]", tail: bytes, name: str) -> str:
    """DOCX, XLSX or PPTX: judged by the directory inside, of which nothing is unpacked."""
    broken = FileRefused(name=name, why=_("文件打不开，可能没有传完。请重新保存后再上传。"))
    end = tail.rfind(END_OF_ZIP)
    if end < 0 or len(tail) < end + 22:
        raise broken
    parts, size = struct.unpack_from("<HI", tail, end + 10)
    if parts > MOST_PARTS or size > LARGEST_DIRECTORY:
        raise FileRefused(name=name, why=_beyond_measure())
    comment = struct.unpack_from("<H", tail, end + 20)[0]
    if len(tail) != end + 22 + comment or comment:
        raise FileRefused(name=name, why=_two_in_one())
    upload.seek(0)
    try:
        with zipfile.ZipFile(cast(IO[bytes], upload.file)) as package:
            return _office_package(package, upload, name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as trouble:
        raise broken from trouble


def _office_package(package: zipfile.ZipFile, upload: "UploadedFile[Any]", name: str) -> str:
    entries = package.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    whole = upload.size or 0
    if min((entry.header_offset for entry in entries), default=0) != 0:
        raise FileRefused(name=name, why=_two_in_one())
    if unpacked > min(LARGEST_UNPACKED, max(whole, 1) * LARGEST_RATIO) or packed > whole:
        raise FileRefused(name=name, why=_beyond_measure())
    parts = {entry.filename for entry in entries}
    suffix = next((MODERN[part] for part in MODERN if part in parts), None)
    if suffix is None or "[Content_Types].xml" not in parts:
        raise FileRefused(
            name=name, why=_("它是压缩包，不是 Word、Excel 或 PPT。请解压后把里面的文件逐个上传。")
        )
    with package.open("[Content_Types].xml") as listing:
        types = listing.read(LARGEST_CONTENT_TYPES)
    if b"macroEnabled" in types or any("vbaproject" in part.lower() for part in parts):
        raise FileRefused(name=name, why=_with_macros())
    return suffix


def _former_office(upload: "UploadedFile[Any]", name: str) -> str:
    """DOC, XLS or PPT: known by the names of the streams inside."""
    found: set[str] = set()
    names = {**{word: word for word in FORMER}, "_VBA_PROJECT": "", "EncryptedPackage": ""}
    wanted = {word: word.encode("utf-16-le") for word in names}
    for piece in _overlapping(upload):
        found |= {word for word, coded in wanted.items() if coded in piece}
    if "EncryptedPackage" in found:
        raise FileRefused(name=name, why=_("文件加了打开密码，别人看不了。请去掉密码后再上传。"))
    if "_VBA_PROJECT" in found:
        raise FileRefused(name=name, why=_with_macros())
    suffix = next((FORMER[word] for word in FORMER if word in found), None)
    if suffix is None:
        raise FileRefused(name=name, why=_why_unknown(b""))
    return suffix


def _is_photo(head: bytes) -> bool:
    is_webp = head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    return is_webp or head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))


def _with_suffix(name: str, suffix: str) -> str:
    """The name with the ending its content has; an ending that says something else is refused."""
    said = _ending_of(name)
    if said not in DOCUMENTS | PHOTOS:
        return f"{name[: 120 - len(suffix)]}{suffix}"
    if SAME.get(said, said) != suffix:
        raise FileRefused(name=name, why=_not_as_named(said, suffix))
    return f"{name[: -len(said)]}{suffix}"


def _ending_of(name: str) -> str:
    _stem, dot, said = name.rpartition(".")
    return f".{said.lower()}" if dot else ""


# Sentences ------------------------------------------------------------------------------


def _why_unknown(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype", b"<html", b"<script")):
        return _("网页和 SVG 图里可能藏有程序，不能收。请导出为 PDF 或 JPG 再上传。")
    return _("只收 PDF、照片（JPG、PNG、WebP）和 Word、Excel、PPT 文件，这个文件的内容都不是。")


def _not_as_named(said: str, real: str) -> str:
    return _("文件名写的是 %(said)s，内容却是 %(real)s。请把扩展名改对，或重新导出后再上传。") % {
        "said": said,
        "real": real,
    }


def _with_macros() -> str:
    return _("文件里有宏（小程序），不能收。请另存为不带宏的格式，如 .docx、.xlsx，再上传。")


def _beyond_measure() -> str:
    return _("文件解开后大得不合常理，不能收。请删掉多余内容，或导出为 PDF 再上传。")


def _two_in_one() -> str:
    return _("文件里夹着另一种文件，不能收。请重新导出为 PDF 再上传。")


# Reading piece by piece -----------------------------------------------------------------


def _require_size(upload: "UploadedFile[Any]", name: str) -> None:
    limit: int = settings.DOCUMENT_LIMIT_BYTES
    if (upload.size or 0) > limit:
        raise FileRefused(
            name=name, why=_("文件超过 %(limit)s。") % {"limit": filesizeformat(limit)}
        )
    if not upload.size:
        raise FileRefused(name=name, why=_("文件是空的。"))


def _ends_of(upload: "UploadedFile[Any]") -> tuple[bytes, bytes]:
    upload.seek(0)
    head: bytes = upload.read(1024)
    upload.seek(max((upload.size or 0) - TAIL, 0))
    tail: bytes = upload.read(TAIL)
    return head, tail


def _overlapping(upload: "UploadedFile[Any]") -> Iterator[bytes]:
    """Its content in pieces that overlap, so that no name is cut in two."""
    upload.seek(0)
    before = b""
    while piece := upload.read(PIECE):
        yield before + piece
        before = piece[-64:]


@transaction.atomic
def _kept(upload: "UploadedFile[Any]", name: str, suffix: str, acting_user: User) -> Attachment:
    digest = hashlib.sha256()
    upload.seek(0)
    while piece := upload.read(PIECE):
        digest.update(piece)
    attachment = Attachment(
        kind=Attachment.Kind.PDF if suffix == ".pdf" else Attachment.Kind.DOCUMENT,
        name=name,
        suffix=suffix,
        sha256=digest.hexdigest(),
        size_bytes=upload.size or 0,
        uploaded_by=acting_user,
    )
    upload.seek(0)
    attachment.file.save("", File(upload.file, name="file"), save=False)
    attachment.save()
    return attachment
