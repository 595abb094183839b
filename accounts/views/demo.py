"""What only a demo has: the visible outbox, and entering as one of its people. 404 elsewhere."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.models import OutboxItem, User
from accounts.requests import row_number
from accounts.selectors.messages import letter_of
from accounts.selectors.people import demo_people

ON_A_PAGE = 20


@login_not_required
def outbox(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO_MODE:
        raise Http404
    page_obj = Paginator(OutboxItem.objects.all(), ON_A_PAGE).get_page(request.GET.get("page"))
    letters = [letter_of(item) for item in page_obj]
    return render(request, "accounts/demo/outbox.html", {"page_obj": page_obj, "letters": letters})


@login_not_required
def people(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO_MODE:
        raise Http404
    return render(request, "accounts/demo/people.html", {"people": demo_people()})


@login_not_required
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO_MODE:
        raise Http404
    chosen = row_number(request.POST.get("person", ""))
    person = get_object_or_404(User, pk=chosen, is_demo=True, is_active=True)
    login(request, person, backend="accounts.backends.ByPhoneOrAddress")
    return redirect("home")
