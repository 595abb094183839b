"""The rules of award, the list they give for the meeting, and departures from it by two people."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from ventures.errors.award_walks import NotWalked
from ventures.forms.award_terms import AwardTermsForm, OverrideForm
from ventures.lifecycles.award_walks import OVERRIDE
from ventures.models import Override, Panel, Round
from ventures.rules import award_walks as rules
from ventures.rules import decisions as decision_rules
from ventures.rules import recusal
from ventures.rules import rounds as round_rules
from ventures.selectors.aggregation import way_words
from ventures.selectors.award_terms import award_terms_of, terms_in_words
from ventures.selectors.award_walks import Suggestion, kept_walk_of, reruns_of, suggestion_of
from ventures.selectors.rankings import ranking_of
from ventures.selectors.recusals import named_officers
from ventures.selectors.second_person import when_away
from ventures.services.award_terms import set_award_rules
from ventures.services.award_walks import decide_override, propose_override
from ventures.views.lookups import find_round_to_decide, no_decider


def terms(request: SignedInRequest, code: str) -> HttpResponse:
    """How scores and awards are made: written while the call is a draft, read afterwards."""
    round = get_object_or_404(
        Round.objects.visible_to(request.user).select_related("region", "rubric", "programme"),
        code=code,
    )
    if not round_rules.may_see_round_work(request.user, round):
        raise NotAllowed()
    may_edit = (
        round_rules.is_round_officer(request.user, round)
        and round.state == Round.State.DRAFT
        and round.rubric is not None
    )
    if request.method == "POST" and not round_rules.is_round_officer(request.user, round):
        raise NotAllowed()
    form = AwardTermsForm(request.POST if request.method == "POST" else None, round=round)
    if form.is_valid():
        set_award_rules(
            round,
            form.scoring(),
            form.terms(),
            form.limits(),
            notice_days=form.cleaned_data["notice_days"],
            publishes_scores=form.cleaned_data["publishes_scores"],
            acting_user=request.user,
        )
        messages.success(request, _("评分和立项规则已保存，会写进征集公告，发布后不能再改。"))
        return redirect("ventures:award-terms", code=code)
    return render(
        request,
        "ventures/decisions/terms.html",
        {
            "round": round,
            "form": form,
            "heading": _("评分和立项规则"),
            "may_edit": may_edit,
            "way": way_words(round.rubric) if round.rubric else "",
            "rules": terms_in_words(round, award_terms_of(round)),
            "terms": award_terms_of(round),
        },
        status=422 if form.is_bound else 200,
    )


@require_GET
def walk(request: SignedInRequest, code: str) -> HttpResponse:
    """The proposed list, with a reason for every proposal."""
    round = get_object_or_404(
        Round.objects.visible_to(request.user).select_related("region", "rubric", "programme"),
        code=code,
    )
    may_decide = recusal.may_decide(request.user, round)
    if not (
        decision_rules.may_see_decisions(request.user, round)
        or rules.may_see_list(request.user, round)
    ):
        raise no_decider(request.user, round)
    is_closed = Panel.objects.filter(round=round, state=Panel.State.CLOSED).exists()
    is_open = round.state == Round.State.IN_REVIEW and is_closed
    ranking = ranking_of(round) if is_open else None
    suggestion = suggestion_of(round, ranking, with_what_if=may_decide) if ranking else None
    lines = [
        (line, OVERRIDE.open_to(request.user, line.override) if line.override else [])
        for line in (suggestion.lines if suggestion else ())
    ]
    return render(
        request,
        "ventures/decisions/walk.html",
        {
            "round": round,
            "suggestion": suggestion,
            # As long as a part of the composite score is out, this is the order of the sheets.
            "missing": ranking.composite.missing if ranking and ranking.composite else [],
            "lines": lines,
            # What waits for this very person's agreement, said first.
            "asked": [line for line, steps in lines if any(s.verb == "agree" for s in steps)],
            "when_away": _when_away(suggestion, round),
            "kept": kept_walk_of(round),
            "reruns": reruns_of(round),
            "rules": terms_in_words(round, award_terms_of(round)),
            "is_open": is_open,
            "may_decide": may_decide,
        },
    )


def _when_away(suggestion: Suggestion | None, round: Round) -> str:
    """Of what waits longest for a second person, who else may answer it."""
    waiting = suggestion.waiting if suggestion else []
    if not waiting:
        return ""
    first = min(waiting, key=lambda one: one.proposed_at)
    first.round = round
    return when_away(rules.deciders_of(first), round)


def override(request: SignedInRequest, code: str, number: str) -> HttpResponse:
    """Propose another outcome for one proposal; a second person must agree."""
    round = find_round_to_decide(request, code)
    suggestion = suggestion_of(round)
    if suggestion is None:
        raise NotWalked()
    line = next((one for one in suggestion.lines if one.number == number), None)
    if line is None:
        raise Http404
    seconds = rules.override_deciders(round, besides=request.user)
    form = OverrideForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        propose_override(
            line.proposal,
            outcome=form.cleaned_data["outcome"],
            amount_fen=form.amount_fen,
            reason=form.cleaned_data["reason"],
            acting_user=request.user,
        )
        messages.success(request, _("已提出，等另一人同意后才算数。"))
        return redirect("ventures:award-walk", code=code)
    return render(
        request,
        "ventures/decisions/override.html",
        {
            "round": round,
            "line": line,
            "form": form,
            "deciders": named_officers(seconds.now, round),
            "when_away": when_away(seconds, round),
        },
        status=422 if form.is_bound else 200,
    )


@require_POST
def override_step(request: SignedInRequest, code: str, pk: int, verb: str) -> HttpResponse:
    round = get_object_or_404(Round.objects.visible_to(request.user), code=code)
    if verb not in OVERRIDE.verbs():
        raise Http404
    found = get_object_or_404(
        Override.objects.select_related("round__region", "proposed_by"), pk=pk, round=round
    )
    if not rules.may_see_list(request.user, round):
        raise no_decider(request.user, round)
    decide_override(found, verb, acting_user=request.user)
    messages.success(request, _("已记录，建议名单已按这个结果重排。"))
    return redirect("ventures:award-walk", code=code)
