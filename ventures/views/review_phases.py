"""评审环节: the officer arranges them; everybody with a duty in the round reads them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.clock import database_now
from accounts.requests import SignedInRequest
from ventures.forms.review_phases import ReviewPhaseForm
from ventures.forms.reviews import ReasonForm
from ventures.models import ReviewPhase, Round
from ventures.rules import recusal as recusal_rules
from ventures.rules import reviews as review_rules
from ventures.selectors.review_phases import PRESETS, phases_of, usual_phase
from ventures.services.review_phases import OVER, needs_reason, remove_phase, set_phase
from ventures.views.lookups import find_round_to_decide
from ventures.views.panels import round_at_work
from ventures.views.rounds import sent


@require_GET
def phase_list(request: SignedInRequest, code: str) -> HttpResponse:
    """What runs when, and what it allows."""
    round = round_at_work(request, code)
    lines = phases_of(round, database_now())
    may_set = recusal_rules.may_decide(request.user, round) and round.state not in OVER
    return render(
        request,
        "ventures/phases/list.html",
        {
            "round": round,
            "lines": lines,
            "may_set": may_set,
            "presets": [(key, words) for key, (words, _rights) in PRESETS.items()],
            "hides": any(line.phase.hides_applicant for line in lines)
            and review_rules.may_schedule_reviews(request.user, round),
        },
    )


@require_http_methods(["GET", "POST"])
def phase_new(request: SignedInRequest, code: str) -> HttpResponse:
    round = find_round_to_decide(request, code)
    phases = list(round.review_phases.all())
    form = ReviewPhaseForm(
        sent(request),
        asks_why=needs_reason(phases, database_now()),
        initial=usual_phase(round, phases, request.GET.get("preset", "")),
    )
    return _set(request, round, None, form)


@require_http_methods(["GET", "POST"])
def phase_edit(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    round = find_round_to_decide(request, code)
    phase = get_object_or_404(ReviewPhase, round=round, pk=pk)
    form = ReviewPhaseForm(
        sent(request),
        asks_why=needs_reason(list(round.review_phases.all()), database_now()),
        instance=phase,
    )
    return _set(request, round, phase, form)


def _set(
    request: SignedInRequest, round: Round, phase: ReviewPhase | None, form: ReviewPhaseForm
) -> HttpResponse:
    if form.is_valid():
        set_phase(
            round,
            phase,
            form.values,
            reason=form.cleaned_data.get("reason", ""),
            acting_user=request.user,
        )
        messages.success(request, _("评审环节已保存。"))
        return redirect("ventures:review-phases", code=round.code)
    return render(
        request,
        "ventures/phases/edit.html",
        {"round": round, "phase": phase, "form": form},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "POST"])
def phase_remove(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    round = find_round_to_decide(request, code)
    phase = get_object_or_404(ReviewPhase.objects.select_related("round"), round=round, pk=pk)
    asks_why = needs_reason(list(round.review_phases.all()), database_now())
    form = ReasonForm(sent(request)) if asks_why else None
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form is not None else ""
        remove_phase(phase, reason=reason, acting_user=request.user)
        messages.success(request, _("已去掉这个环节。"))
        return redirect("ventures:review-phases", code=code)
    return render(
        request,
        "confirm.html",
        {
            "title": _("去掉“%(name)s”") % {"name": phase.name},
            "about": round.name,
            "verb": _("去掉"),
            "consequence": _("还没有开始的环节才能去掉。改动会留痕。"),
            "action": request.path,
            "form": form,
            "back_url": reverse("ventures:review-phases", args=[code]),
        },
        status=422 if request.method == "POST" else 200,
    )
