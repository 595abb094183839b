"""Calls as everybody reads them: the list of rounds and the call page, also for machines and
calendars. What an officer does with a round is in `views.rounds`."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from accounts.clock import database_now
from accounts.models import Role
from accounts.rules import has_role
from accounts.services.papers import typeset
from ventures.models import Need, Round
from ventures.rules import rounds as round_rules
from ventures.rules.timetable import closes_at_of
from ventures.selectors.applicants import conditions_of
from ventures.selectors.calendars import calendar_of
from ventures.selectors.calls import call_for_machines, call_paper, whole_calls
from ventures.selectors.condition_words import conditions_in_words
from ventures.selectors.flows import flow_of, flow_picture
from ventures.selectors.notices import public_notices
from ventures.selectors.prizes import prizes_of
from ventures.selectors.proposals import organisations_free_for, proposals_of
from ventures.selectors.round_stops import ended_of
from ventures.selectors.rounds import (
    is_taking_proposals,
    open_rounds,
    other_rounds,
    phase_of,
    steps_of,
    tiers_within_cap,
)
from ventures.views.lookups import find_round
from ventures.views.timetable import call_extras

ROWS_PER_PAGE = 20


@login_not_required
@require_GET
def round_list(request: HttpRequest) -> HttpResponse:
    now = database_now()
    page = Paginator(other_rounds(now), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "ventures/rounds/list.html",
        {
            "open_rounds": list(open_rounds(now)),
            "page_obj": page,
            "others": [(round, phase_of(round, now)) for round in page],
            "may_open": request.user.is_authenticated and has_role(request.user, Role.Kind.OFFICER),
        },
    )


@login_not_required
@require_GET
def round_detail(request: HttpRequest, code: str) -> HttpResponse:
    round = find_round(request, code)
    now = database_now()
    is_open = is_taking_proposals(round, now)
    flow = flow_of(round, localdate(now))
    asked = conditions_of(round)
    applicants = (
        organisations_free_for(request.user, round) if request.user.is_authenticated else []
    )
    return render(
        request,
        "ventures/rounds/detail.html",
        {
            "round": round,
            "phase": phase_of(round, now),
            "is_open": is_open,
            "ended": ended_of(round),
            "phase_tone": "danger" if round.is_stopped else "active",
            "takes_full_now": round.takes_full and now < closes_at_of(round),
            "closed_at": round.full_closes_at or round.closes_at,
            "tracks": list(round.tracks.all()),
            "tiers": tiers_within_cap(round),
            "sources": list(round.sources.all()),
            "prizes": prizes_of(round),
            "conditions": conditions_in_words(asked),
            "names_kinds": any(one.kinds for one in asked),
            "flow": flow,
            "picture": flow_picture(round, flow),
            "steps": steps_of(round, now),
            "applicants": applicants,
            "needs": Need.objects.filter(round=round).count(),
            "may_begin": is_open
            and (not applicants or any(filed is None for _body, filed in applicants)),
            "has_own": round.is_stopped
            and request.user.is_authenticated
            and proposals_of(request.user).filter(round=round).exists(),
            "notices_url": _notices_url(round),
            "sees_desk": request.user.is_authenticated
            and round_rules.may_see_round_work(request.user, round),
            **call_extras(request, round, now),
        },
    )


def _notices_url(round: Round) -> str:
    """The notice of the round; where it has several, their list; nothing before the first."""
    if round.is_filing or not round.is_published:
        return ""
    found = list(public_notices().filter(round=round)[:2])
    if len(found) == 1:
        return found[0].get_absolute_url()
    return f"{reverse('ventures:notice-list')}?round={round.code}" if found else ""


@login_not_required
@require_GET
def open_calls_json(request: HttpRequest) -> JsonResponse:
    """All calls that take proposals now, for machines (`docs/open-calls.md`)."""
    now = database_now()
    return JsonResponse(
        {
            "as_of": now.astimezone().isoformat(),
            "time_zone": "Asia/Shanghai",
            "open_calls": [
                call_for_machines(round, now, link=request.build_absolute_uri)
                for round in whole_calls().open_at(now).order_by("closes_at", "id")
            ],
        },
        json_dumps_params={"ensure_ascii": False},
    )


@login_not_required
@require_GET
def round_json(request: HttpRequest, code: str) -> JsonResponse:
    """The call for machines: the same facts as the page."""
    round = find_round(request, code)
    return JsonResponse(
        call_for_machines(round, database_now(), link=request.build_absolute_uri),
        json_dumps_params={"ensure_ascii": False},
    )


@login_not_required
@require_GET
def round_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The call on A4, to be printed and posted."""
    round = find_round(request, code)
    paper = typeset(
        "ventures/papers/call.typ",
        call_paper(
            round, database_now(), link=request.build_absolute_uri(round.get_absolute_url())
        ),
    )
    answer = HttpResponse(paper, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{round.code}.pdf"'
    return answer


@login_not_required
@require_GET
def round_ics(request: HttpRequest, code: str) -> HttpResponse:
    """Every stage of the round for a calendar, the closings with an alarm (RFC 5545)."""
    round = find_round(request, code)
    lines = calendar_of(
        round, host=request.get_host(), link=request.build_absolute_uri(round.get_absolute_url())
    )
    answer = HttpResponse(
        "".join(f"{line}\r\n" for line in lines),
        content_type="text/calendar; charset=utf-8",
    )
    answer["Content-Disposition"] = f'attachment; filename="{round.code}.ics"'
    return answer
