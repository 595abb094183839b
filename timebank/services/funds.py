"""The money of rounds, kept in books of fen: arrives, is committed, is set free again.

A fund is a book with three accounts for each source its money comes from: what it brought
(资金来源, below zero), what of it is free (创投资金), what awards have taken of it (已立项待拨).
An award draws on all sources in proportion to what each has free, to the fen, in one transfer; what
it gives back goes where it came from. So the ledger itself answers where a source's money went,
line by line in the statements of its accounts. What is free never goes below zero, so awards can
never exceed the fund nor any source, whoever awards and however many at once. Whether a meeting may
award is asked in the app that awards.

(A fund opened before each source had accounts of its own keeps one free account for all of them,
with the fund's own key; what is drawn on it is nobody's share.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from timebank.errors.books import FundExceeded
from timebank.errors.ledger import NotEnoughMoney
from timebank.models.ledger import AccountKind, Book, LedgerAccount, Leg, TransferKind, Unit
from timebank.selectors.funds import shared_out
from timebank.services.ledger import open_account, open_book, post_transfer
from timebank.services.postings import post_shared


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
        whole = FundPart("", str(AccountKind.SOURCE.label), amount_fen)
    parts = parts or (whole,)
    free = [_accounts_of(book, owner_key, part, is_one=parts == (whole,)) for part in parts]
    brought = [
        Leg(source, -part.amount_fen) for part, (source, _fund) in zip(parts, free, strict=True)
    ]
    post_transfer(
        book=book,
        legs=[*brought, *_gained(free, parts)],
        kind=TransferKind.FUNDING,
        reason=label,
        source=owner_key,
        key=f"fund:{owner_key}",
        acting_user=acting_user,
    )
    return book


def _accounts_of(
    book: Book, owner_key: str, part: FundPart, *, is_one: bool
) -> tuple[LedgerAccount, LedgerAccount]:
    """Open the three accounts of a source; the one its money comes from, the one it is free on."""
    key = source_key(owner_key, part.key)
    with override(settings.LANGUAGE_CODE):
        fund, taken = (
            str(kind.label)
            if is_one
            else _("%(account)s · %(source)s") % {"account": kind.label, "source": part.label}
            for kind in (AccountKind.FUND, AccountKind.COMMITMENT)
        )
    source = open_account(
        book, kind=AccountKind.SOURCE, owner_key=key, label=part.label, floor=None
    )
    pool = LedgerAccount.objects.filter(
        book_id=book.pk, kind=AccountKind.FUND, owner_key=owner_key
    ).first()
    if pool is not None:
        return source, pool
    open_account(book, kind=AccountKind.COMMITMENT, owner_key=key, label=taken)
    return source, open_account(book, kind=AccountKind.FUND, owner_key=key, label=fund)


def _gained(
    accounts: Sequence[tuple[LedgerAccount, LedgerAccount]], parts: Sequence[FundPart]
) -> list[Leg]:
    """What each free account gains; one that serves several sources once, their sum."""
    gained: dict[int, int] = {}
    funds = {fund.pk: fund for _source, fund in accounts}
    for (_source, fund), part in zip(accounts, parts, strict=True):
        gained[fund.pk] = gained.get(fund.pk, 0) + part.amount_fen
    return [Leg(funds[pk], amount) for pk, amount in gained.items()]


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
    book = Book.objects.get(owner_key=owner_key)
    accounts = LedgerAccount.objects.filter(book_id=book.pk)
    its_key = source_key(owner_key, part_key)
    funds = accounts.filter(kind=AccountKind.FUND)
    transfer = post_transfer(
        book=book,
        from_account=accounts.get(kind=AccountKind.SOURCE, owner_key=its_key),
        to_account=funds.filter(owner_key=its_key).first() or funds.get(owner_key=owner_key),
        amount=amount_fen,
        kind=TransferKind.FUNDING,
        reason=reason,
        source=source,
        key=key,
        acting_user=acting_user,
    )
    return int(transfer.pk)


def commit_fund(
    owner_key: str, *, amount_fen: int, source: str, key: str, reason: str, acting_user: User
) -> int:
    """Set money of the fund aside for an award; the number of the transfer.

    Each source bears its share of it, in proportion to what it has free. The same key again commits
    nothing more. Refused: `FundExceeded` with what is still free.
    """
    try:
        return _shared(
            owner_key,
            AccountKind.FUND,
            AccountKind.COMMITMENT,
            of_cause=False,
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
    """Give back to the fund what the same `source` committed, as after an award was withdrawn.

    To each source of money what it bore; of a part its share of the part. Refused:
    `NotEnoughMoney` when that is more than this `source` has committed.
    """
    return _shared(
        owner_key,
        AccountKind.COMMITMENT,
        AccountKind.FUND,
        of_cause=True,
        kind=TransferKind.RETURN,
        amount_fen=amount_fen,
        source=source,
        key=key,
        reason=reason,
        acting_user=acting_user,
    )


def return_fund(owner_key: str, *, reason: str, acting_user: User) -> int | None:
    """Give what is free back to where it came from, when nothing will be awarded from it; the
    number of the transfer, or nothing where nothing was free. Again gives back nothing more.

    Refused: `NotEnoughMoney` when an award takes of it in the same moment.
    """
    book = Book.objects.filter(owner_key=owner_key).first()
    if book is None:
        return None
    accounts = LedgerAccount.objects.filter(book_id=book.pk)
    sources = list(accounts.filter(kind=AccountKind.SOURCE).order_by("pk"))
    of_key = {one.owner_key: one for one in sources}
    legs: list[Leg] = []
    for fund in accounts.filter(kind=AccountKind.FUND, posted__gt=0).order_by("pk"):
        # One account for all sources: to each in proportion to what it brought.
        to = [of_key[fund.owner_key]] if fund.owner_key in of_key else sources
        shares = shared_out(fund.posted, [-one.posted for one in to])
        legs.append(Leg(fund, -fund.posted))
        legs += [Leg(one, fen) for one, fen in zip(to, shares, strict=True) if fen]
    if not legs:
        return None
    transfer = post_transfer(
        book=book,
        legs=legs,
        kind=TransferKind.RETURN,
        reason=reason,
        source=owner_key,
        key=f"fund:{owner_key}:returned",
        acting_user=acting_user,
    )
    return int(transfer.pk)


def _shared(
    owner_key: str,
    from_kind: AccountKind,
    to_kind: AccountKind,
    *,
    of_cause: bool,
    kind: TransferKind,
    amount_fen: int,
    source: str,
    key: str,
    reason: str,
    acting_user: User,
) -> int:
    book = Book.objects.get(owner_key=owner_key)
    givers, takers = (
        LedgerAccount.objects.filter(book_id=book.pk, kind=kind) for kind in (from_kind, to_kind)
    )
    taking = {one.owner_key: one for one in takers}
    transfer = post_shared(
        book,
        [(giver, taking[giver.owner_key]) for giver in givers.order_by("pk")],
        amount=amount_fen,
        of_cause=of_cause,
        kind=kind,
        reason=reason,
        source=source,
        key=key,
        acting_user=acting_user,
    )
    return int(transfer.pk)
