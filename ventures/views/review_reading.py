"""Proposals of her groups that a reviewer may read beside her own, where the phase opens them."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from ventures.models import PanelMember, ReviewPhase, Round
from ventures.rules.review_rights import Rights, readable, rights_in
from ventures.selectors.blinding import (
    read_by_reviewers,
    shown_to_reviewers,
    version_for_reviewers,
)
from ventures.selectors.reviewer_looks import besides_the_sheet
from ventures.services.assignments import require_commitment


@require_GET
def reading_list(request: SignedInRequest, code: str) -> HttpResponse:
    round, rights = _opened(request, code)
    proposals = list(
        readable(request.user, round, rights).select_related("applicant", "initiator", "host")
    )
    shown = shown_to_reviewers(proposals)
    lines = sorted(((one, shown[one.pk]) for one in proposals), key=lambda pair: pair[1].place)
    return render(request, "ventures/phases/reading_list.html", {"round": round, "lines": lines})


@require_GET
def reading(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Read only; files stay with those who score it."""
    round, rights = _opened(request, code)
    proposal = get_object_or_404(
        readable(request.user, round, rights).select_related(
            "applicant", "initiator", "host", "track", "round"
        ),
        pk=pk,
    )
    text = read_by_reviewers(version_for_reviewers(proposal, None), rights)
    return render(
        request,
        "ventures/phases/reading.html",
        {
            "round": round,
            "proposal": proposal,
            "shown": shown_to_reviewers([proposal])[proposal.pk],
            "text": text,
            "besides": besides_the_sheet(text) if text else None,
            "budget": [(line, None) for line in text["budget"]] if text else [],
        },
    )


def _opened(request: SignedInRequest, code: str) -> tuple[Round, Rights]:
    """A round in which she sits and has signed, while a phase opens more than what is assigned."""
    member = get_object_or_404(
        PanelMember.objects.select_related("panel__round__region"),
        reviewer=request.user,
        panel__round__code=code,
        left_at__isnull=True,
    )
    rights = rights_in(member.panel.round)
    if rights.sees != ReviewPhase.Sees.TRACK:
        raise Http404
    require_commitment(member)
    return member.panel.round, rights
