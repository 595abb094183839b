"""Open one sealed proposal before the close, in an emergency, under everybody's eyes."""

from datetime import timedelta

from django.db import transaction

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from ventures.errors.timetable import NotSealed, PeekingNotAllowed
from ventures.models import Peek, Round
from ventures.rules import recusal as recusal_rules
from ventures.rules import rounds as round_rules
from ventures.rules import timetable as rules
from ventures.services.round_news import tell_peeked


def require_may_peek(user: User, round: Round) -> None:
    """Say why not, before a form is shown and again when it is done."""
    if not round_rules.is_round_officer(user, round):
        raise NotAllowed()
    if not rules.is_sealed(round):
        raise NotSealed()
    if not round.peek_minutes:
        raise PeekingNotAllowed()


@transaction.atomic
def peek(round: Round, number: str, *, reason: str, acting_user: User) -> Peek | None:
    """Open the proposal of this number to the officer for the round's minutes; its applicant is
    told at once. None where nothing was handed in under it: also that attempt is on record.

    Refused to anybody but the round's officers, to those tied to it (`NotAllowed`), where the round
    is not sealed (`NotSealed`) or does not allow it (`PeekingNotAllowed`), and without a reason.
    """
    round = Round.objects.select_related("region").get(pk=round.pk)
    require_may_peek(acting_user, round)
    reason = required(reason)
    proposal = (
        round.proposals.handed_in()
        .select_related("round__region", "applicant")
        .filter(code=number)
        .first()
    )
    is_tied = proposal is not None and recusal_rules.has_tie(acting_user, proposal)
    record_change(
        round,
        "peek",
        after=number[:24],
        reason=reason,
        facts={"found": proposal is not None and not is_tied},
        acting_user=acting_user,
    )
    if proposal is None or is_tied:
        return None
    now = database_now()
    seen = Peek.objects.create(
        proposal=proposal,
        peeked_by=acting_user,
        reason=reason,
        peeked_at=now,
        ends_at=now + timedelta(minutes=round.peek_minutes),
    )
    record_change(proposal, "peek", reason=reason, acting_user=acting_user)
    tell_peeked(seen)
    return seen
