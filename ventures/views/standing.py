"""What is known of organisations, and who is barred: read by the office, written by officers."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import NotAllowed
from accounts.models import Organisation
from accounts.requests import SignedInRequest
from accounts.views.attachments import attachment_response
from ventures.forms.standing import BarForm, FactForm, ReasonForm
from ventures.models import Bar, StandingFact
from ventures.rules import rounds as rules
from ventures.services.standing import lift_bar, make_bar, record_fact, strike_fact
from ventures.views.rounds import sent

ROWS_PER_PAGE = 30


@require_GET
def standing_list(request: SignedInRequest) -> HttpResponse:
    """Organisations to look up, and the bars in force at whatever level."""
    _require_reader(request)
    words = request.GET.get("q", "").strip()[:60]
    today = timezone.localdate()
    bodies = Organisation.objects.annotate(
        fact_count=Count("standing_facts", filter=Q(standing_facts__struck_at__isnull=True))
    ).select_related("region")
    if words:
        bodies = bodies.filter(
            Q(name__icontains=words) | Q(credit_code=words.upper()) | Q(filing_number=words)
        )
    page = Paginator(bodies.order_by("name"), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    bars = Bar.objects.select_related("organisation", "region").order_by("-from_on", "-id")
    in_force = list(bars.in_force(today))
    return render(
        request,
        "ventures/standing/list.html",
        {
            "page_obj": page,
            "words": words,
            "bars": in_force,
            "past_bars": list(bars.exclude(pk__in=[bar.pk for bar in in_force])[:20]),
        },
    )


@require_GET
def standing_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    _require_reader(request)
    body = _body(pk)
    today = timezone.localdate()
    bars = list(body.bars.select_related("region", "document", "lifted_by"))
    in_force = {bar.pk for bar in Bar.objects.in_force(today).filter(organisation=body)}
    return render(
        request,
        "ventures/standing/detail.html",
        {
            "body": body,
            "facts": list(body.standing_facts.select_related("recorded_by", "struck_by")),
            "bars": [(bar, bar.pk in in_force) for bar in bars],
            "may_keep": rules.keeps_standing_of(request.user, body),
        },
    )


@require_http_methods(["GET", "POST"])
def fact_new(request: SignedInRequest, pk: int) -> HttpResponse:
    body = _kept_body(request, pk)
    form = FactForm(sent(request), initial={"from_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        record_fact(body, form.values(), acting_user=request.user)
        messages.success(request, _("已登记。"))
        return redirect("ventures:standing-detail", pk=body.pk)
    return _form(
        request,
        form,
        body,
        title=_("登记资信信息"),
        verb=_("登记"),
        consequence=_("申报时系统按它核对；写错了可以更正，原来的一条会留着。"),
    )


@require_http_methods(["GET", "POST"])
def fact_strike(request: SignedInRequest, pk: int, fact: int) -> HttpResponse:
    body = _kept_body(request, pk)
    kept = get_object_or_404(StandingFact, pk=fact, organisation=body)
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        strike_fact(kept, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(request, _("已更正，这一条不再算数。"))
        return redirect("ventures:standing-detail", pk=body.pk)
    return _form(
        request,
        form,
        body,
        title=_("更正这一条"),
        verb=_("写下更正"),
        consequence=_("这一条不再算数，和更正原因一起留着；有正确的信息请另登记一条。"),
    )


@require_http_methods(["GET", "POST"])
def bar_new(request: SignedInRequest, pk: int) -> HttpResponse:
    body = _kept_body(request, pk)
    form = BarForm(
        sent(request),
        request.FILES or None,
        acting_user=request.user,
        place=body.region,
        initial={"from_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        make_bar(body, **form.cleaned_data, acting_user=request.user)
        messages.success(request, _("已限制申报，并告诉了这个组织。"))
        return redirect("ventures:standing-detail", pk=body.pk)
    return _form(
        request,
        form,
        body,
        title=_("限制申报"),
        verb=_("限制申报"),
        tone="danger",
        is_upload=True,
        consequence=_("期限内市、镇（街道）、村（社区）各级的征集它都不能提交，它会收到原因。"),
    )


@require_http_methods(["GET", "POST"])
def bar_lift(request: SignedInRequest, pk: int, bar: int) -> HttpResponse:
    body = _kept_body(request, pk)
    kept = get_object_or_404(Bar, pk=bar, organisation=body)
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        lift_bar(kept, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(request, _("已解除，并告诉了这个组织。"))
        return redirect("ventures:standing-detail", pk=body.pk)
    return _form(
        request,
        form,
        body,
        title=_("解除限制"),
        verb=_("解除限制"),
        consequence=_("它马上可以重新申报。"),
    )


@require_GET
def bar_document(request: SignedInRequest, pk: int, bar: int) -> FileResponse:
    _require_reader(request)
    kept = get_object_or_404(
        Bar.objects.select_related("document"), pk=bar, organisation=pk, document__isnull=False
    )
    assert kept.document is not None, "asked for above"
    return attachment_response(kept.document)


def _form(request: SignedInRequest, form: Any, body: Organisation, **words: Any) -> HttpResponse:
    return render(
        request,
        "ventures/screening/answer.html",
        {"form": form, "back_url": reverse("ventures:standing-detail", args=[body.pk]), **words},
        status=422 if request.method == "POST" else 200,
    )


def _require_reader(request: SignedInRequest) -> None:
    """Nobody outside the office learns whether an organisation stands here: 404."""
    if not rules.reads_standing(request.user):
        raise Http404


def _kept_body(request: SignedInRequest, pk: int) -> Organisation:
    _require_reader(request)
    body = _body(pk)
    if not rules.keeps_standing_of(request.user, body):
        raise NotAllowed()
    return body


def _body(pk: int) -> Organisation:
    return get_object_or_404(Organisation.objects.select_related("region", "host"), pk=pk)
