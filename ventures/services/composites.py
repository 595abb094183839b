"""综合得分办法: state, before the call is published, what counts besides the sheets."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from ventures.errors.award_walks import RulesFixed
from ventures.models import BonusKind, CompositeTerms, Criterion, Round, Rubric
from ventures.rules import defences as rules
from ventures.services.round_locks import locked_round
from ventures.services.rounds import copy_rubric

COLUMNS = (
    "paper_percent", "defence_percent", "vote_percent", "pledge_percent", "least_judges",
    "shortlist", "choices", "vote_rule", "pledge_rule", "pledge_bonus", "pledge_full_fen",
    "pledges_until",
)  # fmt: skip


@transaction.atomic
def set_composite(
    round: Round,
    values: Mapping[str, Any],
    criteria: Sequence[tuple[str, int]],
    *,
    aggregate: str,
    drop_from: int,
    kinds: Sequence[tuple[str, int, int]] = (),
    acting_user: User,
) -> CompositeTerms | None:
    """Write the rule of a draft; all of it on the sheets (100 %) and no bonus takes it away again.

    `criteria` are name and full mark in half points of what is scored in the hall, `kinds` name,
    least and most points of what may be given above the hundred. Refused once
    the call was proposed or published (`RulesFixed`): what decides is known before anybody writes
    a proposal, and long before there are scores.
    """
    round = locked_round(round)
    if not rules.may_set_composite(acting_user, round):
        raise NotAllowed()
    if round.state != Round.State.DRAFT:
        raise RulesFixed()
    before = CompositeTerms.objects.filter(round=round).select_related("defence_rubric").first()
    if before is not None:
        _remove(before)
    terms = None
    round.bonus_kinds.all().delete()
    if values["paper_percent"] < 100 or values["pledge_bonus"] or kinds:
        rubric = None
        if values["defence_percent"]:
            rubric = _rubric_of(round, criteria, aggregate, drop_from)
        terms = CompositeTerms.objects.create(
            round=round, defence_rubric=rubric, **{name: values[name] for name in COLUMNS}
        )
        _make_kinds(round, kinds)
    record_change(
        round,
        "set_composite",
        facts={name: values[name] for name in (*COLUMNS[:4], "pledge_bonus")}
        | {"bonuses": [list(kind) for kind in kinds]},
        acting_user=acting_user,
    )
    return terms


def copy_composite(round: Round, copy: Round) -> None:
    """The rule of an earlier round for the next one's draft; its day moves with the round's."""
    terms = CompositeTerms.objects.filter(round=round).select_related("defence_rubric").first()
    if terms is None:
        return
    until = terms.pledges_until
    CompositeTerms.objects.create(
        round=copy,
        defence_rubric=copy_rubric(terms.defence_rubric) if terms.defence_rubric else None,
        **{name: getattr(terms, name) for name in COLUMNS}
        | {"pledges_until": until and until + (copy.closes_at - round.closes_at)},
    )
    kinds = round.bonus_kinds.values_list("name", "least_points", "most_points")
    _make_kinds(copy, list(kinds.order_by("position")))


def _make_kinds(round: Round, kinds: Sequence[tuple[str, int, int]]) -> None:
    BonusKind.objects.bulk_create(
        BonusKind(round=round, position=position, name=name, least_points=least, most_points=most)
        for position, (name, least, most) in enumerate(kinds, start=1)
    )


def _remove(terms: CompositeTerms) -> None:
    rubric = terms.defence_rubric
    terms.delete()
    if rubric is not None:
        rubric.delete()


def _rubric_of(
    round: Round, criteria: Sequence[tuple[str, int]], aggregate: str, drop_from: int
) -> Rubric:
    """The sheet of the hall, which is the round's own."""
    rubric = Rubric.objects.create(
        name=f"{round.name[:50]} LY", aggregate=aggregate, drop_from=drop_from
    )
    Criterion.objects.bulk_create(
        Criterion(rubric=rubric, position=position, name=name, max_half_points=full)
        for position, (name, full) in enumerate(criteria, start=1)
    )
    return rubric
