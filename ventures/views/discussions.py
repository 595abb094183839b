"""Discussion of a proposal for its reviewers and for the office; the applicant's answer."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from ventures.errors.discussions import WordsNameJudge, WordsTellWho
from ventures.forms.discussions import AnswerForm, RemarkForm, RemarkTextForm
from ventures.models import Assignment, Proposal, Remark
from ventures.rules import discussions as rules
from ventures.rules.proposals import is_applicant
from ventures.rules.review_rights import rights_in
from ventures.selectors.blind_copies import names_told
from ventures.selectors.blinding import shown_to_reviewer
from ventures.selectors.discussions import answer_page_of, discussion_of, judges_named_in
from ventures.services import discussions as services
from ventures.services.applicant_answers import answer_reviewers
from ventures.services.assignments import require_commitment
from ventures.views.lookups import find_proposal
from ventures.views.reviews import own_assignment


def of_reviewer(request: SignedInRequest, pk: int) -> HttpResponse:
    """For whoever reviews the proposal, once her own sheet is in where the phase says so."""
    assignment = _reviewed(request, pk)
    return _discussion(
        request,
        assignment.proposal,
        title=shown_to_reviewer(assignment.proposal).title,
        here=reverse("ventures:review-discussion", args=[pk]),
        back=reverse("ventures:review-sheet", args=[pk]),
        back_label=_("评分表"),
    )


def of_office(request: SignedInRequest, code: str, number: str) -> HttpResponse:
    """For the office: all of it."""
    proposal = _of_office(request, code, number)
    return _discussion(
        request,
        proposal,
        title=proposal.title,
        here=reverse("ventures:proposal-discussion", args=[code, number]),
        back=reverse("ventures:proposal-sheets", args=[code, number]),
        back_label=_("评分表"),
    )


def remark_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """One's own words put right; whom they are for stays as it was."""
    remark, back = _own_remark(request, pk)
    form = RemarkTextForm(
        request.POST if request.method == "POST" else None,
        initial={"text": remark.texts.latest("number").text},
    )
    if form.is_valid() and _names_nobody(form, remark.proposal, remark.audience):
        services.put_right(remark, text=form.cleaned_data["text"], acting_user=request.user)
        messages.success(request, _("改好了。给谁看没有变。"))
        return redirect(back)
    return render(
        request,
        "ventures/reviews/remark.html",
        {"remark": remark, "form": form, "back_url": back},
        status=422 if form.is_bound else 200,
    )


@require_POST
def remark_take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    remark, back = _own_remark(request, pk)
    services.take_back(remark, acting_user=request.user)
    messages.success(request, _("已撤回，别人看不到了。"))
    return redirect(back)


@require_POST
def mute(request: SignedInRequest, pk: int) -> HttpResponse:
    """A reviewer's own switch for one proposal."""
    assignment = _reviewed(request, pk)
    return _muted(request, assignment.proposal, "ventures:review-discussion", [pk])


@require_POST
def mute_office(request: SignedInRequest, code: str, number: str) -> HttpResponse:
    proposal = _of_office(request, code, number)
    return _muted(request, proposal, "ventures:proposal-discussion", [code, number])


def answer(request: SignedInRequest, code: str) -> HttpResponse:
    """The applicant reads what reviewers say to her and answers once; before it opens there is no
    such page."""
    proposal = find_proposal(request, code)
    page = answer_page_of(proposal) if is_applicant(request.user, proposal) else None
    if page is None:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _names_nobody(form, proposal):
        answer_reviewers(proposal, text=form.cleaned_data["text"], acting_user=request.user)
        messages.success(request, _("答复已提交，评委和会议都会看到。"))
        return redirect("ventures:proposal-answer", code=code)
    return render(
        request,
        "ventures/proposals/answer.html",
        {"proposal": proposal, "told": page, "form": form},
        status=422 if form.is_bound else 200,
    )


def _discussion(
    request: SignedInRequest,
    proposal: Proposal,
    *,
    title: str,
    here: str,
    back: str,
    back_label: str,
) -> HttpResponse:
    is_office = rules.reads_as_office(request.user, proposal)
    may_say = not is_office or rules.speaks_for_office(request.user, proposal)
    if request.method == "POST" and not may_say:
        raise NotAllowed()
    form = RemarkForm(request.POST if request.method == "POST" else None, is_office=is_office)
    if form.is_valid() and _names_nobody(form, proposal):
        services.say(
            proposal,
            audience=form.cleaned_data["audience"],
            text=form.cleaned_data["text"],
            acting_user=request.user,
        )
        messages.success(request, _("说出去了。"))
        return redirect(here)
    return render(
        request,
        "ventures/reviews/discussion.html",
        {
            "title": title,
            "discussion": discussion_of(proposal, request.user),
            "form": form,
            "may_say": may_say,
            "here": here,
            "back_url": back,
            "back_label": back_label,
        },
        status=422 if form.is_bound else 200,
    )


def _names_nobody(
    form: AnswerForm | RemarkForm | RemarkTextForm, proposal: Proposal, audience: str = ""
) -> bool:
    """Said beside the words, which stay: the service would refuse them (`WordsTellWho`)."""
    reads, text = audience or form.cleaned_data.get("audience"), form.cleaned_data["text"]
    if reads == Remark.Audience.OFFICE:
        return True
    if words := names_told(proposal, text):
        form.add_error("text", str(WordsTellWho(words=words)))
    elif reads == Remark.Audience.APPLICANT and (words := judges_named_in(proposal, text)):
        form.add_error("text", str(WordsNameJudge(words=words)))
    return not form.errors


def _muted(
    request: SignedInRequest, proposal: Proposal, name: str, args: list[object]
) -> HttpResponse:
    is_muted = request.POST.get("muted") == "1"
    services.mute_discussion(proposal, is_muted=is_muted, acting_user=request.user)
    said = _("有新的讨论不再提醒您。") if is_muted else _("有新的讨论会告诉您。")
    messages.success(request, said)
    return redirect(name, *args)


def _reviewed(request: SignedInRequest, pk: int) -> Assignment:
    assignment = own_assignment(request, pk)
    require_commitment(assignment.member)
    services.require_own_sheet(assignment, rights_in(assignment.proposal.round))
    return assignment


def _of_office(request: SignedInRequest, code: str, number: str) -> Proposal:
    proposal = get_object_or_404(
        Proposal.objects.visible_to(request.user).select_related("round__region", "round__panel"),
        round__code=code,
        code=number,
    )
    if not rules.reads_as_office(request.user, proposal):
        raise Http404
    return proposal


def _own_remark(request: SignedInRequest, pk: int) -> tuple[Remark, str]:
    """One's own, while one still has a part in the proposal; and where to go back to."""
    remark = get_object_or_404(
        Remark.objects.select_related("proposal__round__region"), pk=pk, author=request.user
    )
    proposal = remark.proposal
    assignment = rules.assignment_for(request.user, proposal)
    if assignment is not None:
        return remark, reverse("ventures:review-discussion", args=[assignment.pk])
    if rules.reads_as_office(request.user, proposal):
        args = [proposal.round.code, proposal.code]
        return remark, reverse("ventures:proposal-discussion", args=args)
    raise Http404
