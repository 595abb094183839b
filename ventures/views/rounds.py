"""Rounds: the public list and call pages, and the officer's acts on a round."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.clock import database_now
from accounts.errors import NotAllowed, OutOfTurn
from accounts.models import Role
from accounts.requests import SignedInRequest
from accounts.rules import has_role
from ventures.forms.rounds import ExtendForm, RoundForm, tier_formset, usual_close
from ventures.lifecycles.rounds import ROUND
from ventures.models import Need, Round
from ventures.rules import recusal as recusal_rules
from ventures.rules import rounds as round_rules
from ventures.selectors.proposals import organisations_free_for
from ventures.selectors.rounds import (
    is_taking_proposals,
    missing_for_call,
    open_rounds,
    other_rounds,
    phase_of,
    steps_of,
    tiers_within_cap,
)
from ventures.services.rounds import (
    begin_review,
    create_round,
    edit_round,
    extend_round,
    publish_round,
    require_may_extend,
)

ROWS_PER_PAGE = 20


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what was sent, even if that was nothing."""
    return request.POST if request.method == "POST" else None


# For everyone -------------------------------------------------------------------


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
    round = _round(request, code)
    now = database_now()
    is_open = is_taking_proposals(round, now)
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
            "tracks": list(round.tracks.all()),
            "tiers": tiers_within_cap(round),
            "criteria": list(round.rubric.criteria.all()) if round.rubric else [],
            "steps": steps_of(round, now),
            "applicants": applicants,
            "needs": Need.objects.filter(round=round).count(),
            "may_begin": is_open
            and (not applicants or any(filed is None for _body, filed in applicants)),
            "sees_desk": request.user.is_authenticated
            and round_rules.may_see_round_work(request.user, round),
        },
    )


@login_not_required
@require_GET
def round_json(request: HttpRequest, code: str) -> JsonResponse:
    """The call for machines: the same facts as the page."""
    round = _round(request, code)
    now = database_now()
    return JsonResponse(
        {
            "code": round.code,
            "name": round.name,
            "programme": {"code": round.programme.code, "name": round.programme.name},
            "level": round.level,
            "region": {"code": round.region.code, "name": round.region.name},
            "phase": str(phase_of(round, now)),
            "state": Round.State.IN_REVIEW if round.state == Round.State.DECIDED else round.state,
            "accepts_proposals": is_taking_proposals(round, now),
            "opens_at": round.opens_at.astimezone().isoformat(),
            "closes_at": round.closes_at.astimezone().isoformat(),
            "time_zone": "Asia/Shanghai",
            "fund_fen": round.fund_fen,
            "cap_fen": round.cap_fen,
            "document_number": round.document_number,
            "sponsors": round.sponsors,
            "operator": round.operator.name if round.operator else None,
            "fund_sources": round.fund_sources,
            "eligibility": round.eligibility,
            "tracks": [{"code": t.code, "name": t.name} for t in round.tracks.all()],
            "kinds": round.kinds,
            "tiers": [
                {
                    "name": tier.name,
                    "upto_fen": tier.upto_fen,
                    "form": tier.form,
                    "budget_line_limit": tier.budget_line_limit,
                    "review": tier.review_words,
                }
                for tier in round.tiers.all()
            ],
            "rubric": [
                {"name": criterion.name, "points": float(criterion.max_points)}
                for criterion in (round.rubric.criteria.all() if round.rubric else [])
            ],
            "contact": {"name": round.contact_name, "phone": round.contact_phone},
            "supervision_phone": round.supervision_phone,
            "url": request.build_absolute_uri(round.get_absolute_url()),
            "is_demo": round.is_demo,
        },
        json_dumps_params={"ensure_ascii": False},
    )


@login_not_required
@require_GET
def round_ics(request: HttpRequest, code: str) -> HttpResponse:
    """The closing instant for a calendar (RFC 5545)."""
    round = _round(request, code)
    stamp = round.published_at or round.created_at
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Qicai//Rounds//ZH",
        "BEGIN:VEVENT",
        f"UID:round-{round.code}@{request.get_host()}",
        f"DTSTAMP:{_utc(stamp)}",
        f"DTSTART:{_utc(round.closes_at)}",
        f"DTEND:{_utc(round.closes_at)}",
        f"SUMMARY:{_ics_text(_('申报截止：%(name)s') % {'name': round.name})}",
        f"URL:{request.build_absolute_uri(round.get_absolute_url())}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-P1D",
        f"DESCRIPTION:{_ics_text(_('明天截止申报'))}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    answer = HttpResponse(
        "".join(f"{folded}\r\n" for line in lines for folded in _folded(line)),
        content_type="text/calendar; charset=utf-8",
    )
    answer["Content-Disposition"] = f'attachment; filename="{round.code}.ics"'
    return answer


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _ics_text(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """At most 75 octets to a line, never splitting a character."""
    parts, part = [], ""
    for character in line:
        if len((part + character).encode()) > 73:
            parts.append(part)
            part = " "
        part += character
    return [*parts, part]


# For officers ---------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def round_new(request: SignedInRequest) -> HttpResponse:
    if not has_role(request.user, Role.Kind.OFFICER):
        raise NotAllowed()
    opens_at = database_now().replace(microsecond=0)
    form = RoundForm(
        sent(request),
        acting_user=request.user,
        initial={
            "opens_at": opens_at,
            "closes_at": usual_close(),
            "kinds": ["governance", "service"],
            "contact_name": request.user.display_name,
        },
    )
    tiers = tier_formset(sent(request))
    if request.method == "POST" and form.is_valid() and tiers.is_valid():
        round = create_round(form.values(), tiers.tiers(), acting_user=request.user)
        messages.success(request, _("已存为草稿。请核对征集公告，确认后发布。"))
        return redirect("ventures:round-desk", code=round.code)
    return _round_form(request, form, tiers, title=_("新开一轮"))


@require_http_methods(["GET", "POST"])
def round_edit(request: SignedInRequest, code: str) -> HttpResponse:
    round = _round(request, code)
    if not round_rules.is_round_officer(request.user, round):
        raise NotAllowed()
    if round.state != Round.State.DRAFT:  # its conditions stand
        raise OutOfTurn(state=round.get_state_display(), verb=_("修改征集公告"))
    form = RoundForm(sent(request), instance=round, acting_user=request.user)
    tiers = tier_formset(sent(request), tiers=list(round.tiers.all()))
    if request.method == "POST" and form.is_valid() and tiers.is_valid():
        round = edit_round(round, form.values(), tiers.tiers(), acting_user=request.user)
        messages.success(request, _("已保存。"))
        return redirect("ventures:round-desk", code=round.code)
    return _round_form(request, form, tiers, title=_("修改征集公告"))


def _round_form(request: HttpRequest, form: RoundForm, tiers: Any, *, title: str) -> HttpResponse:
    return render(
        request,
        "ventures/rounds/form.html",
        {"form": form, "tiers": tiers, "title": title},
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def round_publish(request: SignedInRequest, code: str) -> HttpResponse:
    round = publish_round(_round(request, code), acting_user=request.user)
    messages.success(request, _("征集公告已发布，资金已记入资金账簿。"))
    return redirect(round)


@require_http_methods(["GET", "POST"])
def round_extend(request: SignedInRequest, code: str) -> HttpResponse:
    round = _round(request, code)
    require_may_extend(request.user, round)
    if round.state != Round.State.OPEN:
        raise OutOfTurn(state=round.get_state_display(), verb=_("延长截止时间"))
    form = ExtendForm(sent(request), initial={"closes_at": round.closes_at})
    if request.method == "POST" and form.is_valid():
        extend_round(round, **form.cleaned_data, acting_user=request.user)
        messages.success(request, _("截止时间已延长，对所有申报方同样有效。"))
        return redirect("ventures:round-desk", code=code)
    return render(
        request,
        "ventures/screening/answer.html",
        {
            "title": _("延长截止时间"),
            "form": form,
            "verb": _("延长"),
            "consequence": _("新的截止时间马上对所有人生效，并和原因一起留痕。"),
            "back_url": reverse("ventures:round-desk", args=[code]),
        },
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def round_begin_review(request: SignedInRequest, code: str) -> HttpResponse:
    begin_review(_round(request, code), acting_user=request.user)
    messages.success(request, _("通过形式审查的申报书已交评审。"))
    return redirect("ventures:round-desk", code=code)


def round_actions(request: SignedInRequest, round: Round, now: datetime) -> dict[str, Any]:
    """What the desk offers on the round now, and what the call still lacks."""
    verbs = {arrow.verb for arrow in ROUND.open_to(request.user, round)}
    is_closed = now >= round.closes_at
    return {
        "may_edit": "publish" in verbs,
        "may_publish": "publish" in verbs,
        "missing": missing_for_call(round) if "publish" in verbs else [],
        "may_extend": round.state == Round.State.OPEN
        and recusal_rules.may_extend(request.user, round),
        "may_begin_review": "begin_review" in verbs and is_closed,
        "may_choose_needs": round.state in (Round.State.DRAFT, Round.State.OPEN)
        and round_rules.is_round_officer(request.user, round),
    }


def _round(request: HttpRequest, code: str) -> Round:
    return get_object_or_404(
        Round.objects.visible_to(request.user).select_related(
            "programme", "region", "operator", "rubric"
        ),
        code=code,
    )
