"""加分: points above the hundred, proposed by one officer and agreed to by another."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from ventures.forms.bonuses import BonusForm
from ventures.lifecycles.bonuses import BONUS
from ventures.models import Bonus, Decision, Round
from ventures.rules import bonuses as rules
from ventures.rules.recusal import may_decide
from ventures.selectors.bonuses import bonuses_of, kind_in_words, kinds_of
from ventures.selectors.recusals import named_officers
from ventures.selectors.second_person import when_away
from ventures.services.bonuses import decide_bonus, propose_bonus
from ventures.views.lookups import find_round, no_decider
from ventures.views.rounds import sent

VERBS = ("agree", "refuse", "take_back")


@require_http_methods(["GET", "POST"])
def bonuses(request: SignedInRequest, code: str) -> HttpResponse:
    """What was proposed and what became of it; and, for who decides, to propose another."""
    round = _round(request, code)
    may_propose = may_decide(request.user, round)
    if request.method == "POST" and not may_propose:
        raise no_decider(request.user, round)
    form = BonusForm(sent(request), round=round)
    if form.is_valid():
        proposal, kind, half_points = form.chosen
        propose_bonus(
            proposal,
            kind,
            half_points,
            reason=form.cleaned_data["reason"],
            acting_user=request.user,
        )
        messages.success(request, _("已提出，等另一人同意后才算数。"))
        return redirect("ventures:bonuses", code=code)
    seconds = rules.bonus_deciders(round, besides=request.user)
    is_open = (
        round.state == Round.State.IN_REVIEW
        and not Decision.objects.filter(proposal__round=round).exists()
    )
    rows = []
    for one in bonuses_of(round):
        one.round = round
        steps = [step for step in BONUS.open_to(request.user, one) if step.verb in VERBS]
        rows.append((one, steps if is_open else []))
    return render(
        request,
        "ventures/composites/bonuses.html",
        {
            "round": round,
            "form": form,
            "kinds": [kind_in_words(kind) for kind in kinds_of(round)],
            "rows": rows,
            # What waits for this very person's agreement, said first.
            "asked": sum(any(s.verb == "agree" for s in steps) for _one, steps in rows),
            "is_open": is_open,
            "may_propose": may_propose and is_open,
            "deciders": named_officers(seconds.now, round),
            "when_away": when_away(seconds, round),
        },
        status=422 if form.is_bound else 200,
    )


@require_POST
def step(request: SignedInRequest, code: str, pk: int, verb: str) -> HttpResponse:
    round = _round(request, code)
    if verb not in VERBS:
        raise Http404
    bonus = get_object_or_404(
        Bonus.objects.select_related("kind", "proposal__round__region", "proposed_by"),
        pk=pk,
        proposal__round=round,
    )
    decide_bonus(bonus, verb, acting_user=request.user)
    messages.success(request, _("已记录，名次已按这个结果重排。"))
    return redirect("ventures:bonuses", code=code)


def _round(request: SignedInRequest, code: str) -> Round:
    """A round whose call offers such points, to whom they are shown before the notice."""
    round = find_round(request, code)
    if not round.bonus_kinds.exists():
        raise Http404
    if not rules.may_see_bonuses(request.user, round):
        raise no_decider(request.user, round)
    return round
