"""Questions about a call: everybody reads the answers, members of organisations ask, the office
answers."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from ventures.forms.questions import AnswerForm, AskForm
from ventures.models import CallQuestion
from ventures.rules import timetable as rules
from ventures.selectors.questions import answered_of, matching, own_waiting, waiting_questions
from ventures.services.questions import answer_question, ask_question, require_may_ask
from ventures.views.rounds import sent
from ventures.views.timetable import round_with_stages

ROWS_PER_PAGE = 20


@login_not_required
@require_GET
def question_list(request: HttpRequest, code: str) -> HttpResponse:
    """The published answers with a search; what waits, to the asker's people and the office."""
    round = round_with_stages(request, code)
    now = database_now()
    words = request.GET.get("q", "").strip()[:60]
    answered = matching(answered_of(round), words)
    user = request.user
    may_answer = user.is_authenticated and rules.may_answer(user, round)
    waiting: Any = []
    if user.is_authenticated:
        waiting = waiting_questions(round) if may_answer else own_waiting(user, round)
    return render(
        request,
        "ventures/timetable/questions.html",
        {
            "round": round,
            "page_obj": Paginator(answered, ROWS_PER_PAGE).get_page(request.GET.get("page")),
            "words": words,
            "waiting": waiting,
            "may_answer": may_answer,
            "stage": rules.questions_of(round),
            "takes_questions": rules.is_taking_questions(round, now),
            "may_ask": user.is_authenticated and bool(rules.asks_for(user, round)),
        },
    )


@require_http_methods(["GET", "POST"])
def question_ask(request: SignedInRequest, code: str) -> HttpResponse:
    round = round_with_stages(request, code)
    require_may_ask(request.user, round)
    form = AskForm(sent(request), organisations=rules.asks_for(request.user, round))
    if request.method == "POST" and form.is_valid():
        ask_question(
            round,
            form.cleaned_data["organisation"],
            form.cleaned_data["text"],
            acting_user=request.user,
        )
        messages.success(request, _("已收到您的提问。答复后会通知您，并对所有人公开。"))
        return redirect("ventures:call-questions", code=code)
    return render(
        request,
        "ventures/timetable/ask.html",
        {"round": round, "form": form, "stage": rules.questions_of(round)},
        status=422 if request.method == "POST" else 200,
    )


@require_http_methods(["GET", "POST"])
def question_answer(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    round = round_with_stages(request, code)
    question = get_object_or_404(
        CallQuestion.objects.visible_to(request.user).select_related("organisation"),
        round=round,
        pk=pk,
    )
    if not rules.may_answer(request.user, round):
        raise NotAllowed()
    last = question.answers.last()
    form = AnswerForm(
        sent(request),
        initial={
            "asked": last.asked if last else question.text,
            "text": last.text if last else "",
        },
    )
    if request.method == "POST" and form.is_valid():
        answer_question(question, **form.cleaned_data, acting_user=request.user)
        messages.success(request, _("答复已公开，并通知提问的人。"))
        return redirect("ventures:call-questions", code=code)
    return render(
        request,
        "ventures/timetable/answer.html",
        {"round": round, "question": question, "form": form, "last": last},
        status=422 if request.method == "POST" else 200,
    )
