"""How a file leaves: images inline, PDFs as downloads, nothing guessed, nothing shared."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from accounts.services.attachments import store_image, store_pdf
from accounts.views.attachments import attachment_response
from config.demo.cast import Cast
from tests.accounts.conftest import picture

pytestmark = pytest.mark.usefixtures("media")

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"


def test_image_is_inline_and_private(cast: Cast) -> None:
    attachment = store_image(picture(), acting_user=cast.anan)

    answer = attachment_response(attachment)

    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content)


def test_thumbnail_is_webp(cast: Cast) -> None:
    attachment = store_image(picture(), acting_user=cast.anan)

    answer = attachment_response(attachment, thumbnail=True)

    assert answer["Content-Type"] == "image/webp"
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"


def test_pdf_is_only_ever_a_download(cast: Cast) -> None:
    attachment = store_pdf(SimpleUploadedFile("章程.pdf", PDF), acting_user=cast.en)

    answer = attachment_response(attachment)

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "max-age=0" in answer["Cache-Control"]


def test_pdf_has_no_thumbnail(cast: Cast) -> None:
    attachment = store_pdf(SimpleUploadedFile("章程.pdf", PDF), acting_user=cast.en)

    with pytest.raises(Http404):
        attachment_response(attachment, thumbnail=True)
