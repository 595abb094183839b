"""The organiser's desk: activities of one's own, new ones from a template or the last time."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest, row_number
from accounts.selectors.people import people_looked_after_by
from timebank.forms.activities import ActivityForm, initial_of, keep_leaders
from timebank.forms.activity_parts import (
    PositionFormSet,
    StopFormSet,
    initial_parts,
    parts_of,
)
from timebank.forms.shift_times import ShiftForm
from timebank.forms.signups import CallOffForm
from timebank.lifecycles.activities import ACTIVITY
from timebank.models import Activity, ServiceType, Shift
from timebank.rules import activities as rules
from timebank.selectors.activities import (
    TONES,
    activities_of,
    card_of,
    owners_of,
    usual_place,
)
from timebank.services.activities import (
    cancel_activity,
    copy_activity,
    draft_activity,
    move_activity,
    open_activity,
)
from timebank.services.activity_changes import edit_activity
from timebank.services.shifts import add_recurring_shifts, add_shift

PER_PAGE = 20
COMING_SHOWN = 12
TEMPLATES = Path(__file__).resolve().parent.parent / "data" / "activity_templates.json"


@cache
def activity_templates() -> list[dict[str, Any]]:
    """Activities that are held again and again, ready to be filled in."""
    rows: list[dict[str, Any]] = json.loads(TEMPLATES.read_text(encoding="utf-8"))
    return rows


def desk(request: SignedInRequest) -> HttpResponse:
    """What is to come with its seats, and all activities one answers for."""
    own = activities_of(request.user)
    if not own.exists() and not owners_of(request.user):
        raise NotAllowed()
    coming = (
        Shift.objects.filter(
            activity__in=Activity.objects.organised_by(request.user),
            ends_at__gt=timezone.now(),
            state__in=[Shift.State.OPEN, Shift.State.CLOSED],
        )
        .exclude(activity__state=Activity.State.DRAFT)
        .with_activity()
        .with_taken()
        .order_by("starts_at")[:COMING_SHOWN]
    )
    page = Paginator(own, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "timebank/activities/desk.html",
        {
            "coming": [card_of(shift) for shift in coming],
            "rows": [(activity, TONES[activity.state]) for activity in page.object_list],
            "page_obj": page,
            "may_invite": bool(owners_of(request.user)),
            "takes_papers": people_looked_after_by(request.user).exists(),
        },
    )


# New and changed ---------------------------------------------------------------------------


def activity_new(request: SignedInRequest) -> HttpResponse:
    """One page for an activity with its first shift; again and again by a rule."""
    if not owners_of(request.user):
        raise NotAllowed()
    initial = _initial(request)
    form = ActivityForm(request.POST or None, user=request.user, initial=initial)
    shift_form = ShiftForm(request.POST or None, prefix="shift", initial=initial)
    positions = PositionFormSet(request.POST or None, prefix="positions")
    stops = StopFormSet(request.POST or None, prefix="stops")
    parts: list[Any] = [form, shift_form, positions, stops]
    if request.method == "POST" and all([part.is_valid() for part in parts]):
        activity = _made(form, shift_form, positions, stops, request)
        messages.success(request, _("已存为草稿。核对无误后点“发布”，志愿者就能报名。"))
        return redirect(activity)
    return render(
        request,
        "timebank/activities/form.html",
        {
            "form": form,
            "shift_form": shift_form,
            "positions": positions,
            "stops": stops,
            "templates": activity_templates(),
            "title": _("办一次活动"),
        },
        status=422 if request.method == "POST" else 200,
    )


@transaction.atomic
def _made(
    form: ActivityForm, shift_form: ShiftForm, positions: Any, stops: Any, request: SignedInRequest
) -> Activity:
    rule = shift_form.rule()
    parts = parts_of(positions, stops)
    kind = Activity.Kind.ROVING if parts.stops else Activity.Kind.ONE_OFF
    if rule:
        kind = Activity.Kind.RECURRING
    activity = draft_activity(
        form.owner_thing(),
        form.details(kind=kind, rrule=rule),
        parts,
        acting_user=request.user,
    )
    first = shift_form.details(activity.region, activity.place)
    if rule:
        add_recurring_shifts(activity, first, rule, acting_user=request.user)
    else:
        add_shift(activity, first, acting_user=request.user)
    return activity


def _initial(request: SignedInRequest) -> dict[str, Any]:
    values = usual_place(request.user)
    number = row_number(request.GET.get("template", ""))
    templates = activity_templates()
    if number is None or number >= len(templates):
        return values
    values |= templates[number]
    values["service_type"] = ServiceType.objects.filter(code=values.pop("service_code")).first()
    return values


def activity_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change what it says, its positions and stops; shifts are changed one by one."""
    activity = _organised(request, pk)
    initial, (known_positions, known_stops) = initial_of(activity), initial_parts(activity)
    form = ActivityForm(request.POST or None, user=request.user, initial=initial)
    choices: Any = form.fields["owner"]
    choices.choices = [(initial["owner"], activity.owner_name)]
    form.fields["owner"].disabled = True
    keep_leaders(form, activity)
    positions = PositionFormSet(request.POST or None, prefix="positions", initial=known_positions)
    stops = StopFormSet(request.POST or None, prefix="stops", initial=known_stops)
    for rows in (positions, stops):
        rows.extra = 1  # an empty row to add one; a page full of them is hard to read
    if request.method == "POST" and all([part.is_valid() for part in (form, positions, stops)]):
        details = form.details(kind=activity.kind, rrule=activity.rrule, source=activity.source)
        edit_activity(activity, details, parts_of(positions, stops), acting_user=request.user)
        messages.success(request, _("活动已修改。要紧的变动已告诉报了名的人。"))
        return redirect(activity)
    return render(
        request,
        "timebank/activities/form.html",
        {
            "form": form,
            "positions": positions,
            "stops": stops,
            "activity": activity,
            "title": _("修改活动"),
        },
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def activity_copy(request: SignedInRequest, pk: int) -> HttpResponse:
    """照上次再办一次."""
    copy = copy_activity(_seen(request, pk), acting_user=request.user)
    messages.success(request, _("已照上次复制成草稿。请添加场次，核对后发布。"))
    return redirect("timebank:shift-new", copy.pk)


def shift_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """One more shift of an activity, or a series of them."""
    activity = _organised(request, pk)
    form = ShiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        first, rule = form.details(activity.region, activity.place), form.rule()
        if rule:
            made = add_recurring_shifts(activity, first, rule, acting_user=request.user)
            messages.success(request, _("已添加 %(count)d 场。") % {"count": len(made)})
        else:
            add_shift(activity, first, acting_user=request.user)
            messages.success(request, _("场次已添加。"))
        return redirect(activity)
    return render(
        request,
        "timebank/activities/shift_form.html",
        {"form": form, "activity": activity, "title": _("添加场次")},
        status=422 if form.is_bound else 200,
    )


# Publishing and ending ---------------------------------------------------------------------

Verb = Callable[..., Activity]
SAID: dict[str, str | Promise] = {
    "open": _("已发布，志愿者可以报名了。"),
    "close": _("已停止报名，已经报名的人照常参加。"),
    "reopen": _("已恢复报名。"),
    "finish": _("活动已结束。"),
}


@require_POST
def activity_move(request: SignedInRequest, pk: int, verb: str) -> HttpResponse:
    if verb not in SAID:
        raise Http404
    activity = _seen(request, pk)
    if verb == "open":
        open_activity(activity, acting_user=request.user)
    else:
        move_activity(activity, verb, acting_user=request.user)
    messages.success(request, str(SAID[verb]))
    return redirect(activity)


def activity_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Call off all that is to come, in one act."""
    activity = _seen(request, pk)
    ACTIVITY.require(activity, "cancel", acting_user=request.user)
    form = CallOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cancel_activity(activity, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(request, _("活动已取消，报名的人都已通知到。"))
        return redirect(activity)
    return render(
        request,
        "confirm.html",
        {
            "title": _("取消整个活动"),
            "consequence": _(
                "以后各场全部取消，所有报名和候补的人会收到消息、邮件和短信，不算未到，时间空出来。"
            ),
            "action": request.path,
            "verb": _("取消活动并通知所有人"),
            "tone": "danger",
            "form": form,
            "back_url": activity.get_absolute_url(),
        },
        status=422 if form.is_bound else 200,
    )


def _seen(request: SignedInRequest, pk: int) -> Activity:
    return get_object_or_404(Activity.objects.visible_to(request.user).with_owner(), pk=pk)


def _organised(request: SignedInRequest, pk: int) -> Activity:
    activity = _seen(request, pk)
    if not rules.organises(request.user, activity):
        raise NotAllowed()
    return activity
