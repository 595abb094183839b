"""抽取评委: the office lays down a pool and draws; everybody reads it and may draw again."""

from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

import ventures
from accounts.requests import SignedInRequest
from ventures.forms.reviewers import DrawForm, LotForm
from ventures.forms.reviews import ReasonForm
from ventures.lifecycles.reviewers import REVIEWER_DRAW
from ventures.models import Expert, ReviewerDraw, ReviewInvitation, Round, Track
from ventures.rules import experts as rules
from ventures.rules import rounds as round_rules
from ventures.selectors.reviewers import (
    askable_for,
    drawn_experts,
    field_names,
    published_draw,
)
from ventures.services import draws as services
from ventures.services.review_invitations import invite_experts
from ventures.views.lookups import find_round_to_decide
from ventures.views.rounds import sent

PROGRAM = Path(ventures.__file__).parent / "standalone" / "draw_reviewers.py"
TONES = {"prepared": "waiting", "drawn": "done", "void": "neutral"}


@require_http_methods(["GET", "POST"])
def draw_new(request: SignedInRequest, code: str) -> HttpResponse:
    """Lay down the pool: how many of each field, who stands by, who is left out and why."""
    round = find_round_to_decide(request, code)
    experts = list(askable_for(round))
    form = DrawForm(sent(request), tracks=list(round.tracks.all()), experts=experts)
    if form.is_valid():
        draw = services.prepare_draw(
            round,
            wanted=form.wanted(),
            stand_by=form.cleaned_data["stand_by"],
            excluded=form.excluded(),
            acting_user=request.user,
        )
        messages.success(request, _("已备库，摘要已经公开。请和见证人一起抽取。"))
        return redirect(draw)
    return render(
        request,
        "ventures/reviewers/draw_new.html",
        {
            "round": round,
            "form": form,
            "experts": experts,
            "draws": [(one, TONES[one.state]) for one in ReviewerDraw.objects.filter(round=round)],
        },
        status=422 if form.is_bound else 200,
    )


@require_POST
def draw_run(request: SignedInRequest, number: str) -> HttpResponse:
    draw = _to_decide(request, number)
    REVIEWER_DRAW.require(draw, "draw", acting_user=request.user)
    form = LotForm(request.POST)
    if not form.is_valid():
        return _page(request, draw, form)
    services.draw_reviewers(draw, **form.cleaned_data, acting_user=request.user)
    messages.success(request, _("已抽取。结果和重抽用的文件已经公开。"))
    return redirect(draw)


@require_http_methods(["GET", "POST"])
def draw_void(request: SignedInRequest, number: str) -> HttpResponse:
    draw = _to_decide(request, number)
    REVIEWER_DRAW.require(draw, "void", acting_user=request.user)
    form = ReasonForm(sent(request))
    if form.is_valid():
        services.void_draw(draw, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(request, _("已作废，理由公开。"))
        return redirect(draw)
    return render(
        request,
        "confirm.html",
        {
            "title": _("作废这次抽取"),
            "about": draw.number,
            "verb": _("作废"),
            "tone": "danger",
            "consequence": _("作废的抽取和理由一直公开在这里，不会删掉。"),
            "action": request.path,
            "form": form,
            "back_url": draw.get_absolute_url(),
        },
        status=422 if form.is_bound else 200,
    )


@require_POST
def draw_invite(request: SignedInRequest, number: str) -> HttpResponse:
    """Ask those who came out; whoever stands by is asked one by one when somebody declines."""
    draw = _to_decide(request, number)
    codes = [code for _field, code, how in draw.drawn if how == "drawn"]
    askable = askable_for(draw.round).values("pk")
    asked = ReviewInvitation.objects.filter(round=draw.round).values("expert")
    experts = list(
        Expert.objects.filter(code__in=codes, pk__in=askable)
        .exclude(pk__in=asked)
        .select_related("user")
    )
    invite_experts(draw.round, experts, acting_user=request.user)
    messages.success(request, _("已邀请 %(count)d 位抽中的专家。") % {"count": len(experts)})
    return redirect("ventures:invitation-office", code=draw.round.code)


# For everyone ---------------------------------------------------------------------------


@login_not_required
@require_GET
def reviewer_draw(request: HttpRequest, number: str) -> HttpResponse:
    """The hashes as soon as the pool is laid down; codes, seed and reasons once it is drawn."""
    return _page(request, _draw(number))


@login_not_required
@require_GET
def draw_file(request: HttpRequest, number: str) -> JsonResponse:
    """What one needs to draw again; codes of experts, no names."""
    draw = get_object_or_404(_draws(), number=number, state=ReviewerDraw.State.DRAWN)
    answer = JsonResponse(published_draw(draw), json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="{draw.number}.json"'
    return answer


@login_not_required
@require_GET
def draw_program(request: HttpRequest) -> FileResponse:
    """The stand-alone program: one file, to be read before it is run."""
    return FileResponse(
        PROGRAM.open("rb"),
        as_attachment=True,
        filename=PROGRAM.name,
        content_type="text/x-python; charset=utf-8",
    )


def _draws() -> QuerySet[ReviewerDraw]:
    return ReviewerDraw.objects.select_related("round__region", "prepared_by")


def _draw(number: str) -> ReviewerDraw:
    return get_object_or_404(_draws(), number=number)


def _to_decide(request: SignedInRequest, number: str) -> ReviewerDraw:
    draw = _draw(number)
    find_round_to_decide(request, draw.round.code)
    return draw


def _page(request: HttpRequest, draw: ReviewerDraw, form: LotForm | None = None) -> HttpResponse:
    user = request.user
    at_desk = user.is_authenticated and round_rules.may_see_round_work(user, draw.round)
    verbs = set()
    if user.is_authenticated and rules.may_find_reviewers(user, draw.round):
        verbs = {arrow.verb for arrow in REVIEWER_DRAW.open_to(user, draw)}
    fields = field_names(list(Track.objects.values_list("code", "name")))
    is_drawn = draw.state == ReviewerDraw.State.DRAWN
    named = drawn_experts(draw, fields) if is_drawn else []
    return render(
        request,
        "ventures/reviewers/draw.html",
        {
            "draw": draw,
            "round": draw.round,
            "tone": TONES[draw.state],
            "is_drawn": is_drawn,
            "at_desk": at_desk,
            "named": named,
            "wanted": [
                (fields.get(field, field), number, len(draw.pool["experts"][field]))
                for field, number in draw.pool["wanted"]
            ],
            "excluded": sorted(draw.pool["excluded"].items()) if is_drawn else [],
            "verbs": verbs,
            "form": form or LotForm(),
            "may_invite": "void" in verbs
            and draw.round.state == Round.State.IN_REVIEW
            and any(one.is_drawn and not one.state for one in named),
            "back_url": reverse("ventures:round-panel", args=[draw.round.code]) if at_desk else "",
        },
        status=422 if form is not None else 200,
    )
