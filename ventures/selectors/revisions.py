"""Revised budgets that are still to come: of whom, until when, and who is late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.models import Region
from accounts.working_days import add_working_days
from ventures.models import Award, Decision, Proposal, RevisedBudget, RevisionDay, StepLimit
from ventures.terms.revisions import revision_terms

HAND_IN = "hand_in_revision"
MOST = 200  # shown to one reader
NEAR = timedelta(days=3)
STANDING = (RevisedBudget.State.HANDED_IN, RevisedBudget.State.CONFIRMED)


@dataclass(frozen=True)
class Awaited:
    """A proposal whose revised budget is awaited; without a day where none was ever set."""

    award: Award
    due_on: date | None

    @property
    def proposal(self) -> Proposal:
        return self.award.proposal

    def is_late(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today

    def is_near(self, today: date) -> bool:
        """Due today or within three days."""
        return self.due_on is not None and today <= self.due_on <= today + NEAR


def first_day(region: Region, today: date) -> date:
    """Until when it is awaited if announced today: the place's own limit, else the usual."""
    own = (
        StepLimit.objects.filter(region__in=region.lineage, verb=HAND_IN, valid_from__lte=today)
        .order_by("-region__level", "-valid_from", "-id")
        .first()
    )
    return add_working_days(today, own.working_days if own else revision_terms(today).working_days)


def awaited_revisions(of: Q) -> list[Awaited]:
    """Awards that stand after revision and have none handed in; the first due first."""
    return _read(_awaited(of)[:MOST])


def awaited_in(region: Region) -> list[Awaited]:
    """All of the rounds of a place, late or not, the first due first."""
    return awaited_revisions(Q(proposal__round__region=region))


def due_between(first: date, last: date) -> list[Awaited]:
    """Whose day is one of these, everywhere: nobody is left out, however many they are."""
    return _read(_awaited(Q()).filter(last_due__range=(first, last)))


def _read(awards: Iterable[Any]) -> list[Awaited]:
    return [Awaited(one, one.last_due) for one in awards]


def _awaited(of: Q) -> QuerySet[Any]:
    last = RevisionDay.objects.filter(award=OuterRef("pk")).order_by("-number")
    return (
        Award.objects.filter(
            of,
            withdrawal__isnull=True,
            decision__needs_revision=True,
            decision__state=Decision.State.FINAL,
        )
        .exclude(revised_budgets__state__in=STANDING)
        .annotate(last_due=Subquery(last.values("due_on")[:1]))
        .select_related("proposal__round__region", "proposal__applicant")
        .order_by("last_due", "proposal__code")
    )


def days_of(award: Award) -> list[RevisionDay]:
    """Every day that was set, the one that holds first."""
    return list(RevisionDay.objects.filter(award=award).order_by("-number"))
