"""配资承诺: what others promise, entered by the applicant or at the desk; the office asks back."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from accounts.templatetags.kit import yuan
from accounts.views.attachments import attachment_response
from ventures.errors.pledges import NoPledges
from ventures.forms.pledges import CheckForm, PledgeForm
from ventures.forms.reviews import ReasonForm
from ventures.lifecycles.defences import PLEDGE
from ventures.models import CompositeTerms, Pledge, Proposal, Round
from ventures.models.deadlines import sealed
from ventures.models.ties import tied_to
from ventures.rules import pledges as rules
from ventures.rules.rounds import may_see_round_work
from ventures.selectors.composites import composite_terms_of
from ventures.services import pledges as services
from ventures.views.lookups import find_proposal, find_round
from ventures.views.rounds import sent


@require_http_methods(["GET", "POST"])
def of_proposal(request: SignedInRequest, code: str) -> HttpResponse:
    """What others promise this proposal, and a form for the applicant and the desk."""
    proposal = find_proposal(request, code)
    may_enter = rules.enters_pledges(request.user, proposal)
    if not may_enter and not may_see_round_work(request.user, proposal.round):
        raise NotAllowed()
    if request.method == "POST" and not may_enter:
        raise NotAllowed()
    terms = _terms(proposal.round)
    is_bound = request.method == "POST"
    form = PledgeForm(sent(request), request.FILES if is_bound else None, proposal=proposal)
    if form.is_valid():
        services.enter_pledge(
            proposal,
            pledger_kind=form.cleaned_data["pledger_kind"],
            pledger_name=form.cleaned_data["pledger_name"],
            amount_fen=form.amount_fen,
            evidence=form.cleaned_data["evidence"],
            acting_user=request.user,
        )
        messages.success(request, _("承诺书已收到，由没有经手的经办人核实后计入。"))
        return redirect("ventures:proposal-pledges", code=code)
    return render(
        request,
        "ventures/pledges/proposal.html",
        {
            "proposal": proposal,
            "round": proposal.round,
            "terms": terms,
            "pledges": [
                (one, PLEDGE.open_to(request.user, one)) for one in _pledges(proposal=proposal)
            ],
            "form": form if may_enter and proposal.state in services.MAY_BE_PLEDGED else None,
        },
        status=422 if form.is_bound else 200,
    )


@require_POST
def withdraw(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    proposal = find_proposal(request, code)
    pledge = get_object_or_404(_pledges(proposal=proposal), pk=pk)
    services.withdraw_pledge(pledge, acting_user=request.user)
    messages.success(request, _("已撤回。"))
    return redirect("ventures:proposal-pledges", code=code)


@require_GET
def of_round(request: SignedInRequest, code: str) -> HttpResponse:
    """Every promise in the round, those that wait first; none of a proposal one is tied to, and
    none under seal."""
    round = _round_at_work(request, code)
    terms = _terms(round)
    pledges = sorted(_at_work(request, round), key=lambda one: one.state != Pledge.State.OFFERED)
    return render(
        request,
        "ventures/pledges/round.html",
        {
            "round": round,
            "terms": terms,
            "pledges": [(one, PLEDGE.open_to(request.user, one)) for one in pledges],
        },
    )


@require_http_methods(["GET", "POST"])
def confirm(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    pledge = _to_decide(request, code, pk)
    PLEDGE.require(pledge, "confirm", acting_user=request.user)
    form = CheckForm(sent(request))
    if form.is_valid():
        services.confirm_pledge(pledge, how=form.cleaned_data["how"], acting_user=request.user)
        messages.success(request, _("已核实，计入这个项目。"))
        return redirect("ventures:round-pledges", code=code)
    return render(
        request,
        "confirm.html",
        {
            "title": _("核实这份承诺"),
            "about": f"{pledge.pledger_name} {yuan(pledge.amount_fen)}",
            "verb": _("已核实，计入"),
            "tone": "primary",
            "consequence": _(
                "请先看过承诺书，再问一问签章的单位或个人。核实以后计入得分，不能再改。"
            ),
            "action": request.path,
            "form": form,
            "back_url": reverse("ventures:round-pledges", args=[code]),
        },
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "POST"])
def refuse(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    pledge = _to_decide(request, code, pk)
    PLEDGE.require(pledge, "refuse", acting_user=request.user)
    form = ReasonForm(sent(request))
    if form.is_valid():
        services.refuse_pledge(pledge, reason=form.cleaned_data["reason"], acting_user=request.user)
        messages.success(request, _("已记为不予认定，理由告诉了申报方。"))
        return redirect("ventures:round-pledges", code=code)
    return render(
        request,
        "confirm.html",
        {
            "title": _("不予认定这份承诺"),
            "about": _("配资承诺"),
            "verb": _("不予认定"),
            "tone": "danger",
            "consequence": _("这份承诺不计分，申报方会看到您写的理由。"),
            "action": request.path,
            "form": form,
            "back_url": reverse("ventures:round-pledges", args=[code]),
        },
        status=422 if form.is_bound else 200,
    )


@require_GET
def evidence(request: SignedInRequest, code: str, pk: int) -> FileResponse:
    """The signed paper, for the applicant and the office."""
    proposal = find_proposal(request, code)
    pledge = get_object_or_404(_pledges(proposal=proposal), pk=pk)
    if not rules.reads_pledge(request.user, pledge):
        raise NotAllowed()
    return attachment_response(pledge.evidence)


def _pledges(**of: Proposal | Round) -> QuerySet[Pledge]:
    return Pledge.objects.filter(**of).select_related(
        "proposal__round__region",
        "proposal__applicant",
        "evidence",
        "entered_by",
        "decided_by",
    )


def _to_decide(request: SignedInRequest, code: str, pk: int) -> Pledge:
    round = _round_at_work(request, code)
    return get_object_or_404(_at_work(request, round), pk=pk)


def _at_work(request: SignedInRequest, round: Round) -> QuerySet[Pledge]:
    hidden = tied_to(request.user, "proposal__") | sealed("proposal__round__")
    return _pledges(proposal__round=round).exclude(hidden)


def _round_at_work(request: SignedInRequest, code: str) -> Round:
    round = find_round(request, code)
    if not may_see_round_work(request.user, round):
        raise NotAllowed()
    return round


def _terms(round: Round) -> CompositeTerms:
    terms = composite_terms_of(round)
    if terms is None or not terms.has_pledges:
        raise NoPledges()
    return terms
