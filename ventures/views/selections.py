"""Selecting the concepts of a round in two steps: the list, one concept, who reads, who is told."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from ventures.errors.selections import SelectedByOffice, SelectionTold
from ventures.forms.selections import NO, YES, DecideForm, ReadersForm, VoiceForm
from ventures.lifecycles.rounds import ROUND
from ventures.models import Round
from ventures.rules import rounds as round_rules
from ventures.rules import selections as rules
from ventures.rules.timetable import is_sealed, last_deadline
from ventures.selectors.readings import paper_of_version
from ventures.selectors.recusals import recused_in
from ventures.selectors.selections import (
    ConceptRow,
    concept_before,
    concepts_before,
    concepts_to_decide,
    read_before,
    rounds_to_read,
    tallies_before,
)
from ventures.services.concept_readers import give_voice, name_readers
from ventures.services.selections import decide_by_voices, decide_concepts, tell_selection
from ventures.views.rounds import sent


@require_GET
def concept_list(request: SignedInRequest, code: str) -> HttpResponse:
    """All concepts with what is decided about them; the officer decides in bulk below."""
    over = read_before(request.user).filter(code=code).first()
    if over is not None:
        return _over(request, over)
    round = _round(request, code)
    concepts = concepts_to_decide(request.user, round, database_now())
    return _list(request, round, DecideForm(concepts=concepts))


def _over(request: SignedInRequest, round: Round) -> HttpResponse:
    """She was asked to read here, and comes by the message when it is over for her."""
    if round.is_stopped:
        title, words = _("这一轮已经终止"), _("概要不再评议，您不用再做什么。原因写在征集公告上。")
    elif round.state == Round.State.OPEN:
        title = _("这一轮的概要不再请您评议")
        words = _("评议概要的名单有变，您不用再做什么。有疑问请联系征集公告上的联系人。")
    else:
        title = _("概要评议已经结束")
        words = _("入围结果已经一起告知申报方，您提的意见都在档。接下来由入围的填写完整申报书。")
    page = {
        "round": round,
        "title": title,
        "words": words,
        "to": reverse("ventures:review-queue"),
        "link": _("去我的评审"),
    }
    return render(request, "ventures/over.html", page)


def _list(
    request: SignedInRequest, round: Round, form: DecideForm, *, status: int = 200
) -> HttpResponse:
    now, user = database_now(), request.user
    rows = concepts_before(user, round, now)
    is_open = round.state == Round.State.OPEN
    is_in = now >= last_deadline(round)
    is_officer = round_rules.is_round_officer(user, round)
    by_reviewers = round.selected_by == Round.Selects.REVIEWERS
    decided = [row for row in rows if row.selection is not None]
    return render(
        request,
        "ventures/selections/list.html",
        {
            "round": round,
            "rows": rows,
            "form": form,
            "ticked": {str(pk) for pk in form["concepts"].value() or []},
            "decided": len(decided),
            "selected": sum(row.selection.is_selected for row in decided if row.selection),
            "waiting": len(rows) - len(decided),
            "is_open": is_open,
            "is_in": is_in,
            "all_in_at": last_deadline(round),
            "is_sealed": is_open and is_sealed(round, now),
            "by_reviewers": by_reviewers,
            "works_here": round_rules.may_see_round_work(user, round),
            "may_decide": is_open and is_in and is_officer and not by_reviewers and bool(rows),
            "may_name": is_officer and by_reviewers and is_open,
            "tallies": tallies_before(user, round, now)
            if is_officer and by_reviewers and is_open
            else [],
            "may_tally": is_open and is_in and is_officer and by_reviewers and bool(rows),
            "may_tell": is_in
            and bool(rows)
            and len(decided) == len(rows)
            and ROUND.allows("tell_selection", user, round),
            "may_speak": rules.may_read_concepts(user, round, now),
            "recused": recused_in(user, round)
            if round_rules.may_see_round_work(user, round)
            else None,
        },
        status=status,
    )


@require_POST
def concept_decide(request: SignedInRequest, code: str) -> HttpResponse:
    round = _round(request, code)
    if not round_rules.is_round_officer(request.user, round):
        raise NotAllowed()
    concepts = concepts_to_decide(request.user, round, database_now())
    form = DecideForm(request.POST, concepts=concepts)
    if round.state == Round.State.OPEN and not form.is_valid():
        return _list(request, round, form, status=422)
    if round.state != Round.State.OPEN:
        raise SelectionTold()
    done = decide_concepts(
        round,
        [one.pk for one in form.cleaned_data["concepts"]],
        is_selected=form.is_selected,
        reason=form.cleaned_data["reason"],
        acting_user=request.user,
    )
    messages.success(
        request, _("已记下 %(count)d 份的结论，还没有告知申报方。") % {"count": len(done)}
    )
    return redirect("ventures:concept-list", code=code)


@require_POST
def concept_tally(request: SignedInRequest, code: str) -> HttpResponse:
    done = decide_by_voices(_round(request, code), acting_user=request.user)
    messages.success(
        request,
        _("已按评委意见汇总 %(count)d 份，还没有告知申报方。") % {"count": len(done)},
    )
    return redirect("ventures:concept-list", code=code)


@require_POST
def concept_tell(request: SignedInRequest, code: str) -> HttpResponse:
    tell_selection(_round(request, code), acting_user=request.user)
    messages.success(request, _("已一起告知所有申报方。入围的可以填写完整申报书了。"))
    return redirect("ventures:concept-list", code=code)


@require_http_methods(["GET", "POST"])
def concept_readers(request: SignedInRequest, code: str) -> HttpResponse:
    """Which reviewers read the concepts; theirs to change until everybody is told."""
    round = _round(request, code)
    if not round_rules.is_round_officer(request.user, round):
        raise NotAllowed()
    if round.selected_by != Round.Selects.REVIEWERS:
        raise SelectedByOffice()
    if round.is_published and round.state != Round.State.OPEN:
        raise SelectionTold()
    form = ReadersForm(sent(request), round=round)
    if request.method == "POST" and form.is_valid():
        name_readers(round, list(form.cleaned_data["reviewers"]), acting_user=request.user)
        messages.success(request, _("评委名单已保存，新请的评委会收到消息。"))
        return redirect("ventures:concept-list", code=code)
    return render(
        request,
        "ventures/screening/answer.html",
        {
            "round": round,
            "title": _("请谁评议概要"),
            "form": form,
            "verb": _("保存名单"),
            "consequence": _("新请的评委马上收到消息，概要收齐后开始评议；去掉的不再看得到。"),
            "back_url": reverse("ventures:concept-list", args=[code]),
        },
        status=422 if request.method == "POST" else 200,
    )


@require_http_methods(["GET", "POST"])
def concept_detail(request: SignedInRequest, code: str, number: str) -> HttpResponse:
    """One concept as it was handed in; a reader says here whether it should go on."""
    round = _round(request, code)
    now = database_now()
    row = concept_before(request.user, round, number, now)
    if row is None:
        raise Http404
    may_speak = rules.may_speak_of(request.user, row.proposal, now)
    if request.method == "POST" and not may_speak:
        raise NotAllowed()
    form = VoiceForm(sent(request), initial=_said(row))
    if request.method == "POST" and form.is_valid():
        give_voice(
            row.proposal,
            is_for=form.is_for,
            reason=form.cleaned_data["reason"],
            acting_user=request.user,
        )
        messages.success(request, _("意见已记下，公布入围以前都可以改。"))
        return redirect("ventures:concept-list", code=code)
    return render(
        request,
        "ventures/selections/concept.html",
        {
            "round": round,
            "row": row,
            "paper": paper_of_version(row.version),
            "may_speak": may_speak,
            "form": form,
            "works_here": round_rules.may_see_round_work(request.user, round),
        },
        status=422 if request.method == "POST" else 200,
    )


def _said(row: ConceptRow) -> dict[str, Any]:
    if row.own is None:
        return {}
    return {"outcome": YES if row.own.is_for else NO, "reason": row.own.reason}


def _round(request: SignedInRequest, code: str) -> Round:
    """For whoever works at the round, and for those asked to read its concepts."""
    own = Round.objects.run_by(request.user).values("pk")
    asked = rounds_to_read(request.user).values("pk")
    return get_object_or_404(
        Round.objects.filter(Q(pk__in=own) | Q(pk__in=asked), full_closes_at__isnull=False)
        .select_related("programme", "region", "operator", "rubric")
        .distinct(),
        code=code,
    )
