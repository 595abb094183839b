"""走访记录: what community workers write down after a visit, and its one tap to a need."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from ventures.forms.needs import VisitForm
from ventures.models import Visit
from ventures.rules import needs as rules_needs
from ventures.services.visits import turn_into_need, write_visit

PER_PAGE = 20


@require_GET
def visit_list(request: SignedInRequest) -> HttpResponse:
    if not (rules_needs.makes_visits(request.user) or rules_needs.reads_needs(request.user)):
        raise NotAllowed()
    visits = Visit.objects.visible_to(request.user).select_related("region", "need")
    page = Paginator(visits, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "ventures/needs/visits.html",
        {"page_obj": page, "makes_visits": rules_needs.makes_visits(request.user)},
    )


@require_http_methods(["GET", "POST"])
def visit_new(request: SignedInRequest) -> HttpResponse:
    if not rules_needs.makes_visits(request.user):
        raise NotAllowed()
    form = VisitForm(request.POST or None, acting_user=request.user)
    if request.method == "POST" and form.is_valid():
        visit = write_visit(form.cleaned_data, acting_user=request.user)
        messages.success(request, _("走访记下了。"))
        return redirect(visit)
    return render(
        request,
        "ventures/needs/form.html",
        {
            "form": form,
            "title": _("记一次走访"),
            "verb": _("记下"),
            "back_url": reverse("ventures:visit-list"),
        },
        status=422 if request.method == "POST" else 200,
    )


@require_GET
def visit_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    visit = _visit(request, pk)
    return render(
        request,
        "ventures/needs/visit.html",
        {
            "visit": visit,
            "may_turn": visit.need_id is None
            and bool(visit.lack)
            and rules_needs.wrote_visit(request.user, visit),
        },
    )


@require_POST
def visit_need(request: SignedInRequest, pk: int) -> HttpResponse:
    """One tap: the visit becomes a need."""
    need = turn_into_need(_visit(request, pk), acting_user=request.user)
    messages.success(request, _("已转成需求，等另一位工作人员预审。"))
    return redirect(need)


def _visit(request: SignedInRequest, pk: int) -> Visit:
    return get_object_or_404(
        Visit.objects.visible_to(request.user).select_related("region", "track", "need"), pk=pk
    )
