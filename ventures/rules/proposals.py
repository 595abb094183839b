"""Who may do what to a proposal. Pure questions."""

from accounts import rules as people
from accounts.models import User
from ventures.models import (
    Proposal,
)
from ventures.rules.recusal import acts_for, has_tie, may_decide
from ventures.rules.rounds import is_round_officer, is_round_operator


def is_applicant(user: User, proposal: Proposal) -> bool:
    """May act for the organisation that applies. The host of a filed group may not."""
    return proposal.applicant_id in people.organisations_of(user)


def may_screen(user: User, proposal: Proposal) -> bool:
    """The round's operator or the officer who acts for this proposal, never one tied to it."""
    if is_round_operator(user, proposal.round) and not has_tie(user, proposal):
        return True
    return acts_for(user, proposal.round, Proposal.objects.filter(pk=proposal.pk))


def is_the_clock(user: User, _proposal: Proposal) -> bool:
    """What happens because a day has passed is done by the system, by nobody in person."""
    return user.kind == User.Kind.SYSTEM


def is_proposal_officer(user: User, proposal: Proposal) -> bool:
    """The officer of the proposal's round."""
    return is_round_officer(user, proposal.round)


def may_conclude_proposal(user: User, proposal: Proposal) -> bool:
    return may_decide(user, proposal.round)
