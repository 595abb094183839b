"""Take in files: look inside, never trust the name, keep only what we made ourselves.

An image is decoded and written anew, so that nothing but its pixels survives; what its EXIF said
about time and place is compared once and kept as "matches, differs, absent". A PDF is checked for
its frame and kept as it is: it is only ever downloaded.
"""

import hashlib
import io
import math
import re
import warnings
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps

from accounts.errors import FileRefused
from accounts.models.attachments import Attachment
from accounts.models.people import Consent, User
from accounts.selectors.people import has_consented

FORMATS = ("JPEG", "PNG", "WEBP")
SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
LONGEST_EDGE = 2560
THUMBNAIL_EDGE = 480
CAMERA_CLOCK_SLACK = timedelta(minutes=15)
EARTH_RADIUS_METRES = 6_371_000
Evidence = Attachment.Evidence


@dataclass(frozen=True)
class Nearby:
    """A place a photo is expected to be taken at: within so many metres of a point (WGS 84)."""

    latitude: float
    longitude: float
    metres: int = 500


def store_image(
    upload: "UploadedFile[Any]",
    *,
    acting_user: User,
    expected_between: tuple[datetime, datetime] | None = None,
    near: Nearby | None = None,
) -> Attachment:
    """Keep a photo: checked by content, turned upright, re-encoded without metadata, thumbnailed.

    The time in its EXIF is compared with `expected_between`, the place with `near` if the person
    has consented to that; both are then forgotten. Raises FileRefused when it is too large, not
    an image we know, or broken.
    """
    name = clean_name(upload.name)
    content = _content_of(upload, name, settings.PHOTO_LIMIT_BYTES)
    image = _decoded(content, name)
    exif = _exif_of(image)
    kind = _kept_format(image)
    upright = _upright(image, kind)
    thumbnail = upright.copy()
    thumbnail.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE))
    upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    encoded = _encoded(upright, kind)
    attachment = Attachment(
        kind=Attachment.Kind.IMAGE,
        name=name,
        suffix=SUFFIXES[kind],
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(encoded),
        width=upright.width,
        height=upright.height,
        taken_in_time=_in_time(exif, expected_between),
        taken_in_range=_in_range(exif, near, acting_user),
        uploaded_by=acting_user,
    )
    return _kept(attachment, encoded, _encoded(thumbnail, "WEBP"))


def store_pdf(upload: "UploadedFile[Any]", *, acting_user: User) -> Attachment:
    """Keep a PDF as it was handed in, once its frame is that of a PDF.

    Raises FileRefused when it is too large or no PDF. It is never opened by the product and never
    shown inline.
    """
    name = clean_name(upload.name)
    content = _content_of(upload, name, settings.DOCUMENT_LIMIT_BYTES)
    if not re.match(rb"%PDF-[12]\.\d", content):
        raise FileRefused(name=name, why=_("它不是 PDF 文件。请导出为 PDF 后再上传。"))
    end = content[-2048:]
    if b"%%EOF" not in end or not (b"startxref" in end or b"trailer" in end):
        raise FileRefused(name=name, why=_("文件不完整，可能没有传完。请重新导出后再上传。"))
    attachment = Attachment(
        kind=Attachment.Kind.PDF,
        name=name if name.lower().endswith(".pdf") else f"{name[:116]}.pdf",
        suffix=".pdf",
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        uploaded_by=acting_user,
    )
    return _kept(attachment, content, b"")


def camera_time_of(upload: "UploadedFile[Any]") -> datetime | None:
    """When the camera says a photo was taken, for a form that does not know yet what to expect.

    Raises FileRefused as `store_image` does. The caller keeps it no longer than it has to.
    """
    name = clean_name(upload.name)
    image = _decoded(_content_of(upload, name, settings.PHOTO_LIMIT_BYTES), name)
    return _taken_at(_exif_of(image))


def judge_camera_time(
    attachment: Attachment, taken_at: datetime | None, expected_between: tuple[datetime, datetime]
) -> None:
    """Note whether a photo kept earlier was taken when it is now said to be."""
    attachment.taken_in_time = _fits(taken_at, expected_between)
    attachment.save(update_fields=["taken_in_time"])


# Reading --------------------------------------------------------------------------------


def clean_name(name: str | None) -> str:
    """The last part of the name without anything that could be mistaken for something else."""
    base = PurePath((name or "").replace("\\", "/")).name
    base = re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\"<>|:*?]", "", base).strip()
    return base[-120:] or _("未命名文件")


def _content_of(upload: "UploadedFile[Any]", name: str, limit: int) -> bytes:
    if (upload.size or 0) > limit:
        raise FileRefused(
            name=name, why=_("文件超过 %(limit)s。") % {"limit": filesizeformat(limit)}
        )
    upload.seek(0)
    content: bytes = upload.read(limit + 1)
    if len(content) > limit:
        raise FileRefused(
            name=name, why=_("文件超过 %(limit)s。") % {"limit": filesizeformat(limit)}
        )
    if not content:
        raise FileRefused(name=name, why=_("文件是空的。"))
    return content


def _decoded(content: bytes, name: str) -> Image.Image:
    """The picture in the file; its size is judged from the header, before any pixel is decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            header = Image.open(io.BytesIO(content), formats=FORMATS)
            width, height = header.size
            fits = width * height <= settings.PHOTO_LIMIT_PIXELS
            if fits:
                header.verify()
                image = Image.open(io.BytesIO(content), formats=FORMATS)
                image.load()
    except Image.DecompressionBombError:
        fits = False
    except Exception as trouble:  # decoders raise whatever a broken file makes them stumble over
        raise FileRefused(
            name=name, why=_("它不是可用的照片。请上传 JPG、PNG 或 WebP 图片。")
        ) from trouble
    if not fits:
        raise FileRefused(
            name=name,
            why=_("图片太大，最多 %(limit)d 万像素。")
            % {"limit": settings.PHOTO_LIMIT_PIXELS // 10_000},
        )
    return image


def _kept_format(image: Image.Image) -> str:
    return image.format if image.format in SUFFIXES else "JPEG"


def _upright(image: Image.Image, kind: str) -> Image.Image:
    """The pixels as people saw them, in a mode the format can hold."""
    upright = ImageOps.exif_transpose(image)
    has_transparency = kind != "JPEG" and (
        upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    )
    return upright.convert("RGBA" if has_transparency else "RGB")


def _encoded(image: Image.Image, kind: str) -> bytes:
    """A fresh file of the pixels alone."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    buffer = io.BytesIO()
    options: dict[str, Any] = (
        {"optimize": True} if kind == "PNG" else {"quality": 80 if kind == "WEBP" else 85}
    )
    bare.save(buffer, kind, **options)
    return buffer.getvalue()


# What the photo said about itself -------------------------------------------------------


def _exif_of(image: Image.Image) -> Image.Exif:
    return image.getexif()


def _in_time(exif: Image.Exif, expected: tuple[datetime, datetime] | None) -> str:
    return _fits(_taken_at(exif), expected)


def _fits(taken_at: datetime | None, expected: tuple[datetime, datetime] | None) -> str:
    if expected is None or taken_at is None:
        return Evidence.ABSENT
    start, end = expected
    fits = start - CAMERA_CLOCK_SLACK <= taken_at <= end + CAMERA_CLOCK_SLACK
    return Evidence.MATCHES if fits else Evidence.DIFFERS


def _taken_at(exif: Image.Exif) -> datetime | None:
    """When the camera says it was; without an offset, the camera's clock shows local time."""
    details = exif.get_ifd(ExifTags.IFD.Exif)
    said = str(details.get(ExifTags.Base.DateTimeOriginal) or "")
    offset = str(details.get(ExifTags.Base.OffsetTimeOriginal) or "").strip("\x00 ")
    try:
        taken = datetime.strptime(said.strip("\x00 "), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    if re.fullmatch(r"[+-]\d\d:\d\d", offset):
        return datetime.fromisoformat(f"{taken.isoformat()}{offset}")
    return timezone.make_aware(taken)


def _in_range(exif: Image.Exif, near: Nearby | None, person: User) -> str:
    if near is None or not has_consented(person, Consent.Purpose.LOCATION):
        return Evidence.ABSENT
    point = _taken_where(exif)
    if point is None:
        return Evidence.ABSENT
    return Evidence.MATCHES if _metres(point, near) <= near.metres else Evidence.DIFFERS


def _taken_where(exif: Image.Exif) -> tuple[float, float] | None:
    said = exif.get_ifd(ExifTags.IFD.GPSInfo)
    try:
        latitude = _degrees(said[ExifTags.GPS.GPSLatitude])
        longitude = _degrees(said[ExifTags.GPS.GPSLongitude])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    if said.get(ExifTags.GPS.GPSLatitudeRef) == "S":
        latitude = -latitude
    if said.get(ExifTags.GPS.GPSLongitudeRef) == "W":
        longitude = -longitude
    return latitude, longitude


def _degrees(parts: Any) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value):
        raise ValueError("no number")
    return value


def _metres(point: tuple[float, float], near: Nearby) -> float:
    """Great-circle distance (haversine)."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*point, near.latitude, near.longitude))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_METRES * math.asin(math.sqrt(half))


# Keeping --------------------------------------------------------------------------------


@transaction.atomic
def _kept(attachment: Attachment, content: bytes, thumbnail: bytes) -> Attachment:
    attachment.file.save("", ContentFile(content, name="file"), save=False)
    if thumbnail:
        attachment.thumbnail.save("", ContentFile(thumbnail, name="thumbnail"), save=False)
    attachment.save()
    return attachment
