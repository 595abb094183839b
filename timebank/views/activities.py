"""活动: what volunteers are invited to, as a list and a calendar, for everyone; posters."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.requests import remembered_place
from accounts.services.papers import picture, typeset
from accounts.templatetags.kit import day, period
from timebank.forms.activities import ActivityFilter
from timebank.lifecycles.activities import ACTIVITY
from timebank.models import Activity, Qualification
from timebank.rules import activities as rules
from timebank.selectors.activities import (
    TONES,
    card_of,
    cards_of,
    month_of,
    shifts_of,
    shifts_to_come,
)
from timebank.services.eligibility import required_of

type Words = str | Promise

PER_PAGE = 20
POSTER = "timebank/papers/activity_poster.typ"
SHIFTS_ON_POSTER = 5


@dataclass(frozen=True)
class Tab:
    label: Words
    url: str
    is_current: bool
    count: str = ""


@login_not_required
def activity_list(request: HttpRequest) -> HttpResponse:
    """What one can do near home now; as a list or as a month's calendar."""
    data = request.GET.copy()
    if "near" not in data:
        remembered = remembered_place(request)
        if remembered is not None:
            data["near"] = remembered.code
    filters = ActivityFilter(data)
    wanted = filters.wanted()
    as_calendar = request.GET.get("view") == "calendar"
    context = {
        "filters": filters,
        "near": wanted["near"],
        "tabs": _view_tabs(request, as_calendar),
        "is_filtered": any(request.GET.get(name) for name in filters.fields),
    }
    if as_calendar:
        first = _month(request.GET.get("month", ""))
        start = timezone.make_aware(datetime(first.year, first.month, 1))
        wanted |= {"since": min(start - timedelta(days=7), timezone.now()), "until": None}
        context |= {
            "weeks": month_of(shifts_to_come(**wanted), first),
            "first": first,
            "has_today": first == timezone.localdate().replace(day=1),
            "before": (first - timedelta(days=1)).replace(day=1),
            "after": (first + timedelta(days=32)).replace(day=1),
        }
        return render(request, "timebank/activities/calendar.html", context)
    page = Paginator(shifts_to_come(**wanted), PER_PAGE).get_page(request.GET.get("page"))
    context |= {
        "cards": cards_of(list(page.object_list), request.user, near=wanted["near"]),
        "page_obj": page,
        "total": page.paginator.count,
    }
    return render(request, "timebank/activities/list.html", context)


def _view_tabs(request: HttpRequest, as_calendar: bool) -> list[Tab]:
    query = request.GET.copy()
    for name in ("view", "month", "page"):
        query.pop(name, None)
    here = reverse("timebank:activity-list")
    rest = query.urlencode()
    calendar_query = f"view=calendar&{rest}" if rest else "view=calendar"
    return [
        Tab(_("列表"), f"{here}?{rest}" if rest else here, not as_calendar),
        Tab(_("日历"), f"{here}?{calendar_query}", as_calendar),
    ]


def _month(words: str) -> date:
    today = timezone.localdate()
    try:
        first = date.fromisoformat(f"{words}-01")
    except ValueError:
        return today.replace(day=1)
    return first if abs(first.year - today.year) <= 2 else today.replace(day=1)


@login_not_required
def activity_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One activity: what it is, when, what may go wrong and who helps then, who may come."""
    activity = _seen(request, pk)
    user = request.user
    runs = isinstance(user, User) and rules.organises(user, activity)
    shifts = shifts_of(activity)
    coming = [shift for shift in shifts if shift.ends_at > timezone.now()]
    return render(
        request,
        "timebank/activities/detail.html",
        {
            "activity": activity,
            "tone": TONES[activity.state],
            "coming": cards_of(coming, user),
            "past": [card_of(shift) for shift in shifts if shift not in coming][-6:],
            "positions": activity.positions.taking_people(),
            "stops": activity.stops.select_related("region"),
            "asked": [Qualification.Kind(kind).label for kind in required_of(activity)],
            "runs": runs,
            "arrows": [
                arrow
                for arrow in (ACTIVITY.open_to(user, activity) if isinstance(user, User) else [])
                if arrow.verb not in ("cancel", "finish")
            ],
            "may_cancel": isinstance(user, User) and ACTIVITY.allows("cancel", user, activity),
        },
    )


# Posters ----------------------------------------------------------------------------------


@login_not_required
def poster_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """An A4 poster for the notice board."""
    activity = _seen(request, pk)
    return _file(typeset(POSTER, _poster_data(activity)), activity, "pdf", "application/pdf")


@login_not_required
def poster_png(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a picture, for chat groups."""
    activity = _seen(request, pk)
    return _file(picture(POSTER, _poster_data(activity)), activity, "png", "image/png")


def _poster_data(activity: Activity) -> dict[str, object]:
    link = f"{settings.PUBLIC_ADDRESS}{activity.get_absolute_url()}"
    coming = [shift for shift in shifts_of(activity) if shift.ends_at > timezone.now()]
    facts = [
        [_("地点"), activity.place],
        [_("主办"), activity.owner_name],
        [_("谁可以参加"), str(activity.get_audience_display())],
        [_("可能的风险"), activity.risks],
        [_("怎样防护"), activity.protection],
    ]
    asked = [str(Qualification.Kind(kind).label) for kind in required_of(activity)]
    if asked:
        facts.insert(3, [_("要求"), _("；").join(asked)])
    return {
        "title": activity.title,
        "kind": str(activity.service_type.name),
        "is_cancelled": activity.state == Activity.State.CANCELLED,
        "cancelled": _("活动已取消"),
        "when": [period(shift.starts_at, shift.ends_at) for shift in coming[:SHIFTS_ON_POSTER]],
        "description": activity.description,
        "facts": facts,
        "qr": segno.make(link, error="m").svg_inline(scale=4, border=1),
        "scan": _("扫一扫报名"),
        "link": link,
        "counts": _("计入志愿服务时间") if activity.counts else _("不计入志愿服务时间"),
        "foot": _("%(site)s · %(day)s 制作")
        % {"site": settings.SITE_NAME, "day": day(timezone.localdate())},
    }


def _file(content: bytes, activity: Activity, kind: str, content_type: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    name = slugify(f"activity-{activity.pk}")
    answer["Content-Disposition"] = f'inline; filename="{name}.{kind}"'
    return answer


def _seen(request: HttpRequest, pk: int) -> Activity:
    return get_object_or_404(Activity.objects.visible_to(request.user).with_owner(), pk=pk)
