"""What people see when something is not there, not theirs, or broken."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from config.middleware import way_back

RETRY_AFTER_SECONDS = "60"


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    """Signing in, or asking for a code, too often."""
    context = {"back_url": way_back(request)}
    answer = render(request, "errors/429.html", context, status=429)
    answer["Retry-After"] = RETRY_AFTER_SECONDS
    return answer


def broken(request: HttpRequest) -> HttpResponse:
    """A fault, or the database cannot be reached.

    Nothing is asked of the request or the database: what a page usually says around itself may be
    just what does not work.
    """
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        answer = HttpResponse(render_to_string("errors/503.html"), status=503)
        answer["Retry-After"] = RETRY_AFTER_SECONDS
        return answer
    return HttpResponse(render_to_string("errors/500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/csrf.html", status=403)
