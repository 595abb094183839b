"""消息: what a person was told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.models import Message
from accounts.services.messages import mark_read


def message_list(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "accounts/message_list.html",
        {"notes": Message.objects.filter(to_user=request.user)[:50]},
    )


def message_detail(request: HttpRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(Message, to_user=request.user, pk=pk)
    mark_read(message)
    return render(request, "accounts/message_detail.html", {"note": message})
