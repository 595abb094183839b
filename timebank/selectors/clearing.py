"""How banks stand with each other: positions between books, what is on its way, what was returned.

Reading only. A position is counted from the crossings and borne out by the clearing accounts:
`differences_in_clearing` compares the two.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum

from accounts.models import User
from timebank.models.banks import TimeBank
from timebank.models.clearing import ClearingAgreement, Crossing
from timebank.models.ledger import AccountKind, LedgerAccount, Transfer
from timebank.selectors.banks import banks_of, person_account

HUB = "hub:minute"
State = Crossing.State


@dataclass(frozen=True, slots=True)
class Position:
    """How a bank stands with another. `net` > 0: this bank's people sent more than they received,
    so the other bank owes it service for so many minutes. `room` is what may still be sent.
    """

    bank: TimeBank
    other: TimeBank
    sent: int
    received: int
    returned: int
    under_way: int
    net: int
    limit: int
    room: int
    crossings: int


def agreement_between(
    bank: TimeBank, other: TimeBank, *, lock: bool = False
) -> ClearingAgreement | None:
    """What two banks agreed, whichever is named first."""
    first, second = sorted((bank.pk, other.pk))
    agreements = ClearingAgreement.objects.select_related("first_bank", "second_bank")
    if lock:
        agreements = agreements.select_for_update(of=("self",))
    return agreements.filter(first_bank_id=first, second_bank_id=second).first()


def agreements_of(bank: TimeBank) -> QuerySet[ClearingAgreement]:
    return ClearingAgreement.objects.select_related("first_bank", "second_bank").filter(
        Q(first_bank=bank) | Q(second_bank=bank)
    )


def ways_of(person: User) -> list[tuple[TimeBank, TimeBank]]:
    """From which of one's banks hours may go to which other: where one has an account, and the two
    banks have an agreement that is open.
    """
    return [
        (bank, agreement.other_than(bank))
        for bank in banks_of(person)
        if person_account(person, bank) is not None
        for agreement in agreements_of(bank).filter(is_open=True)
    ]


def crossing_of(transfer: Transfer) -> Crossing | None:
    """The crossing of which the transfer is one half, or the return."""
    halves = Q(outward=transfer.pk) | Q(inward=transfer.pk) | Q(sent_back=transfer.pk)
    return Crossing.objects.select_related("from_bank", "to_bank").filter(halves).first()


def net_between(bank: TimeBank, other: TimeBank) -> int:
    """Minutes sent to the other bank, under way included, less those received from it."""
    return _sent(bank, other) - _sent(other, bank)


def positions_of(bank: TimeBank) -> list[Position]:
    """How the bank stands with each bank it has an agreement with."""
    return [position_between(bank, one.other_than(bank)) for one in agreements_of(bank)]


def position_between(bank: TimeBank, other: TimeBank) -> Position:
    sums = Crossing.objects.filter(
        Q(from_bank=bank, to_bank=other) | Q(from_bank=other, to_bank=bank)
    ).aggregate(
        sent=Sum("minutes", filter=Q(from_bank=bank, state=State.CREDITED), default=0),
        received=Sum("minutes", filter=Q(from_bank=other, state=State.CREDITED), default=0),
        returned=Sum("minutes", filter=Q(from_bank=bank, state=State.RETURNED), default=0),
        under_way=Sum("minutes", filter=Q(from_bank=bank, state=State.SENT), default=0),
        crossings=Count("pk"),
    )
    agreement = agreement_between(bank, other)
    limit = agreement.limit_minutes if agreement else 0
    net = net_between(bank, other)
    return Position(bank=bank, other=other, net=net, limit=limit, room=max(0, limit - net), **sums)


def crossings_of(bank: TimeBank) -> QuerySet[Crossing]:
    """All that went from or to a bank, newest first."""
    return Crossing.objects.of_bank(bank).select_related("from_bank", "to_bank").order_by("-pk")


def oldest_under_way() -> datetime | None:
    """Since when the oldest crossing waits for its settler; None when nothing does."""
    return (
        Crossing.objects.filter(state=State.SENT)
        .order_by("sent_at")
        .values_list("sent_at", flat=True)
        .first()
    )


def clearing_balance(bank: TimeBank) -> int:
    """What the bank's clearing account says now."""
    account = LedgerAccount.objects.filter(
        book_id=bank.book_id, kind=AccountKind.CLEARING, owner_key=HUB
    ).first()
    return account.posted if account else 0


def _sent(bank: TimeBank, other: TimeBank) -> int:
    on_or_over = Crossing.objects.filter(
        from_bank=bank, to_bank=other, state__in=[State.SENT, State.CREDITED]
    )
    return int(on_or_over.aggregate(total=Sum("minutes", default=0))["total"])
