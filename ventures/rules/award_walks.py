"""Who may depart from the list the rules give, and who must agree to it. Pure questions."""

from accounts.models import User
from ventures.models import Override, Round
from ventures.rules.recusal import may_decide
from ventures.rules.second_person import Seconds, second_persons


def override_deciders(round: Round, *, besides: User, override: Override | None = None) -> Seconds:
    """Other officers without a tie to any proposal that competes: agreeing is deciding, too."""
    return second_persons(
        round,
        besides=[besides.pk],
        asked_at=override.proposed_at if override else None,
        about=round.proposals.handed_in(),
    )


def deciders_of(override: Override) -> Seconds:
    return override_deciders(override.round, besides=override.proposed_by, override=override)


def may_propose_override(user: User, override: Override) -> bool:
    return may_decide(user, override.round)


def is_override_decider(user: User, override: Override) -> bool:
    return deciders_of(override).has(user)


def is_override_proposer(user: User, override: Override) -> bool:
    return user.pk == override.proposed_by_id


def may_see_list(user: User, round: Round) -> bool:
    """Whoever decides, and whoever must agree to a departure."""
    if may_decide(user, round):
        return True
    waiting = round.overrides.filter(state=Override.State.PROPOSED).select_related("proposed_by")
    return any(is_override_decider(user, one) for one in waiting)
