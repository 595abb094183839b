"""The files of a proposal: hand one in, open it, take it off."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Attachment
from accounts.requests import SignedInRequest
from accounts.views.attachments import attachment_response
from ventures.forms.proposals import FileForm
from ventures.models import Proposal, ProposalFile
from ventures.rules import proposals as rules
from ventures.selectors.proposal_files import files_open_to
from ventures.selectors.proposals import deadline_of
from ventures.services.proposal_files import add_proposal_file, remove_proposal_file
from ventures.views.lookups import find_proposal


@require_POST
def proposal_file_add(request: SignedInRequest, code: str) -> HttpResponse:
    proposal = find_proposal(request, code)
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
    proposal = find_proposal(request, code)
    file = get_object_or_404(files_open_to(request.user, proposal), pk=pk)
    return attachment_response(file.attachment)


@require_POST
def proposal_file_remove(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    proposal = find_proposal(request, code)
    file = get_object_or_404(proposal.files.filter(removed_at__isnull=True), pk=pk)
    remove_proposal_file(file, acting_user=request.user)
    messages.success(request, _("材料已移除。"))
    return _back_to_work(proposal)


def _back_to_work(proposal: Proposal) -> HttpResponse:
    if proposal.is_editable_state and database_now() < deadline_of(proposal):
        return redirect(reverse("ventures:proposal-edit", args=[proposal.code]) + "#files")
    return redirect(reverse("ventures:proposal-detail", args=[proposal.code]) + "#files")


ICONS: dict[str, str] = {
    Attachment.Kind.PDF: "file-earmark-pdf",
    Attachment.Kind.IMAGE: "image",
    Attachment.Kind.DOCUMENT: "file-earmark-text",
}


def shown_files(
    proposal: Proposal, files: Iterable[ProposalFile], taken_off: Sequence[str]
) -> list[dict[str, Any]]:
    """`taken_off`: the kinds that may be removed now."""
    return [
        {
            "pk": file.pk,
            "kind": file.get_kind_display(),
            "name": file.attachment.name,
            "may_remove": file.kind in taken_off,
            "bytes": file.attachment.size_bytes,
            "icon": ICONS[file.attachment.kind],
            "url": reverse("ventures:proposal-file", args=[proposal.code, file.pk]),
        }
        for file in files
    ]
