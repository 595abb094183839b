"""Who keeps the pool of experts, asks them, reads the register of conflicts. Pure questions."""

from accounts import rules as people
from accounts.models import User
from ventures.models import Conflict, Expert, Proposal, ReviewerDraw, ReviewInvitation, Round
from ventures.rules.proposals import is_applicant
from ventures.rules.recusal import acts_for, may_decide
from ventures.rules.rounds import Kind, is_round_officer, keeps_rules_of, may_see_round_work


def reads_pools(user: User) -> bool:
    return people.has_role(user, Kind.OFFICER, Kind.FINANCE, Kind.AUDITOR)


def keeps_pool_of(user: User, expert: Expert) -> bool:
    """An officer of exactly the pool's place."""
    return keeps_rules_of(user, expert.region)


def may_find_reviewers(user: User, round: Round) -> bool:
    """Invites, draws, divides: who decides in the round. An operator does not choose judges."""
    return may_decide(user, round)


def may_run_draw(user: User, draw: ReviewerDraw) -> bool:
    return may_find_reviewers(user, draw.round)


def is_asked(user: User, invitation: ReviewInvitation) -> bool:
    return invitation.user_id == user.pk


def asks_in_round(user: User, invitation: ReviewInvitation) -> bool:
    return may_find_reviewers(user, invitation.round)


def is_the_clock(user: User, _invitation: ReviewInvitation) -> bool:
    return user.kind == User.Kind.SYSTEM


def reads_reason(user: User, invitation: ReviewInvitation) -> bool:
    """Why somebody declined is read by whoever asked, and by her who said it."""
    return user.pk in (invitation.asked_by_id, invitation.user_id)


def may_read_register(user: User, round: Round) -> bool:
    """The round's office and auditors, and the supervisor (监督员) of the place."""
    return may_see_round_work(user, round) or people.has_role_over(
        user, round.region, Kind.OBSERVER
    )


def may_pin(user: User, proposal: Proposal) -> bool:
    """Puts down and lifts conflicts: who acts for this proposal, never one kept from it."""
    return acts_for(user, proposal.round, Proposal.objects.filter(pk=proposal.pk))


def may_lift(user: User, conflict: Conflict) -> bool:
    """Never one's own."""
    return conflict.person_id != user.pk and may_pin(user, conflict.proposal)


def may_ask_for_recusal(user: User, proposal: Proposal) -> bool:
    return is_applicant(user, proposal)


def sees_pins(user: User, round: Round) -> bool:
    return is_round_officer(user, round) or may_decide(user, round)
