"""统计说明 behind the ranking."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from ventures.models import Panel, Round
from ventures.rules import decisions as decision_rules
from ventures.rules import reviews as review_rules
from ventures.selectors.rankings import ranking_of
from ventures.selectors.statistics import statistics_of
from ventures.views.lookups import no_decider


@require_GET
def statistics(request: SignedInRequest, code: str) -> HttpResponse:
    """For whoever may see the scores: how far they agree, whether the line is clear."""
    round = get_object_or_404(
        Round.objects.visible_to(request.user).select_related("region", "rubric", "programme"),
        code=code,
    )
    panel = get_object_or_404(Panel.objects.select_related("round__region"), round=round)
    if not review_rules.may_see_scores(request.user, panel) or (
        review_rules.is_panel_member(request.user, panel)
    ):
        raise no_decider(request.user, round)
    ranking = ranking_of(round)
    return render(
        request,
        "ventures/panels/statistics.html",
        {
            "round": round,
            "ranking": ranking,
            "told": statistics_of(
                round,
                ranking,
                sees_list=decision_rules.may_see_decisions(request.user, round),
            ),
        },
    )
