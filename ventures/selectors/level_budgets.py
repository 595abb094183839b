"""What the levels may spend in a year, and what their rounds have taken of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Sum

from accounts.models import Region
from ventures.models import UNPUBLISHED, LevelBudget, Programme, Round

# Being prepared, or ended with their money given back.
TAKE_NOTHING = (*UNPUBLISHED, Round.State.STOPPED)


@dataclass(frozen=True)
class BudgetRow:
    """One place's budget of a year, with what published rounds took."""

    budget: LevelBudget
    taken_fen: int

    @property
    def free_fen(self) -> int:
        return self.budget.amount_fen - self.taken_fen


def taken_of(budget: LevelBudget, *, besides: Round | None = None) -> int:
    """What the place's published rounds of the programme and the year have taken."""
    rounds = Round.objects.filter(
        programme=budget.programme_id, region=budget.region_id, year=budget.year
    ).exclude(state__in=TAKE_NOTHING)
    if besides is not None:
        rounds = rounds.exclude(pk=besides.pk)
    return int(rounds.aggregate(sum=Sum("fund_fen"))["sum"] or 0)


def free_of(budget: LevelBudget, *, besides: Round | None = None) -> int:
    return budget.amount_fen - taken_of(budget, besides=besides)


def budget_rows(programme: Programme) -> Sequence[BudgetRow]:
    """Every place's budget of a programme, latest year first, in two queries."""
    taken = {
        (row["region"], row["year"]): row["sum"]
        for row in Round.objects.filter(programme=programme)
        .exclude(state__in=TAKE_NOTHING)
        .values("region", "year")
        .order_by()
        .annotate(sum=Sum("fund_fen"))
    }
    budgets = LevelBudget.objects.filter(programme=programme).select_related("region")
    return [
        BudgetRow(budget, int(taken.get((budget.region_id, budget.year)) or 0))
        for budget in budgets
    ]


def free_in(regions: Iterable[Region], *, since: int, besides: Round | None) -> list[BudgetRow]:
    """What these places may still spend from a year on, one round of theirs left out of account."""
    budgets = LevelBudget.objects.filter(region__in=regions, year__gte=since).order_by("year", "pk")
    return [
        BudgetRow(one, taken_of(one, besides=besides)) for one in budgets.select_related("region")
    ]
