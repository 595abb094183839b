"""Write the dates of a round, and put its close later with what follows from it.

Who may, and whom it is told, is with those who call: `services.timetable`, `services.rounds`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from accounts.errors import NotAllowed
from accounts.models import User
from ventures.errors.recusal import RecusedFromExtending
from ventures.errors.timetable import AlreadyUnsealed
from ventures.models import Round, Stage, TrackClosing
from ventures.rules import recusal as recusal_rules
from ventures.rules import rounds as round_rules
from ventures.rules.schedule import Move, Schedule, followers, moves_between, same
from ventures.rules.timetable import schedule_of
from ventures.selectors.recusals import who_acts


def require_may_extend(user: User, round: Round) -> None:
    """Say why not, before a form is shown and again when it is done."""
    if recusal_rules.may_extend(user, round):
        return
    if round_rules.is_round_officer(user, round):
        raise RecusedFromExtending(who=who_acts(round, round.proposals.all()))
    raise NotAllowed()


def put_close_later(round: Round, closes_at: datetime, now: datetime) -> list[Move]:
    """Move the close of the step the round is in, and what lies ahead of it by as many working
    days; say what moved.

    The caller holds the round's lock. Refused once a sealed round has been opened
    (`AlreadyUnsealed`): who still writes would write against what others have read.
    """
    before = schedule_of(round)
    if before.is_sealed and before.opened_at <= now:
        raise AlreadyUnsealed()
    if before.takes_full:
        typed = replace(before, full_closes_at=closes_at)
    else:
        typed = replace(before, closes_at=closes_at)
    plan = typed.with_dates({move.key: move.after for move in followers(before, typed, now)})
    write_schedule(round, before, plan)
    return moves_between(before, plan)


def write_schedule(
    round: Round, before: Schedule, plan: Schedule, conditions: Mapping[str, Any] | None = None
) -> None:
    """Every date as planned; `conditions` are columns of the round that go with them."""
    conditions = conditions or {}
    for name, at in (
        ("opens_at", plan.opens_at),
        ("closes_at", plan.closes_at),
        ("full_closes_at", plan.full_closes_at),
    ):
        stored: datetime | None = getattr(round, name)
        if at is None or stored is None or not same(stored, at):
            setattr(round, name, at)
    for name, value in conditions.items():
        setattr(round, name, value)
    round.save(update_fields=["opens_at", "closes_at", "full_closes_at", *conditions])
    round.stages.exclude(kind__in=plan.stages.keys()).delete()
    for kind, span in plan.stages.items():
        if before.stages.get(kind) != span:
            Stage.objects.update_or_create(
                round=round,
                kind=kind,
                defaults={
                    "begins_at": span.begins_at,
                    "ends_at": span.ends_at,
                    "place": span.place,
                },
            )
    round.track_closings.exclude(track__in=plan.tracks.keys()).delete()
    for track, closes_at in plan.tracks.items():
        if before.tracks.get(track) != closes_at:
            TrackClosing.objects.update_or_create(
                round=round, track_id=track, defaults={"closes_at": closes_at}
            )
