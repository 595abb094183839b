"""Give points (积分) to people for a reason, by two people; never for hours, never for money.

Points stand in a book of their own, one for each time bank: nothing can go from it into a book of
hours or of money. One person proposes, another approves; then each row is posted for itself, and
says itself why it was not (an account that is closed, say). What was refused may be tried again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.services.messages import tell
from timebank.errors.ledger import NothingToMove
from timebank.lifecycles.books import POINT_GRANT
from timebank.models.adjustments import CorrectionState
from timebank.models.banks import TimeBank
from timebank.models.ledger import AccountKind, Book, LedgerAccount, Leg, TransferKind, Unit
from timebank.models.points import PointGrant, PointGrantRow
from timebank.rules import books as rules
from timebank.selectors.banks import person_key
from timebank.selectors.points import points_key
from timebank.services.ledger import Posting, open_account, open_book
from timebank.services.postings import RowAnswer, post_each
from timebank.services.second_person import Decided


@dataclass(frozen=True, slots=True)
class PointsFor:
    """So many points for one person."""

    person: User
    points: int


@transaction.atomic
def propose_points(
    bank: TimeBank,
    rows: Sequence[PointsFor],
    *,
    reason: str,
    request_key: UUID,
    acting_user: User,
) -> PointGrant:
    """Ask that people be given points; nothing moves yet.

    The same `request_key` again gives the first proposal. Refused: `ReasonMissing`,
    `NothingToMove`, `NotAllowed` for anyone but who keeps the books or coordinates a station of
    the bank's place.
    """
    if not rules.may_propose_points(acting_user, bank):
        raise NotAllowed()
    reason = required(reason)
    if not rows or any(row.points <= 0 for row in rows):
        raise NothingToMove(amount=0)
    grant, is_new = PointGrant.objects.get_or_create(
        request_key=request_key,
        defaults={"bank": bank, "reason": reason, "proposed_by": acting_user},
    )
    if is_new:
        PointGrantRow.objects.bulk_create(
            [PointGrantRow(grant=grant, person=row.person, points=row.points) for row in rows]
        )
        record_change(
            grant,
            "propose",
            after=CorrectionState.PROPOSED,
            reason=reason,
            facts={"rows": len(rows), "points": sum(row.points for row in rows)},
            acting_user=acting_user,
        )
    return grant


@transaction.atomic
def approve_points(grant: PointGrant, *, reason: str = "", acting_user: User) -> PointGrant:
    """The second person says yes: each row is posted for itself, its person is told.

    Refused: `OutOfTurn`, `NotAllowed` (also: who proposed it, or is in it). A row that the ledger
    refuses keeps the reason; the others stand.
    """
    grant = GRANTS.locked(grant)
    POINT_GRANT.require(grant, "approve", acting_user=acting_user)
    posted, refused = _post_rows(grant, acting_user)
    GRANTS.approve(
        grant,
        reason=reason,
        acting_user=acting_user,
        facts={"posted": posted, "refused": refused},
    )
    return grant


@transaction.atomic
def try_points_again(grant: PointGrant, *, acting_user: User) -> PointGrant:
    """Ask the ledger again for the rows it refused; what stands, stands.

    Refused: `NotAllowed` for anyone but who keeps the books and is in none of the rows. A grant
    that was not approved stays as it is.
    """
    grant = GRANTS.locked(grant)
    if not rules.may_decide_points(acting_user, grant):
        raise NotAllowed()
    if grant.state == CorrectionState.APPROVED:
        _post_rows(grant, acting_user)
    return grant


@transaction.atomic
def refuse_points(grant: PointGrant, *, reason: str, acting_user: User) -> PointGrant:
    """The second person says no, and why. Refused: `ReasonMissing`, `OutOfTurn`, `NotAllowed`."""
    return GRANTS.refuse(grant, reason=reason, acting_user=acting_user)


@transaction.atomic
def withdraw_points(grant: PointGrant, *, acting_user: User) -> PointGrant:
    """Who proposed it takes it back. Refused: `OutOfTurn`, `NotAllowed`."""
    return GRANTS.withdraw(grant, acting_user=acting_user)


def points_book_of(bank: TimeBank, *, acting_user: User) -> Book:
    """The bank's book of points, opened when it is first needed."""
    with override(settings.LANGUAGE_CODE):
        name = _("%(bank)s · 积分") % {"bank": bank.name}
    return open_book(
        name=name, unit=Unit.POINT, owner_key=points_key(bank), acting_user=acting_user
    )


# Steps ----------------------------------------------------------------------------------------


def _post_rows(grant: PointGrant, acting_user: User) -> tuple[int, int]:
    """Post what is not posted yet, each row for itself; how many were posted, how many not."""
    book = points_book_of(grant.bank, acting_user=acting_user)
    giving = open_account(
        book,
        kind=AccountKind.ISSUANCE,
        owner_key="book",
        label=str(AccountKind.ISSUANCE.label),
        floor=None,
        is_counted=False,
    )
    rows = list(grant.rows.filter(transfer_id=None).select_related("person"))
    answers = post_each(
        book,
        [_posting(row, giving, _account_of(row.person, book)) for row in rows],
        acting_user=acting_user,
    )
    for row, answer in zip(rows, answers, strict=True):
        _keep_answer(row, answer)
    PointGrantRow.objects.bulk_update(rows, ["transfer_id", "refusal"])
    posted = [row for row in rows if row.transfer_id is not None]
    for row in posted:
        _tell_person(row)
    return len(posted), len(rows) - len(posted)


def _account_of(person: User, book: Book) -> LedgerAccount:
    return open_account(
        book,
        kind=AccountKind.PERSON,
        owner_key=person_key(person),
        label=person.display_name,
        by_policy=True,
    )


def _posting(row: PointGrantRow, giving: LedgerAccount, account: LedgerAccount) -> Posting:
    return Posting(
        legs=Leg.pair(from_account=giving, to_account=account, amount=row.points),
        kind=TransferKind.POINTS,
        reason=row.grant.reason,
        source=row.grant.ledger_source,
        key=f"{row.grant.ledger_source}:{row.pk}",
    )


def _keep_answer(row: PointGrantRow, answer: RowAnswer) -> None:
    row.transfer_id = answer.transfer_id
    with override(settings.LANGUAGE_CODE):
        row.refusal = str(answer.refusal)[:200] if answer.refusal else ""


def _tell_person(row: PointGrantRow) -> None:
    with override(row.person.language):
        tell(
            row.person,
            kind="points_given",
            title=ngettext("您得到 %(count)d 个积分", "您得到 %(count)d 个积分", row.points)
            % {"count": row.points},
            body=row.grant.reason,
            link=reverse("timebank:points"),
            key=f"points:{row.pk}",
        )


def _tell_proposer(grant: PointGrant) -> None:
    with override(grant.proposed_by.language):
        tell(
            grant.proposed_by,
            kind="points_decided",
            title=_("积分发放第 %(number)d 批：%(state)s")
            % {"number": grant.pk, "state": grant.get_state_display()},
            body=grant.decision_reason,
            link=grant.get_absolute_url(),
            key=f"points:{grant.pk}:decided",
        )


GRANTS = Decided(POINT_GRANT, PointGrant, ("bank__region",), _tell_proposer)
