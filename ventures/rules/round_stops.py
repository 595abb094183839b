"""Who may ask that a round be ended without awards, and who must agree. Pure questions."""

from accounts.models import User
from ventures.models import Proposal, Round, RoundStop
from ventures.models.ties import kept_from_judging
from ventures.rules.recusal import may_extend
from ventures.rules.rounds import officers_of

# From the call to the meeting; afterwards money is set aside and people have been named.
STOPPABLE = (Round.State.OPEN, Round.State.FULL, Round.State.IN_REVIEW)


def may_ask_stop(user: User, round: Round) -> bool:
    """Ending it takes something from whoever is in it: nobody with a tie to one of them."""
    return round.state in STOPPABLE and may_extend(user, round)


def stop_deciders(round: Round, *, besides: User) -> list[User]:
    """Other officers without a tie: of the round's own place, else of the nearest above."""
    live = round.proposals.exclude(state=Proposal.State.WITHDRAWN)
    for place in reversed(round.region.lineage):
        others = officers_of(place).exclude(pk=besides.pk)
        found = [user for user in others if not live.filter(kept_from_judging(user)).exists()]
        if found:
            return found
    return []


def is_stop_decider(user: User, stop: RoundStop) -> bool:
    deciders = stop_deciders(stop.round, besides=stop.asked_by)
    return any(user.pk == one.pk for one in deciders)


def is_stop_asker(user: User, stop: RoundStop) -> bool:
    return user.pk == stop.asked_by_id


def may_stop(user: User, round: Round) -> bool:
    """Agrees to what another asked for; nobody ends a round alone."""
    asked = round.stops.filter(state=RoundStop.State.ASKED).select_related("asked_by").first()
    return asked is not None and is_stop_decider(user, asked)


def may_decide_stop(user: User, round: Round) -> bool:
    return round.state in STOPPABLE and may_stop(user, round)
