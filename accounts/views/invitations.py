"""Invitations: mine, one of them, and the answers and second thoughts of both sides."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import offices, rules
from accounts.clock import database_now
from accounts.forms.invitations import DeclineForm
from accounts.lifecycles import INVITATION
from accounts.models.invitations import Invitation, contacts_of
from accounts.requests import SignedInRequest
from accounts.selectors.changes import Words, trail_of
from accounts.selectors.invitations import invitations_seen_by, invitations_to
from accounts.services.invitations import (
    MOST_SENDS,
    accept_invitation,
    decline_invitation,
    resend_invitation,
    withdraw_invitation,
)

TONES = {
    Invitation.State.OPEN: "waiting",
    Invitation.State.ACCEPTED: "done",
    Invitation.State.DECLINED: "danger",
    Invitation.State.WITHDRAWN: "neutral",
    Invitation.State.EXPIRED: "neutral",
}
WORDS: dict[str, Words] = {"withdraw": gettext_lazy("撤回邀请")}


def invitation_list(request: SignedInRequest) -> HttpResponse:
    """What I was asked, the open ones first."""
    now = database_now()
    found = list(invitations_to(request.user)[:50])
    return render(
        request,
        "accounts/invitations/list.html",
        {
            "waiting": [one for one in found if one.state == "open" and not one.has_run_out(now)],
            "past": [
                (one, TONES[Invitation.State(one.state)])
                for one in found
                if one.state != "open" or one.has_run_out(now)
            ],
        },
    )


def invitation_detail(request: SignedInRequest, token: UUID) -> HttpResponse:
    """An invitation's page. Somebody else's and none at all get the same explanation, with 404."""
    invitation = invitations_seen_by(request.user).filter(token=token).first()
    if invitation is None:
        context = {"contacts": contacts_of(request.user)}
        return render(
            request, "accounts/invitations/none.html", context, status=HTTPStatus.NOT_FOUND
        )
    return _page(request, invitation, DeclineForm())


@require_POST
def accept(request: SignedInRequest, token: UUID) -> HttpResponse:
    invitation = accept_invitation(_seen(request, token), acting_user=request.user)
    if invitation.role is not None:
        what = invitation.get_kind_display()
        messages.success(
            request, _("您现在是%(what)s。点右上角的人像切换身份，就能开始办理。") % {"what": what}
        )
    else:
        messages.success(request, _("已接受，从任期第一天起生效。"))
    if invitation.is_to_office:
        return redirect("accounts:me")
    return redirect("accounts:organisation-own", invitation.organisation_id)


@require_POST
def decline(request: SignedInRequest, token: UUID) -> HttpResponse:
    invitation = _seen(request, token)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, invitation, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    decline_invitation(invitation, reason=form.cleaned_data["reason"], acting_user=request.user)
    messages.success(request, _("已谢绝，并告诉了对方。"))
    return redirect("accounts:invitation-list")


@require_POST
def withdraw(request: SignedInRequest, token: UUID) -> HttpResponse:
    invitation = withdraw_invitation(_seen(request, token), acting_user=request.user)
    if invitation.answered_by_id is not None:
        messages.success(request, _("已撤回，岗位不会生效，并告诉了对方。"))
        return redirect(invitation)
    messages.success(request, _("邀请已撤回。"))
    return _back(invitation)


@require_POST
def resend(request: SignedInRequest, token: UUID) -> HttpResponse:
    invitation = resend_invitation(_seen(request, token), acting_user=request.user)
    messages.success(request, _("邀请已重新发送，有效期重新计算。"))
    return _back(invitation)


def _seen(request: SignedInRequest, token: UUID) -> Invitation:
    return get_object_or_404(invitations_seen_by(request.user), token=token)


def _back(invitation: Invitation) -> HttpResponse:
    """To the list the sender came from."""
    if invitation.is_to_office:
        return redirect("accounts:appointment-list")
    return redirect("accounts:organisation-own", invitation.organisation_id)


def _page(
    request: SignedInRequest,
    invitation: Invitation,
    form: DeclineForm,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    has_run_out = invitation.has_run_out(database_now())
    is_mine = rules.is_invited(request.user, invitation)
    office = offices.OFFICES.get(invitation.kind)
    return render(
        request,
        "accounts/invitations/detail.html",
        {
            "invitation": invitation,
            "tone": TONES[Invitation.State(invitation.state)],
            "why": office.why if office else "",
            "has_run_out": has_run_out,
            "is_mine": is_mine,
            "may_answer": is_mine and invitation.state == "open" and not has_run_out,
            "is_tie": not invitation.is_to_office and rules.judges_organisations(request.user),
            "may_manage": INVITATION.allows("resend", request.user, invitation),
            "may_take_back": invitation.state == "accepted"
            and INVITATION.allows("withdraw", request.user, invitation),
            "sends_left": MOST_SENDS - invitation.sends,
            "form": form,
            "trail": trail_of(invitation, WORDS),
        },
        status=status,
    )
