"""Hold a proposal against what its round calls hard, at the moment it is handed in."""

from django.utils import timezone

from accounts.clock import database_now
from accounts.models import Organisation, User
from ventures.errors.eligibility import NotEligible
from ventures.models import Proposal
from ventures.selectors.applicants import findings_of


def require_eligible(proposal: Proposal) -> None:
    """Refused with every reason at once (`NotEligible`). The applicant's row is locked, so that two
    proposals handed in at once to rounds of two levels see each other."""
    if proposal.applicant is not None:
        Organisation.objects.select_for_update().only("pk").get(pk=proposal.applicant.pk)
    else:
        assert proposal.initiator is not None, "proposal_has_one_applicant"
        User.objects.select_for_update().only("pk").get(pk=proposal.initiator.pk)
    stops = [
        finding
        for finding in findings_of(proposal, timezone.localdate(database_now()))
        if finding.stops
    ]
    if stops:
        raise NotEligible(
            reasons=[f"{one.label}（{one.words}）{one.advice}".rstrip() for one in stops]
        )
