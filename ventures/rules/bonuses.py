"""Who gives points above the hundred, and who must agree. Pure questions."""

from accounts.models import User
from ventures.models import Bonus, Round
from ventures.rules.recusal import has_tie_in, may_decide
from ventures.rules.rounds import may_see_round_work
from ventures.rules.second_person import Seconds, second_persons


def bonus_deciders(round: Round, *, besides: User, bonus: Bonus | None = None) -> Seconds:
    """Other officers without a tie to any proposal that competes: agreeing is deciding, too."""
    return second_persons(
        round,
        besides=[besides.pk],
        asked_at=bonus.proposed_at if bonus else None,
        about=round.proposals.handed_in(),
    )


def deciders_of(bonus: Bonus) -> Seconds:
    return bonus_deciders(bonus.round, besides=bonus.proposed_by, bonus=bonus)


def is_decider(user: User, bonus: Bonus) -> bool:
    return deciders_of(bonus).has(user)


def is_proposer(user: User, bonus: Bonus) -> bool:
    return user.pk == bonus.proposed_by_id


def replaces(user: User, bonus: Bonus) -> bool:
    """Agrees to another one in its place."""
    other = Bonus.objects.filter(
        kind=bonus.kind_id, proposal=bonus.proposal_id, state=Bonus.State.PROPOSED
    ).select_related("proposal__round__region", "proposed_by")
    return any(is_decider(user, one) for one in other)


def may_see_bonuses(user: User, round: Round) -> bool:
    """Who decides or must agree; who runs or checks the round, where nothing ties her to it."""
    if may_decide(user, round):
        return True
    if has_tie_in(user, round):
        return False
    if may_see_round_work(user, round):
        return True
    waiting = Bonus.objects.filter(proposal__round=round, state=Bonus.State.PROPOSED)
    return any(
        is_decider(user, one)
        for one in waiting.select_related("proposal__round__region", "proposed_by")
    )
