"""Send hours from one bank to another (通兑), and settle what is on its way.

Three steps, each whole by itself:
1. `send_hours`: the giver's book posts from the giver to its clearing account, and the `Crossing`
   stands.
2. `settle_crossing`: the receiver's book posts from its clearing account to the receiver, keyed by
   the crossing. Where that is refused (closed, frozen, over the ceiling) the giver's book posts
   the minutes back instead.
3. Nothing else. A settler killed between 1 and 2, or in 2, leaves a crossing that is `sent`: the
   task is queued when it was sent, and a sweeper settles what is left over (`settle_waiting`). As
   every posting has its key, settling twice is settling once.

Only minutes meet minutes: a book of fen has no clearing account. How much one bank may owe another
stands in their `ClearingAgreement`; how they stand is `selectors.clearing`.
"""

from uuid import UUID

from celery import current_app
from django.db import transaction
from django.utils.translation import gettext_noop as stored

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from accounts.services.system_user import the_product
from timebank.errors.ledger import (
    KeyUsedForOther,
    LedgerRefusal,
    NoClearingBetween,
    OverClearingLimit,
)
from timebank.lifecycles.clearing import CROSSING
from timebank.models.banks import TimeBank
from timebank.models.clearing import ClearingAgreement, Crossing
from timebank.models.ledger import AccountKind, LedgerAccount, Transfer, TransferKind, Unit
from timebank.rules import clearing as rules
from timebank.selectors.clearing import HUB, agreement_between, net_between
from timebank.services.banks import city_pool_of
from timebank.services.ledger import open_account, post_transfer
from timebank.services.ledger_call import in_one_go

SETTLE_TASK = "timebank.tasks.settle_crossing_later"


def clearing_account_of(bank: TimeBank) -> LedgerAccount:
    """清算账户: what this bank's book has with all other banks together, one per hub.

    Above zero: its people sent more than was sent to them. All clearing accounts of the hub
    together are exactly what is on its way.
    """
    assert bank.book.unit == Unit.MINUTE, "only minutes are exchanged between banks"
    return open_account(
        bank.book,
        kind=AccountKind.CLEARING,
        owner_key=HUB,
        label=stored("%s清算账户") % bank.name,
        floor=None,
    )


@transaction.atomic
def agree_clearing(
    bank: TimeBank, other: TimeBank, *, limit_minutes: int, acting_user: User
) -> ClearingAgreement:
    """Let two banks exchange hours, up to so many minutes that one owes the other; or change that.

    Refused: `NotAllowed` for anyone but an administrator of both places and the product itself.
    """
    if not rules.may_agree_clearing(acting_user, bank, other):
        raise NotAllowed()
    first, second = sorted((bank, other), key=lambda one: one.pk)
    agreement, is_new = ClearingAgreement.objects.update_or_create(
        first_bank=first, second_bank=second, defaults={"limit_minutes": limit_minutes}
    )
    record_change(
        agreement,
        "open" if is_new else "change",
        facts={"limit_minutes": limit_minutes},
        acting_user=acting_user,
    )
    for one in (first, second):
        clearing_account_of(one)
    return agreement


def send_hours(
    from_account: LedgerAccount,
    *,
    to_account: LedgerAccount,
    minutes: int,
    reason: str,
    request_key: UUID,
    acting_user: User,
) -> Crossing:
    """Send minutes to an account of another bank; they have left, and are on their way.

    The same `request_key` again sends nothing twice. The receiver is credited by the settler,
    usually within seconds; if their bank refuses, the minutes come back.
    Refused: `NotAllowed`, `NoClearingBetween`, `OverClearingLimit`, `NotEnoughHours` and the other
    refusals of `post_transfer` about the giver.
    """
    return in_one_go(
        lambda: _send(from_account, to_account, minutes, reason, request_key, acting_user)
    )


def settle_crossing(number: int) -> Crossing:
    """Credit the receiver, or give the minutes back; what has ended already stays as it is."""
    return in_one_go(lambda: _settle(number))


def settle_waiting(*, limit: int = 500) -> int:
    """Settle what is on its way, the oldest first: after a killed settler or a lost message."""
    waiting = Crossing.objects.filter(state=Crossing.State.SENT).order_by("sent_at", "pk")
    numbers = list(waiting.values_list("pk", flat=True)[:limit])
    for number in numbers:
        settle_crossing(number)
    return len(numbers)


def _send(
    from_account: LedgerAccount,
    to_account: LedgerAccount,
    minutes: int,
    reason: str,
    request_key: UUID,
    acting_user: User,
) -> Crossing:
    from_bank = TimeBank.objects.select_related("book", "region").get(book=from_account.book_id)
    to_bank = TimeBank.objects.select_related("book", "region").get(book=to_account.book_id)
    if not rules.may_send_from(acting_user, from_account, from_bank):
        raise NotAllowed()
    agreement = agreement_between(from_bank, to_bank, lock=True)
    if agreement is None or not agreement.is_open:
        raise NoClearingBetween(bank=to_bank.name)
    known = Crossing.objects.filter(request_key=request_key).first()
    if known is not None and known.to_account_id != to_account.pk:
        raise KeyUsedForOther(key=str(request_key), recorded_at=known.sent_at)
    if known is None:
        room = agreement.limit_minutes - net_between(from_bank, to_bank)
        if minutes > room:
            raise OverClearingLimit(
                room=max(0, room), limit=agreement.limit_minutes, bank=to_bank.name, unit="minute"
            )
    outward = post_transfer(
        book=from_bank.book,
        from_account=from_account,
        to_account=clearing_account_of(from_bank),
        amount=minutes,
        kind=TransferKind.OUTWARD,
        reason=reason,
        source=Crossing.source_of(request_key),
        key=f"crossing:{request_key}:out",
        acting_user=acting_user,
    )
    if known is not None:
        return known
    crossing = Crossing.objects.create(
        request_key=request_key,
        from_bank=from_bank,
        to_bank=to_bank,
        from_account=from_account,
        to_account=to_account,
        minutes=minutes,
        reason=reason,
        outward=outward,
        acting_user=acting_user,
    )
    record_change(
        crossing,
        "send",
        after=Crossing.State.SENT,
        facts={"minutes": minutes},
        acting_user=acting_user,
    )
    transaction.on_commit(lambda: current_app.tasks[SETTLE_TASK].delay(crossing.pk), robust=True)
    return crossing


def _settle(number: int) -> Crossing:
    crossing = (
        Crossing.objects.select_for_update(of=("self",))
        .select_related("from_bank__book", "to_bank__book", "from_account", "to_account")
        .get(pk=number)
    )
    if crossing.state != Crossing.State.SENT:
        return crossing
    settler = the_product()
    try:
        inward = post_transfer(
            book=crossing.to_bank.book,
            from_account=clearing_account_of(crossing.to_bank),
            to_account=crossing.to_account,
            amount=crossing.minutes,
            kind=TransferKind.INWARD,
            reason=crossing.reason,
            source=crossing.ledger_source,
            key=f"crossing:{crossing.request_key}:in",
            happened_at=crossing.sent_at,
            acting_user=settler,
        )
    except LedgerRefusal as refusal:
        CROSSING.move(
            crossing,
            "send_back",
            acting_user=settler,
            reason=str(refusal),
            sent_back=_give_back(crossing, settler),
            refused_as=refusal.code,
            ended_at=database_now(),
        )
    else:
        CROSSING.move(
            crossing, "credit", acting_user=settler, inward=inward, ended_at=database_now()
        )
    return crossing


def _give_back(crossing: Crossing, settler: User) -> Transfer:
    """To the giver; where the giver's account refuses by now, to their bank's 爱心时间库."""
    try:
        return _post_back(crossing, crossing.from_account, settler)
    except LedgerRefusal:
        return _post_back(crossing, city_pool_of(crossing.from_bank), settler)


def _post_back(crossing: Crossing, to_account: LedgerAccount, settler: User) -> Transfer:
    return post_transfer(
        book=crossing.from_bank.book,
        from_account=clearing_account_of(crossing.from_bank),
        to_account=to_account,
        amount=crossing.minutes,
        kind=TransferKind.SENT_BACK,
        reason=crossing.reason,
        source=crossing.ledger_source,
        key=f"crossing:{crossing.request_key}:back",
        acting_user=settler,
    )
