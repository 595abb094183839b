"""Set and move the dates of a round, with everyone told whom a published date concerns.

Putting only the close later for everybody is `services.rounds.extend_round`; both write through
`services.dates`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.clock import database_now
from accounts.errors import NotAllowed, OutOfTurn, Overtaken, ReasonMissing
from accounts.models import User
from accounts.services.changes import record_change
from ventures.errors.timetable import TimetableUnsound
from ventures.models import Round
from ventures.rules import timetable as rules
from ventures.rules.schedule import (
    Move,
    Problems,
    Schedule,
    followers,
    moves_between,
    only_later,
    problems_of,
)
from ventures.rules.timetable import schedule_of
from ventures.services.dates import require_may_extend, write_schedule
from ventures.services.round_news import announce_dates_moved

# Dates may be set while the call is prepared, and moved until the list is final.
MOVABLE = (
    Round.State.DRAFT,
    Round.State.OPEN,
    Round.State.FULL,
    Round.State.IN_REVIEW,
    Round.State.DECIDED,
    Round.State.NOTICED,
)


@dataclass(frozen=True)
class Preview:
    """What a timetable that was typed would change: the dates typed, and those that follow."""

    moves: list[Move]
    follows: list[Move]
    # Of the dates as typed, and of the dates with those that follow.
    problems: Problems
    problems_together: Problems


def preview_timetable(round: Round, typed: Schedule, now: datetime) -> Preview:
    """What would move; nothing is written."""
    before = schedule_of(round)
    follows = followers(before, typed, now)
    together = typed.with_dates({move.key: move.after for move in follows})
    return Preview(
        moves=moves_between(before, typed),
        follows=follows,
        problems=all_problems(round, before, typed, now),
        problems_together=all_problems(round, before, together, now),
    )


def all_problems(round: Round, before: Schedule, plan: Schedule, now: datetime) -> Problems:
    """What does not fit, and what may not move once it is published."""
    found = problems_of(plan)
    if round.state != Round.State.DRAFT:
        for key, words in only_later(before, plan, now).items():
            found.setdefault(key, []).extend(words)
    return found


@transaction.atomic
def set_timetable(
    round: Round,
    typed: Schedule,
    *,
    together: bool,
    based_on: str,
    reason: str = "",
    conditions: Mapping[str, Any] | None = None,
    acting_user: User,
) -> Round:
    """Write the dates typed, with those that follow if `together`; tell whom published ones
    concern.

    `conditions` (grace, seal, peeking, who selects concepts) are set only while the call is
    prepared. Refused: to others than the round's officers, in a state in which dates stand
    (`OutOfTurn`), when somebody saved since `based_on` (`Overtaken`), dates that do not fit or move
    where they may not (`TimetableUnsound`), published dates without a reason (`ReasonMissing`), and
    the close to an officer with a tie (`RecusedFromExtending`).
    """
    Round.objects.select_for_update().only("pk").get(pk=round.pk)
    round = Round.objects.select_related("region").get(pk=round.pk)
    require_may_move(acting_user, round)
    before, now = schedule_of(round), database_now()
    if based_on != fingerprint_of(before):
        raise Overtaken()
    if together:
        typed = typed.with_dates({move.key: move.after for move in followers(before, typed, now)})
    problems = all_problems(round, before, typed, now)
    if problems:
        raise TimetableUnsound(problems=[word for words in problems.values() for word in words])
    moves = moves_between(before, typed)
    is_public = round.state != Round.State.DRAFT
    if is_public and fingerprint_of(before) != fingerprint_of(typed) and not reason.strip():
        raise ReasonMissing()
    if is_public and any(_gives_time(move.key) for move in moves):
        require_may_extend(acting_user, round)
    write_schedule(round, before, typed, {} if is_public else conditions or {})
    change = record_change(
        round,
        "set_timetable",
        before=fingerprint_of(before),
        after=fingerprint_of(typed),
        reason=reason,
        facts={
            "moved": {
                move.key: [move.before.isoformat(), move.after.isoformat()] for move in moves
            },
            **(conditions or {} if not is_public else {}),
        },
        acting_user=acting_user,
    )
    announce_dates_moved(round, change)
    return round


def require_may_move(user: User, round: Round) -> None:
    """Say why not, before a form is shown and again when it is done."""
    if not rules.may_move_dates(user, round):
        raise NotAllowed()
    if round.state not in MOVABLE:
        raise OutOfTurn(state=Round.State(round.state).label, verb=_("修改日程"))


def fingerprint_of(plan: Schedule) -> str:
    """What a page was made from, to notice that somebody saved since."""
    dates = "|".join(f"{key}={int(at.timestamp())}" for key, at in sorted(plan.dates().items()))
    places = "|".join(f"{kind}@{span.place}" for kind, span in sorted(plan.stages.items()))
    terms = f"{plan.grace_minutes}{plan.is_sealed:d}"
    return sha256(f"{dates}#{places}#{terms}".encode()).hexdigest()[:16]


def _gives_time(key: str) -> bool:
    """A later close helps whoever is still writing."""
    return key in ("closes_at", "full_closes_at") or key.startswith("track_")
