"""An applicant's pages: begin, read, print, hand in, take back. Writing has its own file."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_POST

from accounts.clock import database_now
from accounts.language import OFFICIAL_LANGUAGE
from accounts.requests import SignedInRequest
from accounts.services.papers import typeset
from ventures.forms.proposals import FileForm, WithdrawForm
from ventures.lifecycles.partners import PARTNER
from ventures.lifecycles.proposals import MOVABLE, PROPOSAL
from ventures.models import Proposal
from ventures.rules import proposals as rules
from ventures.rules.timetable import deadline_for, takes
from ventures.selectors.discussions import answer_page_of
from ventures.selectors.eligibility import hints_for
from ventures.selectors.outcome_labels import told_to
from ventures.selectors.partners import partnerships_of
from ventures.selectors.proposal_files import files_before
from ventures.selectors.proposal_form import field_label
from ventures.selectors.proposal_papers import has_budget, proposal_paper
from ventures.selectors.proposals import (
    as_of,
    kinds_of_file_taken,
    proposals_of,
)
from ventures.selectors.readings import paper_for, paper_of_version, story_of
from ventures.selectors.round_stops import ended_of
from ventures.selectors.selections import told_of
from ventures.selectors.signals import signals_of
from ventures.selectors.timetable import term_of
from ventures.selectors.transfers import call_again_for, offered_to, rounds_to_move_to
from ventures.services.partners import may_answer
from ventures.services.proposals import (
    revive_proposal,
    submit_proposal,
    withdraw_proposal,
)
from ventures.views.lookups import find_proposal, find_whole_proposal
from ventures.views.proposal_files import shown_files

ROWS_PER_PAGE = 20


@require_GET
def proposal_list(request: SignedInRequest) -> HttpResponse:
    now = database_now()
    page = Paginator(proposals_of(request.user), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    shown = [as_of(one, now) for one in page]
    told = told_to(shown)
    return render(
        request,
        "ventures/proposals/list.html",
        {
            "page_obj": page,
            "partnerships": list(partnerships_of(request.user)),
            "rows": [(one, told[one.pk]) for one in shown],
        },
    )


@require_GET
def proposal_detail(request: SignedInRequest, code: str) -> HttpResponse:
    proposal = find_whole_proposal(request, code)
    is_own = rules.is_applicant(request.user, proposal)
    shares = not is_own and rules.shares_in(request.user, proposal)
    verbs = {arrow.verb for arrow in PROPOSAL.open_to(request.user, proposal)}
    now = database_now()
    term = term_of(proposal, now)
    is_before_close = takes(proposal.round, proposal) and now < term.deadline.filing_until
    paper = paper_for(proposal, is_own=is_own or shares)
    kinds = kinds_of_file_taken(proposal, now) if is_own else ()
    screenings = list(proposal.screenings.select_related("screened_by").order_by("-id"))
    return render(
        request,
        "ventures/proposals/detail.html",
        {
            "proposal": proposal,
            "state": Proposal.State(proposal.state),
            "told_result": told_to([proposal])[proposal.pk] if is_own or shares else None,
            "paper": paper,
            "has_budget": has_budget(proposal, paper),
            "is_own": is_own,
            "sees_office": not is_own and not shares,
            "my_parts": [
                (
                    partner,
                    PARTNER.open_to(request.user, partner) if may_answer(partner, proposal) else [],
                )
                for partner in proposal.partners.all()
                if shares and rules.is_partner_member(request.user, partner)
            ],
            "may_accept": "accept" in verbs,
            "may_return": "return_" in verbs and proposal.round.is_filing,
            "may_refuse": "refuse" in verbs,
            # While it is being completed, what stands in the columns is the applicant's alone.
            "is_redrafted": not is_own and not shares and proposal.is_redrafted,
            "may_edit": is_own
            and proposal.is_editable_state
            and takes(proposal.round, proposal)
            and now < term.deadline.until,
            "may_withdraw": "withdraw" in verbs and is_before_close,
            "may_revive": bool(verbs & {"revive", "resume"}) and is_before_close,
            "answer_page": answer_page_of(proposal) if is_own else None,
            "told": told_of(proposal) if is_own and proposal.round.has_concepts else None,
            "hints": []
            if is_own or shares or paper.is_entered or proposal.is_redrafted
            else hints_for(proposal),
            "versions": list(proposal.versions.order_by("-number")),
            "screenings": screenings,
            "latest_screening": screenings[0] if screenings else None,
            "marked": [field_label(n, proposal.round) for n in screenings[0].marked_fields]
            if screenings
            else [],
            "files": shown_files(proposal, files_before(request.user, proposal), kinds),
            "file_form": FileForm(initial={"kind": "signature"}, kinds=kinds) if kinds else None,
            "may_add_file": bool(kinds),
            "story": story_of(proposal),
            "signals": [] if is_own or shares else signals_of(proposal, request.user),
            "may_judge_signals": not is_own and rules.may_screen(request.user, proposal),
            "offer": offered_to(proposal),
            "ended": ended_of(proposal.round),
            "again": call_again_for(proposal) if is_own and "carry" in verbs else None,
            "may_transfer": not is_own
            and proposal.state in MOVABLE
            and rules.may_screen(request.user, proposal)
            and rounds_to_move_to(proposal).exists(),
            "deadline": term.deadline.until,
            "term": term,
            "withdraw_form": WithdrawForm(),
        },
    )


@require_GET
def proposal_print(request: SignedInRequest, code: str) -> HttpResponse:
    """A4: the 申报书 and its 签章页."""
    proposal = find_whole_proposal(request, code)
    paper = paper_for(proposal, is_own=rules.is_applicant(request.user, proposal))
    return render(
        request,
        "ventures/proposals/print.html",
        {"proposal": proposal, "paper": paper, "has_budget": has_budget(proposal, paper)},
    )


@require_GET
def proposal_pdf(request: SignedInRequest, code: str) -> HttpResponse:
    """The same on A4 as a PDF, with the 签章页 on a page of its own; `?version=` asks for one that
    was handed in."""
    proposal = find_whole_proposal(request, code)
    number = request.GET.get("version", "")
    version = (
        get_object_or_404(proposal.versions.all(), number=number) if number.isdecimal() else None
    )
    reads_draft = rules.is_applicant(request.user, proposal) or rules.shares_in(
        request.user, proposal
    )
    with override(OFFICIAL_LANGUAGE):
        paper = paper_of_version(version) if version else paper_for(proposal, is_own=reads_draft)
        sheet = proposal_paper(proposal, paper)
        content = typeset("ventures/papers/proposal.typ", sheet)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{proposal.code}.pdf"'
    return answer


# Handing in and taking back -------------------------------------------------------------


@require_POST
def proposal_submit(request: SignedInRequest, code: str) -> HttpResponse:
    version = submit_proposal(
        find_proposal(request, code), acting_user=request.user, key=_key_of(request)
    )
    return redirect("ventures:proposal-receipt", code=code, number=version.number)


def _key_of(request: SignedInRequest) -> UUID | None:
    """The number the preview gave to this one click; a repeated POST carries the same."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


@require_GET
def proposal_receipt(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    proposal = find_proposal(request, code)
    version = get_object_or_404(proposal.versions.select_related("submitted_by"), number=number)
    return render(
        request,
        "ventures/proposals/receipt.html",
        {
            "proposal": proposal,
            "version": version,
            "may_withdraw": PROPOSAL.allows("withdraw", request.user, proposal)
            and database_now() < deadline_for(proposal).filing_until,
        },
    )


@require_GET
def proposal_version(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    proposal = find_proposal(request, code)
    version = get_object_or_404(proposal.versions.all(), number=number)
    return render(
        request,
        "ventures/proposals/version.html",
        {"proposal": proposal, "version": version, "paper": paper_of_version(version)},
    )


@require_POST
def proposal_withdraw(request: SignedInRequest, code: str) -> HttpResponse:
    form = WithdrawForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    withdraw_proposal(find_proposal(request, code), reason=reason, acting_user=request.user)
    messages.success(request, _("已撤回。截止前可以恢复为草稿，改好后再提交。"))
    return redirect("ventures:proposal-detail", code=code)


@require_POST
def proposal_revive(request: SignedInRequest, code: str) -> HttpResponse:
    revive_proposal(find_proposal(request, code), acting_user=request.user)
    messages.success(request, _("已恢复为草稿，请在截止前提交。"))
    return redirect("ventures:proposal-edit", code=code)
