"""A shift as its organiser keeps it: the list, seats, calling off, another time, pasted names."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from accounts.templatetags.kit import period
from timebank.forms.order_service import FeedbackForm, ReasonForm
from timebank.forms.signups import CallOffForm, NameListForm, NamesForm, PostponeForm, SeatsForm
from timebank.lifecycles.activities import SHIFT, SIGNUP
from timebank.models import Shift, Signup
from timebank.rules import activities as rules
from timebank.selectors.activities import card_of
from timebank.selectors.signups import roster_of
from timebank.services.name_lists import read_name_list, sign_up_listed
from timebank.services.shifts import (
    cancel_shift,
    edit_following,
    edit_shift,
    move_shift,
    postpone_shift,
)
from timebank.services.signup_feedback import rate_signup, require_rateable
from timebank.services.signups import excuse_signup


def roster(request: SignedInRequest, pk: int) -> HttpResponse:
    """报名名单: the seats as a picture, everyone with a telephone number, who waits; to print."""
    shift = _organised(request, pk)
    return render(
        request,
        "timebank/shifts/roster.html",
        {
            "shift": shift,
            "activity": shift.activity,
            "card": card_of(shift),
            "roster": roster_of(shift),
            "arrows": [a for a in SHIFT.open_to(request.user, shift) if a.verb in SAID],
            "may_cancel": SHIFT.allows("cancel", request.user, shift),
            "is_coming": shift.starts_at > timezone.now(),
            "is_over": shift.ends_at <= timezone.now(),
        },
    )


def shift_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Seats and place; of one shift, or of all that follow."""
    shift = _organised(request, pk)
    initial = {"seats": shift.seats, "place": shift.place}
    form = SeatsForm(request.POST or None, shift=shift, initial=initial)
    if request.method == "POST" and form.is_valid():
        changes = {"seats": form.cleaned_data["seats"], "place": form.cleaned_data["place"]}
        if form.is_for_following():
            changed = edit_following(
                shift,
                shift_by=form.later(),
                reason=str(_("以后各场统一调整时间")),
                acting_user=request.user,
                **changes,
            )
            words = ngettext("已修改 %(count)d 场。", "已修改 %(count)d 场。", len(changed))
            messages.success(request, words % {"count": len(changed)})
        else:
            edit_shift(shift, acting_user=request.user, **changes)
            messages.success(request, _("场次已修改。"))
        return redirect("timebank:shift-roster", shift.pk)
    return _page(request, "timebank/shifts/edit.html", form, shift, title=_("改名额或地点"))


def shift_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """大风、暴雨、潮水: call it off in one act."""
    shift = _seen(request, pk)
    SHIFT.require(shift, "cancel", acting_user=request.user)
    form = CallOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cancel_shift(shift, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(request, _("这一场已取消，报名的人都已通知到，不算未到。"))
        return redirect("timebank:shift-roster", shift.pk)
    count = shift.signups.active().count()
    words = ngettext(
        "%(count)d 位报名或候补的人会收到消息、邮件和短信，不算未到，时间空出来。取消后不能恢复。",
        "%(count)d 位报名或候补的人会收到消息、邮件和短信，不算未到，时间空出来。取消后不能恢复。",
        count,
    )
    return render(
        request,
        "confirm.html",
        {
            "title": _("取消这一场"),
            "consequence": words % {"count": count},
            "action": request.path,
            "verb": _("取消并通知所有人"),
            "tone": "danger",
            "form": form,
            "back_url": shift.get_absolute_url(),
            "about": f"{shift.activity.title} · {period(shift.starts_at, shift.ends_at)}",
        },
        status=422 if form.is_bound else 200,
    )


def shift_postpone(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another time: seats are kept, everyone is told."""
    shift = _seen(request, pk)
    SHIFT.require(shift, "cancel", acting_user=request.user)
    starts, ends = timezone.localtime(shift.starts_at), timezone.localtime(shift.ends_at)
    initial = {"day": starts.date(), "start": starts.time(), "end": ends.time()}
    form = PostponeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        postpone_shift(
            shift,
            starts_at=cleaned["starts_at"],
            ends_at=cleaned["ends_at"],
            reason=cleaned["reason"],
            acting_user=request.user,
        )
        messages.success(request, _("已改期，报名的人都已通知到，名额保留。"))
        return redirect("timebank:shift-roster", shift.pk)
    return _page(
        request,
        "timebank/shifts/postpone.html",
        form,
        shift,
        title=_("改期"),
        before=period(shift.starts_at, shift.ends_at),
        people=shift.signups.active().count(),
    )


SAID = {"close": _("这一场已停止报名。"), "reopen": _("这一场已恢复报名。")}


@require_POST
def shift_act(request: SignedInRequest, pk: int, verb: str) -> HttpResponse:
    if verb not in SAID:
        raise Http404
    shift = move_shift(_seen(request, pk), verb, acting_user=request.user)
    messages.success(request, str(SAID[verb]))
    return redirect("timebank:shift-roster", shift.pk)


def name_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """接龙: paste, look at who is meant, confirm."""
    shift = _organised(request, pk)
    text_form = NameListForm(request.POST if "text" in request.POST else None)
    names_form = NamesForm(request.POST if "confirmed" in request.POST else None, shift=shift)
    listed, outcomes, status = [], [], 200
    if names_form.is_bound:
        if names_form.is_valid():
            outcomes = sign_up_listed(
                shift,
                names_form.cleaned_data["volunteers"],
                position=names_form.cleaned_data.get("position"),
                acting_user=request.user,
            )
        else:
            status = 422
    elif text_form.is_bound:
        if text_form.is_valid():
            listed = read_name_list(text_form.cleaned_data["text"], shift, acting_user=request.user)
        status = 200 if listed else 422
    elif request.method == "POST":
        text_form = NameListForm(request.POST)
        status = 422
    return render(
        request,
        "timebank/shifts/names.html",
        {
            "shift": shift,
            "activity": shift.activity,
            "text_form": text_form,
            "names_form": names_form,
            "listed": listed,
            "unread": text_form.is_bound and text_form.is_valid() and not listed,
            "outcomes": outcomes,
        },
        status=status,
    )


def signup_excuse(request: SignedInRequest, pk: int) -> HttpResponse:
    """准假: let somebody off, with the reason they gave."""
    signup = get_object_or_404(
        Signup.objects.visible_to(request.user).with_shift().select_related("volunteer"), pk=pk
    )
    SIGNUP.require(signup, "excuse", acting_user=request.user)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        excuse_signup(signup, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(request, _("已准假，名额会给候补的人。"))
        return redirect("timebank:shift-roster", signup.shift_id)
    return render(
        request,
        "confirm.html",
        {
            "title": _("准假"),
            "consequence": _("%(who)s不用来了，不算未到；名额给候补的下一位。")
            % {"who": signup.volunteer.display_name},
            "action": request.path,
            "verb": _("准假"),
            "form": form,
            "back_url": signup.shift.get_absolute_url(),
        },
        status=422 if form.is_bound else 200,
    )


def signup_rate(request: SignedInRequest, pk: int) -> HttpResponse:
    """评单: what somebody did in the seat, once it is over."""
    signup = get_object_or_404(
        Signup.objects.visible_to(request.user).with_shift().select_related("volunteer"), pk=pk
    )
    require_rateable(signup, acting_user=request.user)
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rate_signup(signup, acting_user=request.user, **form.cleaned_data)
        messages.success(request, _("已评单，志愿者看得到。"))
        return redirect("timebank:shift-roster", signup.shift_id)
    title = _("评单：%(who)s") % {"who": signup.volunteer.display_name}
    return _page(request, "timebank/shifts/edit.html", form, signup.shift, title=title)


def _page(
    request: SignedInRequest, template: str, form: Any, shift: Shift, **more: Any
) -> HttpResponse:
    context = {"form": form, "shift": shift, "activity": shift.activity, **more}
    return render(request, template, context, status=422 if form.is_bound else 200)


def _seen(request: SignedInRequest, pk: int) -> Shift:
    return get_object_or_404(
        Shift.objects.visible_to(request.user).with_activity().with_taken(), pk=pk
    )


def _organised(request: SignedInRequest, pk: int) -> Shift:
    shift = _seen(request, pk)
    if not rules.organises_shift(request.user, shift):
        raise NotAllowed()
    return shift
