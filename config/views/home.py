"""A role's home page: what waits for the person, then what each app has to show."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

import accounts.views.home
import timebank.views.home
import ventures.views.home
from accounts.home import Panel, Waiting
from accounts.models import Role
from accounts.requests import row_number

APPS = (accounts.views.home, timebank.views.home, ventures.views.home)


def home(request: HttpRequest) -> HttpResponse:
    role: Role | None = request.current_role  # type: ignore[attr-defined]
    waiting: list[Waiting] = []
    panels: list[Panel] = []
    for app in APPS:
        waiting += [item for item in app.waiting_for(request.user, role) if item.count]
        panels += app.panels_for(request.user, role)
    return render(
        request,
        "home.html",
        {
            "role": role,
            "waiting": waiting,
            "panels": sorted(panels, key=lambda panel: panel.order),
        },
    )


@require_POST
def switch_role(request: HttpRequest) -> HttpResponse:
    role = get_object_or_404(
        Role.objects.active(), user=request.user, pk=row_number(request.POST.get("role", ""))
    )
    request.session["role"] = role.pk
    return redirect("home")
