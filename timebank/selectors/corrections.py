"""The corrections log: adjustments, reversals and freezes, as seen by somebody.

Officers, administrators and auditors of a bank read all of it; whoever holds an account reads what
was put right on it.
"""

from django.db.models import Q, QuerySet

from accounts.models import User
from timebank.models.adjustments import Adjustment, CorrectionState
from timebank.models.ledger import Entry, LedgerAccount, Transfer
from timebank.selectors.books import accounts_seen_by


def corrections_seen_by(user: User) -> QuerySet[Adjustment]:
    """All of one's banks; besides, what has been done on accounts one may see."""
    own = accounts_seen_by(user).values("pk")
    touched = Q(from_account__in=own) | Q(to_account__in=own)
    touched |= Q(posted__in=Entry.objects.filter(account__in=own).values("transfer"))
    return Adjustment.objects.filter(
        Q(pk__in=Adjustment.objects.visible_to(user).values("pk"))
        | Q(touched, state=CorrectionState.APPROVED)
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


def accounts_touched_by(correction: Adjustment) -> list[LedgerAccount]:
    """Those that would give or take: the two of an adjustment, all of the transfer's."""
    if correction.transfer_id is not None:
        return accounts_of_transfer(correction.transfer_id, correction.bank.book_id)
    return list(
        LedgerAccount.objects.filter(
            book_id=correction.bank.book_id,
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
