"""岗位任免: who holds which office in my places, appoint somebody, end it."""

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import offices, rules
from accounts.errors import NotAllowed
from accounts.forms.appointments import AppointmentFilter, AppointmentForm, EndForm
from accounts.models import Role
from accounts.offices import OFFICES
from accounts.requests import SignedInRequest, row_number
from accounts.selectors.appointments import (
    appointments_waiting,
    may_end,
    offices_overseen_by,
    offices_seen_by,
)
from accounts.selectors.changes import trail_of
from accounts.services.appointments import end_appointment
from accounts.services.invitations import invite_to_office

ON_A_PAGE = 30


def appointment_list(request: SignedInRequest) -> HttpResponse:
    """Only those who oversee a place are told that the page exists."""
    if not rules.has_role(request.user, *Role.OVERSEEING_KINDS):
        raise Http404
    form = AppointmentFilter(request.GET or None)
    roles = offices_overseen_by(request.user)
    if form.is_valid():
        if form.cleaned_data["q"]:
            roles = roles.filter(user__display_name__contains=form.cleaned_data["q"].strip())
        if form.cleaned_data["kind"]:
            roles = roles.filter(kind=form.cleaned_data["kind"])
        if form.cleaned_data["state"]:
            roles = roles.filter(ended_at__isnull=form.cleaned_data["state"] == "held")
    page_obj = Paginator(roles, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "accounts/appointments/list.html",
        {
            "form": form,
            "page_obj": page_obj,
            "total": page_obj.paginator.count,
            "waiting": appointments_waiting(request.user)[:ON_A_PAGE],
            "may_appoint": offices.appoints(request.user),
        },
    )


def appointment_choose(request: SignedInRequest) -> HttpResponse:
    """Which office: each with who fills it and why."""
    kinds = _kinds_filled(request)
    return render(
        request,
        "accounts/appointments/choose.html",
        {"offices": [(kind, Role.Kind(kind).label, OFFICES[kind].why) for kind in kinds]},
    )


def appointment_new(request: SignedInRequest, kind: str) -> HttpResponse:
    kinds = _kinds_filled(request)
    if kind not in OFFICES:
        raise Http404
    if kind not in kinds:
        raise NotAllowed()
    form = AppointmentForm(
        request.POST or None,
        kind=kind,
        user=request.user,
        initial={
            "starts_on": timezone.localdate(),
            "station": row_number(request.GET.get("station", "")),
        },
    )
    if form.is_valid():
        invite_to_office(kind=kind, **form.cleaned_data, acting_user=request.user)
        messages.success(request, _("任命邀请已发出，对方接受后生效。"))
        return redirect("accounts:appointment-list")
    return render(
        request,
        "accounts/appointments/new.html",
        {"form": form, "label": Role.Kind(kind).label, "why": OFFICES[kind].why},
        status=_status(form, request),
    )


def appointment_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _seen(request, pk), EndForm())


@require_POST
def appointment_end(request: SignedInRequest, pk: int) -> HttpResponse:
    role = _seen(request, pk)
    if not offices.may_end(request.user, role):
        raise NotAllowed()
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, role, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    end_appointment(role, reason=form.cleaned_data["reason"], acting_user=request.user)
    if role.user_id == request.user.pk:
        messages.success(request, _("您已辞去这个岗位。"))
        return redirect("accounts:me")
    messages.success(request, _("已离任，并通知本人。"))
    return redirect("accounts:appointment-detail", pk)


def _kinds_filled(request: SignedInRequest) -> list[str]:
    """Offices the person fills; whoever fills none is not told that there is a page."""
    kinds = offices.offices_filled_by(request.user)
    if not kinds:
        raise Http404
    return kinds


def _seen(request: SignedInRequest, pk: int) -> Role:
    return get_object_or_404(offices_seen_by(request.user), pk=pk)


def _status(form: AppointmentForm, request: SignedInRequest) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK


def _page(
    request: SignedInRequest, role: Role, form: EndForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    return render(
        request,
        "accounts/appointments/detail.html",
        {
            "role": role,
            "is_mine": role.user_id == request.user.pk,
            "overseen": rules.has_role(request.user, *Role.OVERSEEING_KINDS),
            "why": OFFICES[role.kind].why,
            "invitation": role.invitations.select_related("invited_by").first(),
            "form": form if may_end(request.user, role) else None,
            "trail": trail_of(role),
        },
        status=status,
    )
