"""Who may do what to a round, a proposal, a project. Pure questions."""

from accounts import rules as people
from accounts.models import Role, User
from ventures.models import Proposal, Round

Kind = Role.Kind

# Rounds ---------------------------------------------------------------------


def is_round_officer(user: User, round: Round) -> bool:
    """An officer of the round's own region: a town's round is not the city's to run."""
    return any(
        role.region_id == round.region_id for role in people.roles_of_kind(user, Kind.OFFICER)
    )


def is_round_operator(user: User, round: Round) -> bool:
    """Works for the operator (承办单位): receives, screens, schedules; never awards."""
    return round.operator_id is not None and round.operator_id in people.operated_organisations_of(
        user
    )


def may_see_round_work(user: User, round: Round) -> bool:
    """The round's desk: officers, finance and auditors of the region or above, and the operator."""
    return people.has_role_over(
        user, round.region, Kind.OFFICER, Kind.FINANCE, Kind.AUDITOR
    ) or is_round_operator(user, round)


# Proposals ------------------------------------------------------------------


def is_applicant(user: User, proposal: Proposal) -> bool:
    """May act for the organisation that applies. The host of a filed group may not."""
    return proposal.applicant_id in people.organisations_of(user)


def may_screen(user: User, proposal: Proposal) -> bool:
    """The round's officer or operator, but never one who belongs to the applicant or its host."""
    if is_applicant(user, proposal) or proposal.host_id in people.organisations_of(user):
        return False
    if proposal.host_id is not None and proposal.host_id in people.operated_organisations_of(user):
        # An operator that is paid for the group must not judge its papers.
        return is_round_officer(user, proposal.round)
    return is_round_officer(user, proposal.round) or is_round_operator(user, proposal.round)


def is_proposal_officer(user: User, proposal: Proposal) -> bool:
    """The officer of the proposal's round."""
    return is_round_officer(user, proposal.round)


# Reviews and decisions --------------------------------------------------------
