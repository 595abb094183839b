"""Answer refusals: people get a sentence and a way back, machines get a code and the facts.

Also keeps the role a person is acting in, which decides what their pages offer first.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.errors import Kind, Refusal
from accounts.rules import active_roles
from timebank.services.certainty import doubts, is_certain

Answer = Callable[[HttpRequest], HttpResponse]

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
STATUS = {
    Kind.NOT_ALLOWED: HTTPStatus.FORBIDDEN,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
}


class StorableQuestionMiddleware:
    """Leave the NUL character out of the question of an address: PostgreSQL stores it nowhere, so
    that nothing is found by it, and asking would be an error of the database."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        question = request.META.get("QUERY_STRING", "")
        if "%00" in question:
            request.META["QUERY_STRING"] = question.replace("%00", "")
        return self.get_response(request)


class RefusalMiddleware:
    """The only translator from `Refusal` to an answer over HTTP."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        status = STATUS[exception.kind]
        if request.path.startswith("/api/") or not request.accepts("text/html"):
            return JsonResponse(
                {
                    "code": exception.code,
                    "message": str(exception),
                    "facts": exception.facts,
                },
                status=status,
                json_dumps_params={"ensure_ascii": False, "default": str},
            )
        return render(
            request,
            # An app may say more about one of its refusals, under the refusal's code.
            [f"refusals/{exception.code}.html", "errors/refusal.html"],
            {
                "facts": exception.facts,
                "sentence": str(exception),
                "code": exception.code,
                "status": int(status),
                "back_url": way_back(request),
            },
            status=status,
        )


class CertaintyMiddleware:
    """Do not say that something is done while its commit may yet be lost with this machine.

    Services that post repeat themselves; what else a request wrote is looked at here, once it is
    answered.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE:
            return self.get_response(request)
        before = doubts()
        answer = self.get_response(request)
        if is_certain(before):
            return answer
        sentence = _("办理结果暂时不能确认。请过一分钟刷新页面，看看是否已经办好，先不要重复提交。")
        status = HTTPStatus.SERVICE_UNAVAILABLE
        if request.path.startswith("/api/") or not request.accepts("text/html"):
            return JsonResponse({"code": "outcome_unknown", "message": sentence}, status=status)
        return render(
            request,
            "errors/refusal.html",
            {"sentence": sentence, "status": int(status), "back_url": way_back(request)},
            status=status,
        )


class RoleMiddleware:
    """Put the role the person is acting in on the request: chosen by them, else their first.

    What a person gets to see as themselves is kept by no cache that others share.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.current_role = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            roles = active_roles(request.user)
            chosen = request.session.get("role")
            request.current_role = next(  # type: ignore[attr-defined]
                (role for role in roles if role.pk == chosen),
                roles[0] if roles else None,
            )
            answer = self.get_response(request)
            if not answer.has_header("Cache-Control"):
                patch_cache_control(answer, private=True, no_cache=True)
            return answer
        return self.get_response(request)


def way_back(request: HttpRequest) -> str:
    """The page the person came from when it is ours, else their home."""
    came_from = request.META.get("HTTP_REFERER", "")
    if is_ours(request, came_from):
        return str(came_from)
    return "/home/" if request.user.is_authenticated else "/"


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether an address leads to a page of this site."""
    return bool(
        url_has_allowed_host_and_scheme(
            address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
    )
