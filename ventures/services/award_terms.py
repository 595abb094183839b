"""State, before the call is published, how sheets become scores and how scores become awards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from ventures.errors.award_walks import RulesFixed
from ventures.models import AwardLimit, AwardTerms, Criterion, Round
from ventures.rules import rounds as round_rules
from ventures.services.round_locks import locked_round
from ventures.services.rounds import copy_rubric

TERM_COLUMNS = (
    "is_walked",
    "misfit",
    "partial_percent",
    "threshold_half_points",
    "releases_reserves",
    "tie_order",
    "meeting_vote",
    "notice_counting",
    "names_experts",
    "publishes_reasons",
    "publishes_counterfactuals",
)
LIMIT_COLUMNS = ("position", "kind", "over", "value", "percent", "fen", "projects")


@dataclass(frozen=True)
class Scoring:
    """How a sheet and several sheets are added up; criteria by their position."""

    aggregate: str
    drop_from: int
    weights: Mapping[int, int]
    outside: frozenset[int]
    # Where a reason is always written, and which groups alone an item is asked of.
    worded: frozenset[int] = frozenset()
    tracks: Mapping[int, Sequence[str]] = field(default_factory=dict)
    needs_comment: bool = True


@transaction.atomic
def set_award_rules(
    round: Round,
    scoring: Scoring,
    terms: Mapping[str, Any],
    limits: Sequence[Mapping[str, Any]],
    *,
    notice_days: int,
    publishes_scores: bool,
    acting_user: User,
) -> AwardTerms:
    """Write the rules of a draft. A preset rubric is copied first, so that other rounds keep it.

    Refused once the call was proposed or published (`RulesFixed`): what decides is known before
    anybody writes a proposal, and long before there are scores.
    """
    round = locked_round(round)
    if not round_rules.is_round_officer(acting_user, round):
        raise NotAllowed()
    if round.state != Round.State.DRAFT:
        raise RulesFixed()
    _write_scoring(round, scoring)
    Round.objects.filter(pk=round.pk).update(
        notice_working_days=notice_days,
        publishes_scores=publishes_scores,
        edited_by=acting_user,
        rubric=round.rubric,
    )
    written, _is_new = AwardTerms.objects.update_or_create(round=round, defaults=dict(terms))
    written.limits.all().delete()
    AwardLimit.objects.bulk_create(
        AwardLimit(terms=written, position=position, **limit)
        for position, limit in enumerate(limits, start=1)
    )
    record_change(
        round,
        "set_award_rules",
        facts={"aggregate": scoring.aggregate, "is_walked": written.is_walked},
        acting_user=acting_user,
    )
    return written


def copy_award_rules(round: Round, copy: Round) -> None:
    """The rules of an earlier round for the next one's draft."""
    terms = AwardTerms.objects.filter(round=round).first()
    if terms is None:
        return
    new = AwardTerms.objects.create(
        round=copy, **{name: getattr(terms, name) for name in TERM_COLUMNS}
    )
    AwardLimit.objects.bulk_create(
        AwardLimit(terms=new, **{name: getattr(limit, name) for name in LIMIT_COLUMNS})
        for limit in terms.limits.all()
    )


def _write_scoring(round: Round, scoring: Scoring) -> None:
    """Into the round's own rubric."""
    rubric = round.rubric
    if rubric is None or _is_as_wished(round, scoring):
        return
    if rubric.is_preset:
        rubric = copy_rubric(rubric)
        round.rubric = rubric
    rubric.aggregate, rubric.drop_from = scoring.aggregate, scoring.drop_from
    rubric.needs_comment = scoring.needs_comment
    rubric.save(update_fields=["aggregate", "drop_from", "needs_comment"])
    for criterion in rubric.criteria.all():
        for name, value in _wished(criterion, scoring).items():
            setattr(criterion, name, value)
        criterion.save(update_fields=list(_wished(criterion, scoring)))


def _wished(criterion: Criterion, scoring: Scoring) -> dict[str, Any]:
    place = criterion.position
    return {
        "is_outside_total": place in scoring.outside,
        "weight_percent": scoring.weights.get(place),
        "needs_words": place in scoring.worded,
        "only_tracks": sorted(scoring.tracks.get(place, ())),
    }


def _is_as_wished(round: Round, scoring: Scoring) -> bool:
    rubric = round.rubric
    assert rubric is not None, "asked of a round with a rubric"
    stands = (rubric.aggregate, rubric.drop_from, rubric.needs_comment)
    return stands == (scoring.aggregate, scoring.drop_from, scoring.needs_comment) and all(
        getattr(criterion, name) == value
        for criterion in rubric.criteria.all()
        for name, value in _wished(criterion, scoring).items()
    )
