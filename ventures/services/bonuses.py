"""加分: one officer proposes points above the hundred with a reason, another agrees.

Taking one away is proposing none. Until it is answered the round's score is not complete, so that
no list is drawn up while one waits; once a list is drawn up none is given any more.
"""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.errors import NotAllowed
from accounts.language import OFFICIAL_LANGUAGE
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.services.messages import tell
from ventures.errors.bonuses import (
    BonusesNotBegun,
    BonusesOver,
    BonusOutOfRange,
    BonusUnchanged,
    BonusWaiting,
    NobodyAgreesToBonus,
    OwnBonusNotAgreed,
)
from ventures.lifecycles.bonuses import BONUS
from ventures.models import Bonus, BonusKind, Decision, Proposal, Round
from ventures.rules import bonuses as rules
from ventures.rules.recusal import may_decide
from ventures.services.round_locks import locked_round
from ventures.services.second_person import Answered

WISHED = Answered(BONUS, Bonus, "proposed_by", rules.deciders_of, OwnBonusNotAgreed)
BEFORE = (Round.State.DRAFT, Round.State.PROPOSED, Round.State.OPEN, Round.State.FULL)


@transaction.atomic
@override(OFFICIAL_LANGUAGE)
def propose_bonus(
    proposal: Proposal, kind: BonusKind, half_points: int, *, reason: str, acting_user: User
) -> Bonus:
    """Ask for so many points of this kind; nought takes away what was given. Others are told.

    Refused: to who does not decide, before the review and once a list is drawn up, without a
    reason, outside what the call says, what it has already, while one waits, and where nobody else
    could agree.
    """
    round = locked_round(proposal.round)
    if not may_decide(acting_user, round):
        raise NotAllowed()
    _require_open(round)
    assert kind.round_id == round.pk == proposal.round_id, "a form offers this round only"
    reason = required(reason)
    _require_sound(kind, proposal, half_points)
    seconds = rules.bonus_deciders(round, besides=acting_user).now
    if not seconds:
        raise NobodyAgreesToBonus()
    bonus = Bonus.objects.create(
        kind=kind,
        proposal=proposal,
        half_points=half_points,
        reason=reason,
        proposed_by=acting_user,
    )
    record_change(
        bonus,
        "propose",
        after=bonus.state,
        reason=reason,
        facts={"proposal": proposal.code, "kind": kind.name, "half_points": half_points},
        acting_user=acting_user,
    )
    for user in seconds:
        tell(
            user,
            kind="ventures.bonus",
            title=lambda: _("有项目提出加分，等您处理：%(round)s") % {"round": round.name},
            body=lambda: (
                _("%(who)s 提出，理由和分数请在“加分”里看。") % {"who": acting_user.display_name}
            ),
            link=f"/rounds/{round.code}/bonuses/",
            key=f"ventures.bonus:{bonus.pk}:{user.pk}",
        )
    return bonus


@transaction.atomic
def decide_bonus(bonus: Bonus, verb: str, *, acting_user: User) -> Bonus:
    """Agree to points above the hundred, refuse them, or take one's own wish back.

    What is agreed takes the place of what was given of this kind before.
    """
    round, bonus = WISHED.locked(bonus)
    _require_open(round)
    if verb == "take_back":
        WISHED.take_back(bonus, acting_user=acting_user)
        return bonus
    seconds = WISHED.require_second(acting_user, bonus)
    if verb == "agree" and (given := _given(bonus.kind, bonus.proposal)):
        BONUS.move(given, "replace", acting_user=acting_user)
    WISHED.answer(bonus, verb, seconds, acting_user=acting_user)
    return bonus


def _require_open(round: Round) -> None:
    if round.state in BEFORE:
        raise BonusesNotBegun()
    if (
        round.state != Round.State.IN_REVIEW
        or Decision.objects.filter(proposal__round=round).exists()
    ):
        raise BonusesOver()


def _require_sound(kind: BonusKind, proposal: Proposal, half_points: int) -> None:
    """Within the call, another than stands, and none of it waiting."""
    given = _given(kind, proposal)
    fits = 2 * kind.least_points <= half_points <= 2 * kind.most_points
    if not fits and half_points:
        raise BonusOutOfRange(kind=kind.name, least=kind.least_points, most=kind.most_points)
    if half_points == (given.half_points if given else 0):
        raise BonusUnchanged(code=proposal.code, kind=kind.name)
    if Bonus.objects.filter(kind=kind, proposal=proposal, state=Bonus.State.PROPOSED).exists():
        raise BonusWaiting(code=proposal.code, kind=kind.name)


def _given(kind: BonusKind, proposal: Proposal) -> Bonus | None:
    return Bonus.objects.filter(kind=kind, proposal=proposal, state=Bonus.State.AGREED).first()
