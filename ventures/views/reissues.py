"""撤回公示: what will happen, why, and on to publishing it again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.requests import SignedInRequest
from ventures.forms.reissues import WithdrawNoticeForm
from ventures.lifecycles.decisions import NOTICE
from ventures.models import PublicNotice
from ventures.rules import decisions as rules
from ventures.selectors.announcements import told_on
from ventures.selectors.reissues import whole_objections_left
from ventures.services.reissues import withdraw_notice
from ventures.views.lookups import no_decider


def withdraw(request: SignedInRequest, code: str) -> HttpResponse:
    """Say what it does and ask for the reason; then on to the notice that replaces it."""
    notice = get_object_or_404(PublicNotice.objects.select_related("round__region"), code=code)
    if not rules.is_notice_officer(request.user, notice):
        raise no_decider(request.user, notice.round)
    NOTICE.require(notice, "withdraw", acting_user=request.user)
    form = WithdrawNoticeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        withdraw_notice(notice, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(request, _("公示已撤回，已通知申报方和提出异议的人。请改好后重新公示。"))
        return redirect("ventures:notice-publish", code=notice.round.code)
    whole = whole_objections_left(notice)
    return render(
        request,
        "ventures/notices/withdraw.html",
        {
            "notice": notice,
            "form": form,
            "applicants": len(told_on(notice)),
            "to_items": notice.objections.waiting().count() - whole,
            "to_whole": whole,
        },
        status=422 if form.is_bound else 200,
    )
