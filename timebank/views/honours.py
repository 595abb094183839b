"""积德榜: for everyone to see, to print and to share."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Consent, User
from accounts.selectors.people import has_consented
from timebank.forms.recognition import HonourFilter
from timebank.selectors.honours import PERIODS, Thanked, honour_board
from timebank.services.honours import honour_picture, honour_poster


@login_not_required
@require_safe
def honour(request: HttpRequest) -> HttpResponse:
    form = HonourFilter(request.GET or None)
    rows, title = _board(HonourFilter(request.GET))
    user = request.user
    context = {
        "form": form,
        "rows": rows,
        "subtitle": title,
        "query": f"?{request.GET.urlencode()}" if request.GET else "",
        "is_on_board": isinstance(user, User) and has_consented(user, Consent.Purpose.HONOUR),
    }
    return render(request, "timebank/honours/board.html", context)


@login_not_required
@require_safe
def honour_poster_pdf(request: HttpRequest) -> HttpResponse:
    rows, title = _board(HonourFilter(request.GET))
    content = honour_poster(rows, title=title, today=timezone.localdate())
    return _file(content, "application/pdf", "honour.pdf")


@login_not_required
@require_safe
def honour_poster_png(request: HttpRequest) -> HttpResponse:
    rows, title = _board(HonourFilter(request.GET))
    return _file(honour_picture(rows, title=title), "image/png", "honour.png")


def _board(form: HonourFilter) -> tuple[list[Thanked], str]:
    wanted: dict[str, Any] = form.wanted()
    place = wanted["place"]
    words = [
        place.short_name if place else _("全市"),
        str(dict(PERIODS)[wanted["period"]]),
        wanted["group"],
    ]
    rows = honour_board(**wanted, today=timezone.localdate())
    return rows, " · ".join(part for part in words if part)


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
