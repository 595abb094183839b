"""Books for those who keep or audit them: accounts, movements, trial balance, one transfer."""

import json

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_POST

from accounts.clock import database_now
from accounts.requests import SignedInRequest, row_number
from timebank.forms.books import AccountFilter, InstantForm, MonthForm
from timebank.forms.statements import MovementFilter
from timebank.models.adjustments import Adjustment
from timebank.models.banks import TimeBank
from timebank.models.books import BookExport
from timebank.models.clearing import Crossing
from timebank.models.ledger import Book, Transfer, TransferKind, Unit
from timebank.rules.books import is_moved_by_decisions, may_propose_on
from timebank.selectors.books import (
    accounts_by_book,
    accounts_found,
    accounts_seen_by,
    books_seen_by,
    more_movements_than,
    movements_of,
    reads_whole_book,
    transfers_seen_by,
    trial_balance,
    with_entries,
)
from timebank.selectors.clearing import (
    clearing_balance,
    crossing_of,
    crossings_of,
    oldest_under_way,
    positions_of,
)
from timebank.selectors.corrections import corrections_seen_by, is_reversed
from timebank.selectors.funds import sources_of_fund
from timebank.selectors.passbook import cause_of
from timebank.selectors.settlements import settlements_of
from timebank.services.books import (
    AT_ONCE,
    made,
    movements_table,
    positions_table,
    settlement_table,
    trial_table,
)
from timebank.services.exports import ask_for_export
from timebank.services.sealed_export import rows_of_book

ROWS = 40
CROSSING = (TransferKind.OUTWARD, TransferKind.INWARD, TransferKind.SENT_BACK)
CROSSINGS = 20


@require_GET
def book_list(request: SignedInRequest) -> HttpResponse:
    """The books one answers for."""
    books = list(books_seen_by(request.user).order_by("pk"))
    counts = accounts_by_book(books)
    return render(
        request,
        "timebank/books/list.html",
        {
            "rows": [(book, counts.get(book.pk, 0)) for book in books],
            "reads_minutes": any(book.unit == Unit.MINUTE for book in books),
        },
    )


@require_GET
def book_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """A book's movements, newest first, each with both its sides."""
    book = _book_seen(request, pk)
    form = MovementFilter(request.GET or {}, unit=book.unit)
    before = row_number(request.GET.get("before", ""))
    movements, next_before = movements_of(
        book, before=before, limit=ROWS, narrowing=form.narrowing()
    )
    return render(
        request,
        "timebank/books/detail.html",
        {
            "book": book,
            "form": form,
            "movements": movements,
            "fund_sources": sources_of_fund(book.owner_key) if book.unit == Unit.FEN else [],
            "next_before": next_before,
            "is_first_page": before is None,
            "is_narrowed": bool(form.narrowing()),
            "formats": BookExport.Format.choices,
        },
    )


@require_GET
def book_trial(request: SignedInRequest, pk: int) -> HttpResponse:
    """试算平衡 at any instant: both sides must be the same."""
    book = _book_seen(request, pk)
    form = InstantForm(request.GET or {})
    return render(
        request,
        "timebank/books/trial.html",
        {
            "book": book,
            "form": form,
            "trial": trial_balance(book, at=form.instant(database_now())),
            "formats": BookExport.Format.choices,
        },
    )


@require_GET
def book_export(request: SignedInRequest, pk: int, what: str, format: str) -> HttpResponse:
    """Movements or trial balance as a file; many movements by a task, all of them."""
    book = _book_seen(request, pk)
    if format not in BookExport.Format.values or what not in ("movements", "trial"):
        raise Http404
    if what == "trial":
        at = InstantForm(request.GET or {}).instant(database_now())
        table = trial_table(book, at)
    else:
        narrowing = MovementFilter(request.GET or {}, unit=book.unit).narrowing()
        if more_movements_than(book, AT_ONCE):
            return _export_offered(request, book, format)
        table = movements_table(book, narrowing)
    file = made(table, format, f"{what}-{book.pk}", unit=book.unit)
    return HttpResponse(
        file.content,
        content_type=file.content_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )


@require_POST
def book_export_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leave word for all of a book's movements; the narrowing is the address's."""
    book = _book_seen(request, pk)
    format = request.POST.get("format", "")
    if format not in BookExport.Format.values:
        raise Http404
    narrowing = MovementFilter(request.GET or {}, unit=book.unit).narrowing()
    return redirect(
        ask_for_export(book, format=format, narrowing=narrowing, acting_user=request.user)
    )


@require_GET
def book_sealed(request: SignedInRequest, pk: int) -> StreamingHttpResponse:
    """The whole book with its blocks, for the stand-alone verifier; people's words as hashes."""
    book = _book_seen(request, pk)
    lines = (f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows_of_book(book))
    return StreamingHttpResponse(
        lines,
        content_type="application/x-ndjson",
        headers={"Content-Disposition": f'attachment; filename="book-{book.pk}.jsonl"'},
    )


@require_GET
def position_list(request: SignedInRequest) -> HttpResponse:
    """账簿之间的往来: how the banks one answers for stand with others, and what went over."""
    banks = _banks_seen(request)
    form = MonthForm(request.GET or {"month": f"{localdate():%Y-%m}"})
    since, until = form.span()
    return render(
        request,
        "timebank/books/positions.html",
        {
            "rows": [
                (
                    bank,
                    positions_of(bank),
                    clearing_balance(bank),
                    [(one, _half_in(bank, one)) for one in crossings_of(bank)[:CROSSINGS]],
                    settlements_of(bank, since=since, until=until),
                )
                for bank in banks
            ],
            "form": form,
            "since": since,
            "oldest": oldest_under_way(),
            "formats": BookExport.Format.choices,
        },
    )


@require_GET
def position_export(request: SignedInRequest, format: str) -> HttpResponse:
    if format not in BookExport.Format.values:
        raise Http404
    banks = _banks_seen(request)
    if "month" in request.GET:
        since, until = MonthForm(request.GET).span()
        table, name = settlement_table(banks, since, until), "settlement"
    else:
        table, name = positions_table(banks), "positions"
    file = made(table, format, name, unit="minute")
    return HttpResponse(
        file.content,
        content_type=file.content_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )


@require_GET
def account_list(request: SignedInRequest) -> HttpResponse:
    """Accounts one may see, by number: for stations to print from, for auditors to read."""
    form = AccountFilter(request.GET or {})
    before = row_number(request.GET.get("before", ""))
    book = row_number(request.GET.get("book", ""))
    accounts = accounts_found(accounts_seen_by(request.user), **form.narrowing())
    if book is not None:
        accounts = accounts.filter(book_id=book)
    else:
        accounts = accounts.filter(book__unit=Unit.MINUTE)  # money is looked for in its own book
    if before is not None:
        accounts = accounts.filter(pk__lt=before)
    page = list(accounts.select_related("book").order_by("-pk")[: ROWS + 1])
    return render(
        request,
        "timebank/accounts/list.html",
        {
            "form": form,
            "book": books_seen_by(request.user).filter(pk=book).first() if book else None,
            "rows": page[:ROWS],
            "next_before": page[ROWS - 1].pk if len(page) > ROWS else None,
        },
    )


@require_GET
def transfer_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One movement with all its sides; to those who read one account only, its own side."""
    transfer = get_object_or_404(
        transfers_seen_by(request.user).select_related(
            "book__time_bank__region", "acting_user", "on_behalf_of", "reverses", "reversed_by"
        ),
        pk=pk,
    )
    with_entries([transfer])
    sides = transfer.sides  # type: ignore[attr-defined]
    openable = set(
        accounts_seen_by(request.user)
        .filter(pk__in=[side.account_id for side in sides])
        .values_list("pk", flat=True)
    )
    correction = _correction_of(request, transfer)
    crossing = crossing_of(transfer) if transfer.kind in CROSSING else None
    return render(
        request,
        "timebank/books/transfer.html",
        {
            "transfer": transfer,
            "sides": [(side, side.account_id in openable) for side in sides],
            "cause": cause_of(transfer.source, reader=request.user),
            "reads_book": reads_whole_book(request.user, transfer.book),
            "correction": correction,
            "crossing": crossing,
            "halves": _halves(request, crossing, transfer) if crossing else [],
            "may_reverse": correction is None and _may_reverse(request, transfer),
        },
    )


def _half_in(bank: TimeBank, crossing: Crossing) -> int | None:
    """The number of the transfer in the bank's own book; nothing while it is not there yet."""
    return crossing.outward_id if crossing.from_bank_id == bank.pk else crossing.inward_id


def _halves(
    request: SignedInRequest, crossing: Crossing, transfer: Transfer
) -> list[tuple[Transfer, bool]]:
    """The other transfers of a crossing, and whether the reader may open them."""
    numbers = {crossing.outward_id, crossing.inward_id, crossing.sent_back_id}
    others = [number for number in numbers if number not in (None, transfer.pk)]
    seen = set(transfers_seen_by(request.user).filter(pk__in=others).values_list("pk", flat=True))
    books = [crossing.from_bank.book_id, crossing.to_bank.book_id]
    halves = Transfer.objects.filter(book_id__in=books, pk__in=others).select_related("book")
    return [(half, half.pk in seen) for half in halves.order_by("pk")]


def _banks_seen(request: SignedInRequest) -> list[TimeBank]:
    books = books_seen_by(request.user).values("pk")
    return list(TimeBank.objects.filter(book__in=books).select_related("book", "region"))


def _export_offered(request: SignedInRequest, book: Book, format: str) -> HttpResponse:
    """However few a narrowing leaves: to find them, all of a long book is read."""
    return render(
        request,
        "timebank/exports/new.html",
        {
            "what": book.name,
            "back_url": reverse("timebank:book-detail", args=[book.pk]),
            "ask_url": reverse("timebank:book-export-new", args=[book.pk]),
            "format": format,
        },
    )


def _book_seen(request: SignedInRequest, pk: int) -> Book:
    return get_object_or_404(books_seen_by(request.user), pk=pk)


def _correction_of(request: SignedInRequest, transfer: Transfer) -> Adjustment | None:
    """The correction that posted it, or asks to undo it."""
    seen = corrections_seen_by(request.user)
    return (
        seen.filter(posted_id=transfer.pk).first()
        or seen.filter(transfer_id=transfer.pk, state__in=["proposed", "approved"]).first()
    )


def _may_reverse(request: SignedInRequest, transfer: Transfer) -> bool:
    accounts = [side.account for side in transfer.sides]  # type: ignore[attr-defined]
    return (
        transfer.reverses_id is None
        and not any(is_moved_by_decisions(account) for account in accounts)
        and may_propose_on(request.user, transfer.book, [one.owner_key for one in accounts])
        and not is_reversed(transfer)
    )
