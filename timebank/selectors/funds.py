"""What a round's money is doing: how much there is, is committed, is free."""

from dataclasses import dataclass

from django.db.models import Sum

from timebank.models.ledger import AccountKind, Entry, LedgerAccount, TransferKind


@dataclass(frozen=True)
class FundPosition:
    """The money of one fund: all that came in, what awards have taken, what is free."""

    total_fen: int
    committed_fen: int
    free_fen: int


def fund_position(owner_key: str) -> FundPosition | None:
    """How a fund stands now; None before it is opened."""
    accounts = {
        account.kind: account
        for account in LedgerAccount.objects.filter(book__owner_key=owner_key, owner_key=owner_key)
    }
    if AccountKind.FUND not in accounts:
        return None
    fund = accounts[AccountKind.FUND]
    funded = Entry.objects.filter(
        book_id=fund.book_id, account_id=fund.pk, transfer__kind=TransferKind.FUNDING
    ).aggregate(total=Sum("amount"))["total"]
    return FundPosition(
        total_fen=funded or 0,
        committed_fen=accounts[AccountKind.COMMITMENT].posted,
        free_fen=fund.posted - fund.held,
    )
