"""Where files lie: a folder, or a private bucket of an S3-compatible store."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from config.embedded.errors import CannotStart
from config.env.identity import mode
from config.env.reading import text

S3 = "storages.backends.s3.S3Storage"


def storages(*, media_root: Path) -> dict[str, dict[str, Any]]:
    """Where files lie. Static files carry a fingerprint in their names in production only."""
    static = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
        if mode() == "demo"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    )
    place = text("STORAGE") or "local"
    if place.startswith("s3://"):
        handed_in = {"BACKEND": S3, "OPTIONS": _bucket(place)}
    elif place == "local" or place.startswith("file:///"):
        folder = media_root if place == "local" else Path(unquote(urlsplit(place).path))
        handed_in = {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder)},
        }
    else:
        raise CannotStart(
            zh=f"STORAGE 须为 local、file:///文件夹 或 s3://…，现在以“{place[:12]}”开头。",
            en=f"STORAGE is local, file:///folder or s3://…; it begins with “{place[:12]}”.",
        )
    return {"default": handed_in, "staticfiles": {"BACKEND": static}}


def _bucket(place: str) -> dict[str, Any]:
    """A private bucket of any S3-compatible store. Objects are handed out by our views alone."""
    parts = urlsplit(place)
    asked = dict(parse_qsl(parts.query))
    bucket = parts.path.strip("/")
    if not (parts.username and parts.password and parts.hostname and bucket) or "/" in bucket:
        raise CannotStart(  # the value itself holds a secret and is not repeated
            zh="STORAGE 须形如 s3://访问密钥:私有密钥@主机/存储桶?region=地域。",
            en="STORAGE must look like s3://key:secret@host/bucket?region=….",
        )
    unknown = asked.keys() - {"region", "folder", "style", "tls"}
    if unknown or asked.get("style", "path") not in {"path", "virtual"}:
        raise CannotStart(
            zh="STORAGE 的参数只有 region、folder、style（path 或 virtual）和 tls。",
            en="STORAGE takes region, folder, style (path or virtual) and tls, nothing else.",
        )
    scheme = "http" if asked.get("tls") == "no" else "https"
    host = parts.hostname + (f":{parts.port}" if parts.port else "")
    return {
        "access_key": unquote(parts.username),
        "secret_key": unquote(parts.password),
        "bucket_name": bucket,
        "endpoint_url": f"{scheme}://{host}",
        "region_name": asked.get("region") or None,
        "location": asked.get("folder", ""),
        "addressing_style": asked.get("style", "auto"),
        "signature_version": "s3v4",
        "file_overwrite": False,
        "default_acl": None,  # the bucket's own, which is private; many stores know no other
        "querystring_auth": True,
        "max_memory_size": 2 * 1024 * 1024,
    }
