"""Who enters a pledge, who confirms it, whose money is none. Pure questions.

A pledge counts when its paper is there and somebody who neither entered it nor belongs to the
applicant has asked the one who signed.
"""

from accounts import rules as people
from accounts.models import User
from ventures.models import Pledge, Proposal
from ventures.rules.decisions import speaks_for
from ventures.rules.recusal import acts_for, is_kept_from_judging
from ventures.rules.rounds import may_see_round_work


def enters_pledges(user: User, proposal: Proposal) -> bool:
    """The applicant; or an officer without a tie, for a paper handed in at the desk."""
    return speaks_for(user, proposal) or _acts(user, proposal)


def entered(user: User, pledge: Pledge) -> bool:
    return pledge.entered_by_id == user.pk or speaks_for(user, pledge.proposal)


def confirms(user: User, pledge: Pledge) -> bool:
    """An officer who acts for this proposal and did not enter it herself. What an officer entered
    another one confirms, be it of a place above: where one sits alone, hers is not two words."""
    proposal = pledge.proposal
    if pledge.entered_by_id == user.pk or speaks_for(user, proposal):
        return False
    if _acts(user, proposal):
        return True
    by_the_office = not speaks_for(pledge.entered_by, proposal)
    is_above = people.is_officer_over(user, proposal.round.region)
    return by_the_office and is_above and not is_kept_from_judging(user, proposal)


def _acts(user: User, proposal: Proposal) -> bool:
    return acts_for(user, proposal.round, Proposal.objects.filter(pk=proposal.pk))


def is_own_money(name: str, proposal: Proposal) -> bool:
    """Its own applicant, host, partners and initiator promise it nothing from outside."""
    bodies = [one for one in (proposal.applicant, proposal.host) if one is not None]
    names = {one.name for one in bodies} | {proposal.applicant_name, proposal.responsible_name}
    names |= set(proposal.partners.values_list("organisation__name", flat=True))
    return _plain(name) in {_plain(one) for one in names if one}


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def reads_pledge(user: User, pledge: Pledge) -> bool:
    """Who entered it, its applicant, and the round's desk."""
    return entered(user, pledge) or may_see_round_work(user, pledge.proposal.round)
