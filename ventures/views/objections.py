"""Objections to a public notice: hand one in, follow it, answer it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Person, User
from accounts.requests import SignedInRequest
from ventures.errors.objections import ObjectionAnonymous
from ventures.forms.objections import AnswerObjectionForm, ObjectionForm
from ventures.lifecycles.decisions import NOTICE
from ventures.lifecycles.objections import OBJECTION
from ventures.models import AwardWithdrawal, Objection, PublicNotice
from ventures.rules import objections as rules
from ventures.rules.recusal import may_decide
from ventures.selectors.award_terms import is_walked
from ventures.selectors.objections import (
    bodies_to_object_for,
    items_of,
    moved_by,
    objections_of,
)
from ventures.selectors.promotions import moves_up_in
from ventures.services.objections import (
    Objecting,
    answer_objection,
    file_objection,
    take_back_objection,
)

PER_PAGE = 20


def file(request: SignedInRequest, code: str) -> HttpResponse:
    """Object to a running notice in one's own name or an organisation's."""
    notice = get_object_or_404(PublicNotice.objects.select_related("round"), code=code)
    if not rules.may_object(request.user):
        raise ObjectionAnonymous()
    is_bound = request.method == "POST"
    form = ObjectionForm(
        request.POST if is_bound else None,
        request.FILES if is_bound else None,
        items=items_of(notice, request.user),
        bodies=bodies_to_object_for(request.user),
        own_name=_own_name(request.user),
    )
    if form.is_valid():
        values = form.cleaned_data
        proposal = notice.round.proposals.get(code=values["item"]) if values["item"] else None
        objection = file_objection(
            notice,
            Objecting(
                facts=values["facts"],
                phone=values["phone"],
                proposal=proposal,
                organisation=form.organisation,
                evidence=values["evidence"],
            ),
            acting_user=request.user,
        )
        messages.success(request, _("异议已收到，会在期限内书面答复您。"))
        return redirect("ventures:objection", pk=objection.pk)
    is_running = notice.state == "open" and database_now() <= notice.closes_at
    return render(
        request,
        "ventures/objections/file.html",
        {"notice": notice, "form": form, "is_running": is_running},
        status=422 if form.is_bound else 200,
    )


@require_GET
def objection_list(request: SignedInRequest) -> HttpResponse:
    """One's own, or those of the places one is responsible for."""
    found = objections_of(request.user)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "ventures/objections/list.html",
        {"page_obj": page, "today": timezone.localdate(database_now())},
    )


@require_GET
def objection(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    return render(
        request,
        "ventures/objections/detail.html",
        {
            "objection": found,
            "moved": moved_by(found),
            "moves_up": may_decide(request.user, found.notice.round)
            and moves_up_in(found.notice.round),
            "withdrawal": AwardWithdrawal.objects.filter(objection=found).first(),
            "may_answer": OBJECTION.allows("reject", request.user, found),
            "may_withdraw": found.proposal is None
            and found.state == Objection.State.UPHELD
            and NOTICE.allows("withdraw", request.user, found.notice),
            "may_take_back": OBJECTION.allows("take_back", request.user, found),
            "is_own": rules.is_objector(request.user, found),
            "today": timezone.localdate(database_now()),
        },
    )


def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    OBJECTION.require(found, "reject", acting_user=request.user)
    form = AnswerObjectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        answer_objection(
            found,
            form.cleaned_data["verb"],
            answer=form.cleaned_data["answer"],
            acting_user=request.user,
        )
        messages.success(request, _("已书面答复，提出的人会收到全文。"))
        return redirect("ventures:objection", pk=pk)
    return render(
        request,
        "ventures/objections/answer.html",
        {"objection": found, "form": form, "by_rules": is_walked(found.notice.round)},
        status=422 if form.is_bound else 200,
    )


@require_POST
def take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    take_back_objection(found, acting_user=request.user)
    messages.success(request, _("已撤回。公示期内还可以再提。"))
    return redirect("ventures:objection", pk=pk)


@require_GET
def evidence(request: SignedInRequest, pk: int) -> FileResponse:
    found = _find(request, pk)
    if found.evidence is None:
        raise Http404
    return FileResponse(
        found.evidence.file.open("rb"), as_attachment=True, filename=found.evidence.name
    )


def _find(request: SignedInRequest, pk: int) -> Objection:
    """As its objector, the office or the auditor; for everybody else it is not there."""
    found = get_object_or_404(
        objections_of(request.user).select_related(
            "organisation", "evidence", "answered_by", "proposal__round"
        ),
        pk=pk,
    )
    if not rules.may_read(request.user, found):
        raise NotAllowed()
    return found


def _own_name(user: User) -> str:
    """The real name, where it was checked."""
    if not rules.is_verified(user):
        return ""
    return Person.objects.get(user=user).real_name
