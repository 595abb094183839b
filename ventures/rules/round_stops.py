"""Who may ask that a round be ended without awards, and who must agree. Pure questions."""

from accounts.models import User
from ventures.models import Proposal, Round, RoundStop
from ventures.rules.recusal import may_extend
from ventures.rules.second_person import Seconds, second_persons

# From the call to the meeting; afterwards money is set aside and people have been named.
STOPPABLE = (Round.State.OPEN, Round.State.FULL, Round.State.IN_REVIEW)


def may_ask_stop(user: User, round: Round) -> bool:
    """Ending it takes something from whoever is in it: nobody with a tie to one of them."""
    return round.state in STOPPABLE and may_extend(user, round)


def stop_deciders(round: Round, *, besides: User, stop: RoundStop | None = None) -> Seconds:
    """Other officers without a tie to anybody who writes or filed in it."""
    return second_persons(
        round,
        besides=[besides.pk],
        asked_at=stop.asked_at if stop else None,
        about=round.proposals.exclude(state=Proposal.State.WITHDRAWN),
    )


def deciders_of(stop: RoundStop) -> Seconds:
    return stop_deciders(stop.round, besides=stop.asked_by, stop=stop)


def is_stop_decider(user: User, stop: RoundStop) -> bool:
    return deciders_of(stop).has(user)


def is_stop_asker(user: User, stop: RoundStop) -> bool:
    return user.pk == stop.asked_by_id


def may_stop(user: User, round: Round) -> bool:
    """Agrees to what another asked for; nobody ends a round alone."""
    asked = round.stops.filter(state=RoundStop.State.ASKED).select_related("asked_by").first()
    return asked is not None and is_stop_decider(user, asked)


def may_decide_stop(user: User, round: Round) -> bool:
    return round.state in STOPPABLE and may_stop(user, round)
