"""What a line of the log tells of a request, and what it must not."""

import logging

import pytest
from django.urls import resolve, reverse


@pytest.fixture
def logged(caplog):
    """The lines two loggers write that pass nothing on to others."""
    loggers = [logging.getLogger(name) for name in ("django_structlog", "django.request")]
    for logger in loggers:
        logger.addHandler(caplog.handler)
    yield caplog
    for logger in loggers:
        logger.removeHandler(caplog.handler)


@pytest.mark.django_db
def test_no_secret_and_no_question_is_logged(client, logged):
    secret = "Zb7-secret-of-a-certificate"

    client.get(reverse("timebank:certificate-public", args=[secret]), {"q": "程阿姨"})

    assert "/c/…/" in logged.text
    assert secret not in logged.text
    assert "程阿姨" not in logged.text


def test_no_secret_is_logged_of_what_fails(rf, logged):
    secret = "Zb7-secret-of-a-certificate"
    request = rf.get(reverse("timebank:certificate-public", args=[secret]))
    request.resolver_match = resolve(request.path)

    logging.getLogger("django.request").error(
        "%s: %s", "Internal Server Error", request.path, extra={"request": request}
    )

    assert "Internal Server Error: /c/…/" in logged.text
    assert secret not in logged.text
