"""Find the thing an address names, as seen by the person who asks.

Not visible is 404, the same as absent; who must step aside (回避) gets no other answer. That she is
out of it, and who acts instead, stands on her own list (`views.own_recusals`).
"""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.requests import SignedInRequest
from ventures.errors.recusal import RecusedFromProposal, RecusedFromRound
from ventures.models import Proposal, Round
from ventures.models.proposals import ProposalQuerySet
from ventures.rules import recusal as recusal_rules
from ventures.rules import rounds as round_rules
from ventures.selectors.proposals import as_of, single_proposals, whole_proposals
from ventures.selectors.recusals import recused_in, who_acts


def find_proposal(request: SignedInRequest, code: str) -> Proposal:
    """In the state the clock gives it. A page that shows its text takes `find_whole_proposal`."""
    return _found(single_proposals(), request, code)


def find_whole_proposal(request: SignedInRequest, code: str) -> Proposal:
    """With its tables, files, partners and the round's form, for a page that shows them."""
    return _found(whole_proposals(), request, code)


def _found(proposals: ProposalQuerySet, request: SignedInRequest, code: str) -> Proposal:
    visible = Proposal.objects.visible_to(request.user).values("pk")
    proposal = proposals.filter(pk__in=visible, code=code).first()
    if proposal is None:
        raise Http404
    return as_of(proposal, database_now())


def find_round(request: HttpRequest, code: str) -> Round:
    """A published round, or one being prepared by those who run it."""
    return get_object_or_404(
        Round.objects.visible_to(request.user).select_related(
            "programme", "region", "operator", "rubric"
        ),
        code=code,
    )


def recused_from(proposal: Proposal) -> RecusedFromProposal:
    about = Proposal.objects.filter(pk=proposal.pk)
    return RecusedFromProposal(code=proposal.code, who=who_acts(proposal.round, about))


def find_round_to_decide(request: SignedInRequest, code: str) -> Round:
    """For whoever decides in it; others are told why not."""
    round = get_object_or_404(
        Round.objects.visible_to(request.user).select_related("region", "rubric", "programme"),
        code=code,
    )
    if not recusal_rules.may_decide(request.user, round):
        raise no_decider(request.user, round)
    return round


def no_decider(user: User, round: Round) -> NotAllowed | RecusedFromRound:
    """Why this person does not decide here, or sees no scores: a tie, or no such duty."""
    recused = recused_in(user, round) if round_rules.may_see_round_work(user, round) else None
    if recused is None:
        return NotAllowed()
    return RecusedFromRound(who=recused.who)
