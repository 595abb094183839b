"""爱心时间库: what people gave and what became of it, for everyone; and giving."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.models import Station
from accounts.requests import SignedInRequest
from timebank.forms.pools import GiftForm
from timebank.selectors.board import available_to, pool_figures, pools, recent_uses_of_pool
from timebank.services.pools import give_to_pool


@login_not_required
def pool_list(request: HttpRequest) -> HttpResponse:
    """Every station's pool, by place."""
    figures = pools()
    return render(
        request,
        "timebank/pools/list.html",
        {
            "pools": figures,
            "given": sum(pool.given for pool in figures),
            "used": sum(pool.used for pool in figures),
            "available": sum(pool.available for pool in figures),
        },
    )


@login_not_required
def pool_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One pool: its figures, and what it was last used for."""
    station = get_object_or_404(Station.objects.select_related("region__parent"), pk=pk)
    return render(
        request,
        "timebank/pools/detail.html",
        {
            "station": station,
            "pool": pool_figures(station),
            "uses": recent_uses_of_pool(station),
            "is_open": station.state == Station.State.OPEN,
        },
    )


def pool_give(request: SignedInRequest, pk: int) -> HttpResponse:
    """捐赠时间 in two steps: how much, then what it means."""
    station = get_object_or_404(Station.objects.select_related("region"), pk=pk)
    available = available_to(request.user, station)
    form = GiftForm(request.POST or None, available=available)
    context = {"form": form, "station": station, "available": available}
    if request.method != "POST" or "edit" in request.POST:
        return render(request, "timebank/pools/give.html", context)
    if form.is_valid():
        minutes: int = form.cleaned_data["minutes"]
        if "confirmed" not in request.POST:
            context |= {"minutes": minutes, "remaining": available - minutes}
            return render(request, "timebank/pools/give_confirm.html", context)
        give_to_pool(
            station,
            minutes=minutes,
            request_key=form.cleaned_data["request_key"],
            acting_user=request.user,
        )
        messages.success(request, _("谢谢您！时间已存入爱心时间库。"))
        return redirect("timebank:pool-detail", pk=station.pk)
    return render(request, "timebank/pools/give.html", context, status=422)
