"""The list before the meeting, the meeting's word, and what the applicant learns of it."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from timebank import doors
from ventures.forms.decisions import DecisionsForm
from ventures.forms.meetings import ResolutionForm
from ventures.lifecycles.proposals import PROPOSAL
from ventures.models import Decision, Round
from ventures.rules import decisions as rules
from ventures.rules.proposals import is_applicant
from ventures.rules.recusal import may_decide
from ventures.selectors.award_walks import suggestion_of
from ventures.selectors.notices import resolution_of
from ventures.selectors.outcomes import Outcome, outcome_of, with_own_objections
from ventures.selectors.rankings import ranking_of
from ventures.services.decisions import prepare_decisions, record_resolution
from ventures.views.lookups import find_proposal, find_round_to_decide, no_decider


def prepare(request: SignedInRequest, code: str) -> HttpResponse:
    """What becomes of each proposal, quietly: nobody outside the office sees it."""
    round = find_round_to_decide(request, code)
    ranking = ranking_of(round)
    fund = doors.fund_position(round.fund_key)
    is_open = round.state == Round.State.IN_REVIEW
    form = DecisionsForm(
        request.POST if request.method == "POST" else None,
        rows=ranking.rows,
        free_fen=fund.free_fen,
        suggestion=suggestion_of(round, ranking) if is_open else None,
    )
    if form.is_valid():
        prepare_decisions(round, form.choices(), acting_user=request.user)
        messages.success(request, _("名单已拟定，等待集体决策。公示之前申报方看不到。"))
        return redirect("ventures:round-decisions", code=code)
    return render(
        request,
        "ventures/decisions/prepare.html",
        {
            "round": round,
            "ranking": ranking,
            "form": form,
            "fund": fund,
            "decisions": Decision.objects.filter(proposal__round=round).select_related(
                "proposal__round"
            ),
            "resolution": resolution_of(round),
            "is_editable": is_open
            and ranking.panel is not None
            and ranking.panel.state == "closed",
        },
        status=422 if form.is_bound else 200,
    )


def resolution(request: SignedInRequest, code: str) -> HttpResponse:
    round = find_round_to_decide(request, code)
    form = ResolutionForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        round=round,
    )
    if form.is_valid():
        record_resolution(
            round,
            meeting=form.meeting(),
            acting_user=request.user,
        )
        messages.success(request, _("集体决策已记录，资金已安排。下一步：发布公示。"))
        return redirect("ventures:notice-publish", code=code)
    decisions = list(
        Decision.objects.filter(proposal__round=round).select_related(
            "proposal__applicant", "proposal__round"
        )
    )
    return render(
        request,
        "ventures/decisions/resolution.html",
        {
            "round": round,
            "form": form,
            "decisions": decisions,
            "total_fen": sum(decision.amount_fen for decision in decisions),
            "fund": doors.fund_position(round.fund_key),
            "resolutions": round.resolutions.order_by("id"),
        },
        status=422 if form.is_bound else 200,
    )


@require_GET
def minutes(request: SignedInRequest, code: str) -> FileResponse:
    """The minutes of the last meeting, or of the one asked for; not for the operator."""
    round = get_object_or_404(
        Round.objects.visible_to(request.user).select_related("region"), code=code
    )
    if not rules.may_see_decisions(request.user, round):
        raise no_decider(request.user, round)
    meetings = round.resolutions.select_related("minutes").order_by("-id")
    of = request.GET.get("of", "")
    recorded = (meetings.filter(pk=of) if of.isdecimal() else meetings).first()
    if recorded is None:
        raise Http404
    return FileResponse(
        recorded.minutes.file.open("rb"), as_attachment=True, filename=recorded.minutes.name
    )


@require_GET
def outcome(request: SignedInRequest, code: str) -> HttpResponse:
    """Her own score, the reasons and the result, once it is public."""
    proposal = find_proposal(request, code)
    outcome = outcome_of(proposal)
    is_own = is_applicant(request.user, proposal)
    if is_own:
        outcome = with_own_objections(outcome, proposal, request.user)
    return render(
        request,
        "ventures/decisions/outcome.html",
        {
            "proposal": proposal,
            "outcome": outcome,
            "is_applicant": is_own,
            "shows_reason": outcome.ended is not None
            and (
                outcome.ended.publishes_reason
                or is_own
                or rules.may_see_decisions(request.user, proposal.round)
            ),
            "may_promote": outcome.ended is not None and may_decide(request.user, proposal.round),
            "may_give_up": _stands(outcome) and PROPOSAL.allows("give_up", request.user, proposal),
            "may_cancel": _stands(outcome)
            and PROPOSAL.allows("cancel_award", request.user, proposal),
        },
    )


def _stands(outcome: Outcome) -> bool:
    """An award the applicant was told of, that no objection took back."""
    decision = outcome.decision
    return decision is not None and decision.outcome == Decision.Outcome.AWARD
