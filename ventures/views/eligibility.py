"""Who may apply: what a round asks, told before anyone begins, and written by its officer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.clock import database_now
from accounts.models import Organisation
from accounts.requests import SignedInRequest
from accounts.rules import organisations_of
from ventures.forms.conditions import ConditionsForm, typed_of
from ventures.models import Round
from ventures.selectors.applicants import checks_of, conditions_of
from ventures.selectors.condition_words import conditions_in_words
from ventures.selectors.partners import why_not_initiate
from ventures.selectors.rounds import is_taking_proposals
from ventures.services.conditions import write_conditions
from ventures.services.rounds import require_draft_of
from ventures.views.lookups import find_round
from ventures.views.rounds import sent


@require_GET
def round_check(request: SignedInRequest, code: str) -> HttpResponse:
    """能不能报: each of the person's organisations held against the conditions, with what to do."""
    round = find_round(request, code)
    now = database_now()
    own = Organisation.objects.filter(pk__in=organisations_of(request.user)).select_related(
        "region", "host"
    )
    return render(
        request,
        "ventures/eligibility/check.html",
        {
            "round": round,
            "checks": checks_of(own, round, timezone.localdate(now)),
            "why_not_own": why_not_initiate(request.user, round),
            "conditions": conditions_in_words(conditions_of(round)),
            "is_open": is_taking_proposals(round, now),
        },
    )


@require_http_methods(["GET", "POST"])
def round_conditions(request: SignedInRequest, code: str) -> HttpResponse:
    """The round's own conditions, beside those that hold from above."""
    round = find_round(request, code)
    require_draft_of(request.user, round)
    own = list(round.conditions.all())
    form = ConditionsForm(
        sent(request), is_city=round.level == Round.Level.CITY, initial=typed_of(own)
    )
    if request.method == "POST" and form.is_valid():
        write_conditions(round, form.rows(), acting_user=request.user)
        messages.success(request, _("申报条件已保存。"))
        return redirect("ventures:round-desk", code=code)
    return render(
        request,
        "ventures/eligibility/conditions.html",
        {
            "round": round,
            "form": form,
            "conditions": conditions_in_words(
                one for one in conditions_of(round) if _("本轮") not in one.origins
            ),
        },
        status=422 if request.method == "POST" else 200,
    )
