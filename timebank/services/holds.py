"""Set hours aside, then settle or release them.

A hold keeps an amount of one account for another. It ends once: settled in full or in part (the
rest is free again at once), released, or expired; the end is a new row, the hold itself is never
rewritten. Whether an order may still be settled, and by whom, is decided by the order's services.
"""

from datetime import datetime

from accounts.models.people import User
from timebank.models.ledger import (
    Hold,
    HoldResolution,
    LedgerAccount,
    Transfer,
    TransferKind,
)
from timebank.services.ledger_call import call_ledger, read_row


def place_hold(
    account: LedgerAccount,
    *,
    amount: int,
    to_account: LedgerAccount,
    source: str,
    key: str,
    reason: str,
    kind: str = TransferKind.USE,
    expires_at: datetime | None = None,
    happened_at: datetime | None = None,
    acting_user: User,
    on_behalf_of: User | None = None,
    policy_version: str = "",
) -> Hold:
    """Set `amount` of an account aside for another; it is no longer available, and not yet gone.

    `kind` and `reason` are those of the transfer that will settle it. The same key with the same
    facts gives the first hold again. `expires_at` is the instant from which `expire_holds` gives
    it back; until that has happened it can be settled.
    Refused: `NotEnoughHours` / `NotEnoughMoney`, `AccountFrozen` (either side),
    `AccountSuspended` (as giver), `AccountClosed`, `NothingToMove`, `SameAccount`,
    `UnknownLedgerAccount`, `KeyUsedForOther`.
    """
    row = call_ledger(
        "place_hold",
        account.book_id,
        key,
        account.pk,
        to_account.pk,
        amount,
        str(kind),
        reason,
        source,
        policy_version,
        happened_at,
        expires_at,
        acting_user.pk,
        on_behalf_of.pk if on_behalf_of else None,
    )
    return read_row(Hold, row)


def settle_hold(
    hold: Hold,
    *,
    amount: int | None = None,
    key: str,
    acting_user: User,
    happened_at: datetime | None = None,
    pool: LedgerAccount | None = None,
) -> Transfer:
    """Post what was held, all of it or `amount`; the rest is available again.

    What does not fit on the receiver's account goes to `pool`, where the `LimitPolicy` in force
    says so. Works on frozen accounts: what was begun is finished.
    Refused: `AlreadySettled` (the hold has ended in whatever way), `MoreThanHeld`,
    `NothingToMove`, `OverCeiling` (of the receiver; the hold stays), `KeyUsedForOther`.
    """
    row = call_ledger(
        "settle",
        hold.book_id,
        hold.pk,
        amount,
        key,
        happened_at,
        acting_user.pk,
        pool.pk if pool else None,
    )
    return read_row(Transfer, row)


def release_hold(hold: Hold, *, key: str, reason: str, acting_user: User) -> Hold:
    """Give all that was held back to its account; returns the hold with its end.

    Refused: `AlreadySettled`, `KeyUsedForOther`.
    """
    row = call_ledger("release", hold.book_id, hold.pk, key, reason, acting_user.pk)
    hold.end = read_row(HoldResolution, row)
    return hold


def expire_holds(*, before: datetime) -> int:
    """Give back every open hold that expires at or before an instant; how many that were.

    Nothing expires before its time: an instant that the database has not reached counts as now.
    A book is a transaction; who acts is time itself, so the ends name no user.
    """
    due = Hold.objects.filter(expires_at__lte=before, end=None)
    books = due.values_list("book_id", flat=True).order_by("book_id").distinct()
    return sum(call_ledger("expire_holds", book_id, before)[0] for book_id in list(books))
