"""Who puts an award's amount right or cancels it, and who must agree. Pure questions."""

from accounts.models import User
from ventures.models import AwardWish, AwardWithdrawal, Proposal, Round
from ventures.rules.decisions import may_see_decisions
from ventures.rules.recusal import has_tie_in, may_decide
from ventures.rules.second_person import Seconds, second_persons


def wish_deciders(round: Round, *, besides: User, wish: AwardWish | None = None) -> Seconds:
    """Other officers without a tie to any proposal that competes: agreeing is deciding, too."""
    return second_persons(
        round,
        besides=[besides.pk],
        asked_at=wish.proposed_at if wish else None,
        about=round.proposals.handed_in(),
    )


def deciders_of(wish: AwardWish) -> Seconds:
    return wish_deciders(wish.round, besides=wish.proposed_by, wish=wish)


def is_decider(user: User, wish: AwardWish) -> bool:
    return deciders_of(wish).has(user)


def is_proposer(user: User, wish: AwardWish) -> bool:
    return user.pk == wish.proposed_by_id


def ended_it(user: User, wish: AwardWish) -> bool:
    """By whose act the award stands no more: there is nothing left to agree to."""
    return AwardWithdrawal.objects.filter(award=wish.award_id, withdrawn_by=user).exists()


def may_cancel(user: User, proposal: Proposal) -> bool:
    """Who decides in the round proposes it; who agreed, of a place above it may be, does it."""
    if may_decide(user, proposal.round):
        return True
    return AwardWish.objects.filter(
        award__proposal=proposal,
        kind=AwardWish.Kind.CANCEL,
        state=AwardWish.State.AGREED,
        decided_by=user,
    ).exists()


def may_see_wishes(user: User, round: Round) -> bool:
    """Who decides or must agree; who reads decisions, where nothing ties her to the round."""
    if may_decide(user, round):
        return True
    if has_tie_in(user, round):
        return False
    if may_see_decisions(user, round):
        return True
    waiting = AwardWish.objects.filter(
        award__proposal__round=round, state=AwardWish.State.PROPOSED
    ).select_related("award__proposal__round__region", "proposed_by")
    return any(is_decider(user, one) for one in waiting)
