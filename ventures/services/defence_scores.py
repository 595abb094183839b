"""In the hall: a team on the stage, points on phones, and all of them shown at once.

Until the slot is revealed nobody reads a sheet but who wrote it; nobody is told how many there are
but the chair and the office, who learn only whom one waits for. Handing in and revealing lock the
same row: a sheet is counted by the reveal or refused after it, never lost in between.
"""

from collections.abc import Sequence

from django.db import transaction

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from ventures.errors.defences import (
    DefencePanelTooSmall,
    LeavesForSlot,
    PointsGiven,
    SheetsOutstanding,
    SlotNotOpen,
    StageTaken,
    TooFewSheets,
)
from ventures.errors.reviews import ReviewNotBegun
from ventures.lifecycles.defences import DEFENCE_SLOT
from ventures.models import (
    CompositeTerms,
    DefenceSheet,
    DefenceSlot,
    PanelMember,
    Round,
)
from ventures.rules.recusal import is_kept_from_judging
from ventures.selectors.composites import composite_terms_of
from ventures.selectors.defences import judges_of
from ventures.services.assignments import require_commitment
from ventures.services.defences import locked_session, members_of


@transaction.atomic
def open_slot(slot: DefenceSlot, *, acting_user: User) -> DefenceSlot:
    """The team is on the stage; points may be given.

    Refused: while another is on it, and where who has to leave (a tie found since) leaves too few.
    """
    session = locked_session(slot.session)
    _require_in_review(session.round)
    slot = _locked(slot)
    DEFENCE_SLOT.require(slot, "open", acting_user=acting_user)
    other = session.slots.filter(state=DefenceSlot.State.OPEN).select_related("proposal").first()
    if other is not None:
        raise StageTaken(code=other.proposal.code)
    terms = _terms(slot)
    members = members_of(session.round)
    seated = judges_of(members, [slot.proposal])[slot.proposal_id]
    if len(seated) < terms.least_judges:
        raise DefencePanelTooSmall(
            code=slot.proposal.code,
            there=len(seated),
            least=terms.least_judges,
            leaving=[m.reviewer.display_name for m in members if m not in seated],
        )
    DEFENCE_SLOT.move(slot, "open", acting_user=acting_user, opened_at=database_now())
    return slot


@transaction.atomic
def hand_in_points(
    slot: DefenceSlot, half_points: Sequence[int], *, acting_user: User
) -> DefenceSheet:
    """One's own points, again until the reveal.

    Refused: who does not sit or has not signed, who leaves for this team (`LeavesForSlot`), and
    before the stage or after the reveal (`SlotNotOpen`).
    """
    slot = _locked(slot)
    member = PanelMember.objects.filter(
        panel__round=slot.session.round, reviewer=acting_user, left_at__isnull=True
    ).first()
    if member is None:
        raise NotAllowed()
    require_commitment(member)
    if is_kept_from_judging(acting_user, slot.proposal):
        raise LeavesForSlot()
    if slot.state != DefenceSlot.State.OPEN:
        raise SlotNotOpen(state=DefenceSlot.State(slot.state).label)
    sheet, _is_new = DefenceSheet.objects.update_or_create(
        slot=slot,
        member=member,
        defaults={"half_points": list(half_points), "submitted_at": database_now()},
    )
    return sheet


@transaction.atomic
def reveal_slot(slot: DefenceSlot, *, reason: str = "", acting_user: User) -> DefenceSlot:
    """Show all points of a team at once; one act, in the trail, and final.

    Refused: while somebody who sits for it has not handed in, unless a reason is given
    (`SheetsOutstanding`); with fewer sheets than the rules ask for (`TooFewSheets`).
    """
    slot = _locked(slot)
    _require_in_review(slot.session.round)
    DEFENCE_SLOT.require(slot, "reveal", acting_user=acting_user)
    seated = judges_of(members_of(slot.session.round), [slot.proposal])[slot.proposal_id]
    given = set(slot.sheets.values_list("member", flat=True))
    names = [member.reviewer.display_name for member in seated if member.pk not in given]
    if len(given) < _terms(slot).least_judges:
        raise TooFewSheets(least=_terms(slot).least_judges)
    if names and not reason.strip():
        raise SheetsOutstanding(names=names)
    DEFENCE_SLOT.move(
        slot,
        "reveal",
        reason=reason.strip(),
        acting_user=acting_user,
        facts={"sheets": len(given), "not_waited_for": len(names)},
        revealed_at=database_now(),
        revealed_by=acting_user,
    )
    return slot


@transaction.atomic
def step_down(slot: DefenceSlot, *, acting_user: User) -> DefenceSlot:
    """It was another team's turn, or nobody came: the stage is free again.

    Refused once somebody gave points (`PointsGiven`).
    """
    slot = _locked(slot)
    _require_in_review(slot.session.round)
    if sheets := slot.sheets.count():
        raise PointsGiven(sheets=sheets)
    DEFENCE_SLOT.move(slot, "step_down", acting_user=acting_user, opened_at=None)
    return slot


@transaction.atomic
def miss_slot(slot: DefenceSlot, *, verb: str, acting_user: User) -> DefenceSlot:
    """The team did not come (`miss`), or came after all (`recall`)."""
    slot = _locked(slot)
    _require_in_review(slot.session.round)
    DEFENCE_SLOT.move(slot, verb, acting_user=acting_user)
    return slot


def _locked(slot: DefenceSlot) -> DefenceSlot:
    """The bare row first: after a wait, what is read next is read anew."""
    DefenceSlot.objects.select_for_update(of=("self",)).get(pk=slot.pk)
    found = DefenceSlot.objects.select_related("session__round__region", "proposal").get(pk=slot.pk)
    found.proposal.round = found.session.round
    return found


def _terms(slot: DefenceSlot) -> CompositeTerms:
    terms = composite_terms_of(slot.session.round)
    assert terms is not None, "a session is planned by the round's rule"
    return terms


def _require_in_review(round: Round) -> None:
    if round.state != Round.State.IN_REVIEW:
        raise ReviewNotBegun()
