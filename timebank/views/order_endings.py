"""确认、评价、异议、取消: how a service order ends, and who has the word."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.errors import NotAllowed, OutOfTurn
from accounts.requests import SignedInRequest
from timebank.errors.orders import FeedbackGiven
from timebank.forms.order_service import (
    ConfirmForm,
    FeedbackForm,
    OptionalReasonForm,
    ReasonForm,
    UpholdForm,
)
from timebank.models import ServiceOrder
from timebank.rules import orders as rules
from timebank.selectors.disputes import disputes_for
from timebank.selectors.orders import EXPLAINED
from timebank.services.feedback import give_feedback
from timebank.services.order_endings import (
    cancel_order,
    confirm_order,
    decline_order,
    dispute_order,
    overturn_order,
    require_cancellable,
)
from timebank.services.order_reopening import give_back_order, reassign_order
from timebank.views.order_steps import Words, allowed, reason_page, seen_by


def order_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """确认并评价: the service happened, and how it was."""
    order = allowed(request, pk, "confirm")
    form = ConfirmForm(request.POST or None, order=order, user=request.user)
    if request.method == "POST" and form.is_valid():
        order = confirm_order(order, acting_user=request.user, **form.cleaned_data)
        messages.success(request, _("已确认，时间已记到志愿者名下。谢谢您的评价。"))
        return redirect(order)
    due = order.weighed(order.due_minutes or 0)
    return render(
        request,
        "timebank/orders/confirm.html",
        {"form": form, "order": order, "due": due, "left": order.set_aside_minutes - due},
        status=422 if form.is_bound else 200,
    )


def order_rate(request: SignedInRequest, pk: int) -> HttpResponse:
    """评价 of an order that was settled by a decision."""
    order = seen_by(request, pk)
    if not rules.may_judge_service(request.user, order):
        raise NotAllowed()
    if order.state != order.State.SETTLED:
        raise OutOfTurn(state=order.get_state_display(), verb=_("评价"))
    if hasattr(order, "feedback"):
        raise FeedbackGiven(order=order.pk)
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        give_feedback(order, acting_user=request.user, **form.cleaned_data)
        messages.success(request, _("谢谢您的评价。"))
        return redirect(order)
    return render(
        request,
        "confirm.html",
        {
            "title": _("评价这次服务"),
            "consequence": _("每一单只评价一次，志愿者看得到。"),
            "form": form,
            "verb": _("提交评价"),
            "back_url": order.get_absolute_url(),
            "about": order.listing.title,
        },
        status=422 if form.is_bound else 200,
    )


def order_uphold(request: SignedInRequest, pk: int) -> HttpResponse:
    """裁定：服务成立, with the minutes that settle."""
    order = allowed(request, pk, "uphold")
    form = UpholdForm(request.POST or None, order=order)
    if request.method == "POST" and form.is_valid():
        order = form.hand_in(acting_user=request.user)
        messages.success(request, _("已裁定服务成立，时间已结算，双方都已收到通知。"))
        return redirect(order)
    return reason_page(
        request,
        order,
        form,
        title=_("裁定：服务成立"),
        consequence=_("填写的分钟数记到志愿者名下，其余退回。裁定后不能再改。"),
    )


def dispute_list(request: SignedInRequest) -> HttpResponse:
    """待裁定的争议: what waits for this person's decision, at one's station or in one's town."""
    rows = [(order, EXPLAINED[order.state]) for order in disputes_for(request.user)]
    return render(request, "timebank/orders/disputes.html", {"rows": rows})


class Act:
    """A verb that asks for a reason first: what it says, what it does, what it answers."""

    def __init__(
        self,
        service: Callable[..., ServiceOrder],
        title: Words,
        consequence: Words,
        said: Words,
        tone: str = "primary",
    ) -> None:
        self.service = service
        self.title = title
        self.consequence = consequence
        self.said = said
        self.tone = tone


ACTS: dict[str, Act] = {
    "cancel": Act(
        cancel_order,
        _("取消订单"),
        _("取消后预留的时间马上全部退回，已接单的志愿者会收到通知。"),
        _("订单已取消，时间已退回。"),
        "danger",
    ),
    "give_back": Act(
        give_back_order,
        _("退回这一单"),
        _("订单会重新开放给别的志愿者，点单人和站点会看到您写的原因。"),
        _("已退回，站点会另行安排。"),
    ),
    "reassign": Act(
        reassign_order,
        _("收回另派"),
        _("订单会重新开放，原来的志愿者会收到通知。"),
        _("已收回，可以另派志愿者。"),
    ),
    "decline": Act(
        decline_order,
        _("未能安排，退回"),
        _("预留的时间马上全部退回，点单人会看到原因。退回后要重新点单。"),
        _("已退回，点单人已收到通知。"),
        "danger",
    ),
    "dispute": Act(
        dispute_order,
        _("提出异议"),
        _("时间继续预留，谁也得不到；由与这一单无关的人联系双方，核实后决定。"),
        _("异议已提交。时间继续预留，核实后决定，页面上写着由谁裁定。"),
    ),
    "overturn": Act(
        overturn_order,
        _("裁定：退回时间"),
        _("预留的时间全部退回，志愿者这次没有时间入账。裁定后不能再改。"),
        _("已裁定退回，双方都已收到通知。"),
        "danger",
    ),
}


def order_act(request: SignedInRequest, pk: int, verb: str) -> HttpResponse:
    """Cancel, give back, take back, decline, dispute or overturn: the reason, then the act."""
    if verb not in ACTS:
        raise Http404
    order = allowed(request, pk, verb)
    if verb == "cancel":
        require_cancellable(order, acting_user=request.user)
    act = ACTS[verb]
    needs_none = verb == "cancel" and rules.is_asking(request.user, order)
    form = (OptionalReasonForm if needs_none else ReasonForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act.service(order, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(request, str(act.said))
        if verb == "give_back":
            return redirect("timebank:board")
        return redirect(order)
    return reason_page(
        request, order, form, title=act.title, consequence=act.consequence, tone=act.tone
    )
