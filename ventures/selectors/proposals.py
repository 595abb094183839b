"""Proposals as pages ask about them: which, until when, and what may be changed now."""

from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import Organisation, Region, User
from accounts.rules import organisations_of
from ventures.models import Partner, Proposal, ProposalFile, Round
from ventures.models.plans import PARTS
from ventures.models.proposals import ProposalQuerySet
from ventures.rules.timetable import deadline_for
from ventures.selectors.proposal_form import MARKABLE
from ventures.selectors.round_forms import content_for, with_files_of_questions

# Lists ------------------------------------------------------------------------


def single_proposals() -> ProposalQuerySet:
    """Proposals with what there is one of, in one query: enough to judge what may be done."""
    return Proposal.objects.with_deadline().select_related(
        "round__region", "applicant", "initiator", "host", "track", "tier"
    )


def listed_proposals() -> ProposalQuerySet:
    """Proposals with what a list shows of them, in two queries."""
    return single_proposals().prefetch_related(
        Prefetch("communities", Region.objects.only("id", "short_name", "code").order_by("code"))
    )


def whole_proposals() -> ProposalQuerySet:
    """Proposals with everything their own page shows."""
    return (
        listed_proposals()
        .select_related("round__budget_rules", "team_organisation", "answer_sheet")
        .prefetch_related(
            "budget_lines",
            "round__tiers",
            "round__form_versions",
            "needs",
            *PARTS,
            Prefetch("partners", Partner.objects.select_related("organisation", "region")),
            Prefetch(
                "files",
                ProposalFile.objects.filter(removed_at__isnull=True).select_related(
                    "attachment", "answer_file"
                ),
            ),
        )
    )


def proposals_of(user: User) -> QuerySet[Proposal]:
    """What the person's organisations have drafted or filed, latest first."""
    return (
        listed_proposals()
        .filter(Q(applicant__in=organisations_of(user)) | Q(initiator=user))
        .order_by("-round__closes_at", "-id")
    )


def organisations_free_for(user: User, round: Round) -> list[tuple[Organisation, Proposal | None]]:
    """The organisations the person may apply for, each with what it already has in the round."""
    filed = {
        proposal.applicant_id: proposal
        for proposal in round.proposals.live().filter(applicant__in=organisations_of(user))
    }
    return [
        (organisation, filed.get(organisation.pk))
        for organisation in Organisation.objects.filter(pk__in=organisations_of(user))
        if organisation.pk != round.operator_id
    ]


def deadline_of(proposal: Proposal) -> datetime:
    """Until when it may be written and handed in (`rules.timetable`)."""
    return deadline_for(proposal).until


FileKind = ProposalFile.Kind
# The stamped page may follow while nobody has read it yet.
SIGNED_AFTERWARDS = (Proposal.State.SUBMITTED, Proposal.State.SCREENED, Proposal.State.RETURNED)
# What waits for its applicant, and what it becomes when the day has passed.
WHEN_OVERDUE = {
    Proposal.State.RETURNED: Proposal.State.LAPSED,
    Proposal.State.INVITED: Proposal.State.UNFILED,
}


def is_overdue(proposal: Proposal, now: datetime) -> bool:
    """Returned for completion or invited to file in full, and its day has passed."""
    return proposal.state in WHEN_OVERDUE and now >= deadline_of(proposal)


def overdue_proposals(now: datetime) -> QuerySet[Proposal]:
    """Returned proposals whose day has passed, and invited ones whose second close has. Before its
    own deadline nothing is too late: whoever writes it asks `deadline_of` once more, after the
    lock."""
    return Proposal.objects.filter(
        Q(state=Proposal.State.RETURNED, complete_by__lte=now)
        | Q(state=Proposal.State.INVITED, round__full_closes_at__lte=now)
    )


def as_of(proposal: Proposal, now: datetime) -> Proposal:
    """The proposal as a page shows it: lapsed or not filed from the instant its day has passed,
    even where the sweep (`services.lapses`) has not written it yet."""
    if is_overdue(proposal, now):
        proposal.state = WHEN_OVERDUE[Proposal.State(proposal.state)]
    return proposal


def fields_of(proposal: Proposal) -> tuple[str, ...]:
    """Everything the form of the step it is in asks for; of an idea or a title no budget."""
    content = content_for(proposal)
    left_out = {*content.leaves_out, *(() if proposal.round.has_budget else ("budget",))}
    return (*(name for name in MARKABLE if name not in left_out), *content.codes)


def kinds_of_file_taken(proposal: Proposal, now: datetime) -> tuple[str, ...]:
    """Which files may be added and taken off now: all while it is written, of what was returned
    only what was marked; the signed page alone until the round's stated day."""
    if proposal.is_editable_state and now < deadline_for(proposal).until:
        everything = "files" in open_fields_of(proposal, now)
        if everything:
            return tuple(FileKind.values)
        return (FileKind.SIGNATURE.value,)
    due_on = proposal.round.signature_due_on
    if proposal.state not in SIGNED_AFTERWARDS or due_on is None:
        return ()
    return (FileKind.SIGNATURE.value,) if timezone.localdate(now) <= due_on else ()


def open_fields_of(proposal: Proposal, now: datetime) -> tuple[str, ...]:
    """What may be changed: everything before the close, afterwards only what was marked."""
    everything = fields_of(proposal)
    if proposal.state != Proposal.State.RETURNED or now < deadline_for(proposal).filing_until:
        return everything
    latest = proposal.screenings.last()
    if latest is None or not latest.marked_fields:
        return everything
    return with_files_of_questions(proposal.round, latest.marked_fields)
