"""What a round's money is doing: where it came from, how much there is, is committed, is free."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from timebank.models.ledger import AccountKind, LedgerAccount


@dataclass(frozen=True)
class FundPosition:
    """The money of one fund: all that came in as it was put right since, what awards have taken,
    what is free.
    """

    total_fen: int
    committed_fen: int
    free_fen: int


@dataclass(frozen=True, slots=True)
class SourcePosition:
    """One source of a fund: what it brought as it was put right since, and of what awards have
    taken the part that falls to it. A fund's money is one; each source bears its share of it.
    """

    account: LedgerAccount
    brought_fen: int
    committed_fen: int

    @property
    def free_fen(self) -> int:
        return self.brought_fen - self.committed_fen


def fund_position(owner_key: str) -> FundPosition | None:
    """How a fund stands now; None before it is opened."""
    accounts = list(LedgerAccount.objects.filter(_of_fund(owner_key)))
    fund = next((one for one in accounts if one.kind == AccountKind.FUND), None)
    if fund is None:
        return None
    return FundPosition(
        total_fen=-sum(one.posted for one in accounts if one.kind == AccountKind.SOURCE),
        committed_fen=sum(one.posted for one in accounts if one.kind == AccountKind.COMMITMENT),
        free_fen=fund.posted - fund.held,
    )


def sources_of_fund(owner_key: str) -> list[SourcePosition]:
    """From whom the fund's money came, and what of the awards falls to each, to the fen."""
    accounts = list(LedgerAccount.objects.filter(_of_fund(owner_key)).order_by("pk"))
    sources = [one for one in accounts if one.kind == AccountKind.SOURCE and one.posted]
    committed = sum(one.posted for one in accounts if one.kind == AccountKind.COMMITMENT)
    brought = [-one.posted for one in sources]
    return [
        SourcePosition(account, amount, share)
        for account, amount, share in zip(
            sources, brought, shared_out(committed, brought), strict=True
        )
    ]


def shared_out(amount: int, weights: Sequence[int]) -> list[int]:
    """An amount in proportion to the weights, to the unit: what is left over goes one by one to
    those who lost most by rounding down, the first of equals first.
    """
    whole = sum(weights)
    if whole <= 0:
        return [0 for _weight in weights]
    shares = [amount * weight // whole for weight in weights]
    lost = sorted(range(len(weights)), key=lambda n: (-(amount * weights[n] % whole), n))
    for number in lost[: amount - sum(shares)]:
        shares[number] += 1
    return shares


def _of_fund(owner_key: str) -> Q:
    kinds = (AccountKind.SOURCE, AccountKind.FUND, AccountKind.COMMITMENT)
    return Q(book__owner_key=owner_key, kind__in=kinds)
