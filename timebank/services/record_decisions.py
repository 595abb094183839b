"""Decide on service records that were handed in: confirm, or send back with a reason.

Hours are born in `confirm_record` and nowhere else. Undoing a confirmed record is in
`services.corrections`; what keeps somebody from confirming stands in `services.record_looks`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from accounts.clock import database_now
from accounts.errors import Refusal
from accounts.models import User
from accounts.reasons import required
from accounts.services.messages import tell
from accounts.templatetags.kit import hours
from timebank.errors.records import EvidenceMissing, OwnConfirmation, WordMissing
from timebank.lifecycles.records import RECORD
from timebank.models.ledger import Transfer
from timebank.models.records import ServiceRecord
from timebank.rules import records as rules
from timebank.selectors.evidence import lack_of
from timebank.selectors.overflow import overflow_of
from timebank.services.banks import pool_of
from timebank.services.record_looks import require_may_confirm
from timebank.services.records import locked_record
from timebank.services.rewards import reward_service


@dataclass(frozen=True)
class ConfirmReport:
    """What became of several records confirmed at once, row by row."""

    confirmed: list[ServiceRecord] = field(default_factory=list)
    refused: list[tuple[ServiceRecord, str]] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(record.minutes for record in self.confirmed)


@transaction.atomic
def confirm_record(record: ServiceRecord, *, word: str = "", acting_user: User) -> ServiceRecord:
    """Say that it happened: the minutes are credited, and the volunteer is told.

    `word` says how it was verified; where the evidence that its source demands is not there, it
    takes its place if the terms let it (`terms.provenance`). State, credit and trail are written
    together or not at all. Two coordinators at once: the second finds it confirmed.
    Refused: `OwnConfirmation`, `OwnEntry` (to who handed it in for the volunteer), `NotAllowed`
    for anyone but a coordinator of the station or an officer over it, `RelativeConfirmation`,
    `HeldForLook` and `JustWrittenDown` (`services.record_looks`), `EvidenceMissing`,
    `WordMissing`, `OutOfTurn`, and what the ledger refuses.
    """
    record = locked_record(record)
    require_may_confirm(record, acting_user=acting_user)
    word = word.strip()[: ServiceRecord.WORD_LENGTH]
    _require_evidence(record, word)
    credit = credited(record, acting_user)  # where the move below is refused, it goes with it
    RECORD.move(
        record,
        "confirm",
        acting_user=acting_user,
        reason=word,
        facts={
            "minutes": record.minutes,
            "credit_minutes": record.credit_minutes,
            "transfer": credit.pk if credit else None,
        },
        confirmed_by=acting_user,
        confirmed_at=database_now(),
        credit=credit,
        verified_how=word,
    )
    assert record.confirmed_by is not None, "record_confirmed_with_confirmer_and_credit"
    tell_confirmed(record, by=record.confirmed_by.display_name)
    return record


def confirm_records(
    records: Sequence[ServiceRecord],
    *,
    words: Mapping[int, str] | None = None,
    acting_user: User,
) -> ConfirmReport:
    """Confirm several, each by itself: one that is refused does not hold up the others.

    `words` says of some, by number, how they were verified.
    """
    report = ConfirmReport()
    for record in records:
        try:
            word = (words or {}).get(record.pk, "")
            report.confirmed.append(confirm_record(record, word=word, acting_user=acting_user))
        except Refusal as refusal:
            report.refused.append((record, str(refusal)))
    return report


@transaction.atomic
def return_record(record: ServiceRecord, *, reason: str, acting_user: User) -> ServiceRecord:
    """Send a record back with the reason; the volunteer is told, corrects it and hands it in again.

    Refused: `ReasonMissing`, `OwnConfirmation`, `NotAllowed`, `OutOfTurn`.
    """
    reason = required(reason)
    record = locked_record(record)
    _refuse_own(record, acting_user)
    change = RECORD.move(
        record, "return_", reason=reason, acting_user=acting_user, returned_for=reason
    )
    with override(record.volunteer.language):
        tell(
            record.volunteer,
            kind="record_returned",
            title=_("一条服务记录被退回，请修改"),
            body=_("%(service)s：%(reason)s")
            % {"service": record.service_type.name, "reason": reason},
            link=record.get_absolute_url(),
            key=f"record:{record.pk}:returned:{change.pk}",
        )
    return record


def credited(record: ServiceRecord, acting_user: User) -> Transfer | None:
    """The transfer of what the record brings; none where it is weighed down to nothing.

    A step of confirming: where the move that follows is refused, it goes with it.
    """
    if not record.credit_minutes:
        return None
    return reward_service(
        record.volunteer,
        minutes=record.credit_minutes,
        source=record.ledger_source,
        reason=_why_credited(record),
        bank=record.bank,
        pool=pool_of(record.station),
        happened_at=record.ended_at,
        acting_user=acting_user,
    )


def _why_credited(record: ServiceRecord) -> str:
    """The words of the statement's line; both numbers where they differ."""
    if not record.is_weighted:
        return gettext_noop("%s（记录 %s）") % (record.service_type.name, record.number)
    return gettext_noop("%s（记录 %s，服务 %s 分钟 × 系数 %s）") % (
        record.service_type.name,
        record.number,
        record.minutes,
        record.written_coefficient,
    )


def _require_evidence(record: ServiceRecord, word: str) -> None:
    lack = lack_of(record) if record.state == ServiceRecord.State.SUBMITTED else None
    if lack is None or (word and lack.may_be_vouched_for):
        return
    refusal = WordMissing if lack.may_be_vouched_for else EvidenceMissing
    raise refusal(source=lack.source, evidence=lack.term.evidence)


def _refuse_own(record: ServiceRecord, acting_user: User) -> None:
    if rules.is_served_by(acting_user, record):
        raise OwnConfirmation()


def tell_confirmed(record: ServiceRecord, *, by: str) -> None:
    """Tell the volunteer what came of it, and whose word it rests on."""
    overflow = overflow_of(record.credit)
    credited = record.credit_minutes - (overflow.amount if overflow else 0)
    with override(record.volunteer.language):
        tell(
            record.volunteer,
            kind="record_confirmed",
            title=_("%(minutes)s已记入您的时间") % {"minutes": hours(credited)},
            body=_("%(service)s，由%(who)s确认。")
            % {"service": record.service_type.name, "who": by},
            link=record.get_absolute_url(),
            key=f"record:{record.pk}:confirmed",
        )
