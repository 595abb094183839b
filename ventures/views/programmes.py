"""Programmes: the list and a programme's page for everybody, made and kept by officers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from ventures.forms.programmes import ProgrammeForm
from ventures.models import Programme
from ventures.rules import rounds as rules
from ventures.selectors.level_budgets import budget_rows
from ventures.selectors.programmes import done_by, listed_programmes, years_of
from ventures.services.programmes import create_programme, edit_programme
from ventures.views.rounds import sent


@login_not_required
@require_GET
def programme_list(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "ventures/programmes/list.html",
        {
            "programmes": list(listed_programmes()),
            "may_make": request.user.is_authenticated and rules.may_prepare_rounds(request.user),
        },
    )


@login_not_required
@require_GET
def programme_detail(request: HttpRequest, code: str) -> HttpResponse:
    programme = _programme(code)
    user = request.user if request.user.is_authenticated else None
    return render(
        request,
        "ventures/programmes/detail.html",
        {
            "programme": programme,
            "years": years_of(programme, user, database_now()),
            "done": done_by(programme),
            "budgets": budget_rows(programme),
            "rules_url": reverse("ventures:level-rules")
            if user is not None and rules.may_prepare_rounds(user)
            else "",
            "may_keep": user is not None and rules.keeps_programme(user, programme),
            "may_open": user is not None and rules.may_prepare_rounds(user),
        },
    )


@require_http_methods(["GET", "POST"])
def programme_new(request: SignedInRequest) -> HttpResponse:
    if not rules.may_prepare_rounds(request.user):
        raise NotAllowed()
    form = ProgrammeForm(sent(request), acting_user=request.user)
    if request.method == "POST" and form.is_valid():
        programme = create_programme(form.cleaned_data, acting_user=request.user)
        messages.success(request, _("创投品牌已建立，可以在它下面开轮次了。"))
        return redirect(programme)
    return _form(request, form, title=_("新建创投品牌"))


@require_http_methods(["GET", "POST"])
def programme_edit(request: SignedInRequest, code: str) -> HttpResponse:
    programme = _programme(code)
    if not rules.keeps_programme(request.user, programme):
        raise NotAllowed()
    form = ProgrammeForm(sent(request), instance=programme, acting_user=request.user)
    if request.method == "POST" and form.is_valid():
        programme = edit_programme(programme, form.cleaned_data, acting_user=request.user)
        messages.success(request, _("已保存。"))
        return redirect(programme)
    return _form(request, form, title=_("修改创投品牌"))


def _form(request: HttpRequest, form: ProgrammeForm, *, title: str) -> HttpResponse:
    return render(
        request,
        "ventures/programmes/form.html",
        {"form": form, "title": title},
        status=422 if request.method == "POST" else 200,
    )


def _programme(code: str) -> Programme:
    return get_object_or_404(Programme.objects.select_related("region"), code=code)
