"""服务系数: how a bank weighs an hour of each kind of service, and since when."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from timebank.forms.catalogue import CoefficientForm
from timebank.models.banks import TimeBank
from timebank.rules.books import keeps_books_of
from timebank.selectors.catalogue import catalogue_weighed


def coefficients(request: SignedInRequest, pk: int) -> HttpResponse:
    """What holds now and what was said before; a form for the next row."""
    bank = get_object_or_404(TimeBank.objects.select_related("region"), pk=pk)
    if not keeps_books_of(request.user, bank):
        raise NotAllowed()
    is_sent = request.method == "POST"
    form = CoefficientForm(request.POST if is_sent else None)
    if is_sent and form.is_valid():
        form.hand_in(bank, acting_user=request.user)
        messages.success(request, _("已保存。以前的服务不受影响。"))
        return redirect("timebank:coefficients", bank.pk)
    context = {"bank": bank, "form": form, "kinds": catalogue_weighed(bank, timezone.localdate())}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_sent else HTTPStatus.OK
    return render(request, "timebank/catalogue/coefficients.html", context, status=status)
