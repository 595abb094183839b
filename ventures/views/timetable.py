"""The timetable of a round: set it, see what moves with a date; what the call page shows of it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.clock import database_now
from accounts.requests import SignedInRequest
from ventures.forms.timetable import TimetableForm
from ventures.models import Round
from ventures.rules import timetable as rules
from ventures.rules.schedule import Move
from ventures.selectors.call_terms import terms_of_call
from ventures.selectors.questions import answered_of, matching
from ventures.selectors.timetable import (
    PRESET_WORDS,
    calendar_span,
    label_of_date,
    now_on_line,
    preset_for,
    preset_schedule,
    rest_days_of,
    running_extension_of,
    timetable_of,
)
from ventures.services.round_news import people_of_round
from ventures.services.timetable import (
    Preview,
    fingerprint_of,
    preview_timetable,
    require_may_move,
    set_timetable,
)
from ventures.views.lookups import find_round

QUESTIONS_ON_CALL = 5


@require_http_methods(["GET", "POST"])
def round_timetable(request: SignedInRequest, code: str) -> HttpResponse:
    """Type the dates, see what moves with them, confirm."""
    round = round_with_stages(request, code)
    require_may_move(request.user, round)
    if request.method == "GET":
        return _form_page(request, round, _form_for(request, round))
    form = TimetableForm(
        request.POST, round=round, tracks=_tracks(round), stored=rules.schedule_of(round)
    )
    if not form.is_valid():
        return _form_page(request, round, form, status=422)
    typed = form.schedule()
    based_on = request.POST.get("based_on", "")
    preview = preview_timetable(round, typed, database_now())
    together = request.POST.get("together") == "yes"
    if request.POST.get("step") != "confirm":
        if preview.problems and (not preview.follows or preview.problems_together):
            form.show_problems(preview.problems)
            return _form_page(request, round, form, status=422)
        if preview.follows or _asks_first(round, preview):
            return _preview_page(request, round, form, preview, based_on)
    elif _lacks_reason(round, form, preview):
        form.add_error("reason", _("请写明为什么改：会发给所有相关的人。"))
        return _preview_page(request, round, form, preview, based_on, status=422)
    set_timetable(
        round,
        typed,
        together=together,
        based_on=based_on,
        reason=form.cleaned_data.get("reason", ""),
        conditions=form.conditions(),
        acting_user=request.user,
    )
    messages.success(request, _("日程已保存。"))
    return redirect("ventures:round-timetable", code=code)


def _form_for(request: SignedInRequest, round: Round) -> TimetableForm:
    """As stored, or as the preset that was chosen would have it."""
    stored, preset = rules.schedule_of(round), request.GET.get("preset", "")
    shown = preset_schedule(round, preset) if preset in PRESET_WORDS else None
    return TimetableForm(round=round, tracks=_tracks(round), stored=stored, shown=shown)


def _form_page(
    request: SignedInRequest, round: Round, form: TimetableForm, *, status: int = 200
) -> HttpResponse:
    now = database_now()
    entries = timetable_of(round, now)
    stored = form.stored
    first, last = calendar_span(stored)
    return render(
        request,
        "ventures/timetable/edit.html",
        {
            "round": round,
            "form": form,
            "entries": entries,
            "now_at": now_on_line(entries, now),
            "based_on": request.POST.get("based_on") or fingerprint_of(stored),
            "presets": [
                (key, words, key == preset_for(round)) for key, words in PRESET_WORDS.items()
            ]
            if round.state == Round.State.DRAFT
            else [],
            "chosen": request.GET.get("preset", ""),
            "rest_days": [
                label_of_date(key, form.tracks, two_steps=stored.full_closes_at is not None)
                for key in rest_days_of(stored)
            ],
            "first": first,
            "last": last,
        },
        status=status,
    )


def _asks_first(round: Round, preview: Preview) -> bool:
    """Published dates are not moved without saying whom it concerns."""
    return round.state != Round.State.DRAFT and bool(preview.moves)


def _lacks_reason(round: Round, form: TimetableForm, preview: Preview) -> bool:
    return _asks_first(round, preview) and not form.cleaned_data.get("reason", "").strip()


def _preview_page(
    request: SignedInRequest,
    round: Round,
    form: TimetableForm,
    preview: Preview,
    based_on: str,
    *,
    status: int = 200,
) -> HttpResponse:
    tracks = form.tracks

    def row(move: Move) -> dict[str, Any]:
        return {
            "label": label_of_date(move.key, tracks, two_steps=round.has_concepts),
            "before": move.before,
            "after": move.after,
            "follows": label_of_date(move.follows, tracks, two_steps=round.has_concepts)
            if move.follows
            else "",
            "distance": move.distance,
        }

    return render(
        request,
        "ventures/timetable/preview.html",
        {
            "round": round,
            "form": form,
            "moves": [row(move) for move in preview.moves],
            "follows": [row(move) for move in preview.follows],
            "may_follow": not preview.problems_together,
            "may_stay": not preview.problems,
            "why_not": [word for words in preview.problems.values() for word in words],
            "why_not_together": [
                word for words in preview.problems_together.values() for word in words
            ],
            "sent": [
                (name, value)
                for name, value in request.POST.items()
                if name not in ("csrfmiddlewaretoken", "step", "together", "reason", "based_on")
            ],
            "based_on": based_on,
            "is_public": round.state != Round.State.DRAFT,
            # How many write is sealed, too.
            "concerned": 0
            if round.published_at is None or rules.is_sealed(round)
            else people_of_round(round).exclude(pk=request.user.pk).count(),
        },
        status=status,
    )


def _tracks(round: Round) -> list[Any]:
    return list(round.tracks.all())


def round_with_stages(request: HttpRequest, code: str) -> Round:
    """As `find_round`, with its stages read once."""
    round = find_round(request, code)
    prefetch_related_objects([round], "stages")
    return round


# What the call page shows of it -----------------------------------------------------------


def call_extras(request: HttpRequest, round: Round, now: datetime) -> dict[str, Any]:
    """The timetable, the terms of the close, questions and answers: for the page of the call."""
    prefetch_related_objects([round], "stages")
    terms = terms_of_call(round, now)
    words = request.GET.get("q", "").strip()[:60]
    answered = matching(answered_of(round), words)
    user = request.user
    return {
        "terms": terms,
        "now_at": now_on_line(terms.timetable, now),
        "all_in_at": rules.all_in_at(round),
        "is_sealed_now": rules.is_sealed(round, now),
        "own_extension": running_extension_of(user, round, now)
        if round.is_filing and user.is_authenticated
        else None,
        "questions": answered[:QUESTIONS_ON_CALL],
        "questions_more": max(len(answered) - QUESTIONS_ON_CALL, 0),
        "questions_words": words,
        "questions_stage": rules.questions_of(round),
        "takes_questions": rules.is_taking_questions(round, now),
        "may_ask": user.is_authenticated and bool(rules.asks_for(user, round)),
        "may_answer": user.is_authenticated and rules.may_answer(user, round),
    }
