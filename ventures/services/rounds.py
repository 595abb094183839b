"""Prepare a round, extend it, and hand its proposals to review. Publishing is in
`services.round_publishing`.

What comes after review (decision, notice, final list) belongs to the services of those subjects.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.clock import database_now
from accounts.errors import NotAllowed, OutOfTurn
from accounts.models import Region, User
from accounts.reasons import required
from accounts.rules import roles_of_kind
from accounts.services.changes import record_change
from ventures.errors.rounds import (
    NothingToReview,
    RoundClosed,
    RoundStillOpen,
    ScreeningUnfinished,
    SelectionUntold,
)
from ventures.lifecycles.proposals import PROPOSAL
from ventures.lifecycles.rounds import ROUND
from ventures.models import FundSource, Proposal, Round, Rubric, Tier
from ventures.rules import rounds as round_rules
from ventures.rules.timetable import closes_at_of, last_deadline
from ventures.services.blind_numbers import number_proposals
from ventures.services.dates import put_close_later, require_may_extend
from ventures.services.lapses import lapse_overdue_of
from ventures.services.prizes import write_prizes
from ventures.services.round_locks import locked_round
from ventures.services.round_news import announce_dates_moved
from ventures.services.tie_checks import look_again

TIER_COLUMNS = (
    "name",
    "form",
    "budget_line_limit",
    "review_kind",
    "panel_size",
    "is_budget_checked",
    "agreement_kind",
    "first_percent",
    "midterm_percent",
    "final_percent",
    "midterm_kind",
    "midterm_pass_points",
    "closing_kind",
    "audit_percent",
    "review_words",
    "agreement_words",
    "tranche_words",
    "follow_up_words",
)
PRESETS = Path(__file__).resolve().parent.parent / "data" / "presets.json"


@cache
def tier_presets() -> tuple[dict[str, Any], ...]:
    """The three tiers of practice (micro, small, key), to start a round from."""
    return tuple(json.loads(PRESETS.read_text(encoding="utf-8"))["tiers"])


@transaction.atomic
def create_round(
    values: Mapping[str, Any],
    tiers: Sequence[Mapping[str, Any]],
    *,
    sources: Sequence[Mapping[str, Any]] = (),
    prizes: Sequence[Mapping[str, Any]] = (),
    acting_user: User,
) -> Round:
    """Prepare a round of the officer's own region; nobody else sees it before it is published."""
    region: Region = values["region"]
    if region.pk not in [role.region_id for role in roles_of_kind(acting_user, "officer")]:
        raise NotAllowed()
    columns = {name: value for name, value in values.items() if name != "tracks"}
    round = Round.objects.create(**columns, created_by=acting_user, edited_by=acting_user)
    round.tracks.set(values["tracks"])
    write_tiers(round, tiers)
    write_sources(round, sources)
    write_prizes(round, prizes)
    record_change(round, "create", after=Round.State.DRAFT, acting_user=acting_user)
    return round


@transaction.atomic
def edit_round(
    round: Round,
    values: Mapping[str, Any],
    tiers: Sequence[Mapping[str, Any]],
    *,
    sources: Sequence[Mapping[str, Any]] = (),
    prizes: Sequence[Mapping[str, Any]] = (),
    acting_user: User,
) -> Round:
    """Change a round that is still a draft. Once proposed or published its conditions stand
    (`OutOfTurn`): a proposed one is taken back first."""
    round = locked_round(round)
    require_draft_of(acting_user, round)
    if values["region"].pk != round.region_id and values["region"].pk not in [
        role.region_id for role in roles_of_kind(acting_user, "officer")
    ]:
        raise NotAllowed()
    for name, value in values.items():
        if name != "tracks":
            setattr(round, name, value)
    round.edited_by = acting_user
    round.save()
    round.tracks.set(values["tracks"])
    write_tiers(round, tiers)
    write_sources(round, sources)
    write_prizes(round, prizes)
    record_change(round, "edit", acting_user=acting_user)
    return round


def require_draft_of(user: User, round: Round) -> None:
    """Only the round's officer changes it, and only while it is a draft."""
    if not round_rules.is_round_officer(user, round):
        raise NotAllowed()
    if round.state != Round.State.DRAFT:
        raise OutOfTurn(state=Round.State(round.state).label, verb=_("修改征集公告"))


@transaction.atomic
def extend_round(round: Round, *, closes_at: datetime, reason: str, acting_user: User) -> Round:
    """Put the close of the step the round is in later for everyone, with a reason that is shown;
    before review begins only. Later stages follow by as many working days, and everyone concerned
    is told.

    Refused: an earlier time (`RoundClosed`), a round that was sealed and is opened
    (`AlreadyUnsealed`), no reason (`ReasonMissing`), to an officer with a tie
    to anybody who is writing a proposal for it (`RecusedFromExtending`).
    """
    round = locked_round(round)
    require_may_extend(acting_user, round)
    if not round.is_filing:
        raise OutOfTurn(state=Round.State(round.state).label, verb=_("延长截止时间"))
    reason = required(reason)
    now = database_now()
    before = closes_at_of(round)
    if closes_at <= before or closes_at <= now:
        raise RoundClosed(closed_at=before)
    moves = put_close_later(round, closes_at, now)
    change = record_change(
        round,
        "extend",
        before=before.isoformat(),
        after=closes_at.isoformat(),
        reason=reason,
        facts={
            "moved": {move.key: [move.before.isoformat(), move.after.isoformat()] for move in moves}
        },
        acting_user=acting_user,
    )
    announce_dates_moved(round, change)
    return round


@transaction.atomic
def begin_review(round: Round, *, acting_user: User) -> Round:
    """Hand everything that passed the screening to the reviewers; ties are looked for again.

    Refused before the close (`RoundStillOpen`), while proposals wait for an answer or for
    completion in time (`ScreeningUnfinished`), when nothing passed (`NothingToReview`), and in a
    round of two steps before the selection was told (`SelectionUntold`).
    """
    round = locked_round(round)
    if not round_rules.is_round_officer(acting_user, round):
        raise NotAllowed()
    now = database_now()
    if round.has_concepts and round.state == Round.State.OPEN:
        raise SelectionUntold()
    if round.is_filing:
        if now < (until := last_deadline(round)):
            raise RoundStillOpen(closes_at=until)
        lapse_overdue_of(round)
        waiting = (
            round.proposals.filter(state=Proposal.State.SUBMITTED)
            | round.proposals.filter(state=Proposal.State.RETURNED, complete_by__gt=now)
        ).count()
        if waiting:
            raise ScreeningUnfinished(waiting=waiting)
        if not round.proposals.filter(state=Proposal.State.SCREENED).exists():
            raise NothingToReview()
    ROUND.move(round, "begin_review", acting_user=acting_user)
    screened = round.proposals.filter(state=Proposal.State.SCREENED).select_related("round__region")
    for proposal in screened.select_for_update(of=("self",)):
        PROPOSAL.move(proposal, "take_to_review", acting_user=acting_user)
    number_proposals(round)
    look_again(round, acting_user=acting_user)
    return round


def copy_rubric(rubric: Rubric) -> Rubric:
    """A rubric of the round's own, so that editing the preset later changes nothing."""
    criteria = list(rubric.criteria.all())
    copy = Rubric.objects.create(
        # What stands behind the name says which preset to choose, not what it is.
        name=rubric.name.partition("（")[0],
        is_preset=False,
        step_half_points=rubric.step_half_points,
        pass_half_points=rubric.pass_half_points,
        aggregate=rubric.aggregate,
        drop_from=rubric.drop_from,
        comment_below_percent=rubric.comment_below_percent,
        needs_comment=rubric.needs_comment,
        vetoes=rubric.vetoes,
    )
    for criterion in criteria:
        copy.criteria.create(
            position=criterion.position,
            name=criterion.name,
            ask=criterion.ask,
            max_half_points=criterion.max_half_points,
            bands=criterion.bands,
            weight_percent=criterion.weight_percent,
            is_outside_total=criterion.is_outside_total,
            needs_words=criterion.needs_words,
            only_tracks=criterion.only_tracks,
        )
    return copy


def write_tiers(round: Round, tiers: Sequence[Mapping[str, Any]]) -> None:
    round.tiers.all().delete()
    Tier.objects.bulk_create(Tier(round=round, **tier) for tier in tiers)


def write_sources(round: Round, sources: Sequence[Mapping[str, Any]]) -> None:
    """The sources in their order. Whether they add up is asked when the call is proposed."""
    round.sources.all().delete()
    FundSource.objects.bulk_create(
        FundSource(round=round, position=position, **source)
        for position, source in enumerate(sources, start=1)
    )
