"""双随机抽查: prepare, draw, inspect, answer, re-check, publish; and the public's page of it."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import NotAllowed
from accounts.models import Role
from accounts.requests import SignedInRequest
from accounts.rules import has_role, roles_of_kind, stations_of
from timebank.forms.checks import ANSWERS, ChecklistForm, PeriodForm, WitnessForm, WordsForm
from timebank.lifecycles.checks import INSPECTION, INSPECTION_ITEM
from timebank.models import Inspection, InspectionItem, TimeBank
from timebank.models.adjustments import READERS_OF_BOOKS
from timebank.rules.checks import INSPECTS
from timebank.selectors.banks import bank_serving
from timebank.selectors.desk import cases_of
from timebank.selectors.evidence import evidence_words
from timebank.selectors.inspections import (
    OPEN_STATES,
    items_to_inspect,
    last_period_before,
    notices_to,
    published_file,
    town_results,
)
from timebank.selectors.origins import origin_of
from timebank.services.inspections import (
    check_item,
    draw_inspection,
    prepare_inspection,
    publish_inspection,
    recheck_item,
    reply_to_notice,
)
from timebank.terms.checks import inspection_terms

MOST = 100
TONES = {"prepared": "waiting", "drawn": "waiting", "published": "done"}
ITEM_TONES = {
    "assigned": "waiting",
    "passed": "done",
    "notified": "danger",
    "replied": "waiting",
    "closed": "done",
    "false": "danger",
}
CHECKED = ("pass_", "notify", "find_false")
LABELS = {
    "reply": gettext_lazy("怎么整改的"),
    "close": gettext_lazy("复查意见"),
}


@require_GET
def inspection_list(request: SignedInRequest) -> HttpResponse:
    """What waits for oneself, what one's station has to answer, and the draws one oversees."""
    concerned = (*INSPECTS, *READERS_OF_BOOKS, Role.Kind.COORDINATOR)
    if not has_role(request.user, *concerned):
        raise NotAllowed()
    draws = Inspection.objects.visible_to(request.user).select_related("bank")
    context = {
        "mine": [(item, ITEM_TONES[item.state]) for item in items_to_inspect(request.user)[:MOST]],
        "notices": list(notices_to(stations_of(request.user))[:MOST]),
        "draws": [(draw, TONES[draw.state]) for draw in draws.defer("pool")[:MOST]],
        "may_prepare": _bank_of(request) is not None,
    }
    return render(request, "timebank/inspections/list.html", context)


@require_http_methods(["GET", "POST"])
def inspection_new(request: SignedInRequest) -> HttpResponse:
    bank = _bank_of(request)
    if bank is None:
        raise NotAllowed()
    since, until = last_period_before(timezone.localdate())
    form = PeriodForm(request.POST or None, initial={"since": since, "until": until})
    if request.method == "POST" and form.is_valid():
        made = prepare_inspection(bank, **form.cleaned_data, acting_user=request.user)
        messages.success(request, _("已备库。库的摘要已经公开，请和见证人一起抽取。"))
        return redirect(made)
    failed = request.method == "POST"
    context = {"form": form, "bank": bank, "terms": inspection_terms(timezone.localdate())}
    return render(request, "timebank/inspections/new.html", context, status=422 if failed else 200)


@require_GET
def inspection_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return _detail(request, _seen(request, pk))


@require_POST
def inspection_draw(request: SignedInRequest, pk: int) -> HttpResponse:
    inspection = _seen(request, pk)
    INSPECTION.require(inspection, "draw", acting_user=request.user)
    form = WitnessForm(request.POST)
    if not form.is_valid():
        return _detail(request, inspection, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    draw_inspection(inspection, **form.cleaned_data, acting_user=request.user)
    messages.success(request, _("已抽取，检查人员会收到消息。"))
    return redirect(inspection)


@require_POST
def inspection_publish(request: SignedInRequest, pk: int) -> HttpResponse:
    inspection = publish_inspection(_seen(request, pk), acting_user=request.user)
    messages.success(request, _("结果已公开，谁都可以查看和重抽核对。"))
    return redirect("timebank:inspection-public", inspection.number)


@require_GET
def item_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return _item_page(request, _item(request, pk))


@require_POST
def item_step(request: SignedInRequest, pk: int, verb: str) -> HttpResponse:
    item = _item(request, pk)
    if verb not in INSPECTION_ITEM.verbs():
        raise Http404
    INSPECTION_ITEM.require(item, verb, acting_user=request.user)
    if verb in CHECKED and item.state == InspectionItem.State.ASSIGNED:
        return _checked(request, item, verb)
    form = WordsForm(request.POST, label=LABELS.get(verb, LABELS["close"]), most=400)
    if not form.is_valid():
        return _item_page(request, item, words=form, status=422)
    words = form.cleaned_data["words"]
    if verb == "reply":
        reply_to_notice(item, reply=words, acting_user=request.user)
    else:
        recheck_item(item, verb, outcome=words, acting_user=request.user)
    messages.success(request, _("已办理。"))
    return redirect(item)


def _checked(request: SignedInRequest, item: InspectionItem, verb: str) -> HttpResponse:
    form = ChecklistForm(request.POST)
    if form.is_valid() and verb == "notify" and not form.cleaned_data["demand"].strip():
        form.add_error("demand", _("请写明要整改什么。"))
    if not form.is_valid():
        return _item_page(request, item, checklist=form, status=422)
    check_item(
        item,
        verb,
        answers=form.answers(),
        remarks=form.cleaned_data["remarks"],
        demand=form.cleaned_data["demand"],
        acting_user=request.user,
    )
    messages.success(request, _("已记下检查情况。"))
    return redirect("timebank:inspection-list")


# For everyone ---------------------------------------------------------------------------


@login_not_required
@require_GET
def public_list(request: HttpRequest) -> HttpResponse:
    """Draws and their hashes as soon as the pool is laid down; results once they are published."""
    draws = Inspection.objects.select_related("bank").defer("pool", "inspectors", "secret")
    rows = [(draw, TONES[draw.state]) for draw in draws[:MOST]]
    return render(request, "timebank/inspections/public_list.html", {"rows": rows})


@login_not_required
@require_GET
def public_detail(request: HttpRequest, number: str) -> HttpResponse:
    draw = get_object_or_404(Inspection.objects.select_related("bank"), number=number)
    is_published = draw.state == Inspection.State.PUBLISHED
    context = {
        "draw": draw,
        "tone": TONES[draw.state],
        "towns": town_results(draw) if is_published else [],
        "pool_size": _pool_size(draw),
        "is_published": is_published,
    }
    return render(request, "timebank/inspections/public.html", context)


@login_not_required
@require_GET
def public_file(request: HttpRequest, number: str) -> JsonResponse:
    """What one needs to run the draw again; nothing about anybody stands in it."""
    draw = get_object_or_404(Inspection.objects.published(), number=number)
    answer = JsonResponse(published_file(draw), json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="{draw.number}.json"'
    return answer


def _pool_size(draw: Inspection) -> int:
    return sum(len(numbers) for numbers in draw.pool["towns"].values())


def _bank_of(request: SignedInRequest) -> TimeBank | None:
    """The bank whose place this officer is responsible for."""
    for role in roles_of_kind(request.user, Role.Kind.OFFICER):
        bank = bank_serving(role.region) if role.region else None
        if bank is not None and role.region is not None and role.region.contains(bank.region):
            return bank
    return None


def _detail(
    request: SignedInRequest,
    inspection: Inspection,
    form: WitnessForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    items = inspection.items.with_record().order_by("town__code", "pk")
    hers = set(inspection.items.visible_to(request.user).values_list("pk", flat=True))
    context: dict[str, Any] = {
        "draw": inspection,
        "tone": TONES[inspection.state],
        "verbs": {arrow.verb for arrow in INSPECTION.open_to(request.user, inspection)},
        "form": form or WitnessForm(),
        "items": [
            (item, ITEM_TONES[item.state], item.get_absolute_url() if item.pk in hers else "")
            for item in items
        ],
        "open": inspection.items.filter(state__in=OPEN_STATES).count(),
        "pool_size": _pool_size(inspection),
        "towns": town_results(inspection),
    }
    return render(request, "timebank/inspections/detail.html", context, status=status)


def _item_page(
    request: SignedInRequest,
    item: InspectionItem,
    *,
    checklist: ChecklistForm | None = None,
    words: WordsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    verbs = {arrow.verb for arrow in INSPECTION_ITEM.open_to(request.user, item)}
    (case,) = cases_of([item.record])
    answered = dict(ANSWERS)
    asked = inspection_terms(timezone.localdate(item.checked_at or timezone.now())).questions
    context = {
        "item": item,
        "record": item.record,
        "photos": case.photos,
        "evidence": evidence_words(item.record),
        "origin": origin_of(item.record, request.user),
        "tone": ITEM_TONES[item.state],
        "verbs": verbs,
        "is_new": item.state == InspectionItem.State.ASSIGNED,
        "checklist": checklist or ChecklistForm(),
        "form": words or WordsForm(label=LABELS["reply" if "reply" in verbs else "close"]),
        "answers": [(said, answered.get(item.answers.get(key, ""), "")) for key, said in asked]
        if item.answers
        else [],
    }
    return render(request, "timebank/inspections/item.html", context, status=status)


def _seen(request: SignedInRequest, pk: int) -> Inspection:
    return get_object_or_404(
        Inspection.objects.visible_to(request.user).select_related("bank__region", "prepared_by"),
        pk=pk,
    )


def _item(request: SignedInRequest, pk: int) -> InspectionItem:
    items = InspectionItem.objects.visible_to(request.user).with_record().distinct()
    return get_object_or_404(items.prefetch_related("record__photos"), pk=pk)
