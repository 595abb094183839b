"""Answers that are files: hand one in under its question. Opening and removing are as for any
other file of the proposal."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from ventures.rules import proposals as rules
from ventures.selectors.round_forms import content_of
from ventures.services.answers import add_answer_file
from ventures.views.lookups import find_proposal


@require_POST
def answer_file_add(request: SignedInRequest, code: str, question: str) -> HttpResponse:
    proposal = find_proposal(request, code)
    if not rules.is_applicant(request.user, proposal):
        raise NotAllowed()
    asked = content_of(proposal.round).question(question)
    if asked is None or not asked.is_file:
        raise Http404
    back = redirect(reverse("ventures:proposal-edit", args=[code]) + f"#id_{question}")
    upload = request.FILES.get("upload")
    if upload is None:
        messages.error(request, _("还没有选文件。请先选一个文件，再按“上传”。"))
        return back
    add_answer_file(proposal, question, upload, acting_user=request.user)
    messages.success(request, _("文件已上传。"))
    return back
