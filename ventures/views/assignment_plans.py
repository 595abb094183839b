"""分派: work a division out, look at it, apply it; one by hand; a reviewer who leaves."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from ventures.forms.reviewers import OnePairForm, PlanForm
from ventures.forms.reviews import ReasonForm
from ventures.models import AssignmentPlan, Panel, PanelMember, Proposal
from ventures.models.ties import tied_to
from ventures.rules import reviews as review_rules
from ventures.selectors.assignment_wishes import members_of
from ventures.services import assignment_plans as services
from ventures.services.assignments import assign_reviewer, require_open, withdraw_member
from ventures.views.lookups import no_decider
from ventures.views.panels import round_at_work
from ventures.views.rounds import sent

TONES = {
    "waiting": "waiting", "ready": "waiting", "failed": "danger", "applied": "done",
    "dropped": "neutral",
}  # fmt: skip


@require_http_methods(["GET", "POST"])
def plan_list(request: SignedInRequest, code: str) -> HttpResponse:
    """The plan being made or waiting for a word, how the loads would be; ask for another.

    While one is being made, the part that changes is asked for again every three seconds.
    """
    panel = _panel(request, code)
    may = review_rules.may_schedule_reviews(request.user, panel.round)
    form = PlanForm(sent(request), round=panel.round)
    if request.method == "POST" and not may:
        raise no_decider(request.user, panel.round)
    if form.is_valid():
        services.ask_for_plan(panel, **form.cleaned_data, acting_user=request.user)
        return redirect("ventures:assignment-plans", code=code)
    plans = list(panel.plans.select_related("asked_by", "ended_by")[:20])
    latest = plans[0] if plans else None
    current = latest if latest and latest.state in ("waiting", "ready", "failed") else None
    part = "#standing" if request.headers.get("HX-Request") else ""
    return render(
        request,
        f"ventures/reviewers/plans.html{part}",
        {
            "round": panel.round,
            "panel": panel,
            "form": form if may and panel.state == Panel.State.OPEN else None,
            "current": current,
            "loads": _loads(panel, current) if current and current.state == "ready" else [],
            "is_best": current is not None
            and current.cost is not None
            and current.bound is not None
            and current.cost - current.bound < 1,
            "plans": [(one, TONES[one.state]) for one in plans if one != current],
            "may": may,
        },
        status=422 if form.is_bound else 200,
    )


@require_POST
def plan_apply(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    plan = _plan(request, code, pk)
    services.apply_plan(plan, acting_user=request.user)
    messages.success(request, _("已分派，评委都收到了消息。"))
    return redirect("ventures:round-panel", code=code)


@require_POST
def plan_drop(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    plan = services.drop_plan(_plan(request, code, pk), acting_user=request.user)
    words = _("这个方案不用了，什么也没有改动。")
    if plan.made_at is None:
        words = _("已取消计算，什么也没有改动。可以改了条件再算。")
    messages.success(request, words)
    return redirect("ventures:assignment-plans", code=code)


@require_http_methods(["GET", "POST"])
def assignment_add(request: SignedInRequest, code: str) -> HttpResponse:
    """One proposal for one reviewer, by hand."""
    panel = _schedulable(request, code)
    group = panel.round.proposals.filter(state=Proposal.State.UNDER_REVIEW)
    form = OnePairForm(
        sent(request),
        panel=panel,
        proposals=group.exclude(tied_to(request.user)).order_by("code"),
    )
    if form.is_valid():
        assign_reviewer(
            form.cleaned_data["member"], form.cleaned_data["proposal"], acting_user=request.user
        )
        messages.success(request, _("已分派。"))
        return redirect("ventures:round-panel", code=code)
    return _confirm(
        request,
        panel,
        form,
        title=_("手工分派一份"),
        verb=_("分派"),
        consequence=_("这份申报书会出现在这位评委的“我的评审”里。有利害关系的分派不了。"),
    )


@require_http_methods(["GET", "POST"])
def member_leave(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    panel = _schedulable(request, code)
    member = get_object_or_404(PanelMember.objects.select_related("reviewer"), pk=pk, panel=panel)
    form = ReasonForm(sent(request))
    if form.is_valid():
        withdraw_member(member, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(request, _("已登记退出。空出来的可以在“分派方案”里补上，别人的不动。"))
        return redirect("ventures:round-panel", code=code)
    return _confirm(
        request,
        panel,
        form,
        title=_("%(name)s退出评审组") % {"name": member.reviewer.display_name},
        verb=_("登记退出"),
        consequence=_("没交的评分表不再等她，已交的照样算数，写过的都保留。"),
    )


def _loads(panel: Panel, plan: AssignmentPlan) -> Iterable[tuple[PanelMember, int, int]]:
    """Each member, how many she has, how many she would get."""
    given: dict[int, int] = {}
    for _proposal, member in plan.pairs:
        given[member] = given.get(member, 0) + 1
    return [
        (member, member.assignments.standing().count(), given.get(member.pk, 0))
        for member in members_of(panel)
    ]


def _panel(request: SignedInRequest, code: str) -> Panel:
    return get_object_or_404(
        Panel.objects.select_related("round__region"), round=round_at_work(request, code)
    )


def _schedulable(request: SignedInRequest, code: str) -> Panel:
    panel = _panel(request, code)
    if not review_rules.may_schedule_reviews(request.user, panel.round):
        raise no_decider(request.user, panel.round)
    require_open(panel)
    return panel


def _plan(request: SignedInRequest, code: str, pk: int) -> AssignmentPlan:
    panel = _panel(request, code)
    return get_object_or_404(AssignmentPlan, pk=pk, panel=panel)


def _confirm(
    request: SignedInRequest,
    panel: Panel,
    form: OnePairForm | ReasonForm,
    *,
    title: str,
    verb: str,
    consequence: str,
) -> HttpResponse:
    return render(
        request,
        "confirm.html",
        {
            "title": title,
            "about": panel.round.name,
            "verb": verb,
            "consequence": consequence,
            "action": request.path,
            "form": form,
            "back_url": reverse("ventures:round-panel", args=[panel.round.code]),
        },
        status=422 if form.is_bound else 200,
    )
