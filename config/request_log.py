"""One line for each request, without what opens a door.

An address may hold a secret that works without signing in (a calendar, a badge, a certificate, a
password to be set anew), and the question behind it a name somebody looked for: neither is logged.
"""

import logging

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

SECRETS = ("token", "key")


class RequestLogMiddleware(RequestMiddleware):
    """`django_structlog`'s, with the address as it may be kept."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {address_of(request)}"


class WithoutSecrets(logging.Filter):
    """The same for the lines Django writes of requests that failed."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            record.args = (*record.args[:-1], address_of(request))
        return True


def address_of(request: HttpRequest) -> str:
    """The path, each secret in it as `…`; never the question after it."""
    path = request.path
    if request.resolver_match is None:
        return path
    for name in SECRETS:
        if secret := request.resolver_match.kwargs.get(name):
            path = path.replace(str(secret), "…")
    return path
