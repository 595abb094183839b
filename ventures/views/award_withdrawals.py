"""Give an award up, or propose to cancel one: a page that says what follows, and asks why."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from ventures.forms.award_withdrawals import CancelAwardForm, GiveUpForm
from ventures.lifecycles.proposals import PROPOSAL
from ventures.models import Award
from ventures.rules.award_wishes import wish_deciders
from ventures.selectors.award_wishes import waits_about
from ventures.selectors.recusals import named_officers
from ventures.selectors.second_person import when_away
from ventures.services.award_withdrawals import (
    give_up_award,
    propose_cancellation,
    require_standing,
)
from ventures.views.lookups import find_proposal


@require_http_methods(["GET", "POST"])
def give_up(request: SignedInRequest, code: str) -> HttpResponse:
    """The applicant does not want it any more."""
    proposal = find_proposal(request, code)
    PROPOSAL.require(proposal, "give_up", acting_user=request.user)
    require_standing(proposal)
    form = GiveUpForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        give_up_award(proposal, **form.cleaned_data, acting_user=request.user)
        messages.success(request, _("已放弃立项，主办单位已收到通知。"))
        return redirect("ventures:proposal-outcome", code=code)
    return render(
        request,
        "ventures/decisions/give_up.html",
        {"proposal": proposal, "award": Award.objects.get(proposal=proposal), "form": form},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "POST"])
def cancel(request: SignedInRequest, code: str) -> HttpResponse:
    """The office proposes to take an announced award back; another agrees."""
    proposal = find_proposal(request, code)
    PROPOSAL.require(proposal, "cancel_award", acting_user=request.user)
    form = CancelAwardForm(request.POST if request.method == "POST" else None)
    if not form.is_bound and waits_about(proposal):
        return redirect("ventures:award-wishes", code=proposal.round.code)
    if form.is_valid():
        propose_cancellation(proposal, **form.cleaned_data, acting_user=request.user)
        messages.success(request, _("已提出，等另一人同意后才取消。"))
        return redirect("ventures:award-wishes", code=proposal.round.code)
    seconds = wish_deciders(proposal.round, besides=request.user)
    return render(
        request,
        "ventures/decisions/cancel_award.html",
        {
            "proposal": proposal,
            "award": Award.objects.get(proposal=proposal),
            "form": form,
            "deciders": named_officers(seconds.now, proposal.round),
            "when_away": when_away(seconds, proposal.round),
        },
        status=422 if form.is_bound else 200,
    )
