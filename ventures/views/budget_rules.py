"""The budget rules of a round, drawn up by its officer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from ventures.forms.budget_rules import BudgetRulesForm
from ventures.models import Round
from ventures.selectors.budget_rules import rules_of
from ventures.services.budget_rules import set_budget_rules
from ventures.services.rounds import require_draft_of
from ventures.views.rounds import sent


@require_http_methods(["GET", "POST"])
def budget_rules(request: SignedInRequest, code: str) -> HttpResponse:
    round = get_object_or_404(
        Round.objects.visible_to(request.user).select_related("region", "budget_rules"), code=code
    )
    require_draft_of(request.user, round)
    form = BudgetRulesForm(sent(request), initial=BudgetRulesForm.of(rules_of(round)))
    if request.method == "POST" and form.is_valid():
        set_budget_rules(
            round,
            not_funded_words=form.cleaned_data["words"],
            management_percent=form.cleaned_data["management_percent"],
            acting_user=request.user,
        )
        messages.success(request, _("经费规则已保存，申报时会逐行提示。"))
        return redirect("ventures:round-desk", code=code)
    return render(
        request,
        "ventures/screening/answer.html",
        {
            "title": _("经费规则"),
            "form": form,
            "verb": _("保存"),
            "consequence": _("申报方填预算时，不合规则的行旁边会写明原因；改好之前不能提交。"),
            "back_url": reverse("ventures:round-desk", args=[code]),
        },
        status=422 if request.method == "POST" else 200,
    )
