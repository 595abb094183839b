"""The money of rounds, kept in books of fen: arrives, is committed, is set free again.

A fund is a book with three accounts: where the money comes from (资金来源), what is free (创投资金)
and what awards have taken (已立项待拨). The free account never goes below zero, so awards can never
exceed the fund, whoever awards and however many at once. Whether a meeting may award is asked in
the app that awards.
"""

from django.db import transaction

from accounts.models import User
from timebank.errors.books import FundExceeded
from timebank.errors.ledger import NotEnoughMoney
from timebank.models.ledger import AccountKind, Book, LedgerAccount, TransferKind, Unit
from timebank.services.ledger import open_account, open_book, post_transfer


@transaction.atomic
def open_fund(owner_key: str, *, label: str, amount_fen: int, acting_user: User) -> Book:
    """Open a fund and put its money in; the same fund again changes nothing.

    Refused: `KeyUsedForOther` when it was opened with another amount: add with `add_to_fund`.
    """
    book = open_book(name=label, unit=Unit.FEN, owner_key=owner_key, acting_user=acting_user)
    for kind in (AccountKind.FUND, AccountKind.COMMITMENT):
        open_account(book, kind=kind, owner_key=owner_key, label=f"{label} {kind.label}")
    open_account(
        book,
        kind=AccountKind.SOURCE,
        owner_key=owner_key,
        label=f"{label} {AccountKind.SOURCE.label}",
        floor=None,
    )
    add_to_fund(
        owner_key,
        amount_fen=amount_fen,
        source=owner_key,
        key=f"fund:{owner_key}",
        reason=label,
        acting_user=acting_user,
    )
    return book


def add_to_fund(
    owner_key: str, *, amount_fen: int, source: str, key: str, reason: str, acting_user: User
) -> int:
    """Money arrives in the fund; the number of the transfer."""
    return _move(
        owner_key,
        AccountKind.SOURCE,
        AccountKind.FUND,
        kind=TransferKind.FUNDING,
        amount_fen=amount_fen,
        source=source,
        key=key,
        reason=reason,
        acting_user=acting_user,
    )


def commit_fund(
    owner_key: str, *, amount_fen: int, source: str, key: str, reason: str, acting_user: User
) -> int:
    """Set money of the fund aside for an award; the number of the transfer.

    The same key again commits nothing more. Refused: `FundExceeded` with what is still free.
    """
    try:
        return _move(
            owner_key,
            AccountKind.FUND,
            AccountKind.COMMITMENT,
            kind=TransferKind.AWARD,
            amount_fen=amount_fen,
            source=source,
            key=key,
            reason=reason,
            acting_user=acting_user,
        )
    except NotEnoughMoney as refusal:
        raise FundExceeded(
            needed_fen=amount_fen, available_fen=refusal.facts["available"]
        ) from refusal


def release_commitment(
    owner_key: str, *, amount_fen: int, source: str, key: str, reason: str, acting_user: User
) -> int:
    """Give committed money back to the fund, as after an award was withdrawn."""
    return _move(
        owner_key,
        AccountKind.COMMITMENT,
        AccountKind.FUND,
        kind=TransferKind.RETURN,
        amount_fen=amount_fen,
        source=source,
        key=key,
        reason=reason,
        acting_user=acting_user,
    )


def _move(
    owner_key: str,
    from_kind: AccountKind,
    to_kind: AccountKind,
    *,
    kind: TransferKind,
    amount_fen: int,
    source: str,
    key: str,
    reason: str,
    acting_user: User,
) -> int:
    book = Book.objects.get(owner_key=owner_key)
    accounts = {
        account.kind: account
        for account in LedgerAccount.objects.filter(book_id=book.pk, owner_key=owner_key)
    }
    transfer = post_transfer(
        book=book,
        from_account=accounts[from_kind],
        to_account=accounts[to_kind],
        amount=amount_fen,
        kind=kind,
        reason=reason,
        source=source,
        key=key,
        acting_user=acting_user,
    )
    return int(transfer.pk)
