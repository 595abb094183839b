"""消息: what a person was told."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Message
from accounts.requests import SignedInRequest
from accounts.selectors.messages import messages_of
from accounts.services.messages import mark_all_read, mark_read

ON_A_PAGE = 20


def message_list(request: SignedInRequest) -> HttpResponse:
    page_obj = Paginator(messages_of(request.user), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/messages/list.html", {"page_obj": page_obj})


def message_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Opening a message marks it read: that is what opening means."""
    message = get_object_or_404(Message, to_user=request.user, pk=pk)
    mark_read(message)
    return render(request, "accounts/messages/detail.html", {"note": message})


@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    mark_all_read(request.user)
    messages.success(request, _("已全部标为已读。"))
    return redirect("accounts:message-list")
