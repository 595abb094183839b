"""The office's pages: a round's desk with its proposals, the export, and the three answers."""

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Role
from accounts.requests import SignedInRequest
from accounts.rules import has_role
from accounts.services.tables import without_formula
from accounts.templatetags.kit import moment
from accounts.working_days import add_working_days
from ventures.forms.screening import AcceptForm, ProposalFilter, RefuseForm, ReturnForm
from ventures.lifecycles.proposals import PROPOSAL
from ventures.models import Proposal, Round
from ventures.rules import proposals as proposal_rules
from ventures.rules import recusal as recusal_rules
from ventures.rules import rounds as round_rules
from ventures.selectors.answer_columns import cells_of, columns_of, with_answers
from ventures.selectors.funnels import summary_of
from ventures.selectors.office_lists import OfficeRow, filtered, office_rows, proposals_before
from ventures.selectors.proposals import fields_of
from ventures.selectors.recusals import recused_in
from ventures.selectors.rounds import desk_phase_of, rounds_of_desk, steps_of
from ventures.services.screening import accept_proposal, refuse_proposal, return_proposal
from ventures.views.lookups import find_proposal, recused_from
from ventures.views.rounds import round_actions, sent

ROWS_PER_PAGE = 50


@require_GET
def desk_list(request: SignedInRequest) -> HttpResponse:
    """The rounds a person runs or watches."""
    now = database_now()
    rounds = list(rounds_of_desk(request.user))
    return render(
        request,
        "ventures/screening/rounds.html",
        {
            "rows": [(round, desk_phase_of(round, now)) for round in rounds],
            "may_open": has_role(request.user, Role.Kind.OFFICER),
            "reads_standing": round_rules.reads_standing(request.user),
        },
    )


@require_GET
def round_desk(request: SignedInRequest, code: str) -> HttpResponse:
    """How the round stands, and its proposals with filters that live in the URL."""
    round = _desk_round(request, code)
    now = database_now()
    form = ProposalFilter(request.GET or None, round=round)
    proposals = _filtered(request, round, form)
    # Which they are first, what they say afterwards: rows before the page are never read.
    keys = proposals.values_list("pk", flat=True)
    page = Paginator(keys, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    on_page = proposals_before(round, request.user).filter(pk__in=list(page)).order_by("code")
    summary = summary_of(round, seen_by=request.user)
    return render(
        request,
        "ventures/screening/desk.html",
        {
            "round": round,
            "phase": desk_phase_of(round, now),
            "phase_tone": "danger" if round.is_stopped else "active",
            "now": now,
            "steps": steps_of(round, now),
            "summary": summary,
            "tabs": _tabs(request, round, summary.by_state),
            "form": form,
            "signature_is_late": round.signature_due_on is not None
            and timezone.localdate(now) > round.signature_due_on,
            "page_obj": page,
            "rows": list(office_rows(on_page, now)),
            "recused": recused_in(request.user, round),
            "total": page.paginator.count,
            **round_actions(request, round, now),
        },
    )


def _tabs(request: SignedInRequest, round: Round, by_state: dict[str, int]) -> list[dict[str, Any]]:
    url = reverse("ventures:round-desk", args=[round.code])
    chosen = request.GET.get("state", "")
    shown = [state for state in Proposal.State if by_state.get(state)]
    return [
        {
            "label": _("全部"),
            "url": url,
            "count": sum(by_state.values()),
            "is_current": not chosen,
        },
        *(
            {
                "label": state.label,
                "url": f"{url}?state={state.value}",
                "count": by_state[state],
                "is_current": chosen == state.value,
            }
            for state in shown
        ),
    ]


def _filtered(request: SignedInRequest, round: Round, form: ProposalFilter) -> QuerySet[Proposal]:
    proposals = proposals_before(round, request.user)
    if form.is_bound and form.is_valid():
        proposals = filtered(proposals, form.cleaned_data)
    return proposals.order_by("code")


@require_GET
def round_export(request: SignedInRequest, code: str) -> StreamingHttpResponse:
    """The list as CSV for a spreadsheet: same filters, same eyes, no formulas."""
    round = _desk_round(request, code)
    proposals = _filtered(request, round, ProposalFilter(request.GET or None, round=round))
    now = database_now()
    writer = csv.writer(_Echo())
    head = [
        _("申报编号"),
        _("项目名称"),
        _("申报组织"),
        _("代管单位"),
        _("服务人群"),
        _("项目类型"),
        _("实施社区"),
        _("申请资助（元）"),
        _("配套（元）"),
        _("服务人数"),
        _("服务人次"),
        _("状态"),
        _("提交时间"),
    ]
    columns = columns_of(round)
    head += [asked.label for asked in columns]
    proposals = with_answers(proposals) if columns else proposals

    def lines() -> Iterator[str]:
        yield "\ufeff"
        yield writer.writerow([harmless(cell) for cell in head])
        for row in office_rows(proposals.iterator(chunk_size=500), now):
            cells = [*_export_row(row), *cells_of(row.proposal, columns)]
            yield writer.writerow([harmless(cell) for cell in cells])

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{round.code}-proposals.csv"'
    return answer


def harmless(cell: object) -> str:
    """Text that a spreadsheet will not take for a formula (OWASP: CSV injection)."""
    return str(without_formula("" if cell is None else str(cell)))


def plain_sum(fen: int) -> str:
    """Fen as yuan a spreadsheet can add up: 615000 is 6150.00."""
    return f"{fen // 100}.{fen % 100:02d}"


def _export_row(row: OfficeRow) -> list[object]:
    proposal = row.proposal
    return [
        proposal.code,
        row.title,
        proposal.applicant_name,
        proposal.host.name if proposal.host else "",
        row.track.name if row.track else "",
        row.kind,
        row.places,
        plain_sum(row.requested_fen),
        plain_sum(row.matching_fen),
        row.beneficiaries,
        row.person_times,
        row.state.label,
        moment(proposal.submitted_at),
    ]


class _Echo:
    """A file that gives back what is written to it, for a streamed CSV."""

    def write(self, value: str) -> str:
        return value


# The three answers -----------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def proposal_accept(request: SignedInRequest, code: str) -> HttpResponse:
    proposal = _screened(request, code, "accept")
    form = AcceptForm(sent(request))
    if request.method == "POST" and form.is_valid():
        accept_proposal(proposal, note=form.cleaned_data["note"], acting_user=request.user)
        messages.success(request, _("已通过形式审查，并通知申报方。"))
        return _on_to_next(request, proposal)
    return _answer(
        request,
        proposal,
        form,
        title=pgettext("按钮", "通过形式审查"),
        verb=_("通过"),
        consequence=_("申报书进入待评审，申报方会收到消息。"),
    )


def _on_to_next(request: SignedInRequest, proposal: Proposal) -> HttpResponse:
    """The next of the round that waits to be screened; the desk when there is none."""
    waiting = proposals_before(proposal.round, request.user).filter(state=Proposal.State.SUBMITTED)
    following = waiting.order_by("code").first()
    if following is None:
        return redirect("ventures:round-desk", code=proposal.round.code)
    return redirect(following)


@require_http_methods(["GET", "POST"])
def proposal_return(request: SignedInRequest, code: str) -> HttpResponse:
    proposal = _screened(request, code, "return_")
    in_a_week = add_working_days(timezone.localdate(), 5)
    form = ReturnForm(
        sent(request),
        round=proposal.round,
        asked=fields_of(proposal),
        initial={"complete_on": in_a_week.isoformat()},
    )
    if request.method == "POST" and form.is_valid():
        return_proposal(
            proposal,
            reason=form.cleaned_data["reason"],
            marked_fields=form.cleaned_data["marked_fields"],
            complete_by=form.complete_by(),
            acting_user=request.user,
        )
        messages.success(request, _("已退回补正，并通知申报方。"))
        return redirect("ventures:round-desk", code=proposal.round.code)
    return _answer(
        request,
        proposal,
        form,
        title=_("退回补正"),
        verb=_("退回"),
        consequence=_("申报方会收到原因和期限，补正后重新提交。"),
        counted_to=in_a_week,
    )


@require_http_methods(["GET", "POST"])
def proposal_refuse(request: SignedInRequest, code: str) -> HttpResponse:
    proposal = _screened(request, code, "refuse")
    form = RefuseForm(sent(request))
    if request.method == "POST" and form.is_valid():
        refuse_proposal(proposal, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(request, _("已作出不予受理的决定，并通知申报方。"))
        return redirect("ventures:round-desk", code=proposal.round.code)
    return _answer(
        request,
        proposal,
        form,
        title=_("不予受理"),
        verb=_("不予受理"),
        consequence=_("这份申报书将不进入评审，理由会原文告知申报方。"),
        tone="danger",
    )


def _answer(
    request: SignedInRequest,
    proposal: Proposal,
    form: forms.Form,
    *,
    title: str,
    verb: str,
    consequence: str,
    tone: str = "primary",
    counted_to: date | None = None,
) -> HttpResponse:
    return render(
        request,
        "ventures/screening/answer.html",
        {
            "counted_from": timezone.localdate(),
            "counted_to": counted_to,
            "proposal": proposal,
            "form": form,
            "title": title,
            "verb": verb,
            "consequence": consequence,
            "tone": tone,
            "back_url": proposal.get_absolute_url(),
        },
        status=422 if request.method == "POST" else 200,
    )


def _screened(request: SignedInRequest, code: str, verb: str) -> Proposal:
    """As seen by the user; who may not screen it, or not now, is told so before any form."""
    proposal = find_proposal(request, code)
    if not proposal_rules.may_screen(request.user, proposal):
        is_tied = round_rules.may_see_round_work(
            request.user, proposal.round
        ) and recusal_rules.has_tie(request.user, proposal)
        raise recused_from(proposal) if is_tied else NotAllowed()
    PROPOSAL.require(proposal, verb, acting_user=request.user)
    return proposal


def _desk_round(request: SignedInRequest, code: str) -> Round:
    """The desk is not there for those who do not work at the round."""
    return get_object_or_404(
        Round.objects.run_by(request.user).select_related(
            "programme", "region", "operator", "rubric"
        ),
        code=code,
    )
