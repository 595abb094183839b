"""Two people at once: one proposes what is done to an award, another agrees."""

from accounts.models import User
from tests.factories.ventures import make_colleague
from ventures.errors.award_wishes import NobodyAgreesToAwardWish
from ventures.models import AwardCorrection, AwardWish, AwardWithdrawal, Proposal
from ventures.rules.award_wishes import deciders_of
from ventures.services.award_corrections import RightAmount, propose_correction
from ventures.services.award_wish_answers import answer_award_wish
from ventures.services.award_withdrawals import propose_cancellation


def wish_to_correct(proposal: Proposal, right: RightAmount, by: User) -> AwardWish:
    """Proposed; another officer is taken in where nobody could agree."""
    try:
        return propose_correction(proposal, right, acting_user=by)
    except NobodyAgreesToAwardWish:
        make_colleague(by)
        return propose_correction(proposal, right, acting_user=by)


def wish_to_cancel(proposal: Proposal, by: User, reason: str) -> AwardWish:
    """The same for an award that is to be cancelled."""
    try:
        return propose_cancellation(proposal, reason=reason, acting_user=by)
    except NobodyAgreesToAwardWish:
        make_colleague(by)
        return propose_cancellation(proposal, reason=reason, acting_user=by)


def agree(wish: AwardWish) -> AwardWish:
    return answer_award_wish(wish, "agree", acting_user=deciders_of(wish).now[0])


def correct_at_once(proposal: Proposal, right: RightAmount, by: User) -> AwardCorrection:
    return AwardCorrection.objects.get(wish=agree(wish_to_correct(proposal, right, by)))


def cancel_at_once(proposal: Proposal, by: User, reason: str) -> AwardWithdrawal:
    return AwardWithdrawal.objects.get(wish=agree(wish_to_cancel(proposal, by, reason)))
