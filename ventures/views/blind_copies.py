"""盲评: the office rewrites, sees what reviewers will see, releases, takes back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import SignedInRequest
from ventures.forms.blind_copies import BlindCopyForm, ReleaseForm
from ventures.models import Proposal, ProposalVersion, Round
from ventures.rules.blinding import blinded
from ventures.selectors.blind_copies import (
    CopyLine,
    copies_of,
    copy_of,
    fields_of,
    newest_version,
    print_of,
    released_names,
    standing_files,
    texts_of,
    traces_of,
)
from ventures.selectors.reviewer_looks import besides_the_sheet
from ventures.services.blind_copies import (
    release_copy,
    require_may_blind,
    save_copy,
    take_back_copy,
)
from ventures.views.panels import round_at_work
from ventures.views.rounds import sent


@require_GET
def blind_copies(request: SignedInRequest, code: str) -> HttpResponse:
    """Proposal by proposal how far its anonymous copy is."""
    round = round_to_blind(request, code)
    lines = copies_of(round)
    return render(
        request,
        "ventures/phases/blind_list.html",
        {
            "round": round,
            "lines": lines,
            "released": sum(line.is_released for line in lines),
            "next": next((line for line in lines if not line.is_released), None),
        },
    )


@require_http_methods(["GET", "POST"])
def blind_copy(request: SignedInRequest, code: str, number: str) -> HttpResponse:
    """Rewrite field by field."""
    round, proposal, version = _opened(request, code, number)
    copy = copy_of(version)
    form = BlindCopyForm(
        sent(request),
        lines=fields_of(version, texts_of(version, copy)),
        files=standing_files(proposal),
        released=released_names(copy),
    )
    if form.is_valid():
        save_copy(version, form.texts(), form.files_released(), acting_user=request.user)
        messages.success(request, _("匿名稿已保存。请看一遍评委看到的样子，再放行。"))
        return redirect("ventures:blind-preview", code=code, number=number)
    return render(
        request,
        "ventures/phases/blind_edit.html",
        {
            "round": round,
            "proposal": proposal,
            "version": version,
            "copy": copy,
            "form": form,
            "line": _line_of(round, proposal),
            "traces": sum(len(line.traces) for line in form.lines),
        },
        status=422 if form.is_bound else 200,
    )


@require_GET
def blind_preview(request: SignedInRequest, code: str, number: str) -> HttpResponse:
    """As the reviewer sees it, with what still tells on top."""
    round, proposal, version = _opened(request, code, number)
    copy = copy_of(version)
    line = _line_of(round, proposal)
    text = blinded(version.snapshot, texts_of(version, copy), name=line.name)
    return render(
        request,
        "ventures/phases/blind_preview.html",
        {
            "round": round,
            "proposal": proposal,
            "line": line,
            "copy": copy,
            "text": text,
            "besides": besides_the_sheet(text),
            "budget": [(one, None) for one in text["budget"]],
            "shown_files": sorted(released_names(copy).values()),
            "traces": traces_of(version, copy) if copy else [],
            "form": ReleaseForm(),
            "seen": print_of(version, copy),
        },
    )


@require_POST
def blind_release(request: SignedInRequest, code: str, number: str) -> HttpResponse:
    round, _proposal, version = _opened(request, code, number)
    form = ReleaseForm(request.POST)
    form.is_valid()
    release_copy(
        version,
        has_seen=bool(form.cleaned_data.get("has_seen")),
        seen=request.POST.get("seen", ""),
        acting_user=request.user,
    )
    messages.success(request, _("已放行，盲评评委可以打开这一份了。"))
    following = next((line for line in copies_of(round) if not line.is_released), None)
    if following is None:
        return redirect("ventures:blind-copies", code=code)
    return redirect("ventures:blind-copy", code=code, number=following.proposal.code)


@require_POST
def blind_take_back(request: SignedInRequest, code: str, number: str) -> HttpResponse:
    _round, _proposal, version = _opened(request, code, number)
    take_back_copy(version, acting_user=request.user)
    messages.success(request, _("已收回，评委暂时打不开这一份；改好以后请再放行。"))
    return redirect("ventures:blind-copy", code=code, number=number)


def round_to_blind(request: SignedInRequest, code: str) -> Round:
    round = round_at_work(request, code)
    require_may_blind(request.user, round)
    return round


def _opened(
    request: SignedInRequest, code: str, number: str
) -> tuple[Round, Proposal, ProposalVersion]:
    """A proposal under review, as this person sees it."""
    round = round_to_blind(request, code)
    visible = Proposal.objects.visible_to(request.user).values("pk")
    proposal = get_object_or_404(
        round.proposals.filter(state=Proposal.State.UNDER_REVIEW, pk__in=visible).select_related(
            "round__region", "applicant", "initiator"
        ),
        code=number,
    )
    return round, proposal, newest_version(proposal)


def _line_of(round: Round, proposal: Proposal) -> CopyLine:
    return next(line for line in copies_of(round) if line.proposal.pk == proposal.pk)
