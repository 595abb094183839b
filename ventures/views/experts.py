"""评审专家库: list, add, change, take along, bring in a whole table after looking at it."""

import json

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import NotAllowed
from accounts.models import Region, Role
from accounts.requests import SignedInRequest
from accounts.rules import roles_of_kind
from accounts.services.tables import csv_of, read_table
from ventures.forms.experts import ExpertForm, ExpertTableForm, PoolFilterForm
from ventures.models import Expert
from ventures.rules import experts as rules
from ventures.selectors.reviewers import experts_shown, term_of
from ventures.services import expert_tables, experts
from ventures.views.rounds import sent

ROWS = 50


@require_GET
def expert_list(request: SignedInRequest) -> HttpResponse:
    if not rules.reads_pools(request.user):
        raise NotAllowed()
    form = PoolFilterForm(request.GET)
    page = Paginator(experts_shown(request.user, form.narrow()), ROWS).get_page(
        request.GET.get("page")
    )
    today = timezone.localdate()
    return render(
        request,
        "ventures/reviewers/experts.html",
        {
            "page_obj": page,
            "rows": [
                (one, *term_of(one, today), rules.keeps_pool_of(request.user, one)) for one in page
            ],
            "filters": form,
            "total": page.paginator.count,
            "is_filtered": any(request.GET.get(name) for name in form.fields),
            "may_keep": _own_region(request) is not None,
        },
    )


@require_GET
def expert_export(request: SignedInRequest) -> StreamingHttpResponse:
    """The list as filtered, in the columns that can be brought in again."""
    if not rules.reads_pools(request.user):
        raise NotAllowed()
    rows = experts_shown(request.user, PoolFilterForm(request.GET).narrow())
    return StreamingHttpResponse(
        csv_of(expert_tables.table_of(rows)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="experts.csv"'},
    )


@require_GET
def expert_sample(request: SignedInRequest) -> StreamingHttpResponse:
    """An empty list's start: heads and two invented rows."""
    _kept_region(request)
    return StreamingHttpResponse(
        csv_of(expert_tables.sample_table()),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="experts-sample.csv"'},
    )


@require_http_methods(["GET", "POST"])
def expert_new(request: SignedInRequest) -> HttpResponse:
    region = _kept_region(request)
    form = ExpertForm(sent(request), region=region)
    if form.is_valid():
        expert = experts.add_expert(region, form.cleaned_data, acting_user=request.user)
        messages.success(request, _("已加入专家库：%(name)s。") % {"name": expert.name})
        return redirect("ventures:expert-list")
    return _form(
        request, form, _("新增专家"), _("加入%(place)s的专家库。") % {"place": region.name}
    )


@require_http_methods(["GET", "POST"])
def expert_edit(request: SignedInRequest, code: str) -> HttpResponse:
    expert = get_object_or_404(Expert.objects.visible_to(request.user), code=code)
    if not rules.keeps_pool_of(request.user, expert):
        raise NotAllowed()
    form = ExpertForm(sent(request), expert=expert, region=expert.region)
    if form.is_valid():
        experts.edit_expert(expert, form.cleaned_data, acting_user=request.user)
        messages.success(request, _("已保存。"))
        return redirect("ventures:expert-list")
    return _form(request, form, expert.name, expert.code)


@require_http_methods(["GET", "POST"])
def expert_import(request: SignedInRequest) -> HttpResponse:
    """First every row is tried and shown; what was shown is what is brought in."""
    region = _kept_region(request)
    known = set(Expert.objects.filter(region=region).values_list("phone", flat=True))
    form = (
        ExpertTableForm(request.POST, request.FILES)
        if request.method == "POST"
        else ExpertTableForm()
    )
    table, tried = "", []
    if request.POST.get("table"):
        table = request.POST["table"]
        tried = expert_tables.try_rows(_rows_of(table), known)
        values = [row.values for row in tried if row.values is not None]
        if tried and len(values) == len(tried):
            new, put_right = experts.bring_in_experts(region, values, acting_user=request.user)
            messages.success(
                request,
                _("已导入：新增 %(new)d 人，更新 %(known)d 人。")
                % {"new": new, "known": put_right},
            )
            return redirect("ventures:expert-list")
    elif form.is_bound and form.is_valid():
        rows = read_table(form.cleaned_data["file"])
        table = json.dumps(rows, ensure_ascii=False)
        tried = expert_tables.try_rows(rows, known)
    faulty = sum(bool(row.errors) for row in tried)
    is_good = bool(tried) and not faulty
    return render(
        request,
        "ventures/reviewers/expert_import.html",
        {
            "form": form,
            "tried": tried,
            "faulty": faulty,
            "table": table if is_good else "",
            "heads": expert_tables.HEADS,
            "region": region,
        },
        status=422 if request.method == "POST" and not is_good else 200,
    )


def _rows_of(table: str) -> list[list[str]]:
    """What was tried, as it comes back; what is no table is nothing."""
    try:
        rows = json.loads(table)
    except ValueError:
        return []
    if not isinstance(rows, list):
        return []
    return [[str(cell) for cell in row] for row in rows if isinstance(row, list)]


def _form(request: SignedInRequest, form: ExpertForm, title: str, about: str) -> HttpResponse:
    return render(
        request,
        "confirm.html",
        {
            "title": title,
            "about": about,
            "verb": _("保存"),
            "consequence": _("手机号只有专家库的经办人看得到；谁改了什么都留有记录。"),
            "action": request.path,
            "form": form,
            "back_url": reverse("ventures:expert-list"),
        },
        status=422 if form.is_bound else 200,
    )


def _own_region(request: SignedInRequest) -> Region | None:
    """The place whose pool this officer keeps: the one of the role she acts in, else her first."""
    roles = roles_of_kind(request.user, Role.Kind.OFFICER)
    current = getattr(request, "current_role", None)
    own = [role for role in roles if current is not None and role.pk == current.pk] or roles
    return own[0].region if own else None


def _kept_region(request: SignedInRequest) -> Region:
    region = _own_region(request)
    if region is None:
        raise NotAllowed()
    return region
