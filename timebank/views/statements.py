"""我的时间: balance, curve, lines and months of one's account, and the passbook to print."""

from dataclasses import dataclass, field

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.requests import SignedInRequest, row_number
from timebank.models.banks import TimeBank
from timebank.models.ledger import Hold
from timebank.selectors.banks import banks_of, person_account
from timebank.selectors.passbook import PassbookLine, passbook_lines
from timebank.selectors.statements import (
    Balance,
    CurvePoint,
    MonthTotal,
    balance_curve,
    balance_of,
    open_holds_of,
    statement_of,
    totals_by_month,
)

LINES_PER_PAGE = 30
LINES_PRINTED = 500
POINTS_SHOWN = 60


@dataclass(frozen=True)
class Account:
    """A person's account in one bank, as the pages show it; empty before the first hour."""

    bank: TimeBank
    balance: Balance = field(default_factory=lambda: Balance(0, 0, 0, 0))
    lines: list[PassbookLine] = field(default_factory=list)
    next_before: int | None = None
    holds: list[Hold] = field(default_factory=list)
    months: list[MonthTotal] = field(default_factory=list)
    curve: list[CurvePoint] = field(default_factory=list)

    def curve_rows(self) -> list[tuple[str, int]]:
        """Labels and balances of the last days on which something moved."""
        shown = self.curve[-POINTS_SHOWN:]
        pattern = "n/j" if shown and shown[0].on.year == shown[-1].on.year else "Y/n"
        return [(date_format(point.on, pattern), point.balance) for point in shown]


@require_GET
def statement(request: SignedInRequest) -> HttpResponse:
    before = row_number(request.GET.get("before", ""))
    accounts = accounts_of(request.user, before=before, limit=LINES_PER_PAGE)
    return render(
        request,
        "timebank/statements/statement.html",
        {"accounts": accounts, "is_first_page": before is None},
    )


@require_GET
def passbook(request: SignedInRequest) -> HttpResponse:
    accounts = accounts_of(request.user, before=None, limit=LINES_PRINTED)
    for account in accounts:
        account.lines.reverse()
    return render(
        request,
        "timebank/statements/passbook.html",
        {"accounts": accounts, "printed_at": timezone.now()},
    )


def accounts_of(user: User, *, before: int | None, limit: int) -> list[Account]:
    return [_account_in(bank, user, before, limit) for bank in banks_of(user)]


def _account_in(bank: TimeBank, user: User, before: int | None, limit: int) -> Account:
    account = person_account(user, bank)
    if account is None:
        return Account(bank)
    page = statement_of(account, before=before, limit=limit)
    return Account(
        bank=bank,
        balance=balance_of(account),
        lines=passbook_lines(page),
        next_before=page.next_before,
        holds=open_holds_of(account),
        months=list(reversed(totals_by_month(account))),
        curve=balance_curve(account),
    )
