"""Find the thing an address names, as seen by the person who asks."""

from django.shortcuts import get_object_or_404

from accounts.requests import SignedInRequest
from ventures.models import Proposal
from ventures.selectors.proposals import whole_proposals


def find_proposal(request: SignedInRequest, code: str) -> Proposal:
    return get_object_or_404(
        whole_proposals().filter(pk__in=Proposal.objects.visible_to(request.user).values("pk")),
        code=code,
    )
