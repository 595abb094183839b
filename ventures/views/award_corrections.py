"""更正金额: what may be put right and what was, to propose one right amount; its paper."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import SignedInRequest
from ventures.forms.award_corrections import RightAmountForm
from ventures.models import AwardCorrection, Round
from ventures.rules import decisions as rules
from ventures.rules.award_wishes import may_see_wishes, wish_deciders
from ventures.rules.recusal import may_decide
from ventures.selectors.award_corrections import (
    correctable_award,
    correctable_awards,
    corrections_in,
    why_not_corrected,
)
from ventures.selectors.award_wishes import waits_about, wishes_of
from ventures.selectors.recusals import named_officers
from ventures.selectors.reissues import to_be_replaced
from ventures.selectors.second_person import when_away
from ventures.services.award_corrections import propose_correction
from ventures.views.lookups import find_proposal, no_decider


@require_GET
def amounts(request: SignedInRequest, code: str) -> HttpResponse:
    """Which amounts may be put right now, or why none; and every one that was, with its paper."""
    round = get_object_or_404(
        Round.objects.visible_to(request.user).select_related("region"), code=code
    )
    if not rules.may_see_decisions(request.user, round):
        raise no_decider(request.user, round)
    withdrawn = to_be_replaced(round)
    why_not = why_not_corrected(round, withdrawn)
    wishes = wishes_of(round) if may_see_wishes(request.user, round) else []
    decides = why_not is None and may_decide(request.user, round)
    return render(
        request,
        "ventures/decisions/amounts.html",
        {
            "round": round,
            "why_not": why_not,
            "withdrawn": withdrawn,
            "decides": decides,
            "awards": correctable_awards(withdrawn) if decides and withdrawn else [],
            "corrections": corrections_in(round),
            "wishes": wishes,
            "waiting": {one.award_id for one in wishes if one.state == one.State.PROPOSED},
        },
    )


@require_http_methods(["GET", "POST"])
def amount(request: SignedInRequest, code: str) -> HttpResponse:
    """One award: what it is, what the minutes say; another agrees."""
    proposal = find_proposal(request, code)
    if not may_decide(request.user, proposal.round):
        raise no_decider(request.user, proposal.round)
    withdrawn = to_be_replaced(proposal.round)
    award = correctable_award(proposal, withdrawn)
    is_bound = request.method == "POST"
    if not is_bound and waits_about(proposal):
        return redirect("ventures:award-wishes", code=proposal.round.code)
    form = RightAmountForm(
        request.POST if is_bound else None, request.FILES if is_bound else None, award=award
    )
    if form.is_valid():
        propose_correction(proposal, form.right_amount(), acting_user=request.user)
        messages.success(request, _("已提出，等另一人同意后才更正。"))
        return redirect("ventures:award-wishes", code=proposal.round.code)
    seconds = wish_deciders(proposal.round, besides=request.user)
    return render(
        request,
        "ventures/decisions/amount.html",
        {
            "proposal": proposal,
            "award": award,
            "withdrawn": withdrawn,
            "form": form,
            "deciders": named_officers(seconds.now, proposal.round),
            "when_away": when_away(seconds, proposal.round),
        },
        status=422 if is_bound else 200,
    )


@require_GET
def minutes(request: SignedInRequest, code: str, number: int) -> FileResponse:
    """The paper that shows the right figure; as the meeting's own minutes, not for the operator."""
    proposal = find_proposal(request, code)
    if not rules.may_see_decisions(request.user, proposal.round):
        raise no_decider(request.user, proposal.round)
    correction = get_object_or_404(
        AwardCorrection.objects.select_related("minutes"), award__proposal=proposal, number=number
    )
    paper = correction.minutes
    return FileResponse(paper.file.open("rb"), as_attachment=True, filename=paper.name)
