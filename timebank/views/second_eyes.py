"""社工站每周一批: what stations of one person may not confirm themselves, on one screen."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest, row_number
from accounts.templatetags.kit import hours
from timebank.models import ServiceRecord
from timebank.selectors.deadlines import not_recorded
from timebank.selectors.desk import cases_of, stations_run_by
from timebank.selectors.screening import explained, held_for, towns_over
from timebank.services.record_decisions import confirm_records

MOST = 200
WORD = "word-"


@require_GET
def second_eyes(request: SignedInRequest) -> HttpResponse:
    """All that waits, by station, ticked beforehand: look at photos, pick out, confirm."""
    towns = _require_over(request)
    waiting = _waiting(towns).exclude(volunteer=request.user)
    cases = cases_of(list(waiting[:MOST]))
    ticked = [case for case in cases if case.lack is None]
    context = {
        "cases": cases,
        "ticked": ticked,
        "held": held_for(request.user).count(),
        "total": hours(sum(case.record.minutes for case in ticked)),
    }
    return render(request, "timebank/desk/second_eyes.html", context)


@require_POST
def second_eyes_confirm(request: SignedInRequest) -> HttpResponse:
    """Confirm what stayed ticked, and what somebody wrote down how they know, each by itself;
    what is refused is said with its reason."""
    towns = _require_over(request)
    named = (row_number(words) for words in request.POST.getlist("record"))
    ticked = {number for number in named if number is not None}
    words = _words(request)
    report = confirm_records(
        list(_waiting(towns).filter(pk__in=ticked | set(words))[:MOST]),
        words=words,
        acting_user=request.user,
    )
    messages.success(
        request,
        _("确认了 %(count)d 条，共 %(minutes)s。")
        % {"count": len(report.confirmed), "minutes": hours(report.minutes)},
    )
    for record, why in report.refused:
        messages.warning(
            request,
            _("%(name)s的“%(service)s”没有确认：%(why)s")
            % {
                "name": record.volunteer.display_name,
                "service": record.service_type.name,
                "why": why,
            },
        )
    return redirect("timebank:second-eyes")


@require_GET
def overdue(request: SignedInRequest) -> HttpResponse:
    """What is not recorded within ten working days, at one's stations or in one's towns."""
    today = timezone.localdate()
    if not towns_over(request.user) and not stations_run_by(request.user).exists():
        raise NotAllowed()
    rows = not_recorded(request.user, today)
    context = {
        "late": [row for row in rows if row.is_overdue],
        "soon": [row for row in rows if not row.is_overdue],
        "first": min((row.ended_on for row in rows), default=today),
        "last": today,
    }
    return render(request, "timebank/desk/overdue.html", context)


@require_GET
def flagged(request: SignedInRequest) -> HttpResponse:
    """What stood out and waits for this person, with the reasons."""
    if not towns_over(request.user) and not stations_run_by(request.user).exists():
        raise NotAllowed()
    return render(
        request, "timebank/desk/flagged.html", {"rows": explained(held_for(request.user)[:MOST])}
    )


def _words(request: SignedInRequest) -> dict[int, str]:
    """What was written beside records without evidence, by their numbers."""
    typed = (
        (row_number(name.removeprefix(WORD)), request.POST[name].strip())
        for name in request.POST
        if name.startswith(WORD)
    )
    return {number: word for number, word in typed if number is not None and word}


def _require_over(request: SignedInRequest) -> list[int]:
    towns = towns_over(request.user)
    if not towns:
        raise NotAllowed()
    return towns


def _waiting(towns: list[int]) -> QuerySet[ServiceRecord]:
    """Free to confirm: what screening holds is looked at one by one."""
    return (
        ServiceRecord.objects.needing_second_eyes(towns)
        .exclude(screening__state="held")
        .with_parties()
        .select_related("region")
        .prefetch_related("photos")
        .order_by("station__name", "started_at", "pk")
    )
