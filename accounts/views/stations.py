"""站点: those of my places, open one, put right what people read, let an announced one begin."""

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import offices, rules
from accounts.errors import NotAllowed
from accounts.forms.stations import NewStationForm, StationFilter, StationForm
from accounts.lifecycles import STATION
from accounts.models import Role, Station
from accounts.requests import SignedInRequest
from accounts.selectors.changes import trail_of
from accounts.selectors.stations import stations_overseen_by
from accounts.services.stations import edit_station, open_station, start_station

ON_A_PAGE = 30
TONES = {
    Station.State.OPEN: "done",
    Station.State.COMING: "waiting",
    Station.State.CLOSED: "neutral",
}


def station_list(request: SignedInRequest) -> HttpResponse:
    """Only those who oversee a place are told that the page exists."""
    _overseer(request)
    form = StationFilter(request.GET or None)
    stations = stations_overseen_by(request.user)
    if form.is_valid():
        if form.cleaned_data["q"]:
            stations = stations.filter(name__contains=form.cleaned_data["q"].strip())
        if form.cleaned_data["state"]:
            stations = stations.filter(state=form.cleaned_data["state"])
    page_obj = Paginator(stations, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "accounts/stations/list.html",
        {
            "page_obj": page_obj,
            "rows": [(station, TONES[Station.State(station.state)]) for station in page_obj],
            "form": form,
            "total": page_obj.paginator.count,
            "may_open": rules.keeps_stations(request.user),
        },
    )


def station_new(request: SignedInRequest) -> HttpResponse:
    _overseer(request)
    if not rules.keeps_stations(request.user):
        raise NotAllowed()
    form = NewStationForm(request.POST or None, user=request.user)
    if form.is_valid():
        station = open_station(
            form.cleaned_data["region"],
            form.details(),
            serves_now=form.cleaned_data["serves_now"],
            acting_user=request.user,
        )
        messages.success(request, _("站点已开设。接下来请任命站长。"))
        return redirect("accounts:station-detail", station.pk)
    return _form_page(request, form, None)


def station_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    station = _overseen(request, pk)
    return render(
        request,
        "accounts/stations/detail.html",
        {
            "station": station,
            "tone": TONES[Station.State(station.state)],
            "may_keep": rules.keeps_station(request.user, station),
            "may_start": STATION.allows("start", request.user, station),
            "may_appoint": offices.may_appoint(request.user, Role.Kind.COORDINATOR, station.region),
            "trail": trail_of(station),
        },
    )


def station_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    station = _overseen(request, pk)
    if not rules.keeps_station(request.user, station):
        raise NotAllowed()
    form = StationForm(
        request.POST or None,
        initial={name: getattr(station, name) for name in StationForm.base_fields},
    )
    if form.is_valid():
        edit_station(station, form.details(), acting_user=request.user)
        messages.success(request, _("站点信息已更新。"))
        return redirect("accounts:station-detail", pk)
    return _form_page(request, form, station)


@require_POST
def station_start(request: SignedInRequest, pk: int) -> HttpResponse:
    start_station(_overseen(request, pk), acting_user=request.user)
    messages.success(request, _("站点开始服务了。"))
    return redirect("accounts:station-detail", pk)


def _overseer(request: SignedInRequest) -> None:
    if not rules.has_role(request.user, *Role.OVERSEEING_KINDS):
        raise Http404


def _overseen(request: SignedInRequest, pk: int) -> Station:
    return get_object_or_404(stations_overseen_by(request.user), pk=pk)


def _form_page(
    request: SignedInRequest, form: StationForm, station: Station | None
) -> HttpResponse:
    return render(
        request,
        "accounts/stations/form.html",
        {"form": form, "station": station},
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK,
    )
