"""Programmes as pages show them: their rounds over the years, and what they have done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Count, Q, QuerySet, Sum

from accounts.models import User
from ventures.models import UNPUBLISHED, Award, Programme, Round
from ventures.selectors.rounds import Words, listed, phase_of


@dataclass(frozen=True)
class Year:
    """The rounds of one year, city before town before community."""

    year: int
    rounds: Sequence[tuple[Round, Words]]


@dataclass(frozen=True)
class Done:
    """What a programme has awarded so far, in published lists only."""

    projects: int
    amount_fen: int


LEVELS = {level: place for place, level in enumerate(Round.Level.values)}


def listed_programmes() -> QuerySet[Programme]:
    """Every programme with how many published rounds it has, and how many are open."""
    published = ~Q(rounds__state__in=UNPUBLISHED)
    return (
        Programme.objects.select_related("region")
        .annotate(
            round_count=Count("rounds", filter=published),
            open_count=Count("rounds", filter=Q(rounds__state=Round.State.OPEN)),
        )
        .order_by("-open_count", "name")
    )


def years_of(programme: Programme, user: "User | None", now: datetime) -> list[Year]:
    """Its rounds by year, latest first; those being prepared only for who runs them."""
    rounds = Round.objects.filter(programme=programme)
    seen = rounds.visible_to(user) if user is not None else rounds.public()
    found = sorted(
        listed(seen.order_by()), key=lambda round: (-round.year, LEVELS[round.level], -round.pk)
    )
    return [
        Year(year, [(round, phase_of(round, now)) for round in of_year])
        for year, of_year in groupby(found, key=lambda round: round.year)
    ]


def done_by(programme: Programme) -> Done:
    """Awards that were announced, of places that are real."""
    sums = Award.objects.filter(
        proposal__round__programme=programme,
        proposal__round__region__is_fictional=False,
        decision__state="final",
        withdrawal__isnull=True,
    ).aggregate(projects=Count("pk"), amount=Sum("amount_fen"))
    return Done(sums["projects"], int(sums["amount"] or 0))
