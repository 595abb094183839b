"""A volunteer asks about a record; the station answers, an officer puts it right.

A correction never changes a row: the old record is reversed, a new one stands, confirmed by the
officer who agreed. Who proposed it and who agrees are two people, and neither confirmed the old.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import Change, User
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.services.messages import tell
from accounts.services.system_user import the_product
from accounts.working_days import add_working_days
from timebank.errors.checks import NothingToQuery, PaidByOrder, QueryOpen
from timebank.lifecycles.checks import QUERY
from timebank.models import RecordQuery, Screening, ServiceRecord
from timebank.rules import records as record_rules
from timebank.services.corrections import reverse_record
from timebank.services.record_decisions import confirm_record
from timebank.services.record_looks import clear_screening
from timebank.services.records import Service, check_span, submit_record, with_times_kept
from timebank.terms.checks import query_terms

State = RecordQuery.State
ENDED = (
    ServiceRecord.State.CONFIRMED,
    ServiceRecord.State.REVERSED,
    ServiceRecord.State.REFUSED,
)


@dataclass(frozen=True, slots=True)
class Right:
    """What a record should have said."""

    what: str
    place: str
    started_at: datetime
    ended_at: datetime


@transaction.atomic
def raise_query(record: ServiceRecord, *, wrong: str, words: str, acting_user: User) -> RecordQuery:
    """The volunteer says what is wrong; the station has some working days to answer.

    Refused: `ReasonMissing`, `NotAllowed` for anyone but the volunteer, `NothingToQuery` while the
    record can still be changed, `QueryOpen`.
    """
    words = required(words)
    record = ServiceRecord.objects.select_for_update(of=("self",)).get(pk=record.pk)
    if not record_rules.is_served_by(acting_user, record):
        raise NotAllowed()
    if record.state not in ENDED:
        raise NothingToQuery()
    if RecordQuery.objects.unanswered().filter(record=record).exists():
        raise QueryOpen()
    today = localdate(database_now())
    query = RecordQuery.objects.create(
        record=record,
        raised_by=acting_user,
        wrong=wrong,
        words=words,
        answer_by=add_working_days(today, query_terms(today).answer_working_days),
    )
    record_change(query, "raise", after=query.state, reason=words, acting_user=acting_user)
    return query


@transaction.atomic
def keep_record(query: RecordQuery, *, answer: str, acting_user: User) -> RecordQuery:
    """The record stands, and why; the volunteer may go on to who stands over the station.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`.
    """
    answer = required(answer)
    query = _locked(query)
    change = QUERY.move(
        query,
        "keep",
        reason=answer,
        acting_user=acting_user,
        answer=answer,
        decided_by=acting_user,
        decided_at=database_now(),
    )
    _tell(query, change, _answered_words)
    return query


@transaction.atomic
def propose_correction(
    query: RecordQuery, right: Right, *, answer: str, acting_user: User
) -> RecordQuery:
    """Say what is right and how one knows; another person agrees or sends it back.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`, `PaidByOrder`, the times of `check_span`.
    """
    answer = required(answer)
    query = _locked(query)
    _refuse_paid_by_order(query.record)
    check_span(_service(query.record, right, answer))
    QUERY.move(
        query,
        "propose",
        reason=answer,
        acting_user=acting_user,
        answer=answer,
        what=right.what,
        place=right.place,
        started_at=right.started_at,
        ended_at=right.ended_at,
        proposed_by=acting_user,
        decided_by=None,
        decided_at=None,
    )
    return query


@transaction.atomic
def send_back_correction(query: RecordQuery, *, reason: str, acting_user: User) -> RecordQuery:
    """The second person does not agree yet. Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`."""
    reason = required(reason)
    query = _locked(query)
    QUERY.move(query, "send_back", reason=reason, acting_user=acting_user, answer=reason)
    return query


@transaction.atomic
def approve_correction_of(query: RecordQuery, *, acting_user: User) -> RecordQuery:
    """The second person agrees: the old record is reversed, a new row stands, all or nothing.

    What brought no hours (history kept for certificates) brings none put right.
    Refused: `OutOfTurn`, `NotAllowed`, `PaidByOrder`, and whatever keeps the new row from standing
    (a record that overlaps, say); then everything is as it was.
    """
    query = _locked(query)
    QUERY.require(query, "correct", acting_user=acting_user)
    _refuse_paid_by_order(query.record)
    assert query.started_at is not None, "proposed_correction_says_what_is_right"
    assert query.ended_at is not None, "proposed_correction_says_what_is_right"
    old = query.record
    if old.state == ServiceRecord.State.CONFIRMED:
        reverse_record(old, reason=query.answer, acting_user=acting_user)
    right = Right(
        query.what or old.what, query.place or old.place, query.started_at, query.ended_at
    )
    new = submit_record(
        old.volunteer,
        _service(old, right, query.answer),
        provenance=old.provenance,
        source=f"timebank.recordquery:{query.pk}",
        brings_hours=old.coefficient != 0,
        acting_user=the_product(),
    )
    screening = Screening.objects.held().filter(record=new).first()
    if screening is not None:  # the officer who agrees is the person who looked
        clear_screening(screening, finding=query.answer, acting_user=acting_user)
    new.photos.set(old.photos.all())
    new = confirm_record(
        ServiceRecord.objects.get(pk=new.pk), word=query.answer, acting_user=acting_user
    )
    change = QUERY.move(
        query,
        "correct",
        acting_user=acting_user,
        reason=query.answer,
        facts={"old": old.pk, "new": new.pk},
        corrected=new,
        decided_by=acting_user,
        decided_at=database_now(),
    )
    _tell(query, change, _corrected_words)
    return query


@transaction.atomic
def escalate_query(query: RecordQuery, *, reason: str, acting_user: User) -> RecordQuery:
    """Not content with the answer: who stands over the station looks again.

    Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`.
    """
    reason = required(reason)
    query = _locked(query)
    QUERY.move(
        query,
        "escalate",
        reason=reason,
        acting_user=acting_user,
        words=f"{query.words}\n{reason}"[:400],
    )
    return query


@transaction.atomic
def withdraw_query(query: RecordQuery, *, acting_user: User) -> RecordQuery:
    """The volunteer takes it back. Refused: `OutOfTurn`, `NotAllowed`."""
    query = _locked(query)
    QUERY.move(query, "withdraw", acting_user=acting_user)
    return query


def _refuse_paid_by_order(record: ServiceRecord) -> None:
    """The hours of a settled order came from who ordered; put right here they would be new ones."""
    if record.is_paid_by_order:
        raise PaidByOrder()


def _service(record: ServiceRecord, right: Right, why: str) -> Service:
    """What the record tells, put right; where the times stand, so do the minutes that counted."""
    service = Service(
        station=record.station,
        service_type=record.service_type,
        what=right.what,
        place=right.place,
        started_at=right.started_at,
        ended_at=right.ended_at,
        recipient=record.recipient,
        for_whom=record.for_whom,
        led_by=record.led_by,
        late_reason=why[:120],
    )
    return with_times_kept(record, service)


def _tell(
    query: RecordQuery, change: Change, words: Callable[[RecordQuery], tuple[str, str]]
) -> None:
    volunteer = query.raised_by
    with override(volunteer.language):
        title, body = words(query)
        tell(
            volunteer,
            kind=f"query_{query.state}",
            title=title,
            body=body,
            link=query.get_absolute_url(),
            key=f"query:{query.pk}:{change.pk}",
        )


def _answered_words(query: RecordQuery) -> tuple[str, str]:
    return (
        _("您对记录 %(number)s 的异议有了答复") % {"number": query.record.number},
        _("%(answer)s 不同意的，可以请上级复核。") % {"answer": query.answer},
    )


def _corrected_words(query: RecordQuery) -> tuple[str, str]:
    return (
        _("记录 %(number)s 已更正") % {"number": query.record.number},
        _("原记录已冲正，另立了一条正确的记录：%(answer)s") % {"answer": query.answer},
    )


def _locked(query: RecordQuery) -> RecordQuery:
    RecordQuery.objects.select_for_update().only("pk").get(pk=query.pk)
    return RecordQuery.objects.with_record().get(pk=query.pk)
