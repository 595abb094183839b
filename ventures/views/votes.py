"""公众投票: everybody reads the list and the result, whoever is known by name votes once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.clock import database_now
from accounts.models import User
from accounts.requests import SignedInRequest, address_of
from ventures.errors.votes import NoVote
from ventures.forms.votes import BallotForm, VoteForm
from ventures.models import CompositeTerms, PublicVote, Round
from ventures.rules.objections import is_verified
from ventures.rules.recusal import may_decide
from ventures.rules.review_rights import is_still_blind
from ventures.selectors.composites import composite_terms_of
from ventures.selectors.votes import (
    candidates_of,
    has_voted,
    phase_of_vote,
    results_of,
    vote_of,
)
from ventures.services import votes as services
from ventures.views.lookups import find_round, find_round_to_decide
from ventures.views.rounds import sent


@login_not_required
@require_GET
def public_vote(request: HttpRequest, code: str) -> HttpResponse:
    """The list while one may vote, the result once it was counted."""
    round, terms, vote = _vote(request, code)
    return _page(request, round, terms, vote, None)


@require_POST
def cast(request: SignedInRequest, code: str) -> HttpResponse:
    round, terms, vote = _vote(request, code)
    form = BallotForm(request.POST, candidates=list(candidates_of(round)), most=terms.choices)
    if not form.is_valid():
        return _page(request, round, terms, vote, form)
    services.cast_vote(
        vote,
        form.cleaned_data["chosen"],
        address=address_of(request),
        acting_user=request.user,
    )
    messages.success(request, _("您的一票已经投进票箱。谁都查不到您投给了谁，您自己也不能再改。"))
    return redirect("ventures:public-vote", code=code)


@require_http_methods(["GET", "POST"])
def office(request: SignedInRequest, code: str) -> HttpResponse:
    """From when to when; and, after the close, the box is opened."""
    round = find_round_to_decide(request, code)
    terms = _terms(round)
    vote = vote_of(round)
    form = VoteForm(sent(request), vote=vote)
    if form.is_valid():
        services.set_vote(round, **form.cleaned_data, acting_user=request.user)
        messages.success(request, _("投票时间已定，到时自动开始、自动截止。"))
        return redirect("ventures:vote-office", code=code)
    now = database_now()
    return render(
        request,
        "ventures/votes/office.html",
        {
            "round": round,
            "terms": terms,
            "vote": vote,
            "phase": phase_of_vote(vote, now) if vote else "",
            "form": form if vote is None or now < vote.opens_at or form.is_bound else None,
            "results": results_of(vote) if vote else [],
        },
        status=422 if form.is_bound else 200,
    )


@require_POST
def count(request: SignedInRequest, code: str) -> HttpResponse:
    round = find_round_to_decide(request, code)
    vote = vote_of(round)
    if vote is None:
        raise NoVote()
    services.count_vote(vote, acting_user=request.user)
    messages.success(request, _("已开箱计票，结果公布在投票页上。"))
    return redirect("ventures:public-vote", code=code)


def _page(
    request: HttpRequest,
    round: Round,
    terms: CompositeTerms,
    vote: PublicVote,
    form: BallotForm | None,
) -> HttpResponse:
    user = request.user if isinstance(request.user, User) else None
    phase = phase_of_vote(vote, database_now())
    is_in = user is not None and has_voted(vote, user)
    may_vote = phase == "open" and user is not None and not is_in and is_verified(user)
    candidates = list(candidates_of(round))
    return render(
        request,
        "ventures/votes/vote.html",
        {
            "round": round,
            "terms": terms,
            "vote": vote,
            "phase": phase,
            "blind_until": is_still_blind(round),
            "has_voted": is_in,
            "is_known": user is not None and is_verified(user),
            "candidates": candidates,
            "form": form or BallotForm(candidates=candidates, most=terms.choices)
            if may_vote
            else None,
            "results": results_of(vote),
            "may_decide": user is not None and may_decide(user, round),
        },
        status=422 if form is not None else 200,
    )


def _vote(request: HttpRequest, code: str) -> tuple[Round, CompositeTerms, PublicVote]:
    round = find_round(request, code)
    terms, vote = composite_terms_of(round), vote_of(round)
    if terms is None or vote is None or not terms.has_vote:
        raise Http404
    return round, terms, vote


def _terms(round: Round) -> CompositeTerms:
    terms = composite_terms_of(round)
    if terms is None or not terms.has_vote:
        raise NoVote()
    return terms
