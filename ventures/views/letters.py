"""The letters of a round, revised budgets, and the dossier of what a decision used."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from ventures.errors.objections import RevisionNotAsked
from ventures.forms.fields import storable
from ventures.forms.notices import LetterTemplatesForm
from ventures.forms.objections import ReturnRevisionForm
from ventures.forms.revisions import RevisionDayForm, RevisionForm
from ventures.lifecycles.objections import REVISED_BUDGET
from ventures.models import Award, Letter, Proposal, RevisedBudget, Round
from ventures.reckoning.award_record import canonical
from ventures.rules import decisions as decision_rules
from ventures.rules import objections as rules
from ventures.rules.rounds import PUBLIC_STATES
from ventures.selectors.award_words import Words, result_words
from ventures.selectors.dossiers import (
    dossiers_of,
    is_intact,
    recounted,
    replay,
    withdrawals_of,
)
from ventures.selectors.letters import gap_names, templates_of
from ventures.selectors.reissues import to_be_replaced
from ventures.selectors.revisions import days_of
from ventures.services.letters import decide_revision, hand_in_revision, write_letters
from ventures.services.revision_days import extend_revision
from ventures.views.lookups import find_proposal, find_round_to_decide, no_decider


def letters(request: SignedInRequest, code: str) -> HttpResponse:
    """What each kind of applicant will read, before anybody reads it."""
    round = find_round_to_decide(request, code)
    form = LetterTemplatesForm(
        request.POST if request.method == "POST" else None, templates=templates_of(round)
    )
    if form.is_valid():
        write_letters(round, form.cleaned_data, acting_user=request.user)
        messages.success(request, _("通知书已保存，发布公示时一起发出。"))
        return redirect("ventures:notice-publish", code=code)
    return render(
        request,
        "ventures/notices/letters.html",
        {
            "round": round,
            "form": form,
            "gaps": gap_names(),
            "is_fixed": round.state in PUBLIC_STATES and to_be_replaced(round) is None,
            "sent_letters": _sent_letters(round),
        },
        status=422 if form.is_bound else 200,
    )


def _sent_letters(round: Round) -> list[tuple[Letter, Words]]:
    """With what each tells, in the words of the round's purpose."""
    letters = Letter.objects.filter(proposal__round=round).select_related("proposal")
    return [
        (one, result_words(round, one.kind, one.get_kind_display()))
        for one in letters.order_by("-notice", "proposal__code")
    ]


def revision(request: SignedInRequest, code: str) -> HttpResponse:
    """The budget within the approved amount: handed in by the applicant, read by the office."""
    proposal = find_proposal(request, code)
    award = _award_to_revise(proposal)
    drafts = list(award.revised_budgets.select_related("handed_in_by"))
    standing = next((one for one in drafts if one.state != RevisedBudget.State.RETURNED), None)
    is_own = decision_rules.speaks_for(request.user, proposal)
    if request.method == "POST" and not is_own:
        raise NotAllowed()
    lines = [line for line in proposal.budget_lines.all() if line.requested_fen]
    form = RevisionForm(
        request.POST if request.method == "POST" else None,
        lines=lines,
        approved_fen=award.amount_fen,
        last=drafts[0] if drafts else None,
    )
    if form.is_valid():
        hand_in_revision(
            award, form.rows(), note=form.cleaned_data["note"], acting_user=request.user
        )
        messages.success(request, _("修改稿已交，等经办人确认。"))
        return redirect("ventures:proposal-revision", code=code)
    return render(
        request,
        "ventures/decisions/revision.html",
        {
            "proposal": proposal,
            "award": award,
            "drafts": drafts,
            "standing": standing,
            "form": form if is_own and standing is None else None,
            "days": days_of(award) if standing is None else [],
            "today": timezone.localdate(database_now()),
            "may_extend": standing is None
            and rules.may_extend_revision(request.user, proposal.round),
            "is_own": is_own,
            "steps": REVISED_BUDGET.open_to(request.user, standing) if standing else [],
            "return_form": ReturnRevisionForm(),
        },
        status=422 if form.is_bound else 200,
    )


def revision_day(request: SignedInRequest, code: str) -> HttpResponse:
    """The office gives more time for the revised budget, and says why."""
    proposal = find_proposal(request, code)
    if not rules.may_extend_revision(request.user, proposal.round):
        raise NotAllowed()
    award = _award_to_revise(proposal)
    days = days_of(award)
    today = timezone.localdate(database_now())
    form = RevisionDayForm(
        request.POST if request.method == "POST" else None,
        least=max([today, *(one.due_on for one in days[:1])]),
    )
    if form.is_valid():
        told = form.cleaned_data
        extend_revision(award, told["due_on"], reason=told["reason"], acting_user=request.user)
        messages.success(request, _("期限已延长，已通知申报方。"))
        return redirect("ventures:proposal-revision", code=code)
    return render(
        request,
        "ventures/decisions/revision_day.html",
        {"proposal": proposal, "form": form, "days": days},
        status=422 if form.is_bound else 200,
    )


def _award_to_revise(proposal: Proposal) -> Award:
    award = Award.objects.filter(proposal=proposal, withdrawal__isnull=True).first()
    if award is None or not award.decision.needs_revision or award.decision.state != "final":
        raise RevisionNotAsked()
    return award


@require_POST
def revision_step(request: SignedInRequest, code: str, pk: int, verb: str) -> HttpResponse:
    proposal = find_proposal(request, code)
    if verb not in REVISED_BUDGET.verbs():
        raise Http404
    found = get_object_or_404(
        RevisedBudget.objects.select_related("award__proposal__round__region"),
        pk=pk,
        award__proposal=proposal,
    )
    reason = storable(request.POST.get("reason", ""))[:300]
    decide_revision(found, verb, reason=reason, acting_user=request.user)
    messages.success(request, _("已办理，已通知申报方。"))
    return redirect("ventures:proposal-revision", code=code)


@require_GET
def dossiers(request: SignedInRequest, code: str) -> HttpResponse:
    """The frozen files, whether they are intact, and whether running again gives the same."""
    round = _round_of_dossiers(request, code)
    return render(
        request,
        "ventures/decisions/dossiers.html",
        {
            "round": round,
            "dossiers": [
                (one, is_intact(one), recounted(one), replay(one)) for one in dossiers_of(round)
            ],
            "withdrawals": withdrawals_of(round),
        },
    )


@require_GET
def dossier_json(request: SignedInRequest, code: str, occasion: str) -> HttpResponse:
    """The file itself, in the very bytes its fingerprint covers."""
    round = _round_of_dossiers(request, code)
    found = next((one for one in dossiers_of(round) if one.slug == occasion), None)
    if found is None:
        raise Http404
    return HttpResponse(
        canonical(found.content),
        content_type="application/json; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="dossier-{code}-{occasion}.json"',
            "X-Content-SHA256": found.sha256,
        },
    )


def _round_of_dossiers(request: SignedInRequest, code: str) -> Round:
    round = get_object_or_404(
        Round.objects.visible_to(request.user).select_related("region"), code=code
    )
    if not decision_rules.may_read_dossiers(request.user, round):
        raise no_decider(request.user, round)
    return round
