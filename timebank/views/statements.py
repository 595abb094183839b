"""我的时间 and any other account's statement: balance, curve, lines, totals, files, the passbook.

Which accounts somebody may open stands in `selectors.books`; whose page it is makes no difference
to what it shows, only to where its lines lead.
"""

from dataclasses import dataclass, field, replace

from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import SignedInRequest, row_number
from accounts.services.papers import typeset
from timebank.forms.statements import StatementFilter
from timebank.models.banks import TimeBank
from timebank.models.books import BookExport
from timebank.models.ledger import AccountKind, Hold, LedgerAccount
from timebank.models.ledger_limits import LimitPolicy
from timebank.rules.books import (
    is_moved_by_decisions,
    may_ask_to_hold_still,
    may_hold_still,
    may_propose_on,
)
from timebank.selectors.banks import banks_of, person_account
from timebank.selectors.books import accounts_seen_by, books_seen_by, reads_whole_book
from timebank.selectors.clearing import agreements_of
from timebank.selectors.corrections import StateChange, state_changes_of
from timebank.selectors.overflow import Overflow, limit_in_force, overflows_of
from timebank.selectors.passbook import PassbookLine, passbook_lines
from timebank.selectors.passbook_paper import passbook_paper
from timebank.selectors.statements import (
    EVERYTHING,
    Balance,
    CurvePoint,
    KindTotal,
    MonthTotal,
    Narrowing,
    balance_curve,
    balance_of,
    number_of_lines,
    open_holds_of,
    statement_of,
    totals_by_kind,
    totals_by_month,
)
from timebank.services.books import AT_ONCE, statement_file
from timebank.services.exports import ask_for_export

LINES_PER_PAGE = 30
LINES_PRINTED = 500
POINTS_SHOWN = 60
MANY = 5_000  # of an account with more lines, totals are counted only when asked for
MONTHS_SHOWN = 24


@dataclass(frozen=True)
class Account:
    """An account as the pages show it; empty before the first hour."""

    bank: TimeBank | None
    ledger: LedgerAccount | None = None
    unit: str = "minute"
    balance: Balance = field(default_factory=lambda: Balance(0, 0, 0, 0))
    lines: list[PassbookLine] = field(default_factory=list)
    next_before: int | None = None
    holds: list[Hold] = field(default_factory=list)
    months: list[MonthTotal] = field(default_factory=list)
    kinds: list[KindTotal] = field(default_factory=list)
    curve: list[CurvePoint] = field(default_factory=list)
    changes: list[StateChange] = field(default_factory=list)
    totals_wait: bool = False
    policy: LimitPolicy | None = None
    overflows: list[Overflow] = field(default_factory=list)

    @property
    def ceiling(self) -> int | None:
        """The rule's; an account that stood above it when it began keeps what it had."""
        return self.policy.ceiling if self.policy else None

    @property
    def room(self) -> int:
        return max(0, (self.ceiling or 0) - self.balance.posted)

    @property
    def overflows_to_pool(self) -> bool:
        return self.policy is not None and self.policy.when_full == LimitPolicy.WhenFull.POOL

    def curve_rows(self) -> list[tuple[str, int]]:
        """Labels and balances of the last days on which something moved."""
        shown = self.curve[-POINTS_SHOWN:]
        pattern = "n/j" if shown and shown[0].on.year == shown[-1].on.year else "Y/n"
        return [(date_format(point.on, pattern), point.balance) for point in shown]

    @property
    def unit_of_chart(self) -> str:
        return {"minute": "hours", "fen": "yuan"}.get(self.unit, "")


@require_GET
def statement(request: SignedInRequest) -> HttpResponse:
    """我的时间; who has accounts in two banks looks at one at a time."""
    banks = banks_of(request.user)
    wanted = row_number(request.GET.get("bank", ""))
    bank = next((one for one in banks if one.pk == wanted), banks[0] if banks else None)
    ledger = person_account(request.user, bank) if bank else None
    context = _page_of(request, bank, ledger) if bank else dict[str, object](account=None)
    context["sends"] = bank is not None and ledger is not None and agreements_of(bank).exists()
    context["tabs"] = [
        {"label": one.name, "url": f"?bank={one.pk}", "is_current": one == bank} for one in banks
    ]
    return render(request, "timebank/statements/statement.html", context)


@require_GET
def account(request: SignedInRequest, pk: int) -> HttpResponse:
    """A station's, an organisation's, somebody's: whatever account one may see."""
    ledger = _account_seen(request, pk)
    bank = getattr(ledger.book, "time_bank", None)
    context = _page_of(request, bank, ledger)
    return render(
        request,
        "timebank/statements/account.html",
        context
        | {
            "ledger": ledger,
            "reads_book": reads_whole_book(request.user, ledger.book),
            "may_hold_still": may_hold_still(request.user, bank, ledger)
            if bank is not None
            else may_ask_to_hold_still(request.user, ledger),
            "by_two": bank is None,
            "may_adjust": not is_moved_by_decisions(ledger)
            and may_propose_on(request.user, ledger.book, [ledger.owner_key]),
            "prints_passbook": ledger.kind == "person",
        },
    )


@require_GET
def statement_export(request: SignedInRequest, pk: int, format: str) -> HttpResponse:
    """The file at once, or a page that offers to make it in the background when it is long."""
    ledger = _account_seen(request, pk)
    if format not in BookExport.Format.values:
        raise Http404
    narrowing = StatementFilter(request.GET or {}, unit=ledger.book.unit).narrowing()
    lines = number_of_lines(ledger, narrowing)
    if lines > AT_ONCE:
        return render(
            request,
            "timebank/exports/new.html",
            {
                "what": ledger.label,
                "back_url": reverse("timebank:account-detail", args=[ledger.pk]),
                "ask_url": reverse("timebank:export-new", args=[ledger.pk]),
                "lines": lines,
                "format": format,
            },
        )
    file = statement_file(ledger, format=format, narrowing=narrowing, reader=request.user)
    return HttpResponse(
        file.content,
        content_type=file.content_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )


@require_POST
def export_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leave word for a long file; the narrowing is the address's."""
    ledger = _account_seen(request, pk)
    format = request.POST.get("format", "")
    if format not in BookExport.Format.values:
        raise Http404
    narrowing = StatementFilter(request.GET or {}, unit=ledger.book.unit).narrowing()
    export = ask_for_export(
        ledger.book,
        account=ledger,
        format=format,
        narrowing=narrowing,
        acting_user=request.user,
    )
    return redirect(export)


def _exports_of(request: SignedInRequest) -> QuerySet[BookExport]:
    """What she asked for, of accounts and books she still sees."""
    seen = Q(account__in=accounts_seen_by(request.user).values("pk")) | Q(
        account__isnull=True, book__in=books_seen_by(request.user).values("pk")
    )
    return BookExport.objects.filter(seen, asked_by=request.user)


@require_GET
def export_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far a file has come; the part that changes is asked for again every two seconds."""
    export = get_object_or_404(_exports_of(request).select_related("account", "book"), pk=pk)
    part = "#standing" if request.headers.get("HX-Request") else ""
    return render(request, f"timebank/exports/detail.html{part}", {"export": export})


@require_GET
def export_file(request: SignedInRequest, pk: int) -> FileResponse:
    export = get_object_or_404(_exports_of(request), pk=pk, state=BookExport.State.READY)
    what = f"statement-{export.account_id}" if export.account_id else f"movements-{export.book_id}"
    return FileResponse(
        export.file.open("rb"),
        as_attachment=True,
        content_type="application/octet-stream",
        filename=f"{what}-{export.asked_at:%Y%m%d}.{export.format}",
    )


@require_GET
def passbook(request: SignedInRequest) -> HttpResponse:
    """时间存折 to look at and to print from the browser."""
    accounts = []
    for bank in banks_of(request.user):
        ledger = person_account(request.user, bank)
        accounts.append(_printed(request, bank, ledger) if ledger else Account(bank))
    return render(
        request,
        "timebank/statements/passbook.html",
        {"accounts": accounts, "printed_at": timezone.now()},
    )


@require_GET
def passbook_pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    """The passbook in large type, to be folded: one's own, or printed by the station."""
    ledger = _account_seen(request, pk)
    if ledger.kind != "person":
        raise Http404
    return HttpResponse(
        typeset("timebank/papers/passbook.typ", passbook_paper(ledger, printed_at=timezone.now())),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="passbook-{ledger.pk}.pdf"'},
    )


# Steps ----------------------------------------------------------------------------------------


def _account_seen(request: SignedInRequest, pk: int) -> LedgerAccount:
    return get_object_or_404(
        accounts_seen_by(request.user).select_related("book__time_bank__region"), pk=pk
    )


def _page_of(
    request: SignedInRequest, bank: TimeBank | None, ledger: LedgerAccount | None
) -> dict[str, object]:
    if ledger is None:
        return {"account": Account(bank), "is_first_page": True}
    before = row_number(request.GET.get("before", ""))
    form = StatementFilter(request.GET or {}, unit=ledger.book.unit)
    narrowing = form.narrowing()
    totals = before is None and (_has_few(ledger) or "totals" in request.GET)
    account = _account_in(request, bank, ledger, before, narrowing, totals=totals)
    if before is None and bank is not None and ledger.kind == AccountKind.PERSON:
        account = _with_limit(account, ledger, bank)
    return {
        "account": account,
        "is_first_page": before is None,
        "is_narrowed": bool(narrowing),
        "form": form,
        "reset_url": request.path + (f"?bank={bank.pk}" if "bank" in request.GET and bank else ""),
        "formats": BookExport.Format.choices,
        "query": f"?{request.GET.urlencode()}" if request.GET else "",
        "exports": reverse("timebank:account-detail", args=[ledger.pk]),
    }


def _with_limit(account: Account, ledger: LedgerAccount, bank: TimeBank) -> Account:
    """With the rule on how much it may hold, and what has not fitted since."""
    policy = limit_in_force(bank.book_id)
    if policy is None or policy.ceiling is None:
        return account
    return replace(account, policy=policy, overflows=overflows_of(ledger.owner_key, bank))


def _has_few(ledger: LedgerAccount) -> bool:
    return ledger.is_counted and ledger.seq <= MANY


def _account_in(
    request: SignedInRequest,
    bank: TimeBank | None,
    ledger: LedgerAccount,
    before: int | None,
    narrowing: Narrowing,
    *,
    totals: bool,
) -> Account:
    page = statement_of(ledger, before=before, limit=LINES_PER_PAGE, narrowing=narrowing)
    return Account(
        bank=bank,
        ledger=ledger,
        unit=ledger.book.unit,
        balance=balance_of(ledger),
        lines=passbook_lines(page.lines, reader=request.user),
        next_before=page.next_before,
        holds=open_holds_of(ledger) if ledger.held else [],
        months=totals_by_month(ledger, narrowing)[: -MONTHS_SHOWN - 1 : -1] if totals else [],
        kinds=totals_by_kind(ledger, narrowing) if totals else [],
        curve=balance_curve(ledger) if before is None else [],
        changes=state_changes_of(ledger),
        totals_wait=before is None and not totals,
    )


def _printed(request: SignedInRequest, bank: TimeBank, ledger: LedgerAccount) -> Account:
    account = _account_in(request, bank, ledger, None, EVERYTHING, totals=False)
    lines = statement_of(ledger, limit=LINES_PRINTED).lines
    account.lines[:] = reversed(passbook_lines(lines, reader=request.user))
    return account
