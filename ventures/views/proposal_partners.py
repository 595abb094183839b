"""Who applies together: asked by the applicant's people, answered by the other body's."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from ventures.forms.proposals import PartnerForm
from ventures.models import Partner
from ventures.rules import proposals as rules
from ventures.services.partners import agree_to_join, ask_partner, refuse_to_join, remove_partner
from ventures.views.lookups import find_proposal


@require_POST
def partner_ask(request: SignedInRequest, code: str) -> HttpResponse:
    proposal = find_proposal(request, code)
    if not rules.is_applicant(request.user, proposal):
        raise NotAllowed()
    form = PartnerForm(request.POST, round=proposal.round)
    if not form.is_valid():
        return render(
            request,
            "ventures/screening/answer.html",
            {
                "title": _("请一家组织联合申报"),
                "form": form,
                "verb": _("发出邀请"),
                "consequence": "",
                "back_url": reverse("ventures:proposal-edit", args=[code]),
            },
            status=422,
        )
    partner = ask_partner(
        proposal,
        form.cleaned_data["name"],
        region=form.cleaned_data["region"],
        part=form.cleaned_data["part"],
        acting_user=request.user,
    )
    messages.success(request, _("已邀请%(name)s，等它答复。") % {"name": partner.organisation.name})
    return redirect(reverse("ventures:proposal-edit", args=[code]) + "#partners-heading")


@require_POST
def partner_remove(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    remove_partner(_partner(request, code, pk), acting_user=request.user)
    messages.success(request, _("已移除。"))
    return redirect(reverse("ventures:proposal-edit", args=[code]) + "#partners-heading")


@require_POST
def partner_agree(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    partner = agree_to_join(_partner(request, code, pk), acting_user=request.user)
    messages.success(request, _("已确认。") if partner.is_team else _("已同意联合申报。"))
    return redirect("ventures:proposal-detail", code=code)


@require_POST
def partner_refuse(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    partner = refuse_to_join(_partner(request, code, pk), acting_user=request.user)
    messages.success(
        request,
        _("已告诉申报方和经办人：贵单位没有派出团队。")
        if partner.is_team
        else _("已答复：不参加。"),
    )
    return redirect("ventures:proposal-list")


def _partner(request: SignedInRequest, code: str, pk: int) -> Partner:
    proposal = find_proposal(request, code)
    partner = get_object_or_404(proposal.partners.select_related("organisation"), pk=pk)
    partner.proposal = proposal
    return partner
