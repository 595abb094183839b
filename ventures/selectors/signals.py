"""Findings about a proposal beside others, and whose signed page is missing: for the office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from accounts.models import User
from ventures.models import Proposal, ProposalFile, ProposalSignal, ProposalVersion


@dataclass(frozen=True)
class Signal:
    """A finding as one of the two proposals sees it."""

    row: ProposalSignal
    other: Proposal
    title: str

    @property
    def is_open(self) -> bool:
        return self.row.dismissed_at is None


def signals_of(proposal: Proposal, user: User) -> Sequence[Signal]:
    """What was found about it; pairs with a proposal this person does not see are not hers.

    The other stands with the title it was handed in with: what is being completed is its
    applicant's own.
    """
    rows = (
        findings_about(proposal, user)
        .select_related("dismissed_by")
        .prefetch_related("first__applicant", "second__applicant")
        .order_by("dismissed_at", "kind", "pk")
    )
    others = [(row, row.second if row.first_id == proposal.pk else row.first) for row in rows]
    handed_in = titles_handed_in([other for _row, other in others if other.is_redrafted])
    return [Signal(row, other, handed_in.get(other.pk, other.title)) for row, other in others]


def titles_handed_in(proposals: Sequence[Proposal]) -> dict[int, str]:
    """The title of the last version of each, by its key; of none without a question."""
    if not proposals:
        return {}
    versions = ProposalVersion.objects.filter(proposal__in=proposals).order_by("number")
    return dict(versions.values_list("proposal_id", KeyTextTransform("title", "snapshot")))


def findings_about(proposal: Proposal, user: User) -> QuerySet[ProposalSignal]:
    seen = Proposal.objects.visible_to(user).values("pk")
    return ProposalSignal.objects.filter(Q(first=proposal) | Q(second=proposal)).filter(
        first__in=seen, second__in=seen
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
