"""End a round without awards: one officer asks on a page, another agrees or says no on the same."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.requests import SignedInRequest
from ventures.forms.round_stops import RefuseStopForm, StopForm
from ventures.models import Round, RoundStop
from ventures.rules import round_stops as rules
from ventures.rules import rounds as round_rules
from ventures.selectors.recusals import named_officers
from ventures.selectors.round_stops import (
    AnsweredStop,
    answered_stop_of,
    asked_stop_of,
    likely_cause,
)
from ventures.selectors.second_person import when_away
from ventures.services.round_stops import (
    agree_to_stop,
    ask_stop,
    refuse_stop,
    require_may_ask_stop,
    take_back_stop,
)
from ventures.views.lookups import find_round
from ventures.views.rounds import sent


@require_http_methods(["GET", "POST"])
def round_stop(request: SignedInRequest, code: str) -> HttpResponse:
    """Ask for it; once it is asked for, what was asked and the answer."""
    round = find_round(request, code)
    asked = asked_stop_of(round)
    if asked is not None and request.method == "GET":
        return _asked_page(request, round, asked)
    answered = answered_stop_of(round) if request.method == "GET" else None
    if answered is not None and _came_too_late(request.user, round):
        return _answered_page(request, round, answered)
    require_may_ask_stop(request.user, round)
    seconds = rules.stop_deciders(round, besides=request.user)
    form = StopForm(sent(request), initial={"cause": likely_cause(round, database_now())})
    if request.method == "POST" and form.is_valid():
        ask_stop(round, **form.cleaned_data, acting_user=request.user)
        messages.success(request, _("已提请终止，等另一位经办人审核。在那以前征集照常。"))
        return redirect("ventures:round-stop", code=code)
    return render(
        request,
        "ventures/rounds/stop.html",
        {
            "round": round,
            "form": form,
            "deciders": named_officers(seconds.now, round),
            "when_away": when_away(seconds, round),
            "answered": answered,
        },
        status=422 if request.method == "POST" else 200,
    )


def _came_too_late(user: User, round: Round) -> bool:
    """She read what was asked, as everybody at the desk did, and cannot ask herself."""
    return round_rules.may_see_round_work(user, round) and not rules.may_ask_stop(user, round)


def _answered_page(request: SignedInRequest, round: Round, answered: AnsweredStop) -> HttpResponse:
    return render(
        request,
        "ventures/over.html",
        {
            "round": round,
            "title": answered.title,
            "words": answered.words,
            "facts": answered.facts,
            "to": reverse("ventures:round-desk", args=[round.code]),
            "link": _("去这一轮的工作台"),
        },
    )


def _asked_page(request: SignedInRequest, round: Round, asked: RoundStop) -> HttpResponse:
    if not round_rules.may_see_round_work(request.user, round):
        raise NotAllowed()
    seconds = rules.deciders_of(asked)
    return render(
        request,
        "ventures/rounds/stop_asked.html",
        {
            "round": round,
            "stop": asked,
            "may_decide": seconds.has(request.user),
            "may_take_back": rules.is_stop_asker(request.user, asked),
            "deciders": named_officers(seconds.now, round),
            "when_away": when_away(seconds, round),
            "refuse_form": RefuseStopForm(),
        },
    )


@require_POST
def round_stop_agree(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    agree_to_stop(_stop(request, code, pk), acting_user=request.user)
    messages.success(request, _("本轮已终止，原因已写在征集公告上，有关的人都会收到消息。"))
    return redirect("ventures:round-desk", code=code)


@require_POST
def round_stop_refuse(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    form = RefuseStopForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    refuse_stop(_stop(request, code, pk), reason=reason, acting_user=request.user)
    messages.success(request, _("已答复：不终止，征集照常。"))
    return redirect("ventures:round-desk", code=code)


@require_POST
def round_stop_take_back(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    take_back_stop(_stop(request, code, pk), acting_user=request.user)
    messages.success(request, _("已收回，征集照常。"))
    return redirect("ventures:round-desk", code=code)


def _stop(request: SignedInRequest, code: str, pk: int) -> RoundStop:
    round = find_round(request, code)
    if not round_rules.may_see_round_work(request.user, round):
        raise NotAllowed()
    stop = get_object_or_404(RoundStop.objects.select_related("asked_by"), round=round, pk=pk)
    stop.round = round
    return stop
