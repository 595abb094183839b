"""我的回避: what a person keeps out of by duty, why, and who acts instead."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from ventures.selectors.recusals import own_recusals


@require_GET
def recusal_list(request: SignedInRequest) -> HttpResponse:
    return render(
        request, "ventures/reviewers/own_recusals.html", {"kept": own_recusals(request.user)}
    )
