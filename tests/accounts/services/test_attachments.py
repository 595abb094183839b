"""Files people hand in: only pixels survive, lies are refused, evidence is three words."""

import io
import struct
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from PIL import ExifTags, Image

from accounts.errors import FileRefused
from accounts.models import Attachment
from accounts.services.attachments import Nearby, store_image, store_pdf
from accounts.services.consents import give_consent
from config.demo.cast import Cast
from tests.accounts.conftest import picture

pytestmark = pytest.mark.usefixtures("media")

Evidence = Attachment.Evidence
# 2026-11-21 09:30 in Haining.
TAKEN = "2026:11:21 09:30:00"
THEN = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
NANGUANXIANG = Nearby(30.5290, 120.6860, metres=500)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"


def exif(
    taken: str = "", offset: str = "", latitude: float | None = None, longitude: float = 120.686
) -> Image.Exif:
    said = Image.Exif()
    said[ExifTags.Base.Make] = "手机"
    if taken:
        details = said.get_ifd(ExifTags.IFD.Exif)
        details[ExifTags.Base.DateTimeOriginal] = taken
        if offset:
            details[ExifTags.Base.OffsetTimeOriginal] = offset
    if latitude is not None:
        gps = said.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef] = "N"
        gps[ExifTags.GPS.GPSLatitude] = (latitude, 0.0, 0.0)
        gps[ExifTags.GPS.GPSLongitudeRef] = "E"
        gps[ExifTags.GPS.GPSLongitude] = (longitude, 0.0, 0.0)
    return said


def stored(attachment: Attachment) -> bytes:
    with attachment.file.open("rb") as file:
        return file.read()


def bomb() -> bytes:
    """A PNG of 144 megapixels in a few kilobytes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        body = name + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 12_000, 12_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00" * (1501 * 12_000), 9)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(("kind", "suffix"), [("JPEG", ".jpg"), ("PNG", ".png"), ("WEBP", ".webp")])
def test_picture_is_kept_and_made_small(cast: Cast, media: Path, kind: str, suffix: str) -> None:
    attachment = store_image(picture(kind, (1200, 900)), acting_user=cast.anan)

    attachment.refresh_from_db()
    assert (attachment.kind, attachment.suffix) == ("image", suffix)
    assert (attachment.width, attachment.height) == (1200, 900)
    assert attachment.size_bytes == len(stored(attachment))
    assert Image.open(io.BytesIO(stored(attachment))).format == kind
    with attachment.thumbnail.open("rb") as file:
        thumbnail = Image.open(file)
        assert (thumbnail.format, thumbnail.size) == ("WEBP", (480, 360))
    assert attachment.file.name.startswith("attachments/")
    assert "现场" not in attachment.file.name


def test_nothing_but_pixels_survives(cast: Cast) -> None:
    upload = picture(exif=exif(TAKEN, latitude=30.529))

    attachment = store_image(upload, acting_user=cast.anan)

    kept = Image.open(io.BytesIO(stored(attachment)))
    assert not kept.getexif()
    assert "手机".encode() not in stored(attachment)


def test_photo_is_turned_upright(cast: Cast) -> None:
    said = exif()
    said[ExifTags.Base.Orientation] = 6

    attachment = store_image(picture(size=(640, 480), exif=said), acting_user=cast.anan)

    assert (attachment.width, attachment.height) == (480, 640)


def test_large_photo_is_made_smaller(cast: Cast) -> None:
    attachment = store_image(picture(size=(4000, 3000)), acting_user=cast.anan)

    assert (attachment.width, attachment.height) == (2560, 1920)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "1", "LA"])
def test_odd_modes_are_understood(cast: Cast, mode: str) -> None:
    attachment = store_image(picture("PNG", mode=mode, name="图.png"), acting_user=cast.anan)

    assert Image.open(io.BytesIO(stored(attachment))).size == (640, 480)


def test_script_behind_a_jpeg_is_left_behind(cast: Cast) -> None:
    upload = picture()
    poisoned = upload.read() + b"<script>alert(1)</script>"

    attachment = store_image(SimpleUploadedFile("a.jpg", poisoned), acting_user=cast.anan)

    assert b"script" not in stored(attachment)


def test_bomb_is_refused_before_it_is_decoded(cast: Cast) -> None:
    content = bomb()
    assert len(content) < 60_000

    with pytest.raises(FileRefused) as refusal:
        store_image(SimpleUploadedFile("大.png", content), acting_user=cast.anan)

    assert "4000 万像素" in str(refusal.value)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.jpg", b""),
        ("a.jpg", b"<html><script>alert(1)</script></html>"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("a.gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"),
        ("a.pdf", PDF),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 40),
    ],
)
def test_what_is_no_photo_is_refused_by_content(cast: Cast, name: str, content: bytes) -> None:
    with pytest.raises(FileRefused) as refusal:
        store_image(SimpleUploadedFile(name, content), acting_user=cast.anan)

    assert name in str(refusal.value)
    assert not Attachment.objects.exists()


def test_truncated_photo_is_refused(cast: Cast) -> None:
    content = picture(size=(800, 600)).read()

    with pytest.raises(FileRefused):
        store_image(
            SimpleUploadedFile("a.jpg", content[: len(content) // 2]), acting_user=cast.anan
        )


@override_settings(PHOTO_LIMIT_BYTES=1000)
def test_too_many_bytes_are_refused_with_the_limit(cast: Cast) -> None:
    with pytest.raises(FileRefused) as refusal:
        store_image(picture(size=(2000, 2000)), acting_user=cast.anan)

    assert "1000" in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\照片\\现场.jpg", "现场.jpg"),
        ("a\x00b\u202egpj.exe", "abgpj.exe"),
        ("长" * 300 + ".jpg", "长" * 116 + ".jpg"),
    ],
)
def test_names_are_cleaned(cast: Cast, name: str, cleaned: str) -> None:
    upload = picture()
    upload._name = name

    attachment = store_image(upload, acting_user=cast.anan)

    assert attachment.name == cleaned


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (exif(TAKEN), Evidence.MATCHES),
        (exif(TAKEN, "+08:00"), Evidence.MATCHES),
        (exif(TAKEN, "+00:00"), Evidence.DIFFERS),
        (exif("2026:11:21 10:44:00"), Evidence.MATCHES),  # a camera's clock may be off a little
        (exif("2026:11:21 10:46:00"), Evidence.DIFFERS),
        (exif("2026:11:20 09:30:00"), Evidence.DIFFERS),
        (exif("0000:00:00 00:00:00"), Evidence.ABSENT),
        (exif(), Evidence.ABSENT),
    ],
)
def test_time_is_compared_once(cast: Cast, said: Image.Exif, expected: str) -> None:
    span = (THEN - timedelta(hours=1), THEN + timedelta(hours=1))

    attachment = store_image(picture(exif=said), acting_user=cast.anan, expected_between=span)

    assert attachment.taken_in_time == expected


@pytest.mark.parametrize(
    ("latitude", "expected"),
    [(30.5291, Evidence.MATCHES), (30.54, Evidence.DIFFERS), (None, Evidence.ABSENT)],
)
def test_place_is_compared_with_consent(cast: Cast, latitude: float | None, expected: str) -> None:
    give_consent(cast.anan, "location", acting_user=cast.anan)

    attachment = store_image(
        picture(exif=exif(latitude=latitude)), acting_user=cast.anan, near=NANGUANXIANG
    )

    assert attachment.taken_in_range == expected


def test_place_is_not_looked_at_without_consent(cast: Cast) -> None:
    attachment = store_image(
        picture(exif=exif(latitude=30.529)), acting_user=cast.anan, near=NANGUANXIANG
    )

    assert attachment.taken_in_range == Evidence.ABSENT


def test_pdf_is_kept_as_it_is(cast: Cast) -> None:
    attachment = store_pdf(SimpleUploadedFile("章程.pdf", PDF), acting_user=cast.en)

    assert stored(attachment) == PDF
    assert (attachment.kind, attachment.name) == ("pdf", "章程.pdf")
    assert not attachment.thumbnail


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<script>alert(1)</script>",
        b"<html>%PDF-1.7" + PDF,
        PDF.replace(b"%%EOF", b""),
        PDF[:20],
    ],
)
def test_what_has_not_the_frame_of_a_pdf_is_refused(cast: Cast, content: bytes) -> None:
    with pytest.raises(FileRefused):
        store_pdf(SimpleUploadedFile("a.pdf", content), acting_user=cast.en)

    assert not Attachment.objects.exists()
