"""Put a wrong balance right by two people: one proposes with reason and evidence, another decides.

The decision and the posting are one transaction: what was approved is posted, what could not be
posted was not approved. Where a transfer is the credit of a service record, the record is reversed
with it (`services.corrections`). Freezing and closing an account of a bank is `services.standing`,
of a book that no bank keeps it is proposed and decided here; opening balances are
`services.openings`.
"""

from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.errors import NotAllowed
from accounts.models import Attachment, User
from accounts.reasons import required
from accounts.services.changes import record_change
from timebank.errors.books import (
    MovedByDecisions,
    NotOfThisBank,
    RecordReversesItself,
    ReversalAskedFor,
    SourcesWouldMix,
    StandingAskedFor,
)
from timebank.errors.ledger import (
    AlreadyReversed,
    NothingToMove,
    ReversalIsFinal,
    SameAccount,
    UnknownLedgerAccount,
)
from timebank.lifecycles.books import CORRECTION
from timebank.models.adjustments import Adjustment, CorrectionState
from timebank.models.banks import TimeBank
from timebank.models.ledger import (
    AccountState,
    Book,
    LedgerAccount,
    Transfer,
    TransferKind,
    Unit,
)
from timebank.models.records import ServiceRecord
from timebank.rules import books as book_rules
from timebank.rules import records as record_rules
from timebank.selectors.corrections import (
    accounts_of_transfer,
    is_reversed,
)
from timebank.services.correction_news import tell_holders, tell_proposer
from timebank.services.corrections import reverse_record
from timebank.services.ledger import (
    close_account,
    freeze_account,
    post_transfer,
    reverse_transfer,
    suspend_account,
    unfreeze_account,
)
from timebank.services.second_person import Decided

CORRECTIONS = Decided(
    CORRECTION,
    Adjustment,
    ("book__time_bank__region", "transfer", "from_account", "to_account"),
    tell_proposer,
)


@transaction.atomic
def propose_adjustment(
    book: Book,
    *,
    from_account: LedgerAccount,
    to_account: LedgerAccount,
    amount: int,
    reason: str,
    evidence: Attachment,
    request_key: UUID,
    acting_user: User,
) -> Adjustment:
    """Ask that an amount go from one account to another (调账); nothing moves yet.

    The same `request_key` again gives the first proposal.
    Refused: `ReasonMissing`, `NothingToMove`, `SameAccount`, `UnknownLedgerAccount` (of another
    book), `MovedByDecisions`, `SourcesWouldMix` (a fund's), `NotAllowed` for anyone but who keeps
    the book and stands behind neither account.
    """
    reason = required(reason)
    if amount <= 0:
        raise NothingToMove(amount=amount)
    if from_account.pk == to_account.pk:
        raise SameAccount(account=from_account.pk)
    for account in (from_account, to_account):
        if account.book_id != book.pk:
            raise UnknownLedgerAccount(account=account.pk, book=book.pk)
    _require_proposer(book, [from_account, to_account], acting_user)
    _require_one_source(from_account, to_account)
    return _proposed(
        request_key,
        acting_user,
        book=book,
        kind=Adjustment.Kind.ADJUSTMENT,
        from_account=from_account,
        to_account=to_account,
        amount=amount,
        reason=reason,
        evidence=evidence,
    )


@transaction.atomic
def propose_reversal(
    transfer: Transfer,
    *,
    reason: str,
    evidence: Attachment,
    allows_debt: bool = False,
    request_key: UUID,
    acting_user: User,
) -> Adjustment:
    """Ask that a transfer be undone whole (冲正); nothing moves yet.

    With `allows_debt` hours that are already spent are taken back as a visible debt; a credit of
    a service record is always taken back so, money never.
    Refused: `ReasonMissing`, `NotAllowed`, `MovedByDecisions`, `ReversalIsFinal`,
    `AlreadyReversed`, `ReversalAskedFor` when somebody else's proposal waits.
    """
    reason = required(reason)
    _require_proposer(
        transfer.book, accounts_of_transfer(transfer.pk, transfer.book_id), acting_user
    )
    if transfer.reverses_id is not None:
        raise ReversalIsFinal(transfer=transfer.pk)
    if is_reversed(transfer):
        raise AlreadyReversed(transfer=transfer.pk)
    # One at a time; the database's own rule stands behind it.
    other = Adjustment.objects.filter(
        transfer_id=transfer.pk, state__in=[CorrectionState.PROPOSED, CorrectionState.APPROVED]
    ).first()
    if other is not None and other.request_key != request_key:
        raise ReversalAskedFor(correction=other.pk)
    try:
        with transaction.atomic():
            return _proposed(
                request_key,
                acting_user,
                book=transfer.book,
                kind=Adjustment.Kind.REVERSAL,
                transfer=transfer,
                allows_debt=transfer.book.unit != Unit.FEN
                and (allows_debt or _record_of(transfer) is not None),
                reason=reason,
                evidence=evidence,
            )
    except IntegrityError as overtaken:
        faster = Adjustment.objects.filter(transfer_id=transfer.pk).latest("pk")
        raise ReversalAskedFor(correction=faster.pk) from overtaken


@transaction.atomic
def propose_standing(
    account: LedgerAccount,
    *,
    state: AccountState,
    to_account: LedgerAccount | None = None,
    reason: str,
    evidence: Attachment,
    request_key: UUID,
    acting_user: User,
) -> Adjustment:
    """Ask that an account of a book without a bank be frozen, suspended, closed or opened.

    What is left on a closed one goes to `to_account`, in the same act as the approval.
    Refused: `ReasonMissing`, `NotAllowed`, `SameAccount`, `UnknownLedgerAccount` (the one it goes
    to is of another book), `SourcesWouldMix`, `StandingAskedFor` when somebody else's proposal
    waits.
    """
    reason = required(reason)
    if not book_rules.may_ask_to_hold_still(acting_user, account):
        raise NotAllowed()
    if to_account is not None:
        if to_account.pk == account.pk:
            raise SameAccount(account=account.pk)
        if to_account.book_id != account.book_id:
            raise UnknownLedgerAccount(account=to_account.pk, book=account.book_id)
        _require_proposer(account.book, [account, to_account], acting_user)
        _require_one_source(account, to_account)
    waiting = Adjustment.objects.waiting().filter(
        kind=Adjustment.Kind.STANDING, from_account=account
    )
    other = waiting.first()
    if other is not None and other.request_key != request_key:
        raise StandingAskedFor(correction=other.pk)
    try:
        with transaction.atomic():
            return _proposed(
                request_key,
                acting_user,
                book=account.book,
                kind=Adjustment.Kind.STANDING,
                from_account=account,
                to_account=to_account,
                standing=state,
                reason=reason,
                evidence=evidence,
            )
    except IntegrityError as overtaken:
        raise StandingAskedFor(correction=waiting.latest("pk").pk) from overtaken


@transaction.atomic
def approve_correction(
    correction: Adjustment, *, reason: str = "", acting_user: User
) -> Adjustment:
    """The second person says yes: it is posted now, and those whose accounts it moved are told.

    Approving again moves nothing. Refused: `OutOfTurn`, `NotAllowed` (also: who proposed it, or
    stands behind one of the accounts; of money, when neither is of the finance office),
    `NotEnoughHours` or `NotEnoughMoney` with what could be taken, `OverCeiling`, `AccountFrozen`,
    `AccountNotEmpty`, `AlreadyReversed`; then it stays proposed.
    """
    correction = CORRECTIONS.locked(correction)
    CORRECTION.require(correction, "approve", acting_user=acting_user)
    posted = None
    if correction.kind == Adjustment.Kind.STANDING:
        _hold_still(correction, acting_user)
    elif correction.transfer is not None:
        posted = _reverse(correction, acting_user)
    else:
        posted = _adjust(correction, acting_user)
    if posted is not None:
        tell_holders(correction, posted)
    CORRECTIONS.approve(
        correction,
        reason=reason,
        acting_user=acting_user,
        facts={"transfer": posted.pk} if posted else {"standing": correction.standing},
        posted=posted,
    )
    return correction


@transaction.atomic
def refuse_correction(correction: Adjustment, *, reason: str, acting_user: User) -> Adjustment:
    """The second person says no, and why; nothing moves, the proposer is told.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`.
    """
    return CORRECTIONS.refuse(correction, reason=reason, acting_user=acting_user)


@transaction.atomic
def withdraw_correction(correction: Adjustment, *, acting_user: User) -> Adjustment:
    """The proposer takes it back. Refused: `OutOfTurn`, `NotAllowed`."""
    return CORRECTIONS.withdraw(correction, acting_user=acting_user)


def bank_of_book(book: Book) -> TimeBank:
    """The bank whose book it is. Refused: `NotOfThisBank`: such a book is kept by no bank."""
    bank = TimeBank.objects.select_related("region", "book").filter(book_id=book.pk).first()
    if bank is None:
        raise NotOfThisBank(book=book.name)
    return bank


def _require_proposer(book: Book, accounts: list[LedgerAccount], acting_user: User) -> None:
    if not book_rules.may_propose_on(acting_user, book, [one.owner_key for one in accounts]):
        raise NotAllowed()
    for account in accounts:
        if book_rules.is_moved_by_decisions(account):
            raise MovedByDecisions(account=account.label)


def _require_one_source(one: LedgerAccount, other: LedgerAccount) -> None:
    if book_rules.mixes_sources(one, other):
        raise SourcesWouldMix(source=one.label, other=other.label)


def _proposed(request_key: UUID, acting_user: User, **facts: object) -> Adjustment:
    correction, is_new = Adjustment.objects.get_or_create(
        request_key=request_key, defaults={"proposed_by": acting_user, **facts}
    )
    if is_new:
        record_change(
            correction,
            "propose",
            after=CorrectionState.PROPOSED,
            reason=correction.reason,
            acting_user=acting_user,
        )
    return correction


def _adjust(correction: Adjustment, acting_user: User) -> Transfer:
    return post_transfer(
        book=correction.book,
        from_account=correction.from_account,
        to_account=correction.to_account,
        amount=correction.amount,
        kind=TransferKind.ADJUSTMENT,
        reason=correction.reason,
        source=correction.ledger_source,
        key=correction.ledger_source,
        acting_user=acting_user,
    )


def _reverse(correction: Adjustment, acting_user: User) -> Transfer:
    """Undo the transfer; where it is the credit of a service record, the record with it."""
    transfer = correction.transfer
    assert transfer is not None, "adjustment_says_what_moves"
    record = _record_of(transfer)
    if record is None:
        return reverse_transfer(
            transfer,
            reason=correction.reason,
            key=correction.ledger_source,
            allow_debt=correction.allows_debt,
            acting_user=acting_user,
        )
    if not record_rules.may_reverse_record(acting_user, record):
        raise RecordReversesItself(record=record.pk)
    reverse_record(record, reason=correction.reason, acting_user=acting_user)
    return Transfer.objects.get(book_id=transfer.book_id, reverses_id=transfer.pk)


def _hold_still(correction: Adjustment, acting_user: User) -> None:
    account, reason = correction.from_account, correction.reason
    assert account is not None, "adjustment_says_what_moves"
    if correction.standing == AccountState.CLOSED:
        close_account(
            account,
            to_account=correction.to_account,
            reason=reason,
            source=correction.ledger_source,
            key=correction.ledger_source,
            acting_user=acting_user,
        )
        return
    verb = {
        AccountState.OPEN: unfreeze_account,
        AccountState.SUSPENDED: suspend_account,
        AccountState.FROZEN: freeze_account,
    }[AccountState(correction.standing)]
    verb(account, reason=reason, acting_user=acting_user)


def _record_of(transfer: Transfer) -> ServiceRecord | None:
    return (
        ServiceRecord.objects.select_related("region")
        .filter(credit_id=transfer.pk, state=ServiceRecord.State.CONFIRMED)
        .first()
    )
