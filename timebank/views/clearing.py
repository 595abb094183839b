"""通兑: send hours of one's own to one's account in another bank."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.requests import SignedInRequest
from timebank.forms.clearing import CrossingForm
from timebank.selectors.banks import person_account
from timebank.selectors.clearing import position_between, ways_of
from timebank.selectors.statements import balance_of
from timebank.services.banks import account_of
from timebank.services.clearing import send_hours


def crossing_new(request: SignedInRequest) -> HttpResponse:
    """From which of one's banks to which other; what each has, and how much may still go over."""
    ways = ways_of(request.user)
    form = CrossingForm(request.POST or None, ways=ways)
    if request.method == "POST" and form.is_valid():
        bank, other = ways[form.cleaned_data["way"]]
        crossing = send_hours(
            account_of(request.user, bank),
            to_account=account_of(request.user, other),
            minutes=form.cleaned_data["minutes"],
            reason=form.cleaned_data["reason"],
            request_key=form.cleaned_data["request_key"],
            acting_user=request.user,
        )
        messages.success(request, _("已转出，正在路上。一般几秒钟就到；对方不能转入时会退回来。"))
        return redirect("timebank:transfer-detail", crossing.outward_id)
    standing = []
    for bank, other in ways:
        account = person_account(request.user, bank)
        if account is not None:
            room = position_between(bank, other).room
            standing.append((bank, other, balance_of(account).available, room))
    return render(
        request,
        "timebank/clearing/new.html",
        {"form": form, "standing": standing},
        status=422 if form.is_bound else 200,
    )
