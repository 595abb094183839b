"""Who must keep out because of a tie (回避), and who decides then. Pure questions.

It binds officers, operators, finance and auditors like reviewers (民政部令第 39 号; the
region's own rules may ask for more, never for less).
"""

from accounts import rules as people
from accounts.models import Region, User
from ventures.models import (
    Proposal,
    Round,
)
from ventures.models.proposals import ProposalQuerySet
from ventures.models.ties import kept_from_judging, tied_to
from ventures.rules.rounds import is_round_officer
from ventures.rules.second_person import officers_of, without_tie


def has_tie(user: User, proposal: Proposal) -> bool:
    """Belongs (or lately belonged) to the applicant or its host, or wrote the proposal."""
    return Proposal.objects.filter(tied_to(user), pk=proposal.pk).exists()


def is_kept_from_judging(user: User, proposal: Proposal) -> bool:
    """Tied to it, or its coach (辅导人): she reads it and neither scores nor decides."""
    return Proposal.objects.filter(kept_from_judging(user), pk=proposal.pk).exists()


def has_tie_in(user: User, round: Round) -> bool:
    """Tied to one of the proposals that compete in the round: no judge of the others either."""
    return round.proposals.handed_in().filter(tied_to(user)).exists()


def acting_officers(
    region: Region, about: ProposalQuerySet, *, besides: User | None = None
) -> list[User]:
    """The officers who may decide about these proposals: those of the region without a tie to any
    of them; where each has one, or is the one left out, those of the nearest region above."""
    for place in reversed(region.lineage):
        officers = list(officers_of(place))
        free = [one for one in without_tie(officers, about) if one != besides]
        if free:
            return free
        if place == region.pk and not officers:
            return []  # nobody stands in for an office that nobody holds
    return []


def acts_for(user: User, round: Round, about: ProposalQuerySet) -> bool:
    if is_round_officer(user, round):
        return not about.filter(kept_from_judging(user)).exists()
    if not people.is_officer_over(user, round.region):
        return False
    return people.is_one_of(user, acting_officers(round.region, about))


def may_decide(user: User, round: Round) -> bool:
    """Runs review, decision and notice: an officer of the round without a tie to any proposal that
    competes in it, or who stands in for her."""
    return acts_for(user, round, round.proposals.handed_in())


def may_tell_selection(user: User, round: Round) -> bool:
    """Tells everybody who was selected, in a round of two steps."""
    return round.has_concepts and may_decide(user, round)


def may_extend(user: User, round: Round) -> bool:
    """Puts the close later. Running the clock is organising, which a tie does not forbid; but more
    time helps whoever is still writing, so that nobody with a tie to any of them gives it."""
    return acts_for(user, round, round.proposals.exclude(state=Proposal.State.WITHDRAWN))
