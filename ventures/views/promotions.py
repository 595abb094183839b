"""递补: after an award fell, who moves up by the rules, and the meeting that gives it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from ventures.forms.promotions import PromotionForm
from ventures.selectors.award_terms import is_walked
from ventures.selectors.award_walks import reruns_of
from ventures.selectors.promotions import awaits_supplement, free_fen, promotable_in
from ventures.selectors.reissues import to_be_replaced
from ventures.services.promotions import record_promotion
from ventures.views.lookups import find_round_to_decide


@require_http_methods(["GET", "POST"])
def promote(request: SignedInRequest, code: str) -> HttpResponse:
    round = find_round_to_decide(request, code)
    is_bound = request.method == "POST"
    there = promotable_in(round)
    form = PromotionForm(
        request.POST if is_bound else None,
        request.FILES if is_bound else None,
        round=round,
        there=there,
    )
    if form.is_valid():
        record_promotion(
            round,
            form.choices(),
            meeting=form.meeting(),
            acting_user=request.user,
        )
        messages.success(request, _("递补已记录，资金已安排。前一份公示结束后，发布补充公示。"))
        return redirect("ventures:round-board", code=code)
    return render(
        request,
        "ventures/decisions/promotion.html",
        {
            "round": round,
            "form": form,
            "there": there,
            "free_fen": free_fen(round),
            "reruns": reruns_of(round),
            "awaits_supplement": awaits_supplement(round),
            "earlier": to_be_replaced(round),
            "is_walked": (by_rules := is_walked(round)),
            "may_correct": round.has_budget and not by_rules,
            "notice": round.notices.order_by("id").first(),
        },
        status=422 if form.is_bound else 200,
    )
