"""What the people tests share: all places of Haining, files in memory, folders that vanish."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from PIL import Image

from accounts.models import Region
from accounts.services.regions import load_regions
from tests.plugins.relay import Relay


@pytest.fixture(scope="session")
def every_place(kept: object, django_db_blocker: Any) -> Relay[Region]:
    """All 251 places, as they are when nothing else is there."""

    def load() -> Region:
        load_regions()
        return Region.objects.get(code="330481000000")

    with django_db_blocker.unblock():
        return Relay.of(load)


@pytest.fixture
def haining(every_place: Relay[Region], db: None) -> Region:
    """The county; all its places are there."""
    return every_place.lay()


@pytest.fixture
def media(tmp_path: Path) -> Iterator[Path]:
    """Files of the test lie where pytest clears up."""
    storage = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(STORAGES=storage, MEDIA_ROOT=tmp_path):
        yield tmp_path


def picture(
    kind: str = "JPEG",
    size: tuple[int, int] = (640, 480),
    name: str = "现场.jpg",
    mode: str = "RGB",
    exif: Image.Exif | None = None,
) -> SimpleUploadedFile:
    """An upload with a real picture in it."""
    buffer = io.BytesIO()
    image = Image.new(mode, size, "teal" if mode == "RGB" else None)
    image.save(buffer, kind, **({"exif": exif} if exif else {}))
    return SimpleUploadedFile(name, buffer.getvalue())
