"""Who may depart from the list the rules give, and who must agree to it. Pure questions."""

from accounts.models import User
from ventures.models import Override, Round
from ventures.rules.recusal import has_tie_in, may_decide
from ventures.rules.rounds import officers_of


def override_deciders(round: Round, *, besides: User) -> list[User]:
    """Other officers without a tie: of the round's own place, else of the nearest above."""
    for place in reversed(round.region.lineage):
        others = officers_of(place).exclude(pk=besides.pk)
        found = [user for user in others if not has_tie_in(user, round)]
        if found:
            return found
    return []


def may_propose_override(user: User, override: Override) -> bool:
    return may_decide(user, override.round)


def is_override_decider(user: User, override: Override) -> bool:
    deciders = override_deciders(override.round, besides=override.proposed_by)
    return any(user.pk == one.pk for one in deciders)


def is_override_proposer(user: User, override: Override) -> bool:
    return user.pk == override.proposed_by_id


def may_see_list(user: User, round: Round) -> bool:
    """Whoever decides, and whoever must agree to a departure."""
    if may_decide(user, round):
        return True
    waiting = round.overrides.filter(state=Override.State.PROPOSED).select_related("proposed_by")
    return any(is_override_decider(user, one) for one in waiting)
