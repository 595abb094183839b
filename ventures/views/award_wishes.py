"""提议更正金额、提议取消立项: what was proposed, what became of it, and the answer."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import SignedInRequest
from ventures.forms.fields import storable
from ventures.models import AwardWish, Round
from ventures.rules import award_wishes as rules
from ventures.selectors.award_wishes import AskedOf, wishes_of
from ventures.services.award_wish_answers import answer_award_wish
from ventures.views.lookups import find_round, no_decider

VERBS = ("agree", "refuse", "take_back")


@require_GET
def wishes(request: SignedInRequest, code: str) -> HttpResponse:
    """All of a round, what waits first: with its buttons for who may answer or take it back."""
    round = _round(request, code)
    asked = AskedOf(round, request.user)
    rows = [(one, *asked.about(one)) for one in wishes_of(round)]
    return render(
        request,
        "ventures/decisions/award_wishes.html",
        {
            "round": round,
            "rows": rows,
            # What waits for this very person's agreement, said first.
            "is_asked": any("agree" in verbs for _one, verbs, _who, _away in rows),
        },
    )


@require_POST
def step(request: SignedInRequest, code: str, pk: int, verb: str) -> HttpResponse:
    round = _round(request, code)
    if verb not in VERBS:
        raise Http404
    words = storable(request.POST.get("words", ""))
    wish = answer_award_wish(_wish(round, pk), verb, words=words, acting_user=request.user)
    messages.success(request, _said(wish))
    return redirect("ventures:award-wishes", code=code)


@require_GET
def minutes(request: SignedInRequest, code: str, pk: int) -> FileResponse:
    """The paper a correction was proposed with, to be held against its figures."""
    paper = _wish(_round(request, code), pk).minutes
    if paper is None:
        raise Http404
    return FileResponse(paper.file.open("rb"), as_attachment=True, filename=paper.name)


def _said(wish: AwardWish) -> str:
    if wish.state == AwardWish.State.REFUSED:
        return _("已记录：不同意，什么都没有改变，提出的人已收到通知。")
    if wish.state == AwardWish.State.TAKEN_BACK:
        return _("已收回，什么都没有改变。")
    if wish.kind == AwardWish.Kind.CORRECT:
        return _("金额已更正，资金已重新安排，已通知申报方。请重新公示。")
    return _("立项已取消，申报方已收到通知和原因。")


def _wish(round: Round, pk: int) -> AwardWish:
    return get_object_or_404(
        AwardWish.objects.select_related(
            "award__proposal__round__region", "proposed_by", "minutes"
        ),
        pk=pk,
        award__proposal__round=round,
    )


def _round(request: SignedInRequest, code: str) -> Round:
    round = find_round(request, code)
    if not rules.may_see_wishes(request.user, round):
        raise no_decider(request.user, round)
    return round
