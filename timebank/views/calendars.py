"""Calendars for phones: a volunteer's secret feed, and an activity's public dates."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from icalendar import Calendar, Event

from accounts.requests import SignedInRequest
from timebank.models import Activity, Shift, Signup
from timebank.services.calendar_feeds import feed_of_token, open_feed, revoke_feed, token_of

KEPT = timedelta(days=90)
"""How far back a calendar shows what was."""


@login_not_required
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The shifts of whoever has the address; what was called off shows as called off."""
    found = feed_of_token(token)
    if found is None:
        raise Http404
    with translation.override(found.user.language):
        calendar = _calendar(_("我的志愿服务"))
        own = Signup.objects.of_volunteer(found.user).filter(
            state__in=[Signup.State.SEATED, Signup.State.OFFERED, Signup.State.RELEASED],
            ends_at__gt=timezone.now() - KEPT,
        )
        for signup in own.with_shift():
            off = signup.state == Signup.State.RELEASED
            calendar.add_component(_event(signup.shift, is_off=off))
    answer = _ics(calendar, "qicai-shifts")
    answer["Cache-Control"] = "private, max-age=300"
    return answer


@login_not_required
def of_activity(request: HttpRequest, pk: int) -> HttpResponse:
    """An activity's dates, for everyone."""
    activity = get_object_or_404(Activity.objects.visible_to(request.user).with_owner(), pk=pk)
    calendar = _calendar(activity.title)
    for shift in activity.shifts.filter(ends_at__gt=timezone.now() - KEPT):
        shift.activity = activity
        calendar.add_component(_event(shift))
    return _ics(calendar, f"activity-{activity.pk}")


def feed_page(request: SignedInRequest) -> HttpResponse:
    """日历订阅: the secret address, how to use it, how to end it."""
    address = ""
    if request.method == "POST" or request.user.calendar_feeds.filter(revoked_at=None).exists():
        token = token_of(open_feed(request.user))
        address = settings.PUBLIC_ADDRESS + reverse("timebank:calendar-feed", args=[token])
    return render(
        request,
        "timebank/shifts/feed.html",
        {"address": address, "webcal": address.replace("https://", "webcal://", 1)},
    )


@require_POST
def feed_revoke(request: SignedInRequest) -> HttpResponse:
    revoke_feed(request.user)
    messages.success(request, _("旧地址已停用，谁也打不开了。"))
    return redirect("timebank:calendar-feed-page")


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Qicai//Activities//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    return calendar


def _event(shift: Shift, *, is_off: bool = False) -> Event:
    event = Event()
    is_off = is_off or shift.state == Shift.State.CANCELLED
    host = settings.PUBLIC_ADDRESS.split("//")[-1].split(":")[0]
    event.add("uid", f"shift-{shift.pk}@{host}")
    event.add("summary", shift.activity.title)
    event.add("dtstart", timezone.localtime(shift.starts_at))
    event.add("dtend", timezone.localtime(shift.ends_at))
    event.add("dtstamp", timezone.now())
    # A calendar takes over a change only with a higher number than the one it has.
    event.add("sequence", 2 if is_off else int(shift.postponed_from is not None))
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("location", shift.place)
    event.add("url", f"{settings.PUBLIC_ADDRESS}{shift.get_absolute_url()}")
    event.add("description", shift.notice or shift.activity.description)
    return event


def _ics(calendar: Calendar, name: str) -> HttpResponse:
    answer = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return answer
