"""Begin a proposal: for an organisation, or in one's own name."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from ventures.errors.proposals import MayNotApply, MayNotInitiate
from ventures.forms.proposals import ApplyForm, InitiateForm
from ventures.models import Round
from ventures.selectors.partners import why_not_initiate
from ventures.selectors.proposals import organisations_free_for
from ventures.services import drafts
from ventures.views.rounds import sent


@require_http_methods(["GET", "POST"])
def proposal_begin(request: SignedInRequest, code: str) -> HttpResponse:
    round = _round(request, code)
    choices = organisations_free_for(request.user, round)
    if request.method == "POST" and not choices:
        raise MayNotApply()
    form = ApplyForm(
        sent(request),
        organisations=[organisation for organisation, _filed in choices],
        initial={"organisation": choices[0][0].pk} if len(choices) == 1 else None,
    )
    if request.method == "POST" and form.is_valid():
        proposal = drafts.begin_proposal(
            round, form.cleaned_data["organisation"], acting_user=request.user
        )
        return redirect("ventures:proposal-edit", code=proposal.code)
    return render(
        request,
        "ventures/proposals/begin.html",
        {
            "round": round,
            "form": form,
            "choices": choices,
            "own": round.proposals.live().filter(initiator=request.user).first(),
            "may_initiate": not why_not_initiate(request.user, round),
        },
        status=422 if request.method == "POST" else 200,
    )


@require_http_methods(["GET", "POST"])
def proposal_begin_own(request: SignedInRequest, code: str) -> HttpResponse:
    """In one's own name: a person of verified name, paid through a host that agrees."""
    round = _round(request, code)
    why_not = why_not_initiate(request.user, round)
    if why_not:
        raise MayNotInitiate(why=why_not)
    form = InitiateForm(sent(request), round=round)
    if request.method == "POST" and form.is_valid():
        proposal = drafts.begin_own_proposal(
            round, form.cleaned_data["host"], acting_user=request.user
        )
        return redirect("ventures:proposal-edit", code=proposal.code)
    return render(
        request,
        "ventures/proposals/begin_own.html",
        {"round": round, "form": form},
        status=422 if request.method == "POST" else 200,
    )


def _round(request: SignedInRequest, code: str) -> Round:
    return get_object_or_404(
        Round.objects.visible_to(request.user).select_related("region"), code=code
    )
