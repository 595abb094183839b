"""Findings about a proposal beside others, and whose signed page is missing: for the office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from ventures.models import Proposal, ProposalFile, ProposalSignal
from ventures.models.ties import tied_to


@dataclass(frozen=True)
class Signal:
    """A finding as one of the two proposals sees it."""

    row: ProposalSignal
    other: Proposal

    @property
    def is_open(self) -> bool:
        return self.row.dismissed_at is None


def signals_of(proposal: Proposal, user: User) -> Sequence[Signal]:
    """What was found about it; pairs with a proposal this person is tied to are not hers to see."""
    rows = (
        findings_about(proposal, user)
        .select_related("dismissed_by")
        .prefetch_related("first__applicant", "second__applicant")
        .order_by("dismissed_at", "kind", "pk")
    )
    return [Signal(row, row.second if row.first_id == proposal.pk else row.first) for row in rows]


def findings_about(proposal: Proposal, user: User) -> QuerySet[ProposalSignal]:
    untied = Proposal.objects.exclude(tied_to(user)).values("pk")
    return ProposalSignal.objects.filter(Q(first=proposal) | Q(second=proposal)).filter(
        first__in=untied, second__in=untied
    )


def signed_page() -> Exists:
    """Whether the scan of the signed page stands with a proposal."""
    return Exists(
        ProposalFile.objects.filter(
            proposal=OuterRef("pk"),
            kind=ProposalFile.Kind.SIGNATURE,
            removed_at__isnull=True,
        )
    )


def open_signals() -> Exists:
    return Exists(
        ProposalSignal.objects.filter(
            Q(first=OuterRef("pk")) | Q(second=OuterRef("pk")), dismissed_at__isnull=True
        )
    )


def unsigned_due_within(today: date, days: int) -> QuerySet[Proposal]:
    """Handed in, the scan of the signed page missing, its day near or today."""
    return (
        Proposal.objects.filter(
            state__in=[Proposal.State.SUBMITTED, Proposal.State.SCREENED],
            round__signature_due_on__gte=today,
            round__signature_due_on__lte=today + timedelta(days=days),
        )
        .exclude(signed_page())
        .select_related("round", "applicant", "initiator")
        .order_by("pk")
    )
