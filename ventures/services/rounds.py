"""Open, publish, extend a round, and hand its proposals to review.

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
from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Region, User
from accounts.rules import roles_of_kind
from accounts.services.changes import record_change
from timebank.doors import open_fund
from ventures.errors.recusal import RecusedFromExtending
from ventures.errors.rounds import (
    NothingToReview,
    RoundClosed,
    RoundIncomplete,
    RoundStillOpen,
    ScreeningUnfinished,
)
from ventures.lifecycles.proposals import PROPOSAL
from ventures.lifecycles.rounds import ROUND
from ventures.models import Proposal, Round, Rubric, Tier
from ventures.rules import recusal as recusal_rules
from ventures.rules import rounds as round_rules
from ventures.selectors.recusals import who_acts
from ventures.selectors.rounds import missing_for_call
from ventures.services.lapses import lapse_overdue_of

PRESETS = Path(__file__).resolve().parent.parent / "data" / "presets.json"


@cache
def tier_presets() -> tuple[dict[str, Any], ...]:
    """The three tiers of practice (micro, small, key), to start a round from."""
    return tuple(json.loads(PRESETS.read_text(encoding="utf-8"))["tiers"])


@transaction.atomic
def create_round(
    values: Mapping[str, Any], tiers: Sequence[Mapping[str, Any]], *, acting_user: User
) -> Round:
    """Prepare a round of the officer's own region; nobody else sees it before it is published."""
    region: Region = values["region"]
    if region.pk not in [role.region_id for role in roles_of_kind(acting_user, "officer")]:
        raise NotAllowed()
    columns = {name: value for name, value in values.items() if name != "tracks"}
    round = Round.objects.create(**columns, created_by=acting_user)
    round.tracks.set(values["tracks"])
    _write_tiers(round, tiers)
    record_change(round, "create", after=Round.State.DRAFT, acting_user=acting_user)
    return round


@transaction.atomic
def edit_round(
    round: Round,
    values: Mapping[str, Any],
    tiers: Sequence[Mapping[str, Any]],
    *,
    acting_user: User,
) -> Round:
    """Change a round that is not published yet. Afterwards its conditions stand (`OutOfTurn`)."""
    round = _locked(round)
    if not round_rules.is_round_officer(acting_user, round):
        raise NotAllowed()
    if round.state != Round.State.DRAFT:
        raise OutOfTurn(state=Round.State(round.state).label, verb=_("修改征集公告"))
    if values["region"].pk != round.region_id and values["region"].pk not in [
        role.region_id for role in roles_of_kind(acting_user, "officer")
    ]:
        raise NotAllowed()
    for name, value in values.items():
        if name != "tracks":
            setattr(round, name, value)
    round.save()
    round.tracks.set(values["tracks"])
    _write_tiers(round, tiers)
    record_change(round, "edit", acting_user=acting_user)
    return round


@transaction.atomic
def publish_round(round: Round, *, acting_user: User) -> Round:
    """Publish the call: freeze a copy of the rubric, put the fund into the ledger, open the round.

    Refused while something an applicant must know is missing (`RoundIncomplete`) or when the
    closing time has already passed (`RoundClosed`).
    """
    round = _locked(round)
    if not round_rules.is_round_officer(acting_user, round):
        raise NotAllowed()
    now = database_now()
    if round.state == Round.State.DRAFT:
        missing = missing_for_call(round)
        if missing:
            raise RoundIncomplete(missing=missing)
        if round.closes_at <= now:
            raise RoundClosed(closed_at=round.closes_at)
    assert round.rubric is not None or round.state != Round.State.DRAFT, "checked above"
    rubric = copy_rubric(round.rubric) if round.rubric and round.rubric.is_preset else round.rubric
    ROUND.move(
        round,
        "publish",
        acting_user=acting_user,
        facts={"fund_fen": round.fund_fen, "closes_at": round.closes_at.isoformat()},
        published_at=now,
        rubric=rubric,
    )
    open_fund(round.fund_key, round.name, round.fund_fen, acting_user)
    return round


@transaction.atomic
def extend_round(round: Round, *, closes_at: datetime, reason: str, acting_user: User) -> Round:
    """Put the close later for everyone, with a reason that is shown; before review begins only.

    Refused: an earlier time (`RoundClosed`), no reason (`ReasonMissing`), to an officer with a tie
    to anybody who is writing a proposal for it (`RecusedFromExtending`).
    """
    round = _locked(round)
    require_may_extend(acting_user, round)
    if round.state != Round.State.OPEN:
        raise OutOfTurn(state=Round.State(round.state).label, verb=_("延长截止时间"))
    if not reason.strip():
        raise ReasonMissing()
    if closes_at <= round.closes_at or closes_at <= database_now():
        raise RoundClosed(closed_at=round.closes_at)
    before = round.closes_at
    round.closes_at = closes_at
    round.save(update_fields=["closes_at"])
    record_change(
        round,
        "extend",
        before=before.isoformat(),
        after=closes_at.isoformat(),
        reason=reason,
        acting_user=acting_user,
    )
    return round


def require_may_extend(user: User, round: Round) -> None:
    """Say why not, before a form is shown and again when it is done."""
    if recusal_rules.may_extend(user, round):
        return
    if round_rules.is_round_officer(user, round):
        raise RecusedFromExtending(who=who_acts(round, round.proposals.all()))
    raise NotAllowed()


@transaction.atomic
def begin_review(round: Round, *, acting_user: User) -> Round:
    """Hand everything that passed the screening to the reviewers.

    Refused before the close (`RoundStillOpen`), while proposals wait for an answer or for
    completion in time (`ScreeningUnfinished`), and when nothing passed (`NothingToReview`).
    """
    round = _locked(round)
    if not round_rules.is_round_officer(acting_user, round):
        raise NotAllowed()
    now = database_now()
    if round.state == Round.State.OPEN:
        if now < round.closes_at:
            raise RoundStillOpen(closes_at=round.closes_at)
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
    return round


def copy_rubric(rubric: Rubric) -> Rubric:
    """A rubric of the round's own, so that editing the preset later changes nothing."""
    criteria = list(rubric.criteria.all())
    copy = Rubric.objects.create(
        name=rubric.name,
        is_preset=False,
        step_half_points=rubric.step_half_points,
        pass_half_points=rubric.pass_half_points,
        aggregate=rubric.aggregate,
        comment_below_percent=rubric.comment_below_percent,
        vetoes=rubric.vetoes,
    )
    for criterion in criteria:
        copy.criteria.create(
            position=criterion.position,
            name=criterion.name,
            ask=criterion.ask,
            max_half_points=criterion.max_half_points,
            bands=criterion.bands,
        )
    return copy


def _locked(round: Round) -> Round:
    """Lock the bare row first: a joined row may change while one waits."""
    Round.objects.select_for_update().only("pk").get(pk=round.pk)
    return Round.objects.select_related("region", "rubric").get(pk=round.pk)


def _write_tiers(round: Round, tiers: Sequence[Mapping[str, Any]]) -> None:
    round.tiers.all().delete()
    Tier.objects.bulk_create(Tier(round=round, **tier) for tier in tiers)
