"""通兑结算: what went between two banks in a month, and what one owes the other before and after.

Counted from the crossings, by the instants at which they were sent and returned: a month that is
over reads the same whenever it is asked for.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, Sum

from timebank.models.banks import TimeBank
from timebank.models.clearing import Crossing
from timebank.selectors.clearing import agreements_of


@dataclass(frozen=True, slots=True)
class Settlement:
    """A bank's month with another. Above zero the other owes this bank so many minutes of service.

    `returned` and `given_back` are what was sent, or received, and went back in the month.
    """

    bank: TimeBank
    other: TimeBank
    before: int
    sent: int
    returned: int
    received: int
    given_back: int

    @property
    def after(self) -> int:
        return self.before + self.sent - self.returned - self.received + self.given_back


def settlements_of(bank: TimeBank, *, since: datetime, until: datetime) -> list[Settlement]:
    """The bank's with each bank it has an agreement with, from one instant to before another."""
    return [
        _settlement(bank, agreement.other_than(bank), since, until)
        for agreement in agreements_of(bank)
    ]


def _settlement(bank: TimeBank, other: TimeBank, since: datetime, until: datetime) -> Settlement:
    out = Q(from_bank=bank, to_bank=other)
    back = Q(from_bank=other, to_bank=bank)
    returned = Q(state=Crossing.State.RETURNED)
    sent_before, ended_before = Q(sent_at__lt=since), returned & Q(ended_at__lt=since)
    sent_within = Q(sent_at__gte=since, sent_at__lt=until)
    ended_within = returned & Q(ended_at__gte=since, ended_at__lt=until)
    sums = Crossing.objects.filter(out | back).aggregate(
        **{
            name: Sum("minutes", filter=which, default=0)
            for name, which in {
                "sent_before": out & sent_before,
                "returned_before": out & ended_before,
                "received_before": back & sent_before,
                "given_back_before": back & ended_before,
                "sent": out & sent_within,
                "returned": out & ended_within,
                "received": back & sent_within,
                "given_back": back & ended_within,
            }.items()
        }
    )
    return Settlement(
        bank,
        other,
        before=sums["sent_before"]
        - sums["returned_before"]
        - sums["received_before"]
        + sums["given_back_before"],
        sent=sums["sent"],
        returned=sums["returned"],
        received=sums["received"],
        given_back=sums["given_back"],
    )
