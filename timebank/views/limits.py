"""账户上限: which rule holds, which held and which will; and setting the next one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from timebank.forms.limits import CeilingForm
from timebank.models.banks import TimeBank
from timebank.rules.books import keeps_books_of
from timebank.selectors.books import books_seen_by
from timebank.selectors.overflow import limit_in_force, limits_of
from timebank.services.limits import set_ceiling


def limit_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """The rules of a bank's book for people's accounts; who keeps the book sets the next."""
    bank = get_object_or_404(
        TimeBank.objects.select_related("book", "region"),
        book=pk,
        book__in=books_seen_by(request.user).values("pk"),
    )
    keeps = keeps_books_of(request.user, bank)
    if request.method == "POST" and not keeps:
        raise NotAllowed()
    form = CeilingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        set_ceiling(bank, **form.facts(), acting_user=request.user)
        messages.success(request, _("已记下。到了那一天自动执行，当天的立即执行。"))
        return redirect("timebank:limit-list", pk=pk)
    return render(
        request,
        "timebank/books/limits.html",
        {
            "bank": bank,
            "book": bank.book,
            "form": form if keeps else None,
            "in_force": limit_in_force(bank.book_id),
            "policies": limits_of(bank.book_id).select_related("acting_user"),
        },
        status=422 if form.is_bound else 200,
    )
