"""Bring service recorded elsewhere into the platform: look, propose, take in, undo; each whole.

Every slow step is a task's (`look_through`, `write_history`, `take_back`); what people do only
moves the file on. Reading tables is in `services.history_formats`, judging rows in
`services.history_trials`.
"""

from collections.abc import Sequence
from datetime import date

from celery import current_app
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clashes import constraint_of
from accounts.clock import database_now
from accounts.errors import NotAllowed, ReasonMissing
from accounts.models import Station, User
from accounts.services.changes import record_change
from accounts.services.messages import tell
from accounts.services.system_user import the_product
from timebank.errors.history import HistoryBroughtBefore, NothingInFile
from timebank.lifecycles.history import HISTORY
from timebank.models.banks import TimeBank
from timebank.models.history import HistoryImport, HistoryRow
from timebank.models.records import ServiceRecord
from timebank.rules import history as rules
from timebank.services.banks import bank_at
from timebank.services.corrections import reverse_record
from timebank.services.history_mapping import placed_in
from timebank.services.history_records import AccountsFull, write_records
from timebank.services.history_trials import try_rows
from timebank.services.screening.run import screen_records
from timebank.terms.provenance import Redeemable, provenance_terms

State = HistoryImport.State
AT_ONCE = 500
FIELDS = (
    "volunteer", "service_type", "name", "what", "place", "led_by",
    "started_at", "ended_at", "minutes", "key", "errors",
)  # fmt: skip


@transaction.atomic
def bring_history(
    station: Station,
    table: Sequence[Sequence[str]],
    *,
    file_name: str,
    digest: str,
    acting_user: User,
) -> HistoryImport:
    """Keep the rows of a file as they are; a task looks at each. Nothing is recorded yet.

    Where the heads are not known, who brought it is asked first (`services.history_mapping`).
    Refused: `NotAllowed`, `HistoryUnreadable` (no row of heads at all), `NothingInFile`,
    `HistoryBroughtBefore`, `NoBankHere`.
    """
    bank = bank_at(station.region)
    if not rules.may_bring_history(acting_user, bank, station):
        raise NotAllowed()
    _require_new(bank, digest)
    placed = placed_in(table, bank)
    rows = [
        (number, list(cells))
        for number, cells in enumerate(table[placed.head_at + 1 :], start=placed.head_at + 2)
        if any(cells)
    ]
    if not rows:
        raise NothingInFile()
    history = HistoryImport.objects.create(
        bank=bank,
        station=station,
        origin=placed.origin,
        state=State.READING if placed.is_certain else State.MAPPING,
        file_name=file_name[-120:],
        digest=digest,
        heads=placed.heads(),
        total=len(rows),
        is_redeemable=_brings_hours(localdate(database_now())),
        brought_by=acting_user,
    )
    HistoryRow.objects.bulk_create(
        [HistoryRow(history=history, number=number, cells=cells) for number, cells in rows],
        batch_size=AT_ONCE,
    )
    record_change(
        history, "bring", after=history.state, acting_user=acting_user, facts={"rows": len(rows)}
    )
    if history.is_under_way:
        carry_on_later(history)
    return history


@transaction.atomic
def propose_history(history: HistoryImport, *, reason: str, acting_user: User) -> HistoryImport:
    """Hand a clean file to who takes it in. Refused: `ReasonMissing`, `NotAllowed`, `OutOfTurn`,
    `HistoryBroughtBefore`."""
    reason = reason.strip()
    history = _locked(history)
    HISTORY.require(history, "propose", acting_user=acting_user)
    if not reason:
        raise ReasonMissing()
    _require_new(history.bank, history.digest)
    try:
        with transaction.atomic():
            HISTORY.move(history, "propose", acting_user=acting_user, reason=reason)
    except IntegrityError as error:
        if constraint_of(error) == "history_file_taken_in_once":
            _require_new(history.bank, history.digest)
        raise
    HistoryImport.objects.filter(pk=history.pk).update(reason=reason)
    return history


@transaction.atomic
def approve_history(
    history: HistoryImport, *, reason: str = "", acting_user: User
) -> HistoryImport:
    """Say yes; a task looks again and writes every record, or none. Refused: `NotAllowed` (also:
    who brought it where two are wanted, who is in it), `OutOfTurn`."""
    history = _locked(history)
    HISTORY.move(
        history,
        "approve",
        acting_user=acting_user,
        reason=reason.strip(),
        decided_by=acting_user,
        decided_at=database_now(),
        decision_reason=reason.strip(),
        done=0,
    )
    carry_on_later(history)
    return history


@transaction.atomic
def refuse_history(history: HistoryImport, *, reason: str, acting_user: User) -> HistoryImport:
    """Say no, and why. Refused: `ReasonMissing`, `NotAllowed`, `OutOfTurn`."""
    reason = reason.strip()
    history = _locked(history)
    HISTORY.require(history, "refuse", acting_user=acting_user)
    if not reason:
        raise ReasonMissing()
    HistoryImport.objects.filter(pk=history.pk).update(decision_reason=reason)
    HISTORY.move(
        history,
        "refuse",
        acting_user=acting_user,
        reason=reason,
        decided_by=acting_user,
        decided_at=database_now(),
    )
    _tell(history)
    return history


@transaction.atomic
def withdraw_history(history: HistoryImport, *, acting_user: User) -> HistoryImport:
    """Who brought it takes it back. Refused: `NotAllowed`, `OutOfTurn`."""
    history = _locked(history)
    HISTORY.move(history, "withdraw", acting_user=acting_user)
    return history


@transaction.atomic
def undo_history(history: HistoryImport, *, reason: str, acting_user: User) -> HistoryImport:
    """Take every record of it back, with what it brought and the certificates that rest on it.

    Refused: `ReasonMissing`, `NotAllowed` (also: who took it in), `OutOfTurn`.
    """
    reason = reason.strip()
    history = _locked(history)
    HISTORY.require(history, "undo", acting_user=acting_user)
    if not reason:
        raise ReasonMissing()
    HISTORY.move(
        history, "undo", acting_user=acting_user, reason=reason, undone_by=acting_user, done=0
    )
    HistoryImport.objects.filter(pk=history.pk).update(decision_reason=reason)
    carry_on_later(history)
    return history


# What a task does -------------------------------------------------------------------------------


def carry_on(number: int) -> HistoryImport:
    """Do what the file waits for; done twice changes nothing."""
    history = _read(number)
    if history.state == State.READING:
        look_through(history)
    elif history.state == State.POSTING:
        write_history(history)
    elif history.state == State.UNDOING:
        take_back(history)
    return _read(number)


def carry_on_lost() -> int:
    """Take up what a killed worker or a lost message left; how many those were."""
    numbers = list(HistoryImport.objects.under_way().values_list("pk", flat=True))
    return len([carry_on(number) for number in numbers])


def look_through(history: HistoryImport) -> None:
    """Every row with what is wrong beside it; then the file is clean or faulty."""
    with override(history.brought_by.language):
        rows = try_rows(history, list(history.rows.all()))
    for start in range(0, len(rows), AT_ONCE):
        HistoryRow.objects.bulk_update(rows[start : start + AT_ONCE], FIELDS)
        HistoryImport.objects.filter(pk=history.pk).update(done=start + AT_ONCE)
    _found(history, rows, "find_clean")


@transaction.atomic
def write_history(history: HistoryImport) -> None:
    """Look once more, then write all records in one transaction; one that does not fit any more
    stops all, and the file is faulty.

    What does not fit on a full account goes to the city's 爱心时间库 where the bank's policy says
    so; where it does not, the row is named.
    """
    TimeBank.objects.select_for_update().only("pk").get(pk=history.bank_id)
    history = _locked(history)
    if history.state != State.POSTING:
        return
    with override(history.brought_by.language):
        rows = try_rows(history, list(history.rows.all()))
    if any(row.errors for row in rows):
        HistoryRow.objects.bulk_update(rows, ["errors"], batch_size=AT_ONCE)
        _found(history, rows, "find_faulty")
        _tell(history)
        return
    try:
        with transaction.atomic():
            write_records(
                history, rows, say=lambda done: cache.set(progress_key(history), done, 3600)
            )
    except AccountsFull as full:
        for row in rows:
            row.record = None
            row.errors = [full.words[row.number]] if row.number in full.words else []
        HistoryRow.objects.bulk_update(rows, ["errors"], batch_size=AT_ONCE)
        _found(history, rows, "find_faulty")
        _tell(history)
        return
    screen_records([row.record_id for row in rows if row.record_id is not None])
    HISTORY.move(
        history,
        "post",
        acting_user=the_product(),
        facts={"rows": len(rows), "minutes": history.minutes},
        done=len(rows),
    )
    _tell(history)


@transaction.atomic
def take_back(history: HistoryImport) -> None:
    """Reverse every record that still stands."""
    history = _locked(history)
    if history.state != State.UNDOING:
        return
    assert history.undone_by is not None, "an import is undone by somebody"
    rows = history.rows.exclude(record=None).select_related("record__region")
    for done, row in enumerate(rows, start=1):
        assert row.record is not None, "excluded above"
        if row.record.state == "confirmed":
            reverse_record(
                row.record, reason=history.decision_reason, acting_user=history.undone_by
            )
        cache.set(progress_key(history), done, 3600)
    HISTORY.move(history, "finish_undo", acting_user=the_product(), done=history.total)
    _tell(history)


def progress_key(history: HistoryImport) -> str:
    """Where a step that is one transaction says how far it has come."""
    return f"history:{history.pk}:{history.state}"


# Steps ------------------------------------------------------------------------------------------


def _found(history: HistoryImport, rows: Sequence[HistoryRow], clean: str) -> None:
    faulty = sum(bool(row.errors) for row in rows)
    HISTORY.move(
        history,
        "find_faulty" if faulty else clean,
        acting_user=the_product(),
        facts={"rows": len(rows), "faulty": faulty},
        faulty=faulty,
        done=len(rows),
        minutes=sum(row.minutes for row in rows),
    )


def _brings_hours(today: date) -> bool:
    """Whether imported records are credited as time to use, by the terms of their source."""
    term = provenance_terms(today).of(ServiceRecord.Provenance.HISTORY)
    return term.redeemable is not Redeemable.NEVER


def _require_new(bank: TimeBank, digest: str) -> None:
    same = HistoryImport.objects.filter(bank=bank, digest=digest, state__in=HistoryImport.TAKEN)
    first = same.first()
    if first is not None:
        raise HistoryBroughtBefore(batch=first.pk)


def carry_on_later(history: HistoryImport) -> None:
    """Let a task do what the file waits for, once this is committed."""
    transaction.on_commit(
        lambda: current_app.tasks["timebank.tasks.carry_history_on_later"].delay(history.pk),
        robust=True,
    )


def _tell(history: HistoryImport) -> None:
    with override(history.brought_by.language):
        tell(
            history.brought_by,
            kind="history_moved",
            title=_("历史数据导入第 %(number)d 批：%(state)s")
            % {"number": history.pk, "state": history.get_state_display()},
            body=history.decision_reason,
            link=history.get_absolute_url(),
            key=f"history:{history.pk}:{history.state}",
        )


def _read(number: int) -> HistoryImport:
    return HistoryImport.objects.select_related(
        "bank__region", "bank__book", "station__region", "brought_by", "decided_by", "undone_by"
    ).get(pk=number)


def _locked(history: HistoryImport) -> HistoryImport:
    HistoryImport.objects.select_for_update().only("pk").get(pk=history.pk)
    return _read(history.pk)
