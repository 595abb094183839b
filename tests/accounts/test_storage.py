"""Files in a bucket: through the same services and views, private, and gone when deleted."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from django.core.files.storage import default_storage
from django.test import override_settings
from moto import mock_aws

from accounts.services.attachments import store_image
from accounts.views.attachments import attachment_response
from config import env
from config.demo.cast import Cast
from config.embedded.errors import CannotStart
from tests.accounts.conftest import picture

PLACE = "s3://key:se%2Fcret@s3.amazonaws.com/qicai-files?region=us-east-1&folder=handed-in"


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A bucket of a store that only exists in this test, named by the environment."""
    monkeypatch.setenv("STORAGE", PLACE)
    with mock_aws():
        storages = env.storages(media_root=env.PROJECT)
        with override_settings(STORAGES=storages):
            store = boto3.resource("s3", region_name="us-east-1")
            yield store.create_bucket(Bucket="qicai-files")


def test_environment_names_key_bucket_and_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORAGE", PLACE)

    options = env.storages(media_root=env.PROJECT)["default"]["OPTIONS"]

    assert (options["access_key"], options["secret_key"]) == ("key", "se/cret")
    assert (options["bucket_name"], options["location"]) == ("qicai-files", "handed-in")
    assert options["endpoint_url"] == "https://s3.amazonaws.com"
    assert options["querystring_auth"]


@pytest.mark.parametrize(
    "place",
    [
        "s3://host/bucket",
        "s3://key:secret@host/",
        "s3://key:secret@host/a/b",
        "s3://key:secret@host/bucket?acl=public-read",
        "s3://key:secret@host/bucket?style=odd",
        "ftp://key:secret@host/bucket",
    ],
)
def test_half_an_address_stops_the_start_and_shows_no_secret(
    monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setenv("STORAGE", place)

    with pytest.raises(CannotStart) as trouble:
        env.storages(media_root=env.PROJECT)

    assert "secret" not in str(trouble.value).replace("key:secret@host/bucket?region", "")


def test_picture_goes_to_the_bucket_and_comes_back_through_our_view(
    cast: Cast, bucket: Any
) -> None:
    attachment = store_image(picture(), acting_user=cast.anan)

    keys = sorted(item.key for item in bucket.objects.all())
    assert len(keys) == 2  # the picture and its thumbnail
    assert all(key.startswith("handed-in/") for key in keys)
    for key in keys:
        grants = bucket.Object(key).Acl().grants
        assert [grant["Grantee"]["Type"] for grant in grants] == ["CanonicalUser"]
    for thumbnail in (False, True):
        answer = attachment_response(attachment, thumbnail=thumbnail)
        assert len(b"".join(answer.streaming_content)) > 100
        assert "amazonaws" not in str(answer.headers)

    default_storage.delete(attachment.file.name)

    assert len(list(bucket.objects.all())) == 1
