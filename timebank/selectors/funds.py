"""What a round's money is doing: how much there is, is committed, is free."""

from dataclasses import dataclass

from timebank.models.ledger import AccountKind, LedgerAccount


@dataclass(frozen=True)
class FundPosition:
    """The money of one fund: all that came in as it was put right since, what awards have taken,
    what is free.
    """

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
    return FundPosition(
        total_fen=-accounts[AccountKind.SOURCE].posted,
        committed_fen=accounts[AccountKind.COMMITMENT].posted,
        free_fen=fund.posted - fund.held,
    )
