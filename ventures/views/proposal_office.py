"""What the office does beside its three answers: put a finding aside, offer another round."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from ventures.forms.proposal_office import DismissForm, TransferForm
from ventures.models import Proposal, Transfer
from ventures.rules import proposals as rules
from ventures.selectors.signals import findings_about
from ventures.services.signals import dismiss_signal
from ventures.services.transfers import carry_over, offer_transfer, refuse_transfer, take_transfer
from ventures.views.lookups import find_proposal
from ventures.views.rounds import sent


@require_http_methods(["GET", "POST"])
def signal_dismiss(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    proposal = _screened(request, code)
    signal = get_object_or_404(
        findings_about(proposal, request.user).select_related("first__round", "second__round"),
        pk=pk,
    )
    form = DismissForm(sent(request))
    if request.method == "POST" and form.is_valid():
        dismiss_signal(signal, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(request, _("已记下核对结果。"))
        return redirect("ventures:proposal-detail", code=code)
    other = signal.second if signal.first_id == proposal.pk else signal.first
    return _answer(
        request,
        form,
        proposal,
        title=_("核对雷同提示"),
        verb=_("核对过了，不用管"),
        consequence=_("%(kind)s：%(words)s（与 %(code)s）。理由会写进两份申报书的经过。")
        % {"kind": signal.get_kind_display(), "words": signal.words, "code": other.code},
    )


@require_http_methods(["GET", "POST"])
def transfer_offer(request: SignedInRequest, code: str) -> HttpResponse:
    proposal = _screened(request, code)
    form = TransferForm(sent(request), proposal=proposal)
    if request.method == "POST" and form.is_valid():
        offer_transfer(
            proposal,
            form.cleaned_data["to_round"],
            reason=form.cleaned_data["reason"],
            acting_user=request.user,
        )
        messages.success(request, _("已向申报方提出，等它答复。"))
        return redirect("ventures:proposal-detail", code=code)
    return _answer(
        request,
        form,
        proposal,
        title=_("建议转入另一轮"),
        verb=_("提出建议"),
        consequence=_("申报方同意以后，申报书带着编号和全部经过转过去，由它修改后重新提交。"),
    )


@require_POST
def transfer_take(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    take_transfer(_transfer(request, code, pk), acting_user=request.user)
    messages.success(request, _("已转入，请按这一轮的要求核对后提交。"))
    return redirect("ventures:proposal-edit", code=code)


@require_POST
def proposal_carry(request: SignedInRequest, code: str) -> HttpResponse:
    """Out of a round that was ended into the call that repeats it."""
    carry_over(find_proposal(request, code), acting_user=request.user)
    messages.success(request, _("已转到重新征集的一轮，内容都在。请按这一轮的要求核对后提交。"))
    return redirect("ventures:proposal-edit", code=code)


@require_POST
def transfer_refuse(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    refuse_transfer(_transfer(request, code, pk), acting_user=request.user)
    messages.success(request, _("已答复：不转入，仍在原来的一轮。"))
    return redirect("ventures:proposal-detail", code=code)


def _transfer(request: SignedInRequest, code: str, pk: int) -> Transfer:
    proposal = find_proposal(request, code)
    if not rules.is_applicant(request.user, proposal):
        raise NotAllowed()
    return get_object_or_404(proposal.transfers.all(), pk=pk)


def _screened(request: SignedInRequest, code: str) -> Proposal:
    proposal = find_proposal(request, code)
    rules.require_screening(request.user, proposal)
    return proposal


def _answer(
    request: SignedInRequest, form: DismissForm | TransferForm, proposal: Proposal, **words: str
) -> HttpResponse:
    return render(
        request,
        "ventures/screening/answer.html",
        {"form": form, "proposal": proposal, "back_url": proposal.get_absolute_url(), **words},
        status=422 if request.method == "POST" else 200,
    )
