"""A person's statement in plain words: each line leads to what caused it.

The ledger knows a cause only by name (`timebank.servicerecord:7`); here the names are looked up,
all of one kind in one question.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from timebank.models.orders import ServiceOrder
from timebank.models.records import ServiceRecord
from timebank.selectors.statements import Statement, StatementLine

type Words = str | Promise


@dataclass(frozen=True)
class PassbookLine:
    """One entry as people read it: what it was, who saw to it, where its story is."""

    at: datetime
    words: Words
    detail: Words
    amount: int
    balance_after: int | None
    url: str
    is_reversed: bool


def passbook_lines(statement: Statement) -> list[PassbookLine]:
    """The lines of a statement with their causes, two questions besides the statement's own."""
    records = {
        record.ledger_source: record
        for record in ServiceRecord.objects.with_parties().filter(
            pk__in=_numbers(statement, "timebank.servicerecord:")
        )
    }
    orders = {
        f"timebank.serviceorder:{order.pk}": order
        for order in ServiceOrder.objects.with_names().filter(
            pk__in=_numbers(statement, "timebank.serviceorder:")
        )
    }
    return [
        _line(line, records.get(line.source), orders.get(line.source)) for line in statement.lines
    ]


def _line(
    line: StatementLine, record: ServiceRecord | None, order: ServiceOrder | None
) -> PassbookLine:
    words: Words = line.reason or line.kind_label
    detail: Words = line.kind_label
    url = ""
    if record is not None:
        words = record.service_type.name
        if record.what != words:
            words = _("%(service)s：%(what)s") % {"service": words, "what": record.what}
        detail = _("为%(whom)s · 由%(who)s确认") % {
            "whom": record.recipient_words,
            "who": record.confirmed_by.display_name if record.confirmed_by else line.acting_name,
        }
        url = record.get_absolute_url()
    elif order is not None:
        url = order.get_absolute_url()
        detail = _("%(kind)s · 订单") % {"kind": line.kind_label}
    if line.kind == "reversal":
        words = _("冲正：%s") % words
        detail = line.reason
    return PassbookLine(
        at=line.at,
        words=words,
        detail=detail,
        amount=line.amount,
        balance_after=line.balance_after,
        url=url,
        is_reversed=line.is_reversed,
    )


def _numbers(statement: Statement, prefix: str) -> list[int]:
    return [
        int(line.source.removeprefix(prefix))
        for line in statement.lines
        if line.source.startswith(prefix)
    ]
