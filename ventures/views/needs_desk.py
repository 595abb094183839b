"""The office's pages on needs: the desk, the export, each answer, choosing for a round."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.clock import database_now
from accounts.errors import NotAllowed, OutOfTurn
from accounts.requests import SignedInRequest
from accounts.services.tables import Table, csv_of
from accounts.templatetags.kit import plain_day
from ventures.forms.need_answers import (
    AnswerForm,
    CallForm,
    MenuForm,
    MergeForm,
    PickForm,
    ReasonForm,
    ReferForm,
)
from ventures.forms.needs import NeedFilter
from ventures.lifecycles.needs import NEED
from ventures.models import Need, Round
from ventures.models.needs import NeedQuerySet
from ventures.rules import needs as rules_needs
from ventures.rules import rounds as rules
from ventures.selectors.needs import (
    asked_before,
    choosable_for,
    counts_by_state,
    figures_of,
    filtered,
    like,
    rounds_for,
)
from ventures.services import need_fates, need_merging
from ventures.services.needs import list_need, return_need, withdraw_need
from ventures.views.needs import find_need, rows_of

type Words = str | Promise

PER_PAGE = 20


# The desk -----------------------------------------------------------------------------


@require_GET
def need_desk(request: SignedInRequest) -> HttpResponse:
    """What was raised in one's places: what waits first."""
    overseen = _overseen(request)
    filters = NeedFilter(request.GET, inside=True)
    needs = filtered(overseen, filters.wanted())
    ordered = needs.whole().with_voices()
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    counts = counts_by_state(overseen)
    here = reverse("ventures:need-desk")
    chosen = request.GET.get("state", "")
    tabs = [
        {"label": label, "url": f"{here}?state={state}", "is_current": chosen == state}
        | {"count": counts.get(state, 0)}
        for state, label in ((s.value, s.label) for s in (Need.State.RAISED, Need.State.LISTED))
    ]
    return render(
        request,
        "ventures/needs/desk.html",
        {
            "filters": filters,
            "rows": rows_of(list(page)),
            "page_obj": page,
            "total": page.paginator.count,
            "figures": figures_of(needs),
            "tabs": [
                {"label": _("全部"), "url": here, "is_current": not chosen}
                | {"count": sum(counts.values())},
                *tabs,
            ],
            "makes_visits": rules_needs.makes_visits(request.user),
        },
    )


@require_GET
def need_export(request: SignedInRequest) -> StreamingHttpResponse:
    """The same list as a table, with the conditions of the page."""
    needs = filtered(_overseen(request), NeedFilter(request.GET, inside=True).wanted())
    table = Table(
        title=_("民生需求清单"),
        facts=[(_("导出时间"), plain_day(database_now()))],
        heads=[
            _("编号"),
            _("缺什么"),
            _("地点"),
            _("服务人群"),
            _("类型"),
            _("急不急"),
            _("人数"),
            _("来源"),
            _("支持"),
            _("状态"),
            _("提出日期"),
            _("答复日期"),
            _("工作日"),
            _("转办部门"),
            _("答复"),
        ],
        rows=(_export_row(need) for need in needs.whole().with_voices().iterator(500)),
    )
    answer = StreamingHttpResponse(csv_of(table), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="needs.csv"'
    return answer


def _export_row(need: Need) -> list[str | int | None]:
    return [
        need.number,
        need.title,
        str(need.region),
        need.track.name,
        str(need.get_kind_display()),
        str(need.get_severity_display()),
        need.people,
        str(need.get_origin_display()),
        getattr(need, "voices", 0),
        str(need.get_state_display()),
        plain_day(need.raised_at),
        plain_day(need.answered_at) if need.answered_at else "",
        need.days_taken,
        need.department,
        need.answer,
    ]


def _overseen(request: SignedInRequest) -> NeedQuerySet:
    if not rules_needs.reads_needs(request.user):
        raise NotAllowed()
    return Need.objects.overseen_by(request.user)


# Each step ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One answer the office may give: its form, what follows from it, what does it."""

    form: Callable[..., forms.Form]
    consequence: Words
    act: Callable[[Need, dict[str, Any], Any], object]
    done: Words


def _answering(service: Callable[..., Need]) -> Callable[[Need, dict[str, Any], Any], object]:
    return lambda need, told, user: service(need, **told, acting_user=user)


PUBLIC: Words = gettext_lazy("去向和答复马上公开，提出的人和支持的人都会收到消息。")
ANSWERED: Words = gettext_lazy("去向已公布。")
STEPS: dict[str, Step] = {
    "list": Step(
        forms.Form,
        gettext_lazy("列入公开清单，居民可以支持。请先看清里面没有个人信息。"),
        _answering(list_need),
        gettext_lazy("已列入清单。"),
    ),
    "return_": Step(
        ReasonForm,
        gettext_lazy("请写明缺什么、怎么补。只有提出的人看得到。"),
        _answering(return_need),
        gettext_lazy("已请对方补充。"),
    ),
    "withdraw": Step(
        forms.Form,
        gettext_lazy("撤回后不再办理，也不再公开，支持过的人会收到消息。"),
        _answering(withdraw_need),
        gettext_lazy("已撤回。"),
    ),
    "put_in_menu": Step(MenuForm, PUBLIC, _answering(need_fates.put_in_menu), ANSWERED),
    "put_in_call": Step(CallForm, PUBLIC, _answering(need_fates.put_in_call), ANSWERED),
    "refer": Step(ReferForm, PUBLIC, _answering(need_fates.refer_need), ANSWERED),
    "settle": Step(AnswerForm, PUBLIC, _answering(need_fates.settle_need), ANSWERED),
    "leave_to_market": Step(AnswerForm, PUBLIC, _answering(need_fates.leave_to_market), ANSWERED),
    "refuse": Step(AnswerForm, PUBLIC, _answering(need_fates.refuse_need), ANSWERED),
    "reconsider": Step(
        ReasonForm,
        gettext_lazy("收回现在的去向，重新等待答复。理由会公开，相关的人都会收到消息。"),
        _answering(need_fates.reconsider_need),
        gettext_lazy("已重新办理。"),
    ),
    "merge": Step(
        MergeForm,
        gettext_lazy("这一条会指向您选的那一条，支持一起转过去；弄错了可以撤销。"),
        lambda need, told, user: need_merging.merge_need(
            need, get_object_or_404(Need, pk=told["into"]), acting_user=user
        ),
        gettext_lazy("已合并，支持已转过去。"),
    ),
    "unmerge": Step(
        forms.Form,
        gettext_lazy("恢复成单独的一条，原来的支持一起回来。"),
        _answering(need_merging.unmerge_need),
        gettext_lazy("已撤销合并。"),
    ),
}
STEPS["unmerge_unlisted"] = STEPS["unmerge"]


@require_http_methods(["GET", "POST"])
def need_step(request: SignedInRequest, pk: int, verb: str) -> HttpResponse:
    """One step of the lifecycle: says what follows, asks for what it needs, does it."""
    step = STEPS.get(verb)
    if step is None:
        raise Http404
    need = find_need(request, pk)
    arrow = NEED.require(need, verb, acting_user=request.user)
    is_sent = request.method == "POST"
    data = request.POST if is_sent else None
    if verb == "put_in_call":
        form: forms.Form = CallForm(data, rounds=rounds_for(need, request.user, database_now()))
    elif verb == "merge":
        form = MergeForm(data, needs=like(need))
    else:
        form = step.form(data)
    if is_sent and form.is_valid():
        step.act(need, form.cleaned_data, request.user)
        messages.success(request, str(step.done))
        return redirect(need.get_absolute_url() if verb != "withdraw" else "ventures:need-own-list")
    return render(
        request,
        "ventures/needs/step.html",
        {
            "need": need,
            "form": form,
            "arrow": arrow,
            "consequence": step.consequence,
            "nothing_to_choose": verb == "merge" and not form.fields["into"].choices,  # type: ignore[attr-defined]
        },
        status=422 if is_sent else 200,
    )


# A round's needs ------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def round_needs(request: SignedInRequest, code: str) -> HttpResponse:
    """The officer chooses which listed needs a round's call takes up."""
    round = get_object_or_404(
        Round.objects.visible_to(request.user).select_related("region"), code=code
    )
    if not rules.is_round_officer(request.user, round):
        raise NotAllowed()
    if round.is_published and round.state != Round.State.OPEN:
        raise OutOfTurn(state=round.get_state_display(), verb=_("选需求"))
    needs = list(choosable_for(round, request.user)[:100])
    before = asked_before(round, needs)
    form = PickForm(request.POST or None, needs=needs, initial={"needs": before})
    if request.method == "POST" and form.is_valid():
        chosen = set(form.cleaned_data["needs"])
        need_fates.put_many_in_call(
            [need for need in needs if need.pk in chosen],
            round,
            answer=form.cleaned_data["answer"],
            acting_user=request.user,
        )
        messages.success(request, _("已列入这一轮的征集指引，提出和支持的人都会收到消息。"))
        return redirect("ventures:round-needs", code=code)
    return render(
        request,
        "ventures/needs/pick.html",
        {
            "round": round,
            "form": form if needs else None,
            "before": len(before),
            "taken": rows_of(list(Need.objects.filter(round=round).whole().with_voices())),
        },
        status=422 if request.method == "POST" else 200,
    )
