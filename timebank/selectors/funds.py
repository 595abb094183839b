"""What a round's money is doing: whose it is, how much there is, is committed, is free."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from timebank.models.ledger import AccountKind, Entry, LedgerAccount


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
    """One source of a fund: what it brought as it was put right since, what awards have taken of
    it, what of it is free. `taken` is the account whose statement says which awards; a fund opened
    before each source had one of its own has none, and there its share is reckoned.
    """

    account: LedgerAccount
    brought_fen: int
    committed_fen: int
    taken: LedgerAccount | None = None

    @property
    def free_fen(self) -> int:
        return self.brought_fen - self.committed_fen


def fund_position(owner_key: str) -> FundPosition | None:
    """How a fund stands now; None before it is opened."""
    accounts = list(LedgerAccount.objects.filter(_of_fund(owner_key)))
    if all(one.kind != AccountKind.FUND for one in accounts):
        return None
    return FundPosition(
        total_fen=-sum(one.posted for one in accounts if one.kind == AccountKind.SOURCE),
        committed_fen=sum(one.posted for one in accounts if one.kind == AccountKind.COMMITMENT),
        free_fen=sum(one.available for one in accounts if one.kind == AccountKind.FUND),
    )


def sources_of_fund(owner_key: str) -> list[SourcePosition]:
    """From whom the fund's money came, and what of each awards have taken, to the fen."""
    accounts = list(LedgerAccount.objects.filter(_of_fund(owner_key)).order_by("pk"))
    taken = {one.owner_key: one for one in accounts if one.kind == AccountKind.COMMITMENT}
    sources = [one for one in accounts if one.kind == AccountKind.SOURCE and one.posted]
    if all(one.owner_key in taken for one in sources):
        return [
            SourcePosition(one, -one.posted, taken[one.owner_key].posted, taken[one.owner_key])
            for one in sources
        ]
    brought = [-one.posted for one in sources]
    shares = shared_out(sum(one.posted for one in taken.values()), brought)
    return [
        SourcePosition(account, amount, share)
        for account, amount, share in zip(sources, brought, shares, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class SourceShare:
    """What one source bore of one award."""

    label: str
    amount_fen: int


def shares_of(owner_key: str, transfer_ids: Iterable[int]) -> dict[int, list[SourceShare]]:
    """What each source bore of these awards, by the number of the transfer, as the ledger has it.

    Nothing for a fund of one source, nor for one opened before each source had accounts of its own.
    """
    accounts = list(LedgerAccount.objects.filter(_of_fund(owner_key)).order_by("pk"))
    labels = {one.owner_key: one.label for one in accounts if one.kind == AccountKind.SOURCE}
    taken = {one.pk: one for one in accounts if one.kind == AccountKind.COMMITMENT}
    if len(labels) < 2 or not labels.keys() <= {one.owner_key for one in taken.values()}:
        return {}
    entries = Entry.objects.filter(
        book_id=accounts[0].book_id, account__in=taken, transfer__in=list(transfer_ids)
    )
    shares: dict[int, list[SourceShare]] = {}
    for transfer_id, account_id, fen in entries.order_by("account_id").values_list(
        "transfer_id", "account_id", "amount"
    ):
        label = labels[taken[account_id].owner_key]
        shares.setdefault(transfer_id, []).append(SourceShare(label, fen))
    return shares


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
