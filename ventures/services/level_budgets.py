"""What a place may spend in a year, and how long the steps of its rounds may take."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from accounts.errors import NotAllowed
from accounts.models import Region, User
from accounts.services.changes import record_change
from ventures.errors.rounds import BudgetBelowTaken
from ventures.models import LevelBudget, Programme, StepLimit
from ventures.rules import rounds as rules
from ventures.selectors.level_budgets import taken_of


@transaction.atomic
def set_level_budget(
    programme: Programme,
    region: Region,
    year: int,
    *,
    amount_fen: int,
    cap_fen: int | None,
    document_number: str,
    acting_user: User,
) -> LevelBudget:
    """What a place may spend on a programme in a year; again with another amount changes it.

    Refused below what its published rounds have taken already (`BudgetBelowTaken`).
    """
    if not rules.keeps_rules_of(acting_user, region):
        raise NotAllowed()
    Region.objects.select_for_update().only("pk").get(pk=region.pk)
    budget = (
        LevelBudget.objects.select_for_update()
        .filter(programme=programme, region=region, year=year)
        .first()
    )
    before = "" if budget is None else str(budget.amount_fen)
    budget = budget or LevelBudget(programme=programme, region=region, year=year)
    taken = taken_of(budget)
    if amount_fen < taken:
        raise BudgetBelowTaken(amount_fen=amount_fen, taken_fen=taken)
    budget.amount_fen, budget.cap_fen = amount_fen, cap_fen
    budget.document_number, budget.set_by = document_number, acting_user
    budget.save()
    record_change(
        budget,
        "set",
        before=before,
        after=str(amount_fen),
        reason=document_number,
        acting_user=acting_user,
    )
    return budget


@transaction.atomic
def set_step_limits(
    region: Region,
    days: Mapping[str, int],
    *,
    valid_from: date,
    basis: str,
    acting_user: User,
) -> None:
    """How many working days each step takes here from a day on."""
    if not rules.keeps_rules_of(acting_user, region):
        raise NotAllowed()
    for verb, working_days in days.items():
        StepLimit.objects.update_or_create(
            region=region,
            verb=verb,
            valid_from=valid_from,
            defaults={"working_days": working_days, "basis": basis, "set_by": acting_user},
        )
    record_change(
        region,
        "set_step_limits",
        after=valid_from.isoformat(),
        reason=basis,
        facts={"working_days": dict(days)},
        acting_user=acting_user,
    )
