"""Who decides, who puts on public notice. Pure questions."""

from accounts import rules as people
from accounts.models import User
from ventures.models import (
    Decision,
    Proposal,
    PublicNotice,
    Round,
)
from ventures.rules.recusal import has_tie_in, may_decide
from ventures.rules.rounds import PUBLIC_STATES, Kind


def is_decision_officer(user: User, decision: Decision) -> bool:
    return may_decide(user, decision.proposal.round)


def may_end_award(user: User, decision: Decision) -> bool:
    """Gives up what is not announced yet: the applicant. What is, the office may cancel too."""
    return speaks_for(user, decision.proposal)


def may_see_decisions(user: User, round: Round) -> bool:
    """What is prepared, set aside and minuted: officers, finance, auditors; no operator, and
    before the notice nobody with a tie."""
    if not people.has_role_over(user, round.region, Kind.OFFICER, Kind.FINANCE, Kind.AUDITOR):
        return False
    return round.state in PUBLIC_STATES or not has_tie_in(user, round)


def may_read_dossiers(user: User, round: Round) -> bool:
    """The sheets of every proposal, seat by seat, and why points were given: who reads decisions,
    and nobody with a tie, after the notice either (the notice tells what is public)."""
    return may_see_decisions(user, round) and not has_tie_in(user, round)


def speaks_for(user: User, proposal: Proposal) -> bool:
    """Belongs to the applicant, or is the person who started it."""
    if proposal.applicant is not None:
        return people.is_member_of(user, proposal.applicant)
    return proposal.initiator_id == user.pk


def is_notice_officer(user: User, notice: PublicNotice) -> bool:
    return may_decide(user, notice.round)
