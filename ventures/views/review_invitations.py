"""评审办法 and 评审邀请: the office switches on, asks, seats; the expert reads and answers."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.clock import database_now
from accounts.requests import SignedInRequest
from ventures.forms.reviewers import AcceptForm, InviteForm, ReviewPlanForm
from ventures.forms.reviews import ReasonForm
from ventures.lifecycles.reviewers import REVIEW_INVITATION
from ventures.models import Panel, PanelMember, ReviewInvitation, ReviewPlan, Round
from ventures.rules import experts as rules
from ventures.selectors.reviewers import (
    askable_for,
    asked_in,
    is_judged_blind,
    plan_of,
    proposals_to_weigh,
)
from ventures.services import review_invitations as services
from ventures.services.assignments import PanelTerms, name_reviewers
from ventures.services.review_plans import set_review_plan
from ventures.views.lookups import find_round_to_decide
from ventures.views.panels import round_at_work
from ventures.views.rounds import sent

S = ReviewInvitation.State


@require_http_methods(["GET", "POST"])
def review_plan(request: SignedInRequest, code: str) -> HttpResponse:
    """Options of the round; whoever leaves them alone has a plain meeting."""
    round = find_round_to_decide(request, code)
    form = ReviewPlanForm(sent(request), instance=plan_of(round) or ReviewPlan(round=round))
    if form.is_valid():
        set_review_plan(round, form.cleaned_data, acting_user=request.user)
        messages.success(request, _("评审办法已保存。"))
        return redirect("ventures:round-panel", code=code)
    return render(
        request,
        "confirm.html",
        {
            "title": _("评审办法"),
            "about": round.name,
            "verb": _("保存"),
            "consequence": _(
                "默认是开评审会：五到七位评委，人人全评，什么都不用选。"
                "项目很多、或者文件要求抽取专家时，再在这里打开。"
            ),
            "action": request.path,
            "form": form,
            "back_url": reverse("ventures:round-panel", args=[code]),
        },
        status=422 if form.is_bound else 200,
    )


# The office -------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def invitation_office(request: SignedInRequest, code: str) -> HttpResponse:
    """Who was asked and what they said; ask more, seat who accepted."""
    round = round_at_work(request, code)
    may_ask = rules.may_find_reviewers(request.user, round)
    if request.method == "POST":
        find_round_to_decide(request, code)
    is_in_review = round.state == Round.State.IN_REVIEW
    askable = askable_for(round)
    form = InviteForm(sent(request), askable=askable) if may_ask and is_in_review else None
    if form is not None and form.is_valid():
        chosen = list(form.cleaned_data["experts"])
        services.invite_experts(round, chosen, acting_user=request.user)
        messages.success(
            request, _("已邀请 %(count)d 位专家，等他们答复。") % {"count": len(chosen)}
        )
        return redirect("ventures:invitation-office", code=code)
    asked = asked_in(round, request.user)
    return render(
        request,
        "ventures/reviewers/invitations.html",
        {
            "round": round,
            "asked": asked,
            "form": form,
            "has_askable": form is not None and askable.exists(),
            "may_ask": may_ask,
            "to_seat": len(_accepted_unseated(round)) if may_ask and is_in_review else 0,
            "now": database_now(),
        },
        status=422 if form is not None and form.is_bound else 200,
    )


@require_POST
def invitation_seat(request: SignedInRequest, code: str) -> HttpResponse:
    """Who accepted takes a seat; where and when stay as they stand."""
    round = find_round_to_decide(request, code)
    accepted = _accepted_unseated(round)
    panel = Panel.objects.filter(round=round).first()
    chair = panel.members.filter(is_chair=True).first() if panel else None
    terms = PanelTerms(
        **(
            {
                name: getattr(panel, name)
                for name in ("place", "meets_at", "due_at", "counter", "supervisor")
            }
            if panel
            else {}
        ),
        chair=chair.reviewer if chair else None,
    )
    name_reviewers(round, [one.user for one in accepted], terms=terms, acting_user=request.user)
    messages.success(request, _("已把 %(count)d 位评委列入评审组。") % {"count": len(accepted)})
    return redirect("ventures:round-panel", code=code)


@require_POST
def invitation_withdraw(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    invitation = _of_round(request, code, pk)
    services.withdraw_invitation(invitation, acting_user=request.user)
    messages.success(request, _("邀请已收回，对方不再看到。"))
    return redirect("ventures:invitation-office", code=code)


@require_POST
def invitation_off_list(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    invitation = _of_round(request, code, pk)
    services.take_off_list(invitation, acting_user=request.user)
    messages.success(request, _("已从名单上移开。对方写的原因仍然留存。"))
    return redirect("ventures:invitation-office", code=code)


def _accepted_unseated(round: Round) -> list[ReviewInvitation]:
    seated = PanelMember.objects.filter(panel__round=round).values("reviewer")
    return list(
        ReviewInvitation.objects.filter(round=round, state=S.ACCEPTED)
        .exclude(user__in=seated)
        .select_related("user")
        .order_by("answered_at")
    )


def _of_round(request: SignedInRequest, code: str, pk: int) -> ReviewInvitation:
    round = find_round_to_decide(request, code)
    return get_object_or_404(
        ReviewInvitation.objects.select_related("round__region"), pk=pk, round=round
    )


# The expert ----------------------------------------------------------------------------------


@require_GET
def invitation(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _own(request, pk))


@require_POST
def invitation_accept(request: SignedInRequest, pk: int) -> HttpResponse:
    own = _own(request, pk)
    REVIEW_INVITATION.require(own, "accept", acting_user=request.user)
    form = AcceptForm(
        request.POST, proposals=proposals_to_weigh(own), is_blind=is_judged_blind(own.round)
    )
    if not form.is_valid():
        return _page(request, own, form)
    services.accept_invitation(
        own,
        has_signed=form.cleaned_data["has_signed"],
        told=form.told(),
        acting_user=request.user,
    )
    messages.success(request, _("谢谢您接受邀请。评审组定下来以后，项目会出现在“我的评审”。"))
    return redirect(own)


@require_http_methods(["GET", "POST"])
def invitation_decline(request: SignedInRequest, pk: int) -> HttpResponse:
    own = _own(request, pk)
    REVIEW_INVITATION.require(own, "decline", acting_user=request.user)
    form = ReasonForm(sent(request))
    if form.is_valid():
        services.decline_invitation(
            own, reason=form.cleaned_data["reason"], acting_user=request.user
        )
        messages.success(request, _("已谢绝，谢谢您告诉我们。"))
        return redirect(own)
    return render(
        request,
        "confirm.html",
        {
            "title": _("谢绝评审邀请"),
            "about": own.round.name,
            "verb": _("谢绝"),
            "consequence": _("原因只有邀请您的人看得到。"),
            "action": request.path,
            "form": form,
            "back_url": own.get_absolute_url(),
        },
        status=422 if form.is_bound else 200,
    )


def _own(request: SignedInRequest, pk: int) -> ReviewInvitation:
    return get_object_or_404(
        ReviewInvitation.objects.visible_to(request.user).select_related(
            "round__region", "round__programme", "asked_by", "expert", "user"
        ),
        pk=pk,
    )


def _page(
    request: SignedInRequest, own: ReviewInvitation, form: AcceptForm | None = None
) -> HttpResponse:
    is_open = own.state == S.OPEN and database_now() <= own.answer_by
    proposals = proposals_to_weigh(own) if is_open else []
    context: dict[str, Any] = {
        "invitation": own,
        "is_open": is_open,
        "is_over": own.state == S.OPEN and not is_open,
        "form": form or AcceptForm(proposals=proposals, is_blind=is_judged_blind(own.round)),
        "is_seated": PanelMember.objects.filter(
            panel__round=own.round, reviewer=request.user
        ).exists(),
        "panel": Panel.objects.filter(round=own.round).first(),
    }
    status = 422 if form is not None else 200
    return render(request, "ventures/reviewers/invitation.html", context, status=status)
