"""The money of rounds, kept in books of fen: arrives, is committed, is set free again.

A fund is a book with an account for each source its money comes from (资金来源), one for what is
free (创投资金) and one for what awards have taken (已立项待拨). What came from whom stands in the
sources' accounts; the money itself is one. The free account never goes below zero, so awards can
never exceed the fund, whoever awards and however many at once. Whether a meeting may award is asked
in the app that awards.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from accounts.models import User
from timebank.errors.books import FundExceeded
from timebank.errors.ledger import NotEnoughMoney
from timebank.models.ledger import AccountKind, Book, LedgerAccount, Leg, TransferKind, Unit
from timebank.services.ledger import open_account, open_book, post_transfer


@dataclass(frozen=True, slots=True)
class FundPart:
    """What one source brings into a fund; `key` tells it from the fund's other sources."""

    key: str
    label: str
    amount_fen: int


@transaction.atomic
def open_fund(
    owner_key: str,
    *,
    label: str,
    amount_fen: int,
    parts: Sequence[FundPart] = (),
    acting_user: User,
) -> Book:
    """Open a fund and put its money in, each source's from its own account, in one transfer.

    Without `parts` the whole comes from one source without a name. The same fund again changes
    nothing. Refused: `KeyUsedForOther` when it was opened with another amount or other sources:
    add with `add_to_fund`.
    """
    assert not parts or sum(part.amount_fen for part in parts) == amount_fen, "parts add up"
    book = open_book(name=label, unit=Unit.FEN, owner_key=owner_key, acting_user=acting_user)
    with override(settings.LANGUAGE_CODE):
        whole = (FundPart("", str(AccountKind.SOURCE.label), amount_fen),)
        labels = {kind: str(kind.label) for kind in (AccountKind.FUND, AccountKind.COMMITMENT)}
    fund, _committed = (
        open_account(book, kind=kind, owner_key=owner_key, label=words)
        for kind, words in labels.items()
    )
    legs = [
        Leg(_source_account(book, owner_key, part), -part.amount_fen) for part in parts or whole
    ]
    post_transfer(
        book=book,
        legs=[*legs, Leg(fund, amount_fen)],
        kind=TransferKind.FUNDING,
        reason=label,
        source=owner_key,
        key=f"fund:{owner_key}",
        acting_user=acting_user,
    )
    return book


def _source_account(book: Book, owner_key: str, part: FundPart) -> LedgerAccount:
    return open_account(
        book,
        kind=AccountKind.SOURCE,
        owner_key=source_key(owner_key, part.key),
        label=part.label,
        floor=None,
    )


def source_key(owner_key: str, part_key: str) -> str:
    """Whose account a source's money comes from; of the one source without a name, the fund's."""
    return f"{owner_key}:{part_key}" if part_key else owner_key


def add_to_fund(
    owner_key: str,
    *,
    amount_fen: int,
    part_key: str = "",
    source: str,
    key: str,
    reason: str,
    acting_user: User,
) -> int:
    """More money arrives in the fund from one of its sources; the number of the transfer."""
    return _move(
        owner_key,
        AccountKind.SOURCE,
        AccountKind.FUND,
        from_key=source_key(owner_key, part_key),
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
    from_key: str = "",
    kind: TransferKind,
    amount_fen: int,
    source: str,
    key: str,
    reason: str,
    acting_user: User,
) -> int:
    book = Book.objects.get(owner_key=owner_key)
    accounts = LedgerAccount.objects.filter(book_id=book.pk)
    transfer = post_transfer(
        book=book,
        from_account=accounts.get(kind=from_kind, owner_key=from_key or owner_key),
        to_account=accounts.get(kind=to_kind, owner_key=owner_key),
        amount=amount_fen,
        kind=kind,
        reason=reason,
        source=source,
        key=key,
        acting_user=acting_user,
    )
    return int(transfer.pk)
