"""Bring balances from an earlier system into the book, once: tried out, proposed, approved.

A table is first tried out (`services.opening_tables`): every row is looked at, nothing is written.
What is free of errors may be proposed; a second person approves, and all rows are posted in one
call, or none.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.services.messages import tell
from timebank.errors.books import FileTakenIn, OpeningBroughtBefore
from timebank.errors.ledger import NothingToMove
from timebank.lifecycles.books import OPENING
from timebank.models.adjustments import CorrectionState, OpeningImport, OpeningRow
from timebank.models.banks import TimeBank
from timebank.rules import books as rules
from timebank.services.banks import account_of
from timebank.services.ledger import OpeningBalance, open_balances
from timebank.services.opening_tables import TAKEN, Trial
from timebank.services.second_person import Decided


@transaction.atomic
def propose_openings(
    bank: TimeBank,
    trial: Trial,
    *,
    origin: str,
    as_of: date,
    reason: str,
    file_name: str,
    digest: str,
    request_key: UUID,
    acting_user: User,
) -> OpeningImport:
    """Hand a clean trial to the second person; nothing moves yet.

    The same `request_key` again gives the first. Refused: `NotAllowed`, `ReasonMissing`,
    `FileTakenIn` when the same file waits or was posted.
    """
    if not rules.keeps_books_of(acting_user, bank):
        raise NotAllowed()
    reason = required(reason)
    assert trial.is_clean, "only a clean trial is proposed"
    TimeBank.objects.select_for_update().only("pk").get(pk=bank.pk)
    first = OpeningImport.objects.filter(request_key=request_key).first()
    if first is not None:
        return first
    same = OpeningImport.objects.filter(bank=bank, digest=digest, state__in=TAKEN).first()
    if same is not None:
        raise FileTakenIn(opening=same.pk)
    opening = OpeningImport.objects.create(
        bank=bank,
        reason=reason,
        request_key=request_key,
        proposed_by=acting_user,
        origin=origin,
        as_of=as_of,
        file_name=file_name[-120:],
        digest=digest,
        row_count=len(trial.rows),
        minutes=trial.minutes,
    )
    OpeningRow.objects.bulk_create(
        [
            OpeningRow(
                opening=opening,
                number=row.number,
                person_id=row.person_id or 0,
                minutes=row.minutes,
                reference=row.reference,
                note=row.note,
            )
            for row in trial.rows
        ],
        batch_size=2_000,
    )
    record_change(
        opening,
        "propose",
        after=CorrectionState.PROPOSED,
        reason=reason,
        facts={"rows": opening.row_count, "minutes": opening.minutes},
        acting_user=acting_user,
    )
    return opening


@transaction.atomic
def approve_openings(
    opening: OpeningImport, *, reason: str = "", acting_user: User
) -> OpeningImport:
    """The second person says yes: all rows are posted now, in one call, or none.

    Refused: `OutOfTurn`, `NotAllowed` (also: who brought the file, or is in it),
    `OpeningBroughtBefore`, `AccountHasMoved` (somebody earned something meanwhile), `OverCeiling`,
    `AccountClosed`; then it stays proposed.
    """
    TimeBank.objects.select_for_update().only("pk").get(pk=opening.bank_id)
    opening = OPENINGS.locked(opening)
    OPENING.require(opening, "approve", acting_user=acting_user)
    rows = list(opening.rows.select_related("person"))
    _require_new(opening, rows)
    open_balances(
        opening.bank.book,
        [OpeningBalance(account_of(row.person, opening.bank), row.minutes) for row in rows],
        reason=opening.origin,
        source=f"timebank.opening:{opening.pk}",
        happened_at=_end_of(opening.as_of),
        acting_user=acting_user,
    )
    OPENINGS.approve(opening, reason=reason, acting_user=acting_user)
    return opening


@transaction.atomic
def refuse_openings(opening: OpeningImport, *, reason: str, acting_user: User) -> OpeningImport:
    """The second person says no, and why. Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`."""
    return OPENINGS.refuse(opening, reason=reason, acting_user=acting_user)


@transaction.atomic
def withdraw_openings(opening: OpeningImport, *, acting_user: User) -> OpeningImport:
    """Who brought the file takes it back. Refused: `OutOfTurn`, `NotAllowed`."""
    return OPENINGS.withdraw(opening, acting_user=acting_user)


# Steps ----------------------------------------------------------------------------------------


def _require_new(opening: OpeningImport, rows: Sequence[OpeningRow]) -> None:
    """Nothing twice: not even when two files with the same rows wait for their approval."""
    if not rows:
        raise NothingToMove(amount=0)
    posted = set(
        OpeningRow.objects.filter(
            opening__bank=opening.bank,
            opening__origin=opening.origin,
            opening__state=CorrectionState.APPROVED,
            reference__in=[row.reference for row in rows],
        ).values_list("reference", flat=True)
    )
    twice = [row.number for row in rows if row.reference in posted]
    if twice:
        raise OpeningBroughtBefore(count=len(twice), first=twice[0])


def _end_of(day: date) -> datetime:
    """The last minute of the day the earlier system was closed; never later than now."""
    midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return min(midnight - timedelta(minutes=1), database_now())


def _tell_proposer(opening: OpeningImport) -> None:
    proposer = opening.proposed_by
    with override(proposer.language):
        tell(
            proposer,
            kind="opening_decided",
            title=_("期初导入第 %(number)d 批：%(state)s")
            % {"number": opening.pk, "state": opening.get_state_display()},
            body=opening.decision_reason,
            link=opening.get_absolute_url(),
            key=f"opening:{opening.pk}:decided",
        )


OPENINGS = Decided(OPENING, OpeningImport, ("bank__region", "bank__book"), _tell_proposer)
