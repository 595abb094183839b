"""The corrections log: adjustments, reversals and freezes, as seen by somebody.

Whoever keeps or audits a book reads all of it; whoever holds an account reads what was put right on
it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.rules import regions_of
from timebank.models.adjustments import KEEPERS, Adjustment, CorrectionState, OpeningImport
from timebank.models.ledger import AccountState, Entry, LedgerAccount, Transfer
from timebank.models.ledger_limits import AccountChange
from timebank.selectors.books import accounts_seen_by, books_kept_by, books_seen_by


@dataclass(frozen=True, slots=True)
class StateChange:
    """An account was frozen, suspended, closed or opened: which, to what, why, by whom, when."""

    account: LedgerAccount
    label: str
    reason: str
    who: str
    at: datetime


def corrections_answered_for_by(user: User) -> QuerySet[Adjustment]:
    """Those of the books one keeps or audits, with their evidence."""
    return Adjustment.objects.filter(book__in=books_seen_by(user).values("pk"))


def corrections_seen_by(user: User) -> QuerySet[Adjustment]:
    """All of one's books; besides, what has been done on accounts one may see."""
    own = accounts_seen_by(user).values("pk")
    touched = Q(from_account__in=own) | Q(to_account__in=own)
    touched |= Q(posted__in=Entry.objects.filter(account__in=own).values("transfer"))
    return Adjustment.objects.filter(
        Q(book__in=books_seen_by(user).values("pk")) | Q(touched, state=CorrectionState.APPROVED)
    )


def narrowed(
    corrections: QuerySet[Adjustment], *, kind: str = "", state: str = "", words: str = ""
) -> QuerySet[Adjustment]:
    if kind:
        corrections = corrections.filter(kind=kind)
    if state:
        corrections = corrections.filter(state=state)
    if words:
        corrections = corrections.filter(reason__icontains=words)
    return corrections


def state_changes_seen_by(user: User, *, most: int) -> list[StateChange]:
    """When accounts one may see were frozen, suspended, closed or opened, the latest first."""
    seen = accounts_seen_by(user).values("pk")
    return _in_words(AccountChange.objects.filter(account__in=seen), most)


def state_changes_of(account: LedgerAccount, *, most: int = 5) -> list[StateChange]:
    """The same of one account."""
    return _in_words(
        AccountChange.objects.filter(book_id=account.book_id, account_id=account.pk), most
    )


def _in_words(changes: QuerySet[AccountChange], most: int) -> list[StateChange]:
    labels = {str(state): label for state, label in AccountState.choices}
    found = changes.filter(what=AccountChange.What.STATE).select_related("account", "acting_user")
    return [
        StateChange(
            change.account,
            str(labels.get(change.after, change.after)),
            change.reason,
            change.acting_user.display_name,
            change.recorded_at,
        )
        for change in found.order_by("-pk")[:most]
    ]


def corrections_waiting_for(user: User) -> QuerySet[Adjustment]:
    """What others proposed in the books this person keeps."""
    kept = books_kept_by(user).values("pk")
    return Adjustment.objects.waiting().filter(book__in=kept).exclude(proposed_by=user)


def openings_waiting_for(user: User) -> QuerySet[OpeningImport]:
    """The same of opening balances."""
    banks = regions_of(user, *KEEPERS)
    waiting = OpeningImport.objects.waiting()
    return waiting.filter(bank__region__lineage__overlap=banks).exclude(proposed_by=user)


def accounts_touched_by(correction: Adjustment) -> list[LedgerAccount]:
    """Those that would give or take: the two of an adjustment, all of the transfer's."""
    if correction.transfer_id is not None:
        return accounts_of_transfer(correction.transfer_id, correction.book_id)
    return list(
        LedgerAccount.objects.filter(
            book_id=correction.book_id,
            pk__in=[correction.from_account_id, correction.to_account_id],
        ).order_by("pk")
    )


def accounts_of_transfer(transfer: int, book: int) -> list[LedgerAccount]:
    return list(
        LedgerAccount.objects.filter(
            book_id=book, entries__transfer_id=transfer, entries__book_id=book
        ).order_by("pk")
    )


def is_reversed(transfer: Transfer) -> bool:
    return Transfer.objects.filter(book_id=transfer.book_id, reverses_id=transfer.pk).exists()
