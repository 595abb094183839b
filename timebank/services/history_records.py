"""Write the records of a file of history, many at a time, within the caller's transaction.

What is not redeemable has coefficient 0: a record for certificates and stars, without a transfer.
"""

from collections.abc import Callable, Mapping, Sequence

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from accounts.clock import database_now
from accounts.models import Change, User
from accounts.services.messages import tell
from timebank.errors.ledger import OverCeiling
from timebank.models.history import HistoryImport, HistoryRow
from timebank.models.ledger import LedgerAccount, Leg, TransferKind
from timebank.models.records import ServiceRecord
from timebank.selectors.catalogue import coefficient_of
from timebank.services.banks import account_of, city_pool_of, issuance_of
from timebank.services.ledger import Posting, credit_account, post_batch
from timebank.services.overflow import tell_of_overflow

AT_ONCE = 1_000
NOT_SAID = gettext_noop("原系统未注明")


class AccountsFull(Exception):
    """Some rows do not fit on their volunteer's account; nothing was written. By row number."""

    def __init__(self, words: dict[int, str]) -> None:
        super().__init__(f"{len(words)} rows")
        self.words = words


def write_records(
    history: HistoryImport, rows: Sequence[HistoryRow], *, say: Callable[[int], object]
) -> None:
    """Confirmed records, their credits where they bring any, a line of the trail for each."""
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        records = ServiceRecord.objects.bulk_create(_record(history, row) for row in some)
        if history.is_redeemable:
            _credit(history, records)
        _confirm(history, records)
        for row, record in zip(some, records, strict=True):
            row.record = record
        HistoryRow.objects.bulk_update(some, ["record"])
        say(start + len(some))
    _tell_volunteers(history, rows)


def _record(history: HistoryImport, row: HistoryRow) -> ServiceRecord:
    assert row.service_type is not None, "a row that was looked at has its kind"
    assert row.volunteer_id is not None, "a clean row names its volunteer"
    assert row.started_at is not None, "a clean row says when"
    assert row.ended_at is not None, "a clean row says until when"
    column = history.heads["columns"].get("for_whom")
    for_whom = row.cells[column][:40] if column is not None and column < len(row.cells) else ""
    return ServiceRecord(
        bank=history.bank,
        volunteer_id=row.volunteer_id,
        station=history.station,
        region=history.station.region,
        service_type=row.service_type,
        what=row.what,
        place=row.place,
        led_by=row.led_by,
        started_at=row.started_at,
        ended_at=row.ended_at,
        minutes=row.minutes,
        coefficient=coefficient_of(row.service_type, history.bank, localdate(row.started_at))
        if history.is_redeemable
        else 0,
        for_whom=for_whom or NOT_SAID,
        provenance=ServiceRecord.Provenance.HISTORY,
        source=f"timebank.history:{history.pk}:{row.number}",
        recorded_by=history.brought_by,
    )


def _credit(history: HistoryImport, records: Sequence[ServiceRecord]) -> None:
    assert history.decided_by is not None, "history_decided_by_somebody"
    issuance = issuance_of(history.bank)
    accounts: dict[int, LedgerAccount] = {}
    brought = [record for record in records if record.credit_minutes]
    for record in brought:
        if record.volunteer_id not in accounts:
            accounts[record.volunteer_id] = account_of(record.volunteer, history.bank)
    try:
        with transaction.atomic():
            credits = _credited_at_once(history, brought, accounts, issuance)
    except OverCeiling:
        credits = _credited_one_by_one(history, brought, accounts, issuance)
    for record, credit in zip(brought, credits, strict=True):
        record.credit_id = credit


def _credited_at_once(
    history: HistoryImport,
    brought: Sequence[ServiceRecord],
    accounts: Mapping[int, LedgerAccount],
    issuance: LedgerAccount,
) -> list[int]:
    """The transfers of all, in order; refused as a whole where one does not fit."""
    assert history.decided_by is not None, "history_decided_by_somebody"
    return post_batch(
        history.bank.book,
        [
            Posting(
                legs=Leg.pair(
                    from_account=issuance,
                    to_account=accounts[record.volunteer_id],
                    amount=record.credit_minutes,
                ),
                kind=TransferKind.REWARD,
                reason=_reason_of(record),
                source=record.ledger_source,
                key=f"reward:{record.ledger_source}",
                happened_at=record.ended_at,
            )
            for record in brought
        ],
        acting_user=history.decided_by,
    )


def _credited_one_by_one(
    history: HistoryImport,
    brought: Sequence[ServiceRecord],
    accounts: Mapping[int, LedgerAccount],
    issuance: LedgerAccount,
) -> list[int]:
    """The same where somebody's account is full: by the bank's policy the rest goes to the city's
    pool, and they are told. Raises `AccountsFull` with every row that may not overflow."""
    assert history.decided_by is not None, "history_decided_by_somebody"
    pool = city_pool_of(history.bank)
    credits, full = [], {}
    for record in sorted(brought, key=lambda one: (one.volunteer_id, one.started_at)):
        try:
            with transaction.atomic():
                credit = credit_account(
                    accounts[record.volunteer_id],
                    from_account=issuance,
                    amount=record.credit_minutes,
                    pool=pool,
                    kind=TransferKind.REWARD,
                    reason=_reason_of(record),
                    source=record.ledger_source,
                    key=f"reward:{record.ledger_source}",
                    happened_at=record.ended_at,
                    acting_user=history.decided_by,
                )
        except OverCeiling as refusal:
            full[int(record.source.rpartition(":")[2])] = str(refusal)
        else:
            tell_of_overflow(record.volunteer, credit)
            credits.append((record.pk, credit.pk))
    if full:
        raise AccountsFull(full)
    by_record = dict(credits)
    return [by_record[record.pk] for record in brought]


def _reason_of(record: ServiceRecord) -> str:
    return gettext_noop("%s（记录 %s）") % (record.service_type.name, record.number)


def _confirm(history: HistoryImport, records: Sequence[ServiceRecord]) -> None:
    assert history.decided_by is not None, "history_decided_by_somebody"
    now = database_now()
    for record in records:
        record.state = ServiceRecord.State.CONFIRMED
        record.confirmed_by = history.decided_by
        record.confirmed_at = now
    ServiceRecord.objects.bulk_update(
        records, ["state", "confirmed_by", "confirmed_at", "credit"], batch_size=AT_ONCE
    )
    kind = ContentType.objects.get_for_model(ServiceRecord)
    Change.objects.bulk_create(
        Change(
            content_type=kind,
            object_id=record.pk,
            verb="confirm",
            before=ServiceRecord.State.SUBMITTED,
            after=ServiceRecord.State.CONFIRMED,
            acting_user=history.decided_by,
            facts={"history": history.pk, "minutes": record.minutes},
        )
        for record in records
    )


def _tell_volunteers(history: HistoryImport, rows: Sequence[HistoryRow]) -> None:
    counts: dict[int, int] = {}
    for row in rows:
        assert row.volunteer_id is not None, "a clean row names its volunteer"
        counts[row.volunteer_id] = counts.get(row.volunteer_id, 0) + 1
    for volunteer in User.objects.filter(pk__in=counts):
        with override(volunteer.language):
            tell(
                volunteer,
                kind="history_imported",
                title=_("已导入您以前的 %(count)d 条服务记录") % {"count": counts[volunteer.pk]},
                body=_("来自%(origin)s，计入证明和星级。有错漏请联系站点。")
                % {"origin": history.get_origin_display()},
                link="/time/records/",
                key=f"history:{history.pk}:user:{volunteer.pk}",
            )
