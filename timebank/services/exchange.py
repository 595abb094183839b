"""Give records to another system and reconcile what it took.

A batch holds only records of people who allow it (个人信息保护法 art. 23), each once; its words are
kept as they were sent. The receipt names what was rejected and why; everything else was accepted.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.timezone import localdate

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from timebank.errors.exchange import (
    NothingToSend,
    ReconciledBefore,
    RejectedWithoutReason,
    UnknownLines,
)
from timebank.models.banks import TimeBank
from timebank.models.exchange import Exchange, ExchangeLine
from timebank.rules import exchange as rules
from timebank.selectors.exchange import of_consenting, sendable, told_of
from timebank.terms.exchange import mapping_on

AT_ONCE = 1_000
NAMED = 5


@transaction.atomic
def make_exchange(
    bank: TimeBank, *, since: date | None = None, until: date | None = None, acting_user: User
) -> Exchange:
    """Put what may be given and was not given yet into a batch.

    Refused: `NotAllowed`, `NothingToSend`.
    """
    if not rules.may_exchange(acting_user, bank):
        raise NotAllowed()
    TimeBank.objects.select_for_update().only("pk").get(pk=bank.pk)
    found = sendable(bank, since=since, until=until)
    records = list(of_consenting(found))
    without_consent = found.count() - len(records)
    if not records:
        raise NothingToSend(without_consent=without_consent)
    told = [told_of(record) for record in records]
    exchange = Exchange.objects.create(
        bank=bank,
        mapping=mapping_on(localdate(database_now())).version,
        since=since,
        until=until,
        sent=len(records),
        people=len({record.volunteer_id for record in records}),
        without_consent=without_consent,
        sha256=hashlib.sha256(
            json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
        ).hexdigest(),
        made_by=acting_user,
    )
    ExchangeLine.objects.bulk_create(
        [
            ExchangeLine(
                exchange=exchange, record=record, operation=content["operation"], content=content
            )
            for record, content in zip(records, told, strict=True)
        ],
        batch_size=AT_ONCE,
    )
    record_change(
        exchange,
        "make",
        after=exchange.state,
        facts={"sent": exchange.sent, "people": exchange.people},
        acting_user=acting_user,
    )
    return exchange


@transaction.atomic
def reconcile_exchange(
    exchange: Exchange, *, rejected: Mapping[str, str], acting_user: User
) -> Exchange:
    """Take in the receipt: the numbers that were rejected, each with its reason.

    What was rejected may be sent again in a later batch. Refused: `NotAllowed`,
    `ReconciledBefore`, `UnknownLines`, `RejectedWithoutReason`; nothing is then written.
    """
    exchange = (
        Exchange.objects.select_for_update(of=("self",))
        .select_related("bank__region")
        .get(pk=exchange.pk)
    )
    if not rules.may_reconcile(acting_user, exchange):
        raise NotAllowed()
    if exchange.state == Exchange.State.RECONCILED:
        raise ReconciledBefore(batch=exchange.pk)
    lines = {line.record.number: line for line in exchange.lines.select_related("record")}
    unknown = [number for number in rejected if number not in lines]
    if unknown:
        raise UnknownLines(numbers="、".join(unknown[:NAMED]))
    for number, reason in rejected.items():
        if not reason.strip():
            raise RejectedWithoutReason(number=number)
        lines[number].state = ExchangeLine.State.REJECTED
        lines[number].reason = reason.strip()[:200]
    ExchangeLine.objects.bulk_update(
        [lines[number] for number in rejected], ["state", "reason"], batch_size=AT_ONCE
    )
    exchange.lines.filter(state=ExchangeLine.State.SENT).update(state=ExchangeLine.State.ACCEPTED)
    exchange.state = Exchange.State.RECONCILED
    exchange.rejected = len(rejected)
    exchange.accepted = exchange.sent - exchange.rejected
    exchange.reconciled_by = acting_user
    exchange.reconciled_at = database_now()
    exchange.save()
    record_change(
        exchange,
        "reconcile",
        before=Exchange.State.SENT,
        after=exchange.state,
        facts={"accepted": exchange.accepted, "rejected": exchange.rejected},
        acting_user=acting_user,
    )
    return exchange
