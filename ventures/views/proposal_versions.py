"""What changed between two versions: for the applicant and the office, and for a reviewer."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from ventures.models import Assignment, Proposal
from ventures.selectors.blinding import hides_now
from ventures.selectors.reviews import assignments_opened
from ventures.selectors.version_changes import changes_between, versions_to_compare
from ventures.services.assignments import require_commitment
from ventures.views.lookups import find_proposal


@require_GET
def version_changes(request: SignedInRequest, code: str, older: int, newer: int) -> HttpResponse:
    """Whoever sees the proposal sees its versions, and so what changed between them."""
    proposal = find_proposal(request, code)
    return _page(request, proposal, older, newer, back=proposal.get_absolute_url())


@require_GET
def review_changes(request: SignedInRequest, pk: int, older: int, newer: int) -> HttpResponse:
    """For the one who scores it, once the commitment is signed."""
    assignment = get_object_or_404(
        assignments_opened().filter(pk__in=Assignment.objects.visible_to(request.user)), pk=pk
    )
    require_commitment(assignment.member)
    if hides_now(assignment.proposal.round):
        raise Http404  # other words than those of the anonymous copy
    back = reverse("ventures:review-sheet", args=[pk])
    return _page(request, assignment.proposal, older, newer, back=back)


def _page(
    request: SignedInRequest, proposal: Proposal, older: int, newer: int, *, back: str
) -> HttpResponse:
    versions = versions_to_compare(proposal, older, newer)
    if older >= newer or len(versions) != 2:
        raise Http404
    return render(
        request,
        "ventures/proposals/changes.html",
        {"proposal": proposal, "changes": changes_between(*versions), "back_url": back},
    )
