"""The round's desk from review to decision: board, panel, ranking and its papers."""

import csv
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from accounts.services.papers import typeset
from ventures.forms.panels import ClosePanelForm, PanelForm
from ventures.forms.reviews import ReasonForm
from ventures.lifecycles.reviews import ASSIGNMENT, PANEL, REVIEW
from ventures.models import Assignment, Panel, Review, Round
from ventures.models.ties import tied_to
from ventures.rules import decisions as decision_rules
from ventures.rules import discussions as discussion_rules
from ventures.rules import experts as expert_rules
from ventures.rules import paper_sheets as paper_rules
from ventures.rules import recusal as recusal_rules
from ventures.rules import reviews as review_rules
from ventures.rules import rounds as round_rules
from ventures.rules.review_rights import rights_in
from ventures.selectors.boards import board_of
from ventures.selectors.discussions import answer_of
from ventures.selectors.papers import ranking_paper, ranking_table
from ventures.selectors.rankings import ranking_of
from ventures.selectors.recusals import recused_in
from ventures.selectors.reviewers import plan_of
from ventures.selectors.reviews import (
    criteria_of,
    progress_of,
    reviewers_over,
    sheets_shown_to,
    ties_in,
    workload_of,
)
from ventures.selectors.sheet_versions import kept_sheets_of
from ventures.services import assignments, reviews
from ventures.views.lookups import no_decider


@require_GET
def board(request: SignedInRequest, code: str) -> HttpResponse:
    round = round_at_work(request, code)
    return render(
        request,
        "ventures/panels/board.html",
        {"round": round, "board": board_of(round, request.user)},
    )


def panel(request: SignedInRequest, code: str) -> HttpResponse:
    """Name reviewers, see who has done what; scores are not on this page."""
    round = round_at_work(request, code)
    panel = Panel.objects.filter(round=round).first()
    may_schedule = review_rules.may_schedule_reviews(request.user, round)
    if request.method == "POST" and not may_schedule:
        raise no_decider(request.user, round)
    reviewers = list(reviewers_over(round))
    form = PanelForm(
        request.POST if request.method == "POST" else None,
        round=round,
        panel=panel,
        ties=ties_in(round, reviewers),
    )
    if form.is_valid():
        assignments.name_reviewers(
            round,
            list(form.cleaned_data["reviewers"]),
            terms=form.terms(),
            acting_user=request.user,
        )
        messages.success(request, _("评委已确定，任务已分派并通知本人。"))
        return redirect("ventures:round-panel", code=code)
    work = workload_of(panel) if panel else []
    return render(
        request,
        "ventures/panels/panel.html",
        {
            "round": round,
            "panel": panel,
            "form": form if may_schedule and _is_open(round, panel) else None,
            "work": work,
            "is_awaited": any(seat.left for seat in work),
            "progress": progress_of(panel, work, request.user) if panel else [],
            "sees_scores": panel is not None and review_rules.may_see_scores(request.user, panel),
            "recused": recused_in(request.user, round),
            "may_give_back": panel is not None
            and review_rules.is_panel_officer(request.user, panel),
            "is_open": _is_open(round, panel),
            "may_schedule": may_schedule,
            "steps": PANEL.open_to(request.user, panel) if panel else [],
            "plan": plan_of(round),
            "may_decide": expert_rules.may_find_reviewers(request.user, round),
            "sees_register": expert_rules.may_read_register(request.user, round),
            "may_enter_papers": panel is not None
            and panel.state == Panel.State.OPEN
            and paper_rules.may_enter_papers(request.user, panel),
        },
        status=422 if form.is_bound else 200,
    )


@require_POST
def remind(request: SignedInRequest, code: str) -> HttpResponse:
    panel = _panel_at_work(request, code)
    reminded = assignments.remind_reviewers(panel, acting_user=request.user)
    messages.success(request, _("已提醒 %(count)d 位评委。") % {"count": reminded})
    return redirect("ventures:round-panel", code=code)


def close(request: SignedInRequest, code: str) -> HttpResponse:
    panel = _panel_at_work(request, code)
    PANEL.require(panel, "close", acting_user=request.user)
    form = ClosePanelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reviews.close_panel(panel, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(request, _("评审已结束，评分表锁定，排名可以打印。"))
        return redirect("ventures:round-ranking", code=code)
    return _confirm(
        request,
        form,
        title=_("结束评审"),
        consequence=_("结束后评委不能再修改评分表，名次确定。集体决策之前，说明理由可以恢复评审。"),
        back_url=reverse("ventures:round-panel", args=[code]),
    )


def reopen(request: SignedInRequest, code: str) -> HttpResponse:
    panel = _panel_at_work(request, code)
    PANEL.require(panel, "reopen", acting_user=request.user)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reviews.reopen_panel(panel, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(request, _("评审已恢复。"))
        return redirect("ventures:round-panel", code=code)
    return _confirm(
        request,
        form,
        title=_("恢复评审"),
        consequence=_("恢复后评委可以继续评分，已交的评分表仍然锁定，需要修改的请单独退回。"),
        back_url=reverse("ventures:round-panel", args=[code]),
    )


def give_back(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    panel = _panel_at_work(request, code)
    _require_may_see_scores(request, panel)
    review = get_object_or_404(Review, pk=pk, assignment__member__panel=panel)
    REVIEW.require(review, "give_back", acting_user=request.user)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    back_url = reverse("ventures:proposal-sheets", args=[code, review.assignment.proposal.code])
    if form.is_valid():
        reviews.give_back_review(
            review, reason=form.cleaned_data["reason"], acting_user=request.user
        )
        messages.success(request, _("评分表已退回，评委会收到理由。"))
        return redirect(back_url)
    return _confirm(
        request,
        form,
        title=_("退回评分表"),
        consequence=_("评委可以修改后重新交表。原来的内容保留存档。"),
        back_url=back_url,
    )


@require_GET
def sheet_versions(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """A sheet each time it was handed in, with what changed, for the office and the auditor."""
    panel = _panel_at_work(request, code)
    if not review_rules.may_see_sheet_versions(request.user, panel):
        raise no_decider(request.user, panel.round)
    review = get_object_or_404(
        Review.objects.select_related("assignment__proposal", "assignment__member__reviewer"),
        pk=pk,
        assignment__member__panel=panel,
    )
    return render(
        request,
        "ventures/panels/sheet_versions.html",
        {"round": panel.round, "review": review, "kept": kept_sheets_of(review)},
    )


def remove(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    panel = _panel_at_work(request, code)
    assignment = get_object_or_404(
        Assignment.objects.exclude(tied_to(request.user, "proposal__")), pk=pk, member__panel=panel
    )
    ASSIGNMENT.require(assignment, "remove", acting_user=request.user)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        assignments.remove_assignment(
            assignment, reason=form.cleaned_data["reason"], acting_user=request.user
        )
        messages.success(request, _("已取消这份分派。"))
        return redirect("ventures:round-panel", code=code)
    return _confirm(
        request,
        form,
        title=_("取消分派"),
        consequence=_("这位评委将不再看到这份申报书，也不再等她的评分。"),
        back_url=reverse("ventures:round-panel", args=[code]),
    )


@require_GET
def ranking(request: SignedInRequest, code: str) -> HttpResponse:
    round = _round_with_scores(request, code)
    return render(
        request,
        "ventures/panels/ranking.html",
        {
            "round": round,
            "ranking": ranking_of(round),
            "criteria": criteria_of(round),
            "may_decide": recusal_rules.may_decide(request.user, round),
        },
    )


@require_GET
def ranking_print(request: SignedInRequest, code: str) -> HttpResponse:
    round = _round_with_scores(request, code)
    return render(
        request,
        "ventures/panels/ranking_print.html",
        {"round": round, "paper": _paper_of(request, round)},
    )


@require_GET
def ranking_pdf(request: SignedInRequest, code: str) -> HttpResponse:
    round = _round_with_scores(request, code)
    pdf = typeset("ventures/papers/ranking.typ", _paper_of(request, round))
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="ranking-{code}.pdf"'},
    )


@require_GET
def ranking_csv(request: SignedInRequest, code: str) -> HttpResponse:
    """The same table for a spreadsheet; a leading mark keeps words from being read as formulas."""
    round = _round_with_scores(request, code)
    answer = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="ranking-{code}.csv"'},
    )
    sees_prepared = decision_rules.may_see_decisions(request.user, round)
    table = ranking_table(ranking_of(round), sees_prepared=sees_prepared)
    csv.writer(answer).writerows(table)
    return answer


@require_GET
def sheets_of_proposal(request: SignedInRequest, code: str, number: str) -> HttpResponse:
    round = _round_with_scores(request, code)
    rank = ranking_of(round)
    row = next((row for row in rank.rows if row.proposal.code == number), None)
    proposal = get_object_or_404(round.proposals, code=number if row else "")
    assert rank.panel is not None, "scores are shown of a panel"
    return render(
        request,
        "ventures/panels/sheets.html",
        {
            "round": round,
            "row": row,
            "proposal": proposal,
            "criteria": criteria_of(round),
            "sheets": sheets_shown_to(request.user, proposal, rank.panel),
            "answer": answer_of(proposal),
            "discussion_link": discussion_rules.reads_as_office(request.user, proposal)
            and (rights_in(round).may_discuss or proposal.remarks.exists()),
            "sees_versions": review_rules.may_see_sheet_versions(request.user, rank.panel),
            "may_give_back": review_rules.is_panel_officer(request.user, rank.panel)
            and rank.panel.state == Panel.State.OPEN,
        },
    )


def _paper_of(request: SignedInRequest, round: Round) -> dict[str, Any]:
    sees_prepared = decision_rules.may_see_decisions(request.user, round)
    return ranking_paper(ranking_of(round), sees_prepared=sees_prepared)


def round_at_work(request: SignedInRequest, code: str) -> Round:
    """A round whose desk the person may sit at; a round one may not see is not there."""
    round = get_object_or_404(
        Round.objects.visible_to(request.user).select_related("region", "rubric", "programme"),
        code=code,
    )
    if not round_rules.may_see_round_work(request.user, round):
        raise NotAllowed()
    return round


def _panel_at_work(request: SignedInRequest, code: str) -> Panel:
    return get_object_or_404(
        Panel.objects.select_related("round__region"), round=round_at_work(request, code)
    )


def _round_with_scores(request: SignedInRequest, code: str) -> Round:
    round = get_object_or_404(
        Round.objects.visible_to(request.user).select_related("region", "rubric", "programme"),
        code=code,
    )
    panel = get_object_or_404(Panel.objects.select_related("round__region"), round=round)
    _require_may_see_scores(request, panel)
    return round


def _require_may_see_scores(request: SignedInRequest, panel: Panel) -> None:
    if not review_rules.may_see_scores(request.user, panel):
        raise no_decider(request.user, panel.round)


def _is_open(round: Round, panel: Panel | None) -> bool:
    is_in_review = round.state == Round.State.IN_REVIEW
    return is_in_review and (panel is None or panel.state == Panel.State.OPEN)


def _confirm(
    request: SignedInRequest,
    form: ReasonForm | ClosePanelForm,
    *,
    title: str,
    consequence: str,
    back_url: str,
) -> HttpResponse:
    return render(
        request,
        "confirm.html",
        {
            "title": title,
            "verb": title,
            "consequence": consequence,
            "action": request.path,
            "form": form,
            "back_url": back_url,
        },
        status=422 if form.is_bound else 200,
    )
