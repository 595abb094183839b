"""Where a trial posts and reads over HTTP; served by `config.trials.settings` only.

`post` is as the product's pages are: session, CSRF, permission, form, one service call. It looks
up no account: the ledger itself refuses one that is not of the book.
"""

from functools import cache
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from accounts.errors import NotAllowed
from accounts.models import Role, User
from accounts.rules import has_role
from config.trials.forms import MovementForm
from timebank.models.ledger import Book, LedgerAccount, TransferKind, Unit
from timebank.services.holds import place_hold, release_hold, settle_hold
from timebank.services.ledger import post_transfer


@require_POST
def post(request: HttpRequest) -> HttpResponse:
    """Carry out one movement, at once or by way of a hold."""
    form = MovementForm(request.POST)
    if not form.is_valid():
        return JsonResponse(form.errors, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    user = request.user
    assert isinstance(user, User), "who is not signed in does not get here"
    if not has_role(user, Role.Kind.OFFICER):
        raise NotAllowed
    asked = form.cleaned_data
    payer, payee = (LedgerAccount(pk=asked[side], book=trial_book()) for side in ("payer", "payee"))
    moves = post_at_once if asked["how"] == MovementForm.AT_ONCE else post_through_hold
    return JsonResponse({"id": moves(payer, payee, asked, user)})


@cache
def trial_book() -> Book:
    """The one book of a trial, read once by each process."""
    return Book.objects.get(owner_key="trial")


def post_at_once(
    payer: LedgerAccount, payee: LedgerAccount, asked: dict[str, Any], user: User
) -> int:
    transfer = post_transfer(
        book=payer.book,
        from_account=payer,
        to_account=payee,
        amount=asked["amount"],
        kind=TransferKind.USE,
        reason="",
        source=asked["key"],
        key=asked["key"],
        acting_user=user,
    )
    return int(transfer.pk)


@transaction.atomic
def post_through_hold(
    payer: LedgerAccount, payee: LedgerAccount, asked: dict[str, Any], user: User
) -> int:
    key = asked["key"]
    hold = place_hold(
        payer,
        amount=asked["amount"],
        to_account=payee,
        source=key,
        key=f"{key}:hold",
        reason="",
        acting_user=user,
    )
    if asked["how"] == MovementForm.SETTLED:
        return int(settle_hold(hold, key=f"{key}:settle", acting_user=user).pk)
    release_hold(hold, key=f"{key}:release", reason="", acting_user=user)
    return int(hold.pk)


def balances(request: HttpRequest) -> HttpResponse:
    """What every counted account has, read in one statement."""
    rows = LedgerAccount.objects.filter(book__owner_key="trial", is_counted=True)
    return JsonResponse(
        {"accounts": list(rows.order_by("pk").values_list("pk", "posted", "held", "floor"))}
    )


def post_unasked(request: HttpRequest) -> HttpResponse:
    """The yardstick: one transfer, whoever asks, as they ask it."""
    asked = request.POST
    transfer = post_transfer(
        book=Book(pk=int(asked["book"]), unit=Unit.MINUTE),
        from_account=LedgerAccount(pk=int(asked["payer"])),
        to_account=LedgerAccount(pk=int(asked["payee"])),
        amount=int(asked["amount"]),
        kind=TransferKind.USE,
        reason="",
        source=asked["key"],
        key=asked["key"],
        acting_user=User(pk=int(asked["user"])),
    )
    return JsonResponse({"id": transfer.pk})
