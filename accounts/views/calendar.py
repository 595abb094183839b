"""工作日历: the days on which the working week is broken, and the document they come from."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import rules
from accounts.errors import NotAllowed
from accounts.forms.calendar import ArrangementForm, DayForm
from accounts.models import CalendarYear, Holiday, Role
from accounts.requests import SignedInRequest
from accounts.services.calendar import clear_holiday, enter_arrangement, set_holiday

FIRST_YEAR = 2000
LAST_YEAR = 2199


def calendar(request: SignedInRequest) -> HttpResponse:
    """This year's."""
    return _page(request, _year(request, timezone.localdate().year))


def calendar_year(request: SignedInRequest, year: int) -> HttpResponse:
    return _page(request, _year(request, year))


@require_POST
def arrangement(request: SignedInRequest, year: int) -> HttpResponse:
    _kept_by(request, _year(request, year))
    form = ArrangementForm(request.POST)
    if not form.is_valid():
        return _page(request, year, arrangement_form=form)
    enter_arrangement(year, **form.cleaned_data, acting_user=request.user)
    messages.success(request, _("已登记%(year)d年的放假安排。") % {"year": year})
    return redirect("accounts:calendar-year", year)


@require_POST
def days_set(request: SignedInRequest, year: int) -> HttpResponse:
    _kept_by(request, _year(request, year))
    form = DayForm(request.POST, year=year)
    if not form.is_valid():
        return _page(request, year, day_form=form)
    for day in form.days():
        set_holiday(
            day,
            name=form.cleaned_data["name"],
            is_working=form.cleaned_data["is_working"] == "yes",
            acting_user=request.user,
        )
    messages.success(request, _("已保存。"))
    return redirect("accounts:calendar-year", year)


@require_POST
def day_clear(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    _year(request, year)
    holiday = get_object_or_404(Holiday, pk=pk, day__year=year)
    _kept_by(request, year)
    clear_holiday(holiday, acting_user=request.user)
    messages.success(request, _("已取消，这一天按平常的星期算。"))
    return redirect("accounts:calendar-year", year)


def _year(request: SignedInRequest, year: int) -> int:
    """Those who oversee places and count deadlines may look."""
    if not rules.has_role(request.user, *Role.OVERSEEING_KINDS):
        raise Http404
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return year


def _kept_by(request: SignedInRequest, year: int) -> None:
    if not rules.keeps_basic_data(request.user):
        raise NotAllowed()


def _page(
    request: SignedInRequest,
    year: int,
    *,
    arrangement_form: ArrangementForm | None = None,
    day_form: DayForm | None = None,
) -> HttpResponse:
    entered = CalendarYear.objects.filter(year=year).first()
    is_bound = arrangement_form is not None or day_form is not None
    initial = (
        {"document_number": entered.document_number, "published_on": entered.published_on}
        if entered
        else None
    )
    return render(
        request,
        "accounts/calendar/year.html",
        {
            "year": year,
            "tabs": [
                {
                    "label": str(one),
                    "url": reverse("accounts:calendar-year", args=[one]),
                    "is_current": one == year,
                }
                for one in (year - 1, year, year + 1)
            ],
            "entered": entered,
            "days": Holiday.objects.filter(day__year=year),
            "may_edit": rules.keeps_basic_data(request.user),
            "arrangement_form": arrangement_form or ArrangementForm(initial=initial),
            "day_form": day_form or DayForm(year=year),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_bound else HTTPStatus.OK,
    )
