"""Say how much an account may hold, and what becomes of what is too much.

A policy is dated and written once: the latest that has begun is in force for all accounts of its
kind in its book. What an officer sets is `set_ceiling`; a task carries out what begins on a later
day (`apply_ceilings`). The ledger itself shares out a credit that does not fit
(`services.ledger.credit_account`); how a full account is told of is `services.overflow`.
"""

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.reasons import required
from accounts.services.system_user import the_product
from timebank.errors.books import BeginsInThePast
from timebank.models.banks import TimeBank
from timebank.models.ledger import AccountKind, Book, LedgerAccount
from timebank.models.ledger_limits import LimitPolicy
from timebank.rules.books import keeps_books_of
from timebank.services.ledger_call import call_ledger, read_row

AT_A_TIME = 1_000


@transaction.atomic
def set_ceiling(
    bank: TimeBank,
    *,
    ceiling: int | None,
    when_full: str,
    begins_on: date,
    reason: str,
    acting_user: User,
) -> LimitPolicy:
    """Say how many minutes a person of this bank may have from a day on; `None` is no limit.

    Who has more keeps it and gains nothing more. From today on it holds at once, later days begin
    by themselves.
    Refused: `NotAllowed` for anyone but who keeps the bank's books, `ReasonMissing`,
    `BeginsInThePast`.
    """
    if not keeps_books_of(acting_user, bank):
        raise NotAllowed()
    reason = required(reason)
    today = timezone.localdate()
    if begins_on < today:
        raise BeginsInThePast(day=begins_on)
    policy = set_limit_policy(
        bank.book,
        kind=AccountKind.PERSON,
        floor=0,
        ceiling=ceiling,
        when_full=when_full,
        since=timezone.make_aware(datetime.combine(begins_on, time.min)),
        version=f"ceiling:{begins_on.isoformat()}",
        reason=reason,
        acting_user=acting_user,
    )
    if begins_on == today:
        apply_limit_policy(bank.book, kind=AccountKind.PERSON, acting_user=acting_user)
    return policy


def apply_ceilings() -> int:
    """Carry out the policies in force, in every bank; how many accounts got another ceiling."""
    return sum(
        apply_limit_policy(bank.book, kind=AccountKind.PERSON, acting_user=the_product())
        for bank in TimeBank.objects.select_related("book")
    )


def set_limit_policy(
    book: Book,
    *,
    kind: AccountKind,
    floor: int | None,
    ceiling: int | None,
    when_full: str = LimitPolicy.WhenFull.REFUSE,
    since: datetime | None = None,
    version: str,
    reason: str,
    acting_user: User,
) -> LimitPolicy:
    """Write down which limits accounts of a kind have from an instant on, at once if none is given.

    Accounts opened `by_policy` begin with them; those already open get theirs by
    `apply_limit_policy`.
    """
    row = call_ledger(
        "set_policy",
        book.pk,
        str(kind),
        floor,
        ceiling,
        version,
        reason,
        acting_user.pk,
        str(when_full),
        since,
    )
    return read_row(LimitPolicy, row)


def apply_limit_policy(book: Book, *, kind: AccountKind, acting_user: User) -> int:
    """Give the accounts of a kind the ceiling now in force, so many at a time; how many changed.

    An account that stands above keeps what it has: its ceiling comes down with it, each time this
    is done. One `AccountChange` for each says from what to what.
    """
    changed = 0
    while True:
        row = call_ledger("apply_policy", book.pk, str(kind), AT_A_TIME, acting_user.pk)
        some: int = row[0]
        changed += some
        if some < AT_A_TIME:
            return changed


def set_limits(
    account: LedgerAccount,
    *,
    floor: int | None,
    ceiling: int | None,
    reason: str,
    acting_user: User,
) -> LedgerAccount:
    """Give one account other limits; one `AccountChange` says from what to what, and why.

    Refused: `OutsideNewLimits` when what stands on it does not fit.
    """
    row = call_ledger(
        "set_limits", account.book_id, account.pk, floor, ceiling, reason, acting_user.pk
    )
    return read_row(LedgerAccount, row)
