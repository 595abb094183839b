"""Post transfers. The only module that writes balances, transfers and entries.

Every verb here is one call of a function of `timebank/sql/ledger.sql`, which keeps all the rules:
legs sum to zero, nobody below the floor or above the ceiling, one answer per key. How the call is
made, refused and repeated is `services.ledger_call`. Setting aside and settling is in
`services.holds`, many postings each for itself and shares of one amount in `services.postings`,
limits in `services.limits`, between books in `services.clearing`, the seal in `services.sealing`;
who may do what is decided by the services that call this one; reading is in `selectors.statements`.

A book's people and stations move by `post_transfer`, `post_batch` and `reverse_transfer`; what they
had before the book began comes in by `open_balances`. An account may be suspended (gains, gives
nothing), frozen (neither) or closed (empty, for good until `reopen_account`).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models.people import User
from timebank.errors.ledger import NothingToMove
from timebank.models.ledger import (
    AccountKind,
    AccountState,
    Book,
    LedgerAccount,
    Leg,
    Transfer,
    Unit,
)
from timebank.services.ledger_call import call_ledger, read_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One transfer of a batch: the same facts that `post_transfer` takes."""

    legs: Sequence[Leg]
    kind: str
    reason: str
    source: str
    key: str
    happened_at: datetime | None = None
    on_behalf_of: User | None = None
    policy_version: str = ""


@dataclass(frozen=True, slots=True)
class OpeningBalance:
    """What an account had before its book began."""

    account: LedgerAccount
    amount: int


def open_book(*, name: str, unit: Unit, owner_key: str, acting_user: User) -> Book:
    """Open a book, or return the one this owner has.

    Refused: `KeyUsedForOther` if the owner's book counts another unit.
    """
    row = call_ledger("open_book", owner_key, name, str(unit), acting_user.pk)
    return read_row(Book, row)


def open_account(
    book: Book,
    *,
    kind: AccountKind,
    owner_key: str,
    label: str,
    floor: int | None = 0,
    ceiling: int | None = None,
    is_counted: bool = True,
    stripes: int = 0,
    by_policy: bool = False,
) -> LedgerAccount:
    """Open an account, or return the one this owner has of that kind in the book, as it is.

    `floor=None` means no lower limit. An account that is not counted (issuance) keeps no balance
    and has no limits: many can post against it at once without waiting for each other.
    `stripes` (up to 64) does the same for an account whose balance is wanted: it stands in that
    many parts, each session posts to one, `selectors.statements` adds them up. It has no limits
    and nothing is set aside on it, because a limit would have to look at all parts at once.
    `by_policy` takes the limits of the `LimitPolicy` in force for the kind, where there is one.
    """
    row = call_ledger(
        "open_account",
        book.pk,
        str(kind),
        owner_key,
        label,
        floor,
        ceiling,
        is_counted,
        stripes,
        by_policy,
    )
    return read_row(LedgerAccount, row)


def post_transfer(
    *,
    book: Book,
    legs: Sequence[Leg] | None = None,
    from_account: LedgerAccount | None = None,
    to_account: LedgerAccount | None = None,
    amount: int | None = None,
    kind: str,
    reason: str,
    source: str,
    key: str,
    happened_at: datetime | None = None,
    acting_user: User,
    on_behalf_of: User | None = None,
    policy_version: str = "",
) -> Transfer:
    """Make a movement final: either `legs`, or `amount` from one account to another.

    The same key with the same facts gives the first transfer again and moves nothing; who acts is
    not one of the facts, so that a sweeper may repeat what a person began.
    Refused: `NotEnoughHours` / `NotEnoughMoney`, `OverCeiling`, `AccountFrozen`,
    `AccountSuspended` (as giver), `AccountClosed`, `NothingToMove`, `SameAccount`,
    `UnknownLedgerAccount` (also: of another book), `KeyUsedForOther`.
    """
    if legs is None:
        assert from_account is not None, "a transfer has legs, or goes from one account"
        assert to_account is not None, "a transfer has legs, or goes to another account"
        assert amount is not None, "a transfer has legs, or an amount"
        if amount <= 0:
            raise NothingToMove(amount=amount, unit=book.unit)
        legs = Leg.pair(from_account=from_account, to_account=to_account, amount=amount)
    row = call_ledger(
        "post",
        book.pk,
        key,
        [leg.account.pk for leg in legs],
        [leg.amount for leg in legs],
        str(kind),
        reason,
        source,
        policy_version,
        happened_at,
        acting_user.pk,
        on_behalf_of.pk if on_behalf_of else None,
    )
    return read_row(Transfer, row)


def credit_account(
    account: LedgerAccount,
    *,
    from_account: LedgerAccount,
    amount: int,
    pool: LedgerAccount,
    kind: str,
    reason: str,
    source: str,
    key: str,
    happened_at: datetime | None = None,
    acting_user: User,
    on_behalf_of: User | None = None,
    policy_version: str = "",
) -> Transfer:
    """Give an account an amount; what does not fit there goes to `pool` in the same transfer.

    Whether it does, the `LimitPolicy` in force says; its version is added to the transfer's. How
    much went where: `selectors.overflow`. The same key with the same facts gives the first
    transfer again, whichever way it was shared out and whichever pool is named now.
    Refused: as for `post_transfer`, and `OverCeiling` where the policy lets nothing overflow.
    """
    row = call_ledger(
        "credit",
        account.book_id,
        key,
        from_account.pk,
        account.pk,
        pool.pk,
        amount,
        str(kind),
        reason,
        source,
        policy_version,
        happened_at,
        acting_user.pk,
        on_behalf_of.pk if on_behalf_of else None,
    )
    return read_row(Transfer, row)


def post_batch(book: Book, postings: Sequence[Posting], *, acting_user: User) -> list[int]:
    """Post many transfers in one call, all or nothing; the answer is their ids, in order.

    Limits hold as if the postings came one after the other, and a posting whose key is known is
    answered with its first transfer. A refusal carries `row`, the place of the posting it is
    about (from 0), besides the facts of `post_transfer`'s refusals. Each for itself, with an answer
    for each: `services.postings.post_each`.
    """
    if not postings:
        return []
    (ids,) = call_ledger("post_batch", book.pk, in_json(postings), acting_user.pk)
    return list(ids)


def in_json(postings: Sequence[Posting]) -> str:
    """The postings of a batch as the ledger reads them."""
    return json.dumps(
        [
            {
                "key": posting.key,
                "accounts": [leg.account.pk for leg in posting.legs],
                "amounts": [leg.amount for leg in posting.legs],
                "kind": str(posting.kind),
                "reason": posting.reason,
                "source": posting.source,
                "policy_version": posting.policy_version,
                "happened_at": posting.happened_at.isoformat() if posting.happened_at else None,
                "on_behalf_of": posting.on_behalf_of.pk if posting.on_behalf_of else None,
            }
            for posting in postings
        ]
    )


def reverse_transfer(
    transfer: Transfer,
    *,
    reason: str,
    key: str,
    acting_user: User,
    allow_debt: bool = False,
) -> Transfer:
    """Undo a transfer by its opposite (冲正), once; the amounts are read from the original.

    With `allow_debt` whoever must give back what is no longer there ends below the floor, and the
    account shows it as `debt`, which what comes in next pays off first. A frozen account does not
    stand in the way.
    Refused: `AlreadyReversed`, `ReversalIsFinal`, `NotEnoughHours` (without `allow_debt`),
    `OverCeiling`, `KeyUsedForOther`.
    """
    row = call_ledger(
        "reverse", transfer.book_id, transfer.pk, key, reason, acting_user.pk, allow_debt
    )
    return read_row(Transfer, row)


def open_balances(
    book: Book,
    balances: Sequence[OpeningBalance],
    *,
    reason: str,
    source: str,
    happened_at: datetime | None = None,
    acting_user: User,
) -> list[int]:
    """Bring in what accounts had before this book (期初), all or nothing; the transfers' ids.

    Once for each account, and before anything else moved on it; asked again with the same amounts
    the same ids are the answer.
    Refused, each with `row` (from 0): `AccountHasMoved`, `KeyUsedForOther` (another amount was
    brought in before), `OverCeiling`, `NothingToMove`, `UnknownLedgerAccount`, `AccountClosed`.
    """
    if not balances:
        return []
    (ids,) = call_ledger(
        "post_openings",
        book.pk,
        [balance.account.pk for balance in balances],
        [balance.amount for balance in balances],
        str(AccountKind.OPENING.label),
        reason,
        source,
        happened_at,
        acting_user.pk,
    )
    return list(ids)


def freeze_account(account: LedgerAccount, *, reason: str, acting_user: User) -> LedgerAccount:
    """Stop an account: nothing is posted to or from it, nothing set aside.

    Holds it already has can still be settled or released, and its transfers reversed.
    Freezing what is frozen changes nothing. Refused: `AccountClosed`.
    """
    return _set_state(account, AccountState.FROZEN, reason, acting_user)


def suspend_account(account: LedgerAccount, *, reason: str, acting_user: User) -> LedgerAccount:
    """Let an account gain but not give (停用): what its owner earns meanwhile is not lost.

    Refused: `AccountClosed`.
    """
    return _set_state(account, AccountState.SUSPENDED, reason, acting_user)


def unfreeze_account(account: LedgerAccount, *, reason: str, acting_user: User) -> LedgerAccount:
    """Let a frozen or suspended account move again; opens a closed one again, empty as it is."""
    return _set_state(account, AccountState.OPEN, reason, acting_user)


reopen_account = unfreeze_account


def close_account(
    account: LedgerAccount,
    *,
    to_account: LedgerAccount | None = None,
    reason: str,
    source: str = "",
    key: str = "",
    acting_user: User,
) -> LedgerAccount:
    """Close an account (销户): it is empty, or what it has goes to `to_account` in the same act.

    A frozen account may be closed; a debt goes along with it. Closing again changes nothing.
    Refused: `AccountNotEmpty` (a balance and nowhere to go, or open holds on it or for it),
    `OverCeiling` / `AccountClosed` of the receiver.
    """
    row = call_ledger(
        "close",
        account.book_id,
        account.pk,
        to_account.pk if to_account else None,
        key or f"close:{account.pk}:{account.seq}",
        reason,
        source or f"ledger.account:{account.pk}",
        acting_user.pk,
    )
    return read_row(LedgerAccount, row)


def gather_statistics() -> None:
    """Let the database count the ledger's rows: after very many came in one transaction."""
    call_ledger("gather_statistics")


def _set_state(
    account: LedgerAccount, state: AccountState, reason: str, acting_user: User
) -> LedgerAccount:
    row = call_ledger("set_state", account.book_id, account.pk, str(state), reason, acting_user.pk)
    return read_row(LedgerAccount, row)
