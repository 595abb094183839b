"""递补: after an award fell another meeting gives what was freed to those who move up.

Nobody moves up by themselves: only a meeting awards. But who moves up, and with how much, is not
its choice where the round has rules; and what it gave is put on a notice of its own. A round that
had ended goes on with it.
"""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import override

from accounts.errors import NotAllowed, Overtaken
from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import User
from accounts.services.attachments import store_pdf
from accounts.services.changes import record_change
from ventures.errors.decisions import DeviationUnexplained
from ventures.errors.objections import ObjectionsWaiting
from ventures.errors.promotions import NobodyMovesUp, NotByTheList
from ventures.lifecycles.decisions import DECISION
from ventures.lifecycles.rounds import ROUND
from ventures.models import Decision, Objection, Resolution, Round
from ventures.rules.recusal import may_decide
from ventures.selectors.promotions import Promotable, promotable_in, standing_awards
from ventures.services.decisions import (
    Choice,
    Meeting,
    award,
    require_sound_amount,
    require_sound_meeting,
    require_within_fund,
    write_meeting,
)
from ventures.services.prizes import require_places
from ventures.services.round_locks import locked_round


@transaction.atomic
@override(OFFICIAL_LANGUAGE)
def record_promotion(
    round: Round, choices: Sequence[Choice], *, meeting: Meeting, acting_user: User
) -> Resolution:
    """The second meeting: its awards stand, their money is set aside; the notice follows.

    Refused: to who does not decide, while an objection waits, where nobody moves up, another list
    than the rules give (`NotByTheList`), a reserve passed over without a reason
    (`DeviationUnexplained`), more than is free, more of one prize than the call says, who was moved
    up or struck off meanwhile (`Overtaken`), and a meeting that is recorded (`MeetingRecorded`).
    """
    round = locked_round(round)
    if not may_decide(acting_user, round):
        raise NotAllowed()
    waiting = Objection.objects.waiting().filter(notice__round=round).count()
    if waiting:
        raise ObjectionsWaiting(waiting=waiting)
    there = {one.proposal.pk: one for one in promotable_in(round)}
    if not choices or not there:
        raise NobodyMovesUp()
    _require_by_the_list(there, choices)
    for choice in choices:
        require_sound_amount(choice, there[choice.proposal_id].proposal)
    require_within_fund(round, choices)
    given = [choice.amount_fen for choice in choices]
    require_places(round, [*standing_awards(round).values(), *given])
    passed_over = _passed_over(list(there.values()), choices)
    silent = [
        there[choice.proposal_id].proposal.code
        for choice in choices
        if choice.proposal_id in passed_over and not choice.reason.strip()
    ]
    if silent:
        raise DeviationUnexplained(codes=sorted(silent))
    require_sound_meeting(round, meeting)
    minutes = store_pdf(meeting.minutes, acting_user=acting_user)
    try:
        resolution = write_meeting(round, meeting, minutes, acting_user=acting_user)
        if round.state == Round.State.CONCLUDED:
            ROUND.move(round, "promote", acting_user=acting_user)
        _move_up(there, choices, passed_over, resolution, acting_user)
        return resolution
    except BaseException:
        # The row goes with the transaction, the file does not.
        minutes.file.delete(save=False)
        raise


def _require_by_the_list(there: dict[int, Promotable], choices: Sequence[Choice]) -> None:
    """Who is listed moves up with just that; who has moved up or fallen meanwhile is overtaken."""
    chosen = {choice.proposal_id: choice.amount_fen for choice in choices}
    if not chosen.keys() <= there.keys():
        raise Overtaken()
    other = [
        one.proposal.code
        for pk, one in there.items()
        if one.listed_fen is not None and chosen.get(pk) != one.listed_fen
    ]
    if other:
        raise NotByTheList(codes=sorted(other))


def _passed_over(there: Sequence[Promotable], choices: Sequence[Choice]) -> set[int]:
    """Those chosen although one before them in the order is not."""
    chosen = {choice.proposal_id for choice in choices}
    free = [one.proposal.pk for one in there if one.listed_fen is None]
    first_left = next((place for place, pk in enumerate(free) if pk not in chosen), len(free))
    return {pk for pk in free[first_left:] if pk in chosen}


def _move_up(
    there: Mapping[int, Promotable],
    choices: Sequence[Choice],
    passed_over: set[int],
    resolution: Resolution,
    acting_user: User,
) -> None:
    for choice in choices:
        decision = Decision.objects.select_related("proposal__round__region").get(
            proposal=choice.proposal_id
        )
        why = choice.reason.strip() or str(there[choice.proposal_id].why)
        Decision.objects.filter(pk=decision.pk).update(
            reason=why, deviates=choice.proposal_id in passed_over
        )
        DECISION.move(
            decision,
            "promote",
            reason=why[:300],
            acting_user=acting_user,
            outcome=Decision.Outcome.AWARD,
            amount_fen=choice.amount_fen,
            resolution=resolution,
        )
        award(decision, resolution, acting_user=acting_user)
    record_change(
        resolution,
        "record",
        after=resolution.kind,
        facts={"promoted": len(choices)},
        acting_user=acting_user,
    )
