"""Who enters a pledge, who confirms it. Pure questions."""

from accounts.models import User
from ventures.models import Pledge, Proposal
from ventures.rules.decisions import speaks_for
from ventures.rules.recusal import acts_for
from ventures.rules.rounds import may_see_round_work


def enters_pledges(user: User, proposal: Proposal) -> bool:
    return speaks_for(user, proposal)


def entered(user: User, pledge: Pledge) -> bool:
    return enters_pledges(user, pledge.proposal)


def confirms(user: User, pledge: Pledge) -> bool:
    """An officer who acts for this proposal and did not enter it herself."""
    about = Proposal.objects.filter(pk=pledge.proposal_id)
    return pledge.entered_by_id != user.pk and acts_for(user, pledge.proposal.round, about)


def reads_pledge(user: User, pledge: Pledge) -> bool:
    return entered(user, pledge) or may_see_round_work(user, pledge.proposal.round)
