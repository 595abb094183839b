"""Run the walk and keep what it gave; depart from it by two people with a reason."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.services.messages import tell
from ventures.errors.award_walks import (
    NobodyToAgree,
    NotAsListed,
    NotWalked,
    OverrideChangesNothing,
    OverrideStanding,
    OverridesWaiting,
    OwnOverrideNotAgreed,
)
from ventures.errors.decisions import AmountOutOfRange
from ventures.errors.reviews import PanelStillOpen, ReviewNotBegun
from ventures.lifecycles.award_walks import OVERRIDE
from ventures.models import AwardWalk, Decision, Override, Panel, Proposal, Round
from ventures.reckoning.award_record import fingerprint
from ventures.rules import award_walks as rules
from ventures.rules import recusal
from ventures.selectors.award_walks import Suggestion, suggestion_of
from ventures.services.prizes import require_a_prize
from ventures.services.second_person import Answered

Outcome = Decision.Outcome
OVERRIDDEN = Answered(OVERRIDE, Override, "proposed_by", rules.deciders_of, OwnOverrideNotAgreed)


def keep_walk(
    round: Round,
    inputs: dict[str, Any],
    results: dict[str, Any],
    *,
    occasion: str,
    acting_user: User,
) -> AwardWalk:
    """Keep one run; the same input again is the run that was kept. The round's row is locked."""
    last = round.award_walks.order_by("-number").first()
    digest = fingerprint(inputs)
    if last is not None and last.input_sha256 == digest and last.occasion == occasion:
        return last
    walk = AwardWalk.objects.create(
        round=round,
        number=last.number + 1 if last else 1,
        occasion=occasion,
        inputs=inputs,
        input_sha256=digest,
        results=results,
        output_sha256=fingerprint(results),
        run_by=acting_user,
    )
    record_change(
        round,
        "walk",
        after=occasion,
        facts={"number": walk.number, "input": digest, "output": walk.output_sha256},
        acting_user=acting_user,
    )
    return walk


def require_as_listed(
    round: Round, choices: dict[str, int], *, acting_user: User
) -> AwardWalk | None:
    """The list about to be prepared is the one the rules give; the run is kept.

    `choices` are the amounts by number. Refused: another list (`NotAsListed`), and while a
    departure waits (`OverridesWaiting`). None where the round has no such rules.
    """
    suggestion = suggestion_of(round)
    if suggestion is None:
        return None
    if suggestion.waiting:
        raise OverridesWaiting(codes=[one.proposal.code for one in suggestion.waiting])
    listed = suggestion.awards
    other = sorted(code for code, fen in choices.items() if listed.get(code, 0) != fen)
    if other:
        raise NotAsListed(codes=other)
    return keep_walk(
        round,
        suggestion.inputs,
        suggestion.results,
        occasion=AwardWalk.Occasion.MEETING,
        acting_user=acting_user,
    )


@transaction.atomic
def propose_override(
    proposal: Proposal, *, outcome: str, amount_fen: int = 0, reason: str, acting_user: User
) -> Override:
    """Propose that one proposal be treated otherwise than the rules say; others are told.

    Refused: without a reason, above what was asked for, what the list says already, a second one
    while one stands, and where nobody else could agree.
    """
    round = Round.objects.select_for_update().get(pk=proposal.round_id)
    suggestion = _suggestion(round, acting_user)
    reason = required(reason)
    most = round.most_for(proposal.requested_fen)
    amount_fen = amount_fen if outcome == Outcome.AWARD else 0
    if outcome == Outcome.AWARD and not 0 < amount_fen <= most:
        raise AmountOutOfRange(code=proposal.code, most_fen=most)
    if outcome == Outcome.AWARD:
        require_a_prize(proposal, amount_fen)
    if Override.objects.filter(proposal=proposal, state__in=Override.STANDING).exists():
        raise OverrideStanding(code=proposal.code)
    if suggestion.awards.get(proposal.code, 0) == amount_fen:
        raise OverrideChangesNothing(code=proposal.code)
    deciders = rules.override_deciders(round, besides=acting_user).now
    if not deciders:
        raise NobodyToAgree()
    override = Override.objects.create(
        round=round,
        proposal=proposal,
        outcome=outcome,
        amount_fen=amount_fen,
        reason=reason,
        proposed_by=acting_user,
    )
    record_change(
        override,
        "propose",
        after=override.state,
        reason=reason,
        facts={"proposal": proposal.code, "outcome": str(outcome), "fen": amount_fen},
        acting_user=acting_user,
    )
    for user in deciders:
        tell(
            user,
            kind="ventures.override",
            title=lambda: _("有项目提议不按建议名单，等您处理：%(round)s") % {"round": round.name},
            body=lambda: (
                _("%(who)s 提出，理由和金额请在建议名单里看。") % {"who": acting_user.display_name}
            ),
            link=f"/rounds/{round.code}/walk/",
            key=f"ventures.override:{override.pk}:{user.pk}",
        )
    return override


@transaction.atomic
def decide_override(override: Override, verb: str, *, acting_user: User) -> Override:
    """Agree to a departure, refuse it, or take one's own back; before the meeting decides only."""
    round, override = OVERRIDDEN.locked(override)
    if round.state != Round.State.IN_REVIEW:
        raise ReviewNotBegun()
    if verb == "take_back":
        OVERRIDDEN.take_back(override, acting_user=acting_user)
    else:
        seconds = OVERRIDDEN.require_second(acting_user, override)
        OVERRIDDEN.answer(override, verb, seconds, acting_user=acting_user)
    return override


def _suggestion(round: Round, acting_user: User) -> Suggestion:
    """The list of now, for whoever decides, once the panel has closed."""
    if not recusal.may_decide(acting_user, round):
        raise NotAllowed()
    if round.state != Round.State.IN_REVIEW:
        raise ReviewNotBegun()
    if not Panel.objects.filter(round=round, state=Panel.State.CLOSED).exists():
        raise PanelStillOpen()
    suggestion = suggestion_of(round)
    if suggestion is None:
        raise NotWalked()
    return suggestion
