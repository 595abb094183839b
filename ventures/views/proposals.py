"""An applicant's pages: begin, write with autosave, read over, hand in, take back, files."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Region
from accounts.requests import SignedInRequest
from accounts.selectors.regions import communities_by_town, communities_of
from accounts.templatetags.kit import clock, yuan
from accounts.views.attachments import attachment_response
from ventures import rules
from ventures.errors import MayNotApply
from ventures.forms.proposals import (
    ApplyForm,
    BudgetLineForm,
    BudgetTable,
    FileForm,
    ProposalForm,
    WithdrawForm,
)
from ventures.lifecycles import PROPOSAL
from ventures.models import Proposal, Round
from ventures.selectors.eligibility import hints_for
from ventures.selectors.proposals import (
    SECTIONS,
    TEXT_FIELDS,
    deadline_of,
    field_label,
    organisations_free_for,
    progress_of,
    proposals_of,
    required_fields,
    tier_of,
    whole_proposals,
)
from ventures.selectors.readings import paper_for, paper_of_draft, paper_of_version, story_of
from ventures.selectors.rounds import tiers_within_cap
from ventures.services.proposals import (
    add_proposal_file,
    begin_proposal,
    other_version,
    remove_proposal_file,
    require_writable,
    revive_proposal,
    save_draft,
    submit_proposal,
    withdraw_proposal,
)
from ventures.views.rounds import sent

ROWS_PER_PAGE = 20


@require_GET
def proposal_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(proposals_of(request.user), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "ventures/proposals/list.html",
        {
            "page_obj": page,
            "rows": [(one, Proposal.State(one.state), deadline_of(one)) for one in page],
        },
    )


@require_http_methods(["GET", "POST"])
def proposal_begin(request: SignedInRequest, code: str) -> HttpResponse:
    round = get_object_or_404(
        Round.objects.visible_to(request.user).select_related("region"), code=code
    )
    choices = organisations_free_for(request.user, round)
    if request.method == "POST" and not choices:
        raise MayNotApply()
    form = ApplyForm(
        sent(request),
        organisations=[organisation for organisation, _filed in choices],
        initial={"organisation": choices[0][0].pk} if len(choices) == 1 else None,
    )
    if request.method == "POST" and form.is_valid():
        proposal = begin_proposal(
            round, form.cleaned_data["organisation"], acting_user=request.user
        )
        return redirect("ventures:proposal-edit", code=proposal.code)
    return render(
        request,
        "ventures/proposals/begin.html",
        {"round": round, "form": form, "choices": choices},
        status=422 if request.method == "POST" else 200,
    )


@require_GET
def proposal_detail(request: SignedInRequest, code: str) -> HttpResponse:
    proposal = _proposal(request, code)
    is_own = rules.is_applicant(request.user, proposal)
    may_screen = rules.may_screen(request.user, proposal)
    verbs = {arrow.verb for arrow in PROPOSAL.open_to(request.user, proposal)}
    now = database_now()
    is_before_close = now < proposal.round.closes_at
    screenings = list(proposal.screenings.select_related("screened_by").order_by("-id"))
    return render(
        request,
        "ventures/proposals/detail.html",
        {
            "proposal": proposal,
            "state": Proposal.State(proposal.state),
            "paper": paper_for(proposal, is_own=is_own),
            "is_own": is_own,
            "sees_office": not is_own,
            "may_screen": may_screen and proposal.state == Proposal.State.SUBMITTED,
            "may_edit": is_own and proposal.is_editable_state and now < deadline_of(proposal),
            "may_withdraw": "withdraw" in verbs and is_before_close,
            "may_revive": "revive" in verbs and is_before_close,
            "hints": [] if is_own else hints_for(proposal),
            "versions": list(proposal.versions.order_by("-number")),
            "screenings": screenings,
            "latest_screening": screenings[0] if screenings else None,
            "marked": [field_label(n) for n in screenings[0].marked_fields] if screenings else [],
            "files": _shown_files(proposal),
            "file_form": FileForm(initial={"kind": "signature"}) if is_own else None,
            "may_add_file": is_own
            and proposal.state not in (Proposal.State.WITHDRAWN, Proposal.State.REFUSED),
            "story": story_of(proposal),
            "deadline": deadline_of(proposal),
            "withdraw_form": WithdrawForm(),
        },
    )


# Writing ----------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def proposal_edit(request: SignedInRequest, code: str) -> HttpResponse:
    """The editor. Without script it is one plain form that saves as a whole."""
    proposal = _proposal(request, code)
    open_fields = require_writable(proposal, acting_user=request.user)
    if request.method == "POST":
        form = ProposalForm(
            request.POST,
            round=proposal.round,
            only=[name for name in TEXT_FIELDS if name in open_fields],
        )
        budget = BudgetTable.sent(request.POST)
        sent_revision = _revision(request)
        if sent_revision != proposal.revision:
            return _editor(request, proposal, open_fields, form=form, budget=budget, status=409)
        proposal = save_draft(
            proposal,
            form.draft_text(budget.draft() if "budget" in open_fields else None),
            revision=sent_revision,
            acting_user=request.user,
        )
        if request.POST.get("go") == "preview":
            return redirect("ventures:proposal-preview", code=code)
        messages.success(request, _("已保存。"))
        return redirect("ventures:proposal-edit", code=code)
    return _editor(request, proposal, open_fields)


def _editor(
    request: SignedInRequest,
    proposal: Proposal,
    open_fields: tuple[str, ...],
    *,
    form: ProposalForm | None = None,
    budget: BudgetTable | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of the editor; with a form, the person's text stands beside what is stored."""
    is_overtaken = status == 409
    form = form or ProposalForm.stored(proposal)
    form.lock(open_fields)
    budget = budget or BudgetTable.stored(proposal)
    tier = tier_of(proposal)
    required = required_fields(tier)
    tiers = tiers_within_cap(proposal.round)
    budget_limit = max((one.budget_line_limit for one in tiers), default=8)
    chosen = set(form["communities"].value() or []) if "communities" in form.fields else set()
    return render(
        request,
        "ventures/proposals/edit.html",
        {
            "proposal": proposal,
            "round": proposal.round,
            "form": form,
            "progress": progress_of(proposal),
            "sections": [
                {
                    "key": key,
                    "label": label,
                    "fields": [(form[n], n in required) for n in names if n in form.fields],
                    "is_hidden": key == "detail" and "team" not in required,
                }
                for key, label, names in SECTIONS
            ],
            "towns": _towns(proposal, chosen) if "communities" in form.fields else [],
            "budget_rows": budget.with_blank_rows(budget_limit),
            "blank_row": BudgetLineForm(prefix="budget-__n__"),
            "budget_limit": budget_limit,
            "tiers": tiers,
            "needs_detail": "team" in required,
            "budget_is_open": "budget" in open_fields,
            "tier": tier,
            "deadline": deadline_of(proposal),
            "files": _shown_files(proposal),
            "file_form": FileForm(initial={"kind": "signature"}),
            "latest_screening": proposal.screenings.last(),
            "marked": [field_label(name) for name in open_fields]
            if len(open_fields) < len(TEXT_FIELDS) + 2
            else [],
            "other": other_version(proposal, set(form.fields)) if is_overtaken else None,
            "other_paper": paper_of_draft(proposal) if is_overtaken else None,
        },
        status=status,
    )


def _towns(proposal: Proposal, chosen: set[Any]) -> list[dict[str, Any]]:
    """Communities to choose from, by town, those with a choice unfolded."""
    wanted = {str(pk) for pk in chosen}
    groups: list[tuple[Region, list[Region]]] = communities_by_town(
        only=communities_of(proposal.round.region)
    )
    return [
        {
            "town": town,
            "communities": [(place, str(place.pk) in wanted) for place in places],
            "chosen": sum(str(place.pk) in wanted for place in places),
            "is_open": len(groups) == 1 or any(str(place.pk) in wanted for place in places),
        }
        for town, places in groups
    ]


@require_POST
def proposal_save(request: SignedInRequest, code: str) -> JsonResponse:
    """Autosave: the fields named in `fields`, and the budget if it is among them."""
    proposal = _proposal(request, code)
    names = request.POST.getlist("fields")
    form = ProposalForm(
        request.POST, round=proposal.round, only=[name for name in TEXT_FIELDS if name in names]
    )
    budget = BudgetTable.sent(request.POST) if "budget" in names else None
    proposal = save_draft(
        proposal,
        form.draft_text(budget.draft() if budget else None),
        revision=_revision(request),
        acting_user=request.user,
    )
    tier = tier_of(proposal)
    required = required_fields(tier)
    return JsonResponse(
        {
            "revision": proposal.revision,
            "saved_at": proposal.saved_at.isoformat(),
            "saved_words": _("%(time)s 已保存") % {"time": clock(proposal.saved_at)},
            "errors": {name: [str(e) for e in errors] for name, errors in form.errors.items()},
            "budget_errors": budget.problems() if budget else {},
            "requested": yuan(proposal.requested_fen),
            "matching": yuan(proposal.matching_fen),
            "total": yuan(proposal.total_fen),
            "tier": tier.name if tier else "",
            "needs_detail": "team" in required,
            "sections": [
                {"key": section.key, "missing": section.missing, "started": section.is_started}
                for section in progress_of(proposal)
            ],
        },
        json_dumps_params={"ensure_ascii": False},
    )


def _revision(request: HttpRequest) -> int:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else -1


@require_GET
def proposal_preview(request: SignedInRequest, code: str) -> HttpResponse:
    """As a reviewer will read it, with what is still missing, and the button that hands it in."""
    proposal = _proposal(request, code)
    require_writable(proposal, acting_user=request.user)
    sections = progress_of(proposal)
    return render(
        request,
        "ventures/proposals/preview.html",
        {
            "proposal": proposal,
            "paper": paper_of_draft(proposal),
            "sections": sections,
            "missing": [sentence for section in sections for sentence in section.missing],
            "deadline": deadline_of(proposal),
        },
    )


@require_GET
def proposal_print(request: SignedInRequest, code: str) -> HttpResponse:
    """A4: the 申报书 and its 签章页."""
    proposal = _proposal(request, code)
    is_own = rules.is_applicant(request.user, proposal)
    return render(
        request,
        "ventures/proposals/print.html",
        {"proposal": proposal, "paper": paper_for(proposal, is_own=is_own)},
    )


# Handing in and taking back -------------------------------------------------------------


@require_POST
def proposal_submit(request: SignedInRequest, code: str) -> HttpResponse:
    version = submit_proposal(_proposal(request, code), acting_user=request.user)
    return redirect("ventures:proposal-receipt", code=code, number=version.number)


@require_GET
def proposal_receipt(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    proposal = _proposal(request, code)
    version = get_object_or_404(proposal.versions.select_related("submitted_by"), number=number)
    return render(
        request,
        "ventures/proposals/receipt.html",
        {
            "proposal": proposal,
            "version": version,
            "may_withdraw": PROPOSAL.allows("withdraw", request.user, proposal)
            and database_now() < proposal.round.closes_at,
        },
    )


@require_GET
def proposal_version(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    proposal = _proposal(request, code)
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
    withdraw_proposal(_proposal(request, code), reason=reason, acting_user=request.user)
    messages.success(request, _("已撤回。截止前可以恢复为草稿，改好后再提交。"))
    return redirect("ventures:proposal-detail", code=code)


@require_POST
def proposal_revive(request: SignedInRequest, code: str) -> HttpResponse:
    revive_proposal(_proposal(request, code), acting_user=request.user)
    messages.success(request, _("已恢复为草稿，请在截止前提交。"))
    return redirect("ventures:proposal-edit", code=code)


# Files --------------------------------------------------------------------------------


@require_POST
def proposal_file_add(request: SignedInRequest, code: str) -> HttpResponse:
    proposal = _proposal(request, code)
    if not rules.is_applicant(request.user, proposal):
        raise NotAllowed()
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(
            request,
            "ventures/screening/answer.html",
            {
                "title": _("上传材料"),
                "form": form,
                "verb": _("上传"),
                "consequence": "",
                "is_upload": True,
                "back_url": reverse("ventures:proposal-detail", args=[code]),
            },
            status=422,
        )
    add_proposal_file(
        proposal,
        form.cleaned_data["upload"],
        kind=form.cleaned_data["kind"],
        acting_user=request.user,
    )
    messages.success(request, _("材料已上传。"))
    return _back_to_work(proposal)


@require_GET
def proposal_file(request: SignedInRequest, code: str, pk: int) -> FileResponse:
    proposal = _proposal(request, code)
    file = get_object_or_404(proposal.files.filter(removed_at__isnull=True), pk=pk)
    return attachment_response(file.attachment)


@require_POST
def proposal_file_remove(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    proposal = _proposal(request, code)
    file = get_object_or_404(proposal.files.filter(removed_at__isnull=True), pk=pk)
    remove_proposal_file(file, acting_user=request.user)
    messages.success(request, _("材料已移除。"))
    return _back_to_work(proposal)


def _back_to_work(proposal: Proposal) -> HttpResponse:
    if proposal.is_editable_state and database_now() < deadline_of(proposal):
        return redirect(reverse("ventures:proposal-edit", args=[proposal.code]) + "#files")
    return redirect(reverse("ventures:proposal-detail", args=[proposal.code]) + "#files")


def _shown_files(proposal: Proposal) -> list[dict[str, Any]]:
    return [
        {
            "pk": file.pk,
            "kind": file.get_kind_display(),
            "name": file.attachment.name,
            "bytes": file.attachment.size_bytes,
            "url": reverse("ventures:proposal-file", args=[proposal.code, file.pk]),
        }
        for file in proposal.files.all()
    ]


def _proposal(request: SignedInRequest, code: str) -> Proposal:
    return get_object_or_404(
        whole_proposals().filter(pk__in=Proposal.objects.visible_to(request.user).values("pk")),
        code=code,
    )
