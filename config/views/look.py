"""How a person wants to see the product: text size, theme, language. Kept in cookies."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from accounts.services.people import keep_language
from config.middleware import is_ours, way_back

A_YEAR = 365 * 24 * 3600


@login_not_required
@require_POST
def switch_text_size(request: HttpRequest) -> HttpResponse:
    size = "normal" if request.COOKIES.get("text") == "large" else "large"
    return _kept(request, "text", size)


@login_not_required
@require_POST
def switch_theme(request: HttpRequest) -> HttpResponse:
    theme = request.POST.get("theme", "auto")
    return _kept(request, "theme", theme if theme in ("light", "dark") else "auto")


@login_not_required
@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Pages from now on, and what is written to whoever is signed in."""
    asked = request.POST.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    if request.user.is_authenticated:
        keep_language(request.user, language)
    return _kept(request, settings.LANGUAGE_COOKIE_NAME, language)


def _kept(request: HttpRequest, name: str, value: str) -> HttpResponse:
    here = request.POST.get("next", "")
    answer = HttpResponseRedirect(here if is_ours(request, here) else way_back(request))
    answer.set_cookie(
        name, value, max_age=A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return answer
