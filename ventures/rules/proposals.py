"""Who may do what to a proposal. Pure questions."""

from accounts import rules as people
from accounts.errors import NotAllowed
from accounts.models import User
from ventures.models import Award, LetterKind, Partner, Proposal, Transfer
from ventures.rules.recusal import acts_for, has_tie, may_decide
from ventures.rules.rounds import is_round_officer, is_round_operator
from ventures.rules.timetable import is_sealed


def is_applicant(user: User, proposal: Proposal) -> bool:
    """May act for who applies: the organisation, or the person herself. A host may not."""
    if proposal.initiator_id is not None:
        return proposal.initiator_id == user.pk
    return proposal.applicant_id in people.organisations_of(user)


def may_file_concept(user: User, proposal: Proposal) -> bool:
    """The first of two steps."""
    return proposal.is_concept and is_applicant(user, proposal)


def may_submit(user: User, proposal: Proposal) -> bool:
    """The proposal itself: in a round of two steps only what was selected."""
    return not proposal.is_concept and is_applicant(user, proposal)


def may_revive(user: User, proposal: Proposal) -> bool:
    return not proposal.is_invited and is_applicant(user, proposal)


def may_resume(user: User, proposal: Proposal) -> bool:
    """What was selected and taken back is a full proposal again, never a concept."""
    return proposal.is_invited and is_applicant(user, proposal)


def is_partner_member(user: User, partner: Partner) -> bool:
    """May answer for the organisation that is asked to apply together."""
    return partner.organisation_id in people.organisations_of(user)


def asks_partner(user: User, partner: Partner) -> bool:
    return is_applicant(user, partner.proposal)


def answers_transfer(user: User, transfer: Transfer) -> bool:
    """The applicant's people say whether it goes to another round."""
    return is_applicant(user, transfer.proposal)


def shares_in(user: User, proposal: Proposal) -> bool:
    """Belongs to an organisation that stands in the proposal beside the applicant."""
    own = people.organisations_of(user)
    return any(
        partner.organisation_id in own
        for partner in proposal.partners.all()
        if partner.state in Partner.STANDING
    )


def may_screen(user: User, proposal: Proposal) -> bool:
    """The round's operator or the officer who acts for this proposal, never one tied to it, and
    nobody while the round is sealed."""
    if is_sealed(proposal.round):
        return False
    if is_round_operator(user, proposal.round) and not has_tie(user, proposal):
        return True
    return acts_for(user, proposal.round, Proposal.objects.filter(pk=proposal.pk))


def require_screening(user: User, proposal: Proposal) -> None:
    """Raises NotAllowed for who does not screen it."""
    if not may_screen(user, proposal):
        raise NotAllowed()


def is_the_clock(user: User, _proposal: Proposal) -> bool:
    """What happens because a day has passed is done by the system, by nobody in person."""
    return user.kind == User.Kind.SYSTEM


def is_proposal_officer(user: User, proposal: Proposal) -> bool:
    """The officer of the proposal's round."""
    return is_round_officer(user, proposal.round)


def may_give_up(user: User, proposal: Proposal) -> bool:
    """The applicant, from the day she was told of an award."""
    return is_applicant(user, proposal) and _was_told_of_award(proposal)


def _was_told_of_award(proposal: Proposal) -> bool:
    told = proposal.letters.filter(kind__in=[LetterKind.AWARD, LetterKind.REVISE])
    return told.exists() and Award.objects.filter(proposal=proposal).exists()


def may_conclude_proposal(user: User, proposal: Proposal) -> bool:
    return may_decide(user, proposal.round)
