"""A reviewer's list: all her rounds at once, two or three side by side, the pack to print."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import SignedInRequest
from ventures.models import PanelMember, ReviewPack
from ventures.selectors.comparing import FEWEST, comparison_of
from ventures.selectors.review_queues import evening_of
from ventures.selectors.reviewers import invitations_of
from ventures.services.assignments import sign_commitment
from ventures.services.review_packs import ask_for_pack, require_current
from ventures.services.review_reminders import switch_reminders
from ventures.views.reviews import narrowing_of


@require_GET
def queue(request: SignedInRequest) -> HttpResponse:
    return render(
        request,
        "ventures/reviews/queue.html",
        {
            "evening": evening_of(request.user, narrowing_of(request)),
            "invitations": list(invitations_of(request.user)[:20]),
            "pack": ReviewPack.objects.filter(reviewer=request.user).first(),
        },
    )


@require_POST
def commitment(request: SignedInRequest, pk: int) -> HttpResponse:
    sign_commitment(_seat(request, pk), acting_user=request.user)
    messages.success(request, _("承诺书已签署。请先确认有没有需要回避的项目，再开始评分。"))
    return redirect("ventures:review-queue")


@require_POST
def reminders(request: SignedInRequest, pk: int) -> HttpResponse:
    """Switch on or off whether she is told before the sheets are due."""
    wants = request.POST.get("wants") == "1"
    switch_reminders(_seat(request, pk), wants=wants, acting_user=request.user)
    messages.success(request, _("交表前会提醒您。") if wants else _("这一轮交表前不再提醒您。"))
    return redirect("ventures:review-queue")


@require_GET
def compare(request: SignedInRequest) -> HttpResponse:
    """Two or three of her own side by side; what is not hers is not there."""
    comparison = comparison_of(request.user, request.GET.getlist("a"))
    return render(
        request,
        "ventures/reviews/compare.html",
        {"comparison": comparison, "is_enough": len(comparison.lines) >= FEWEST},
    )


@require_POST
def pack(request: SignedInRequest) -> HttpResponse:
    ask_for_pack(acting_user=request.user)
    messages.success(request, _("正在生成材料包，好了会发消息给您，也可以在这里等。"))
    return redirect(f"{reverse('ventures:review-queue')}#pack")


@require_GET
def pack_progress(request: SignedInRequest, pk: int) -> JsonResponse:
    """How far it is, for the page that waits."""
    made = _own_pack(request, pk)
    return JsonResponse({"state": made.state, "done": made.done, "total": made.total})


@require_GET
def pack_file(request: SignedInRequest, pk: int) -> FileResponse:
    made = _own_pack(request, pk)
    if made.state != ReviewPack.State.READY:
        raise Http404
    require_current(made, acting_user=request.user)
    return FileResponse(
        made.file.open("rb"), as_attachment=True, filename=f"{_('评审材料')}-{made.pk}.pdf"
    )


def _own_pack(request: SignedInRequest, pk: int) -> ReviewPack:
    return get_object_or_404(ReviewPack, pk=pk, reviewer=request.user)


def _seat(request: SignedInRequest, panel: int) -> PanelMember:
    return get_object_or_404(
        PanelMember.objects.select_related("panel"), panel=panel, reviewer=request.user
    )
